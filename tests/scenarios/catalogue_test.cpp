// The catalogue: every row of leak modes (LM) and hostile cases (HC), played in virtual time and over sockets.

#include "tests/scenarios/catalogue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "daemon/ctl/table.h"
#include "tests/support/socket_prober.h"

namespace embargod {
namespace {

constexpr Millis kRealTimeout{1'000};
constexpr int kPolls = 10'000;
constexpr int kPollsOverSockets = 20;

ProberMaker over_sockets(const Scenario& s) {
  return [&s](PlayedWeb& web, VirtualClock& clock) -> std::unique_ptr<Prober> {
    return std::make_unique<SocketProber>(s, web, clock, kRealTimeout);
  };
}

std::string first_faults(const Faults& faults) { return faults.empty() ? "" : to_string(faults.front()); }

/// One way of playing a file: what was seen, and what is not as expected.
struct Played {
  std::string seen;
  std::vector<std::string> differences;
  std::vector<Incident> incidents;
};

Played played(const Scenario& s, const Checked<Simulation>& run) {
  Played out;
  if (!run) {
    out.seen = "not run";
    out.differences.push_back(first_faults(run.error()));
    return out;
  }
  out.incidents = run->incidents;
  out.seen = verdict_words(run->incidents);
  for (const Expectation& e : check_expectations(s, *run))
    if (!e.is_met) out.differences.push_back(e.text + ": " + e.why);
  return out;
}

/// In what the two ways of playing differ: both saw the same web at the same times.
std::string against(const Played& virtually, const Played& over_wire) {
  std::vector<std::string> a;
  std::vector<std::string> b;
  for (const auto& [from, to] : {std::pair{&virtually, &a}, std::pair{&over_wire, &b}})
    for (const Incident& i : from->incidents) {
      std::string line = i.id + " " + to_string(i.kind) + " " + to_string(i.state);
      for (const TargetExposure& t : i.targets)
        line += " " + t.target + ":" + std::to_string(t.spans.size()) + ":" + to_string(t.first.liveness) + ":" +
                to_string(t.first.cause);
      to->push_back(std::move(line));
    }
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b ? std::string{}
                : "virtual time: " + testing::PrintToString(a) + "; sockets: " + testing::PrintToString(b);
}

std::string rows_of(const Scenario& s) {
  std::string rows;
  for (const std::string& r : s.covers) rows += (rows.empty() ? "" : " ") + r;
  return rows.empty() ? "-" : rows;
}

TEST(Catalogue, EveryRowComesOutAsExpectedInVirtualTimeAndOverSockets) {
  std::vector<std::vector<std::string>> table;
  std::vector<std::string> differences;
  for (const Scenario& s : catalogue_files()) {
    const Played virtually = played(s, simulate(s));
    const Played sockets = played(s, simulate(s, over_sockets(s)));
    const std::size_t before = differences.size();
    for (const std::string& d : virtually.differences) differences.push_back(s.file + ", virtual time: " + d);
    for (const std::string& d : sockets.differences) differences.push_back(s.file + ", sockets: " + d);
    if (const std::string d = against(virtually, sockets); !d.empty()) differences.push_back(s.file + ": " + d);
    table.push_back({rows_of(s), s.file, expected_words(s.expect), virtually.seen, sockets.seen,
                     differences.size() == before ? "as expected" : "DIFFERS"});
  }
  std::cout << plain_table({"ROW", "FILE", "EXPECTED", "SEEN (VIRTUAL TIME)", "SEEN (SOCKETS)", "RESULT"}, table);
  std::cout << differences.size() << " differences\n";
  for (const std::string& d : differences) ADD_FAILURE() << d;
}

TEST(Catalogue, HasEveryRowOrSaysWhyNot) {
  std::map<std::string, std::vector<std::string>> files;
  for (const Scenario& s : catalogue_files())
    for (const std::string& row : s.covers) files[row].push_back(s.file);
  std::map<std::string, std::vector<NotPlayed>> missing;
  for (const NotPlayed& n : not_played()) missing[n.row].push_back(n);

  const std::vector<std::string> all = catalogue_rows();
  std::vector<std::vector<std::string>> table;
  for (const std::string& row : all) {
    std::string names;
    for (const std::string& f : files[row]) names += (names.empty() ? "" : ", ") + f;
    const auto& why = missing[row];
    const bool none = std::any_of(why.begin(), why.end(), [](const NotPlayed& n) { return n.part == "all"; });
    EXPECT_EQ(names.empty(), none) << row << " needs a file, or a reason in not_played.yml for all of it, not both";
    table.push_back({row, none ? "not played" : names, ""});
    for (const NotPlayed& n : why) table.back().back() += (n.part == "all" ? "" : "not " + n.part + ": ") + n.reason;
  }
  std::cout << plain_table({"ROW", "FILES", "NOT PLAYED"}, table);
  const std::set<std::string> known{all.begin(), all.end()};
  for (const auto* named : {&files})
    for (const auto& [row, f] : *named) EXPECT_TRUE(known.contains(row)) << row;
  for (const auto& [row, n] : missing) EXPECT_TRUE(known.contains(row)) << row;
}

// ---- rows that must not alarm ----

struct Quiet {
  std::int64_t polls = 0;
  int pages = 0;
  int closes = 0;
  Millis injected{0};
  Millis reported{0};
  std::vector<std::string> faults;
};

std::int64_t polls_of(const Scenario& s, const Simulation& run) {
  std::int64_t n = 0;
  for (const Release& r : s.schedule.releases)
    for (const Target& t : r.targets)
      if (const auto it = run.looks_of.find(t.id); it != run.looks_of.end()) n += it->second;
  return n;
}

void compare_blind(const Scenario& s, const Simulation& run, Quiet& out) {
  for (const Release& r : s.schedule.releases)
    for (const Target& t : r.targets) {
      const Injected in = injected_unknown(s, t.url);
      Millis reported{0};
      for (const BlindSpan& b : run.blind)
        if (b.target == t.id && b.cause != Cause::no_baseline) reported += b.to.value_or(run.end) - b.from;
      out.injected += in.time;
      out.reported += reported;
      // A period begins with the look before it and ends with the one after: each edge is known to one interval.
      const Millis interval = s.settings.polling.interval + s.settings.polling.timeout;
      const Millis allowed = interval * std::max(1, in.edges);
      const Millis off = reported > in.time ? reported - in.time : in.time - reported;
      if (off > allowed)
        out.faults.push_back(t.id + ": " + words(in.time) + " unknown, " + words(reported) + " reported as blind");
    }
}

Quiet quiet(const Scenario& s, const Checked<Simulation>& run) {
  Quiet out;
  if (!run) {
    out.faults.push_back(first_faults(run.error()));
    return out;
  }
  out.polls = polls_of(s, *run);
  out.pages = pages_of(*run);
  out.closes = static_cast<int>(std::count_if(run->events.begin(), run->events.end(), [](const Event& e) {
    return e.what == "contained" || e.what == "closed" || e.what == "dismissed";
  }));
  compare_blind(s, *run, out);
  if (out.pages != 0) out.faults.push_back(std::to_string(out.pages) + " pages");
  if (out.closes != 0) out.faults.push_back(std::to_string(out.closes) + " closes");
  for (const Incident& i : run->incidents)
    if (i.kind != IncidentKind::blind)
      out.faults.push_back(std::string{to_string(i.kind)} + " of " + i.release + ": " +
                           (i.targets.empty() ? "" : i.targets.front().first.rule));
  return out;
}

std::size_t targets_in(const Scenario& s) {
  std::size_t n = 0;
  for (const Release& r : s.schedule.releases) n += r.targets.size();
  return n;
}

std::string seconds(Millis d) { return std::to_string(d.count() / 1'000); }

std::vector<std::string> cells(const Scenario& s, const Quiet& q) {
  return {rows_of(s),
          s.file,
          std::to_string(q.polls),
          std::to_string(q.pages),
          std::to_string(q.closes),
          seconds(q.injected),
          seconds(q.reported),
          q.faults.empty() ? "quiet" : "NOT QUIET"};
}

const std::vector<std::string> kQuietHead{"ROW",    "FILE",         "POLLS",        "PAGES",
                                          "CLOSES", "INJECTED (S)", "REPORTED (S)", "RESULT"};

TEST(NoAlarm, TenThousandPollsOfEachRowWakeNobodyAndEveryUnknownSecondIsBlindTime) {
  std::vector<std::vector<std::string>> table;
  for (const Scenario& file : catalogue_files()) {
    if (!file.no_alarm) continue;
    const auto targets = static_cast<std::int64_t>(targets_in(file));
    const Scenario s =
        stretched(file, *file.no_alarm, file.settings.polling.interval * (kPolls * 11 / 10 / targets + 1));
    const Quiet q = quiet(s, simulate(s));
    EXPECT_GE(q.polls, kPolls) << file.file;
    for (const std::string& f : q.faults) ADD_FAILURE() << file.file << ": " << f;
    table.push_back(cells(s, q));
  }
  std::cout << "In virtual time\n" << plain_table(kQuietHead, table);
}

TEST(NoAlarm, TwentyPollsOfEachRowOverSocketsWakeNobody) {
  std::vector<std::vector<std::string>> table;
  for (const Scenario& file : catalogue_files()) {
    if (!file.no_alarm) continue;
    Scenario s = stretched(file, *file.no_alarm, file.settings.polling.interval * (kPollsOverSockets + 1));
    s.settings.polling.timeout = kRealTimeout;
    const Quiet q = quiet(s, simulate(s, over_sockets(s)));
    EXPECT_GE(q.polls, kPollsOverSockets) << file.file;
    for (const std::string& f : q.faults) ADD_FAILURE() << file.file << ": " << f;
    table.push_back(cells(s, q));
  }
  std::cout << "Over sockets, 1 s timeout\n" << plain_table(kQuietHead, table);
}

}  // namespace
}  // namespace embargod

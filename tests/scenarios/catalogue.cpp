#include "tests/scenarios/catalogue.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "config/settings_reader.h"
#include "config/strict_yaml.h"

namespace embargod {
namespace {

constexpr const char* kFolder = "tests/scenarios";
constexpr const char* kNotPlayed = "tests/scenarios/not_played.yml";
constexpr Millis kStep{5'000};

const KeySet& not_played_keys() {
  static const KeySet keys{"", "not_played.yml", {"rows"}, {}};
  return keys;
}

const KeySet& not_played_row_keys() {
  static const KeySet keys{"rows[]", "a row", {"row", "part", "reason"}, {}};
  return keys;
}

[[noreturn]] void refuse(const Faults& faults) {
  std::string all;
  for (const Fault& f : faults) all += to_string(f) + "\n";
  throw std::runtime_error{all};
}

std::string numbered(const char* prefix, int number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%s-%0*d", prefix, digits, number);
  return text;
}

std::string counted(const std::vector<std::string>& words) {
  std::map<std::string, int> counts;
  for (const std::string& w : words) ++counts[w];
  std::string out;
  for (const auto& [word, n] : counts)
    out += (out.empty() ? "" : ", ") + word + (n > 1 ? " x" + std::to_string(n) : std::string{});
  return out;
}

}  // namespace

std::vector<std::string> catalogue_rows() {
  std::vector<std::string> rows;
  for (int i = 1; i <= 44; ++i) rows.push_back(numbered("LM", i, 2));
  for (int i = 1; i <= 38; ++i) rows.push_back(numbered("HC", i, 1));
  return rows;
}

std::vector<Scenario> catalogue_files() {
  std::vector<std::string> paths;
  for (const auto& e : std::filesystem::directory_iterator{kFolder})
    if (e.path().extension() == ".yml" && e.path() != kNotPlayed) paths.push_back(e.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<Scenario> out;
  for (const std::string& path : paths) {
    auto s = load_scenario(path);
    if (!s) refuse(s.error());
    s->file = std::filesystem::path{path}.filename().string();
    out.push_back(std::move(*s));
  }
  return out;
}

std::vector<NotPlayed> not_played() {
  FaultBook faults{kNotPlayed};
  std::vector<NotPlayed> out;
  const auto yaml = read_file(kNotPlayed, kConfigLimits.bytes);
  if (!yaml) refuse({yaml.error()});
  if (const auto node = parse_strict_yaml(*yaml, kConfigLimits, faults)) {
    const YamlMap map{*node, not_played_keys(), "", faults};
    for (const YamlNode& n : map.list("rows")) {
      const YamlMap row{n, not_played_row_keys(), "rows: ", faults};
      NotPlayed x;
      row.text("row", x.row);
      row.text("part", x.part);
      row.text("reason", x.reason);
      if (x.row.empty() || x.part.empty() || x.reason.empty()) faults.add(n.at, "a row needs row, part and reason");
      out.push_back(std::move(x));
    }
  }
  if (!faults.empty()) refuse(faults.take());
  return out;
}

std::string verdict_words(const std::vector<Incident>& incidents) {
  std::vector<std::string> words;
  for (const Incident& i : incidents) words.push_back(std::string{to_string(i.kind)} + " " + to_string(i.state));
  return words.empty() ? "no incident" : counted(words);
}

std::string expected_words(const Expectations& e) {
  std::vector<std::string> words;
  if (e.incidents) {
    for (const ExpectedIncident& i : *e.incidents)
      words.push_back(std::string{to_string(i.kind)} + (i.state ? std::string{" "} + to_string(*i.state) : ""));
    return words.empty() ? "no incident" : counted(words);
  }
  for (const ExpectedAlert& a : e.alerts) words.push_back(a.alertname);
  if (e.pages) words.push_back(std::to_string(*e.pages) + " pages");
  for (const std::string& name : e.no_alerts) words.push_back("no " + name);
  return counted(words);
}

Scenario stretched(Scenario s, Millis at, Millis extra) {
  const auto later = [&](auto& all) {
    for (auto& x : all)
      if (x.at > at) x.at += extra;
  };
  const auto move_due = [&](Schedule& schedule) {
    for (Release& r : schedule.releases)
      for (std::optional<Instant>* t : {&r.due.at, &r.due.period_begin, &r.due.period_end})
        if (*t && **t > s.start + at) **t += extra;
  };
  later(s.answers);
  later(s.commands);
  later(s.restarts);
  later(s.clock_steps);
  later(s.schedules);
  move_due(s.schedule);
  for (ScenarioSchedule& later_one : s.schedules) move_due(later_one.schedule);
  s.expect = {};
  s.until = at + extra;
  return s;
}

Injected injected_unknown(const Scenario& s, const Url& url) {
  const PlayedWeb web{s};
  const PlayedRequest request{.url = url, .headers = {{"User-Agent", "embargod"}, {"Accept-Encoding", "gzip"}}};
  Injected out;
  bool before = false;
  for (Millis t{0}; t < s.until; t += kStep) {
    const ScenarioAnswer* a = web.next_answer(request, t);
    const bool unknown = a != nullptr && a->says_nothing;
    if (unknown) out.time += kStep;
    if (unknown != before) ++out.edges;
    before = unknown;
  }
  return out;
}

}  // namespace embargod

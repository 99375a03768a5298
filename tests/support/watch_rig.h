#pragma once
// An engine with a played site, a store in memory and a clock that runs as fast as the test. One per test.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/store/memory_store.h"
#include "daemon/watch/engine.h"
#include "tests/support/looks.h"
#include "tests/support/scripted_prober.h"

namespace embargod {

/// The value itself: a range-for over `*result` of a temporary would walk what is gone.
template <class T>
[[nodiscard]] T got(Result<T> r) {
  return std::move(r).value();
}

/// Counts what tests ask about.
class CountingMeter final : public Meter {
 public:
  void reloaded(bool, Instant) override {}
  void schedule(const Schedule&, Instant) override { calendars_came_first = calendars_came_first && knows_calendars; }
  void calendars(const std::vector<std::string>& names) override {
    calendar_names = names;
    knows_calendars = true;
  }
  void source(const std::string& name, Instant at) override { last_success[name] = at; }
  void calendar(const std::string&, std::int64_t, std::int64_t, std::int64_t) override {}
  void lint(const LintReport& r) override { linted.push_back(r); }
  void listings(const std::vector<std::string>&) override {}
  void listing(const ListingStatus&) override {}
  void receivers(const std::vector<std::string>&) override {}
  void probe(Liveness outcome, Millis) override { ++probes[outcome]; }
  void target(const TargetTrack& t) override { targets.insert(t.target); }
  void incident(const Incident& i, bool is_new) override {
    if (is_new) ++opened[i.kind];
  }
  void blind(const std::string& release, Millis added) override { blind_time[release] += added; }
  void blind_target(const TargetTrack& t, Millis added) override { blind_targets[t.target] += added; }
  void rehearsals(const std::vector<std::string>& releases) override { rehearsed = releases; }
  void scheduler_lag(Millis) override {}
  void clock_error(Millis) override {}
  void heartbeat(Instant) override {}
  void outbox_pending(std::int64_t) override {}
  void notification(const std::string&, Outcome) override {}

  std::vector<LintReport> linted;
  std::vector<std::string> calendar_names;
  bool knows_calendars = false;
  bool calendars_came_first = true;
  std::map<std::string, Instant> last_success;  // by source
  std::set<std::string> targets;                // whose states are series
  std::map<Liveness, int> probes;
  std::map<IncidentKind, int> opened;
  std::vector<std::string> rehearsed;
  std::map<std::string, Millis> blind_time;     // by release
  std::map<std::string, Millis> blind_targets;  // by target
};

/// Keeps what is told above debug: that may hold no secret.
class KeptLog final : public Log {
 public:
  void write(LogLevel level, std::string_view msg, std::initializer_list<Field> fields) override {
    if (level == LogLevel::debug) return;
    text += msg;
    for (const Field& f : fields) text += " " + std::string{f.first} + "=" + f.second;
    text += "\n";
  }
  std::string text;
};

/// Keeps nothing but the names of what it was given.
class NotingVault final : public EvidenceVault {
 public:
  [[nodiscard]] Result<EvidenceRow> keep(const std::string& incident, const Observation& o, const TakenFor&) override {
    kept.push_back(incident + " " + o.target);
    return EvidenceRow{.incident = incident,
                       .target = o.target,
                       .url = o.url,
                       .digest = o.digest,
                       .path = "evidence/1",
                       .size = o.size,
                       .status = o.status,
                       .sent = o.sent,
                       .done = o.done};
  }
  void discard(const std::string&) override {}

  std::vector<std::string> kept;
};

/// Keeps the newest refused commit, as the file would.
class KeptJournal final : public EmergencyJournal {
 public:
  [[nodiscard]] Result<void> keep(const Commit& c) override {
    ++writes;
    held = c;
    return {};
  }
  void clear() override {
    ++clears;
    held.reset();
  }
  std::optional<Commit> held;
  int writes = 0;
  int clears = 0;
};

/// A store that can be told to refuse, as a full disk or a locked database does.
class FlakyStore final : public Store {
 public:
  explicit FlakyStore(Store& real) : real_{real} {}
  [[nodiscard]] Result<StoredState> load() override { return real_.load(); }
  [[nodiscard]] Result<void> commit(const Commit& c) override {
    ++commits;
    if (refusing) return fail(Errc::io, "database or disk is full");
    return real_.commit(c);
  }
  [[nodiscard]] Result<std::vector<std::string>> adopt_schedule(const Schedule& s, Instant seen) override {
    return real_.adopt_schedule(s, seen);
  }
  [[nodiscard]] Result<void> beat(Instant at) override { return real_.beat(at); }
  [[nodiscard]] Result<void> stopped(Instant at) override { return real_.stopped(at); }
  [[nodiscard]] Result<std::vector<std::string>> retire(Instant before) override { return real_.retire(before); }

  bool refusing = false;
  int commits = 0;

 private:
  Store& real_;
};

class WatchRig {
 public:
  explicit WatchRig(Instant start, Schedule schedule = {.releases = {release_with({"page", "tables"})}, .notes = {}})
      : clock{start}, prober{clock}, schedule_{std::move(schedule)} {
    Profile generic;
    generic.name = "generic";
    generic.siblings = false;  // tests that are about something else see only the looks they script
    settings.profiles.push_back(generic);
  }

  [[nodiscard]] std::shared_ptr<const Plan> plan(const Schedule& s) const { return *make_plan(settings, s, receivers); }

  /// (Re)starts the engine on what the store holds.
  Engine& start() {
    engine = std::make_unique<Engine>(Engine::Doors{.clock = clock,
                                                    .prober = prober,
                                                    .store = flaky,
                                                    .vault = vault,
                                                    .meter = meter,
                                                    .emergency = emergency,
                                                    .log = log,
                                                    .poke_outbox = {},
                                                    .journal = &journal,
                                                    .deliveries = deliveries},
                                      plan(schedule_));
    if (!engine->open()) std::abort();
    return *engine;
  }

  void run_until(Instant end) {
    if (!engine) start();
    while (clock.now() < end) engine->turn(std::min(Millis{10'000}, end - clock.now()));
  }

  [[nodiscard]] std::vector<Incident> incidents(IncidentKind kind) {
    std::vector<Incident> out;
    for (const Incident& i : got(store.incidents(1'000)))
      if (i.kind == kind) out.push_back(i);
    return out;
  }

  /// "EmbargoEarly firing opened" of each row that waits for a plain receiver, in order.
  [[nodiscard]] std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const Delivery& d : got(store.pending("webhook-1", 1'000)))
      out.push_back(d.alert.name + " " + to_string(d.alert.status));
    return out;
  }

  FakeClock clock;
  ScriptedProber prober;
  MemoryStore store;
  FlakyStore flaky{store};
  NotingVault vault;
  CountingMeter meter;
  EmergencyOutbox emergency;
  KeptJournal journal;
  KeptLog log;
  Settings settings;
  std::vector<ReceiverTraits> receivers{
      ReceiverTraits{.name = "alertmanager-1",
                     .severities = {Severity::page, Severity::ticket, Severity::info},
                     .standing = true,
                     .watchdog = true},
      ReceiverTraits{.name = "webhook-1", .severities = {Severity::page, Severity::ticket}}};
  DeliveryNews* deliveries = nullptr;
  std::unique_ptr<Engine> engine;

 private:
  Schedule schedule_;
};

}  // namespace embargod

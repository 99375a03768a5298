#include "daemon/ctl/simulate.h"

#include <algorithm>
#include <limits>

#include "daemon/ctl/scenario_prober.h"
#include "daemon/ctl/virtual_clock.h"
#include "daemon/watch/engine.h"

namespace embargod {
namespace {

constexpr const char* kReceiver = "people";
constexpr int kMostTurnsAtOneInstant = 100'000;

/// Passes everything on, and remembers what was told.
class RecordingStore final : public Store {
 public:
  RecordingStore(MemoryStore& inner, std::vector<Alert>& told) : inner_{inner}, told_{told} {}

  Result<StoredState> load() override { return inner_.load(); }
  Result<void> commit(const Commit& c) override {
    auto done = inner_.commit(c);
    if (done)
      for (const Outgoing& o : c.alerts)
        if (!o.receivers.empty()) told_.push_back(o.alert);
    return done;
  }
  Result<std::vector<std::string>> adopt_schedule(const Schedule& s, Instant seen) override {
    return inner_.adopt_schedule(s, seen);
  }
  Result<void> beat(Instant at) override { return inner_.beat(at); }
  Result<void> stopped(Instant at) override { return inner_.stopped(at); }
  Result<std::vector<std::string>> retire(Instant before) override { return inner_.retire(before); }

 private:
  MemoryStore& inner_;
  std::vector<Alert>& told_;
};

class NoVault final : public EvidenceVault {
 public:
  Result<EvidenceRow> keep(const std::string&, const Observation&) override {
    return fail(Errc::unsupported, "a simulation keeps no responses");
  }
  void discard(const std::string&) override {}
};

class NoMeter final : public Meter {
 public:
  void reloaded(bool, Instant) override {}
  void schedule(const Schedule&, Instant) override {}
  void receivers(const std::vector<std::string>&) override {}
  void probe(Liveness, Millis) override {}
  void target(const TargetTrack&) override {}
  void incident(const Incident&, bool) override {}
  void blind(const std::string&, Millis) override {}
  void scheduler_lag(Millis) override {}
  void clock_error(Millis) override {}
  void heartbeat(Instant) override {}
  void outbox_pending(std::int64_t) override {}
  void notification(const std::string&, Outcome) override {}
};

/// The scenario names the incident by release and kind: ids are derived.
Result<Command> resolved(const ScenarioCommand& c, MemoryStore& store) {
  Command command = c.command;
  if (!command.id.empty()) return command;
  const auto incidents = store.incidents(std::numeric_limits<int>::max());
  if (!incidents) return tl::unexpected{incidents.error()};
  for (const Incident& i : *incidents)
    if (i.release == c.release && i.kind == c.kind && !is_over(i)) {
      command.id = i.id;
      return command;
    }
  return fail(Errc::not_found, std::string{"there is no unclosed incident of kind "} + to_string(c.kind),
              "release " + c.release);
}

/// The receiver of a simulation accepts at once.
void accept_all(MemoryStore& store, Instant now) {
  const auto rows = store.pending(kReceiver, std::numeric_limits<int>::max());
  if (!rows) return;
  for (const Delivery& d : *rows) (void)store.mark_accepted(d.id, now, "simulated");
}

Result<void> run_engine(const Scenario& scenario, Engine& engine, VirtualClock& clock, Simulation& s) {
  const Instant end = scenario.start + scenario.until;
  auto command = scenario.commands.begin();
  int turns_without_time = 0;
  while (clock.now() < end) {
    for (; command != scenario.commands.end() && scenario.start + command->at <= clock.now(); ++command) {
      const auto what = resolved(*command, *s.store);
      const auto done = what ? engine.execute(*what) : Result<void>{tl::unexpected{what.error()}};
      if (!done) s.refused.push_back(format_duration(command->at) + ": " + to_string(done.error()));
    }
    const Instant stop = command == scenario.commands.end() ? end : std::min(end, scenario.start + command->at);
    const Millis before = clock.ticks();
    engine.turn(stop - clock.now());
    turns_without_time = clock.ticks() == before ? turns_without_time + 1 : 0;
    if (turns_without_time > kMostTurnsAtOneInstant)
      return fail(Errc::unavailable, "the engine stays at " + rfc3339(clock.now()), scenario.file);
  }
  engine.stop();
  return {};
}

template <class T>
bool take(Result<std::vector<T>> from, std::vector<T>& to, Faults& faults) {
  if (from)
    to = std::move(*from);
  else
    faults.push_back(from.error());
  return from.has_value();
}

}  // namespace

Checked<Simulation> simulate(const Scenario& scenario) {
  const ReceiverTraits people{
      .name = kReceiver, .severities = {Severity::page, Severity::ticket}, .standing = false, .watchdog = false};
  const auto plan = make_plan(scenario.settings, scenario.schedule, {people});
  if (!plan) return tl::unexpected<Faults>{plan.error()};

  Simulation s;
  s.store = std::make_unique<MemoryStore>();
  VirtualClock clock{scenario.start, scenario.clock_error, scenario.clock_verified};
  ScenarioProber prober{scenario, clock};
  RecordingStore store{*s.store, s.alerts};
  NoVault vault;
  NoMeter meter;
  NullLog log;
  EmergencyOutbox emergency;
  Engine engine{{.clock = clock,
                 .prober = prober,
                 .store = store,
                 .vault = vault,
                 .meter = meter,
                 .emergency = emergency,
                 .log = log,
                 .poke_outbox = [&] { accept_all(*s.store, clock.now()); }},
                *plan};
  if (const auto ok = engine.open(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  if (const auto ok = run_engine(scenario, engine, clock, s); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};

  Faults faults;
  s.looks = prober.looks();
  s.end = clock.now();
  take(s.store->incidents(std::numeric_limits<int>::max()), s.incidents, faults);
  std::reverse(s.incidents.begin(), s.incidents.end());
  take(s.store->releases(), s.releases, faults);
  take(s.store->tracks(), s.tracks, faults);
  take(s.store->blind(scenario.start, s.end), s.blind, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  return s;
}

std::vector<std::string> reported_incidents(const Simulation& s) {
  std::vector<std::string> early;
  std::vector<std::string> all;
  for (const Incident& i : s.incidents) {
    if (i.kind == IncidentKind::early) early.push_back(i.id);
    all.push_back(i.id);
  }
  return early.empty() ? all : early;
}

Result<std::string> simulation_report(const Scenario& scenario, Simulation& s, ReportForm form, ReportFormat format) {
  const std::vector<std::string> ids = reported_incidents(s);
  if (ids.empty()) return std::string{};
  ReportSettings settings = report_settings(scenario.settings, "(simulated)", "");
  return report_from_store(*s.store, settings, {.incidents = ids, .form = form, .format = format}, s.end);
}

}  // namespace embargod

#include "daemon/ctl/simulate.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "daemon/ctl/scenario_prober.h"
#include "daemon/ctl/virtual_clock.h"
#include "daemon/watch/engine.h"

namespace embargod {
namespace {

constexpr const char* kReceiver = "people";
constexpr int kMostTurnsAtOneInstant = 100'000;
constexpr Millis kTurn{5'000};                    // at most, as the daemon's
constexpr std::chrono::hours kLookBack{24 * 31};  // a clock that was set may date things outside the scenario

/// Passes everything on, and remembers what was told and what happened.
class RecordingStore final : public Store {
 public:
  RecordingStore(MemoryStore& inner, Simulation& to) : inner_{inner}, to_{to} {}

  Result<StoredState> load() override { return inner_.load(); }
  Result<void> commit(const Commit& c) override {
    auto done = inner_.commit(c);
    if (!done) return done;
    for (const Outgoing& o : c.alerts)
      if (!o.receivers.empty()) to_.alerts.push_back(o.alert);
    to_.events.insert(to_.events.end(), c.events.begin(), c.events.end());
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
  Simulation& to_;
};

class CountingProber final : public Prober {
 public:
  CountingProber(std::unique_ptr<Prober> inner, Simulation& to) : inner_{std::move(inner)}, to_{to} {}

  void start(ProbeRequest request) override {
    ++to_.looks;
    ++to_.looks_of[request.target];
    inner_->start(std::move(request));
  }
  std::vector<Observation> wait(Millis up_to) override { return inner_->wait(up_to); }
  void wake() override { inner_->wake(); }
  std::size_t pending() const override { return inner_->pending(); }

 private:
  std::unique_ptr<Prober> inner_;
  Simulation& to_;
};

class NoVault final : public EvidenceVault {
 public:
  Result<EvidenceRow> keep(const std::string&, const Observation&, const TakenFor&) override {
    return fail(Errc::unsupported, "a simulation keeps no responses");
  }
  void discard(const std::string&) override {}
};

class NoMeter final : public Meter {
 public:
  void reloaded(bool, Instant) override {}
  void schedule(const Schedule&, Instant) override {}
  void calendars(const std::vector<std::string>&) override {}
  void source(const std::string&, Instant) override {}
  void calendar(const std::string&, std::int64_t, std::int64_t, std::int64_t) override {}
  void lint(const LintReport&) override {}
  void listings(const std::vector<std::string>&) override {}
  void listing(const ListingStatus&) override {}
  void receivers(const std::vector<std::string>&) override {}
  void probe(Liveness, Millis) override {}
  void target(const TargetTrack&) override {}
  void incident(const Incident&, bool) override {}
  void blind(const std::string&, Millis) override {}
  void blind_target(const TargetTrack&, Millis) override {}
  void rehearsals(const std::vector<std::string>&) override {}
  void scheduler_lag(Millis) override {}
  void clock_error(Millis) override {}
  void heartbeat(Instant) override {}
  void outbox_pending(std::int64_t) override {}
  void notification(const std::string&, Outcome) override {}
};

/// The scenario names the incident by release and kind: ids are derived. Who approves saw the newest answer.
Result<Command> resolved(const ScenarioCommand& c, MemoryStore& store) {
  Command command = c.command;
  if (command.what == Command::What::approve_baseline) {
    const auto tracks = store.tracks();
    if (!tracks) return tl::unexpected{tracks.error()};
    for (const TargetTrack& t : *tracks)
      if (t.target == command.id) command.fingerprint = t.fingerprint;
    return command;
  }
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

/// The daemon's life in a scenario: started, reloaded, commanded, restarted.
class Player {
 public:
  Player(const Scenario& scenario, const ProberMaker& make_prober, Simulation& to)
      : scenario_{scenario},
        make_prober_{make_prober},
        to_{to},
        store_{*to.store, to},
        clock_{scenario.start, scenario.clock_error, scenario.clock_verified},
        web_{scenario} {
    to_.states.resize(scenario.expect.states.size());
  }

  Checked<void> play() {
    if (auto first = start(scenario_.schedule); !first) return first;
    plan_happenings();
    for (const auto& [at, happen] : happenings_) {
      if (at > scenario_.until) break;
      if (auto there = turn_until(at); !there) return there;
      if (auto done = happen(); !done) return done;
    }
    if (auto there = turn_until(scenario_.until); !there) return there;
    engine_->stop();
    to_.end = clock_.now();
    return {};
  }

 private:
  using Happening = std::function<Checked<void>()>;

  static Checked<std::shared_ptr<const Plan>> plan_of(const Settings& settings, const Schedule& schedule) {
    const ReceiverTraits people{
        .name = kReceiver, .severities = {Severity::page, Severity::ticket}, .standing = false, .watchdog = false};
    return make_plan(settings, schedule, {people});
  }

  Checked<void> start(const Schedule& schedule) {
    auto plan = plan_of(scenario_.settings, schedule);
    if (!plan) return tl::unexpected<Faults>{plan.error()};
    plan_ = std::move(*plan);
    return start_engine();
  }

  Checked<void> start_engine() {
    prober_ = std::make_unique<CountingProber>(make_prober_(web_, clock_), to_);
    engine_ = std::make_unique<Engine>(Engine::Doors{.clock = clock_,
                                                     .prober = *prober_,
                                                     .store = store_,
                                                     .vault = vault_,
                                                     .meter = meter_,
                                                     .emergency = emergency_,
                                                     .log = log_,
                                                     .poke_outbox = [this] { accept_all(*to_.store, clock_.now()); }},
                                       plan_);
    if (const auto ok = engine_->open(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
    return {};
  }

  void plan_happenings() {
    for (std::size_t i = 0; i < scenario_.expect.states.size(); ++i)
      happenings_.emplace(scenario_.expect.states[i].at, [this, i] { return note_state(i); });
    for (const ScenarioCommand& c : scenario_.commands) happenings_.emplace(c.at, [this, &c] { return command(c); });
    for (const ScenarioSchedule& s : scenario_.schedules)
      happenings_.emplace(s.at, [this, &s] { return reload(s.schedule); });
    for (const ClockStep& s : scenario_.clock_steps)
      happenings_.emplace(s.at, [this, &s]() -> Checked<void> {
        clock_.step(s.by);
        return {};
      });
    for (const ScenarioRestart& r : scenario_.restarts) happenings_.emplace(r.at, [this, &r] { return restart(r); });
  }

  Checked<void> turn_until(Millis at) {
    int turns_without_time = 0;
    while (clock_.ticks() < at) {
      const Millis before = clock_.ticks();
      engine_->turn(std::min(kTurn, at - before));
      turns_without_time = clock_.ticks() == before ? turns_without_time + 1 : 0;
      if (turns_without_time > kMostTurnsAtOneInstant)
        return tl::unexpected<Faults>{
            Faults{Fault{Errc::unavailable, scenario_.file, "the engine stays at " + rfc3339(clock_.now()), ""}}};
    }
    return {};
  }

  Checked<void> command(const ScenarioCommand& c) {
    const auto what = resolved(c, *to_.store);
    const auto done = what ? engine_->execute(*what) : Result<void>{tl::unexpected{what.error()}};
    if (!done) to_.refused.push_back(format_duration(c.at) + ": " + to_string(done.error()));
    return {};
  }

  Checked<void> reload(const Schedule& schedule) {
    auto plan = plan_of(scenario_.settings, schedule);
    if (!plan) return tl::unexpected<Faults>{plan.error()};
    plan_ = std::move(*plan);
    engine_->replace_plan(plan_);
    return {};
  }

  Checked<void> restart(const ScenarioRestart& r) {
    if (r.clean) engine_->stop();
    engine_.reset();
    prober_.reset();
    clock_.advance(r.down_for);
    return start_engine();
  }

  Checked<void> note_state(std::size_t i) {
    const auto tracks = to_.store->tracks();
    if (!tracks) return tl::unexpected<Faults>{Faults{tracks.error()}};
    for (const TargetTrack& t : *tracks)
      if (t.target == scenario_.expect.states[i].target) to_.states[i] = t;
    return {};
  }

  const Scenario& scenario_;
  const ProberMaker& make_prober_;
  Simulation& to_;
  RecordingStore store_;
  VirtualClock clock_;
  PlayedWeb web_;
  NoVault vault_;
  NoMeter meter_;
  NullLog log_;
  EmergencyOutbox emergency_;
  std::multimap<Millis, Happening> happenings_;  // what is expected of an instant is noted before what happens at it
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Prober> prober_;
  std::unique_ptr<Engine> engine_;
};

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
  return simulate(scenario, [](PlayedWeb& web, VirtualClock& clock) -> std::unique_ptr<Prober> {
    return std::make_unique<ScenarioProber>(web, clock);
  });
}

Checked<Simulation> simulate(const Scenario& scenario, const ProberMaker& make_prober) {
  Simulation s;
  s.store = std::make_unique<MemoryStore>();
  Player player{scenario, make_prober, s};
  if (const auto ok = player.play(); !ok) return tl::unexpected<Faults>{ok.error()};

  Faults faults;
  take(s.store->incidents(std::numeric_limits<int>::max()), s.incidents, faults);
  std::reverse(s.incidents.begin(), s.incidents.end());
  take(s.store->releases(), s.releases, faults);
  take(s.store->tracks(), s.tracks, faults);
  take(s.store->blind(scenario.start - kLookBack, s.end + kLookBack), s.blind, faults);
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

#include "daemon/watch/engine.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "daemon/watch/casework.h"
#include "daemon/watch/ledger.h"
#include "daemon/watch/mailbox.h"
#include "daemon/watch/roster.h"

namespace embargod {
namespace {

constexpr Millis kHousekeeping{1'000};      // while something is open or out of sight
constexpr Millis kHousekeepingIdle{5'000};  // else: fewer wake-ups
constexpr Millis kBeat{10'000};
constexpr Millis kRetire{3'600'000};
constexpr Millis kCommandBound{5'000};
constexpr Millis kClockStep{500};  // wall against ticks, P20
constexpr int kMissedLooks = 3;    // no look for so many intervals is blind time too (P22)

}  // namespace

class Engine::Core {
 public:
  Core(Doors doors, std::shared_ptr<const Plan> plan)
      : doors_{std::move(doors)},
        plan_{std::move(plan)},
        ledger_{doors_.store, doors_.emergency, doors_.log, doors_.clock},
        cases_{ledger_, doors_.meter, doors_.log} {}

  Result<void> open();
  void turn(Millis up_to);
  void stop();
  Result<void> execute(const Command& c);

  Mailbox& mailbox() { return mailbox_; }
  Prober& prober() { return doors_.prober; }
  std::atomic<bool> first_round{false};
  std::atomic<std::int64_t> progress{0};
  std::atomic<bool> store_ok{true};

 private:
  struct Kept {
    std::string incident;
    const Observation* observation;
  };
  /// Counted only when the commit that they belong to was tried.
  struct Counted {
    Liveness outcome;
    Millis took;
    TargetTrack track;
  };

  void use_plan(std::shared_ptr<const Plan> plan);
  void adopt_schedule();
  void restore(const StoredState& state);
  void start_looks();
  void take(const Observation& o);
  void record(Watched& w, const Look& look, const TrackStep& step, Liveness before);
  void plan_next(Watched& w, bool opened);
  void keep_evidence();
  void housekeeping();
  void watch_sites(Instant now);
  void notice_missing_answers();
  void count_blind(Millis since);
  void check_clock();
  void answer_letters();
  Result<void> lift(const Command& c);
  void commit(Ledger::When when);
  [[nodiscard]] Cadence cadence_of(const Watched& w) const;
  [[nodiscard]] Millis time_to_wait(Millis up_to) const;
  [[nodiscard]] std::optional<Instant> lifted(const std::string& release) const;
  [[nodiscard]] std::optional<Instant> embargo_end(const Release& r) const;

  Doors doors_;
  std::shared_ptr<const Plan> plan_;
  Ledger ledger_;
  Casework cases_;
  Roster roster_;
  Mailbox mailbox_;
  std::map<std::string, Lift> lifts_;
  std::vector<Kept> to_keep_;
  std::vector<Counted> counted_;
  std::uint64_t tokens_ = 0;
  [[nodiscard]] Millis housekeeping_every() const {
    return any_blind_ || !cases_.empty() ? kHousekeeping : kHousekeepingIdle;
  }

  bool any_blind_ = false;
  Millis last_housekeeping_{0};
  Millis last_beat_{0};
  Millis last_retire_{0};
  std::optional<Millis> wall_less_ticks_;
  Millis worst_lag_{0};
};

std::optional<Instant> Engine::Core::lifted(const std::string& release) const {
  const auto it = lifts_.find(release);
  return it == lifts_.end() ? std::nullopt : std::optional<Instant>{it->second.at};
}

std::optional<Instant> Engine::Core::embargo_end(const Release& r) const {
  const Embargo e = embargo_of(r, lifted(r.id), plan_->polling.grace);
  if (e.status == ReleaseStatus::cancelled && !e.lifted) return std::nullopt;
  if (!e.lifted) return e.due;
  return e.due ? std::min(*e.due, *e.lifted) : *e.lifted;
}

// ---- start, reload, stop ----

void Engine::Core::restore(const StoredState& state) {
  const Instant now = doors_.clock.now();
  for (TargetTrack t : state.tracks) {
    // Nobody looked while we were away: that is not knowing, and is stated as such.
    if (t.last_conclusive && !t.blind)
      t.blind = BlindSpan{.target = t.target,
                          .release = t.release,
                          .site = t.site,
                          .from = std::min(*t.last_conclusive, now),
                          .to = std::nullopt,
                          .cause = Cause::not_polled};
    roster_.restore(t);
  }
  for (const ObservationSpan& s : state.newest_spans) roster_.restore(s);
  for (const Lift& l : state.lifts) lifts_.emplace(l.release, l);
  cases_.load(state);
}

Result<void> Engine::Core::open() {
  auto state = doors_.store.load();
  if (!state) return tl::unexpected<Fault>{state.error()};
  cases_.use(plan_);
  roster_.adopt(plan_, {}, doors_.clock.ticks());
  restore(*state);
  adopt_schedule();
  for (auto& [id, w] : roster_.all()) doors_.meter.target(w.track);
  const std::string gap = !state->last_beat ? "first start"
                                            : (state->stopped_cleanly ? "after a clean stop at "
                                                                      : "after an unclean end; last known alive at ") +
                                                  rfc3339(*state->last_beat);
  ledger_.put(
      Event{.at = doors_.clock.now(), .incident = {}, .release = {}, .what = "started", .by = "embargod", .text = gap});
  doors_.log.info("engine starts", {{"former_run", gap},
                                    {"targets", std::to_string(roster_.all().size())},
                                    {"open_incidents", std::to_string(state->unclosed.size())}});
  commit(Ledger::When::now);
  return {};
}

void Engine::Core::adopt_schedule() {
  const Instant now = doors_.clock.now();
  doors_.meter.schedule(plan_->schedule, now);
  std::vector<std::string> names;
  for (const ReceiverTraits& r : plan_->receivers) names.push_back(r.name);
  doors_.meter.receivers(names);
  const auto changed = doors_.store.adopt_schedule(plan_->schedule, now);
  if (!changed) {
    doors_.log.error("the schedule's revision could not be stored", {{"fault", to_string(changed.error())}});
    return;
  }
  for (const std::string& id : *changed)
    ledger_.put(Event{.at = now,
                      .incident = {},
                      .release = id,
                      .what = "schedule_changed",
                      .by = "embargod",
                      .text = "new revision"});
}

void Engine::Core::use_plan(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  cases_.use(plan_);
  roster_.adopt(plan_, cases_.watched_targets(), doors_.clock.ticks());
  adopt_schedule();
  for (auto& [id, w] : roster_.all()) doors_.meter.target(w.track);
  doors_.log.info("engine works by a new plan", {{"targets", std::to_string(roster_.all().size())}});
}

void Engine::Core::stop() {
  ledger_.put(Event{.at = doors_.clock.now(),
                    .incident = {},
                    .release = {},
                    .what = "stopped",
                    .by = "embargod",
                    .text = "clean stop"});
  commit(Ledger::When::now);
  if (const auto r = doors_.store.stopped(doors_.clock.now()); !r)
    doors_.log.error("the clean stop could not be stored", {{"fault", to_string(r.error())}});
}

// ---- one look ----

Cadence Engine::Core::cadence_of(const Watched& w) const {
  const Instant now = doors_.clock.now();
  const bool live = w.track.released || w.track.conclusive == Liveness::live;
  return cadence({.now = now,
                  .due = embargo_end(*w.release),
                  .live_early = cases_.live_early(w.release->id),
                  .just_contained = cases_.just_contained(w.release->id, now),
                  .released = live},
                 w.plan->polling);
}

void Engine::Core::start_looks() {
  for (Watched* w : roster_.take_due(doors_.clock.ticks())) {
    ProbeRequest r{.token = ++tokens_,
                   .target = w->target->id,
                   .url = w->target->url,
                   .urgency = cadence_of(*w).urgency,
                   .connection = w->fresh ? Connection::fresh : Connection::reuse};
    w->fresh = false;
    roster_.started(*w, r.token);
    doors_.prober.start(std::move(r));
  }
}

void Engine::Core::take(const Observation& o) {
  Watched* w = roster_.finished(o.token);
  if (w == nullptr) return;
  const Judgement j = w->profile->judge(o, nullptr);
  const Look look = make_look(o, j);
  const Release& release = *w->release;
  const Embargo embargo = embargo_of(release, lifted(release.id), w->plan->polling.grace);
  const Verdict verdict = judge(look.liveness, {look.sent, look.done, look.error}, embargo);

  const TargetTrack before = w->track;
  TrackStep step = observe(before, look, verdict);
  const bool missed = w->conclusive_ticks && !step.blind_ended && !before.blind && look.liveness != Liveness::unknown &&
                      look.sent_ticks - *w->conclusive_ticks > w->interval * kMissedLooks + w->plan->polling.timeout;
  if (missed)
    step.blind_ended = BlindSpan{.target = before.target,
                                 .release = before.release,
                                 .site = before.site,
                                 .from = before.last_conclusive.value_or(look.sent),
                                 .to = look.sent,
                                 .cause = Cause::not_polled};
  w->track = step.track;
  if (look.liveness != Liveness::unknown) w->conclusive_ticks = look.done_ticks;
  any_blind_ = any_blind_ || w->track.blind.has_value();
  roster_.mark_looked(*w);
  worst_lag_ = std::max(worst_lag_, look.sent_ticks - w->planned);
  record(*w, look, step, before.liveness);
  counted_.push_back({look.liveness, look.done_ticks - look.sent_ticks, w->track});

  const Casework::Outcome outcome = cases_.look({.release = release,
                                                 .target = *w->target,
                                                 .before = before,
                                                 .look = look,
                                                 .verdict = verdict,
                                                 .blind_ended = step.blind_ended,
                                                 .clock_verified = doors_.clock.verified()},
                                                doors_.clock.now());
  for (const std::string& incident : outcome.keep_for) to_keep_.push_back({incident, &o});
  plan_next(*w, outcome.opened);
}

void Engine::Core::record(Watched& w, const Look& look, const TrackStep& step, Liveness before) {
  if (w.span && continues(*w.span, look))
    extend_observation_span(*w.span, look);
  else
    w.span = begin_observation_span(w.track.target, look);
  ledger_.put(*w.span);
  ledger_.put(step.track, before == look.liveness ? Ledger::Pace::lazy : Ledger::Pace::urgent);
  if (step.blind_ended) ledger_.put(*step.blind_ended);
  if (step.track.blind) ledger_.put(*step.track.blind);
}

void Engine::Core::plan_next(Watched& w, bool opened) {
  const Millis ticks = doors_.clock.ticks();
  const Cadence c = cadence_of(w);
  w.interval = c.interval.value_or(w.plan->polling.interval);
  if (!opened) {
    roster_.schedule(w, c.interval ? std::optional<Millis>{ticks + *c.interval} : std::nullopt);
    return;
  }
  // First sight: confirm at once, on a new connection, and look at everything else of the release.
  for (Watched* other : roster_.of_release(w.release->id)) {
    if (other->in_flight != 0) continue;
    other->fresh = true;
    roster_.schedule(*other, ticks);
  }
}

// ---- commit, and what follows it ----

void Engine::Core::commit(Ledger::When when) {
  const bool alerts = ledger_.flush(when);
  store_ok.store(ledger_.ok());
  for (const Counted& c : std::exchange(counted_, {})) {
    doors_.meter.probe(c.outcome, c.took);
    doors_.meter.target(c.track);
  }
  if (alerts && doors_.poke_outbox) doors_.poke_outbox();
}

void Engine::Core::keep_evidence() {
  for (const Kept& k : std::exchange(to_keep_, {})) {
    auto row = doors_.vault.keep(k.incident, *k.observation);
    if (row)
      ledger_.put(*row);
    else
      doors_.log.error("the response could not be kept", {{"incident", k.incident}, {"fault", to_string(row.error())}});
  }
}

// ---- time passes ----

void Engine::Core::check_clock() {
  const Millis now = doors_.clock.now().time_since_epoch() - doors_.clock.ticks();
  const Millis jumped = wall_less_ticks_ ? now - *wall_less_ticks_ : Millis{0};
  wall_less_ticks_ = now;
  const Millis size = jumped < Millis{0} ? -jumped : jumped;
  if (size < kClockStep) return;
  doors_.log.warn("the wall clock was stepped", {{"by", words(jumped)}});
  ledger_.put(Event{.at = doors_.clock.now(),
                    .incident = {},
                    .release = {},
                    .what = "clock_step",
                    .by = "embargod",
                    .text = words(jumped)});
  // What was seen before the step is known that much less exactly; the step alone opens and closes nothing.
  for (auto& [id, w] : roster_.all()) w.track.dark.error += size;
  cases_.widen(size);
}

void Engine::Core::notice_missing_answers() {
  // A look may wait for its host's budget, or for as long as the host asked to be left alone: that, too, is not
  // knowing.
  const Millis ticks = doors_.clock.ticks();
  for (auto& [id, w] : roster_.all()) {
    const bool missing = w.in_flight != 0 && w.looked && !w.track.blind && w.track.last_conclusive &&
                         ticks - w.planned > w.interval * kMissedLooks + w.plan->polling.timeout;
    if (!missing) continue;
    w.track.blind = BlindSpan{.target = w.track.target,
                              .release = w.track.release,
                              .site = w.track.site,
                              .from = *w.track.last_conclusive,
                              .to = std::nullopt,
                              .cause = Cause::not_polled};
    ledger_.put(*w.track.blind);
    ledger_.put(w.track, Ledger::Pace::lazy);
  }
}

void Engine::Core::count_blind(Millis since) {
  std::set<std::string> blind;
  for (const auto& [id, w] : roster_.all())
    if (w.looked && w.track.blind) blind.insert(w.track.release);
  for (const std::string& release : blind) doors_.meter.blind(release, since);
}

void Engine::Core::watch_sites(Instant now) {
  std::map<std::string, std::vector<BlindSight>> sites;
  for (const auto& [id, w] : roster_.all())
    if (w.looked) sites[w.track.site].push_back({&w.track, embargo_end(*w.release)});
  for (const auto& [site, sights] : sites) cases_.blind(site, sights, now);
}

void Engine::Core::housekeeping() {
  const Millis ticks = doors_.clock.ticks();
  const Instant now = doors_.clock.now();
  if (ticks - last_housekeeping_ < housekeeping_every()) return;
  notice_missing_answers();
  count_blind(ticks - last_housekeeping_);
  last_housekeeping_ = ticks;
  check_clock();

  if (!cases_.empty()) {
    std::map<std::string, std::optional<Instant>> ends;
    for (const Release& r : plan_->schedule.releases) ends[r.id] = embargo_end(r);
    cases_.pass_time(now, doors_.clock.uncertainty(), ends);
  }
  const auto& all = roster_.all();
  any_blind_ = std::any_of(all.begin(), all.end(), [](const auto& e) { return e.second.track.blind.has_value(); });
  if (any_blind_ || !cases_.empty()) watch_sites(now);
  doors_.meter.clock_error(doors_.clock.uncertainty());

  if (ticks - last_beat_ >= kBeat) {
    last_beat_ = ticks;
    doors_.meter.scheduler_lag(std::exchange(worst_lag_, Millis{0}));
    if (const auto r = doors_.store.beat(now); !r) doors_.log.debug("no beat", {{"fault", to_string(r.error())}});
  }
  if (ticks - last_retire_ >= kRetire) {
    last_retire_ = ticks;
    if (auto paths = doors_.store.retire(now - plan_->retention))
      for (const std::string& p : *paths) doors_.vault.discard(p);
  }
}

Millis Engine::Core::time_to_wait(Millis up_to) const {
  const Millis ticks = doors_.clock.ticks();
  Millis wait = std::min(up_to, std::max(Millis{0}, last_housekeeping_ + housekeeping_every() - ticks));
  if (const auto next = roster_.next_due()) wait = std::min(wait, std::max(Millis{0}, *next - ticks));
  return wait;
}

void Engine::Core::turn(Millis up_to) {
  if (auto plan = mailbox_.take_plan()) use_plan(std::move(plan));
  answer_letters();
  start_looks();
  const std::vector<Observation> seen = doors_.prober.wait(time_to_wait(up_to));
  for (const Observation& o : seen) take(o);
  housekeeping();
  commit(Ledger::When::due);
  keep_evidence();
  doors_.meter.heartbeat(doors_.clock.now());
  if (roster_.every_one_looked_at()) first_round.store(true);
  progress.store(doors_.clock.ticks().count());
}

// ---- people ----

Result<void> Engine::Core::lift(const Command& c) {
  const Instant now = doors_.clock.now();
  const std::string where = "release " + c.id;
  const auto& releases = plan_->schedule.releases;
  const auto it = std::find_if(releases.begin(), releases.end(), [&](const Release& r) { return r.id == c.id; });
  if (it == releases.end()) return fail(Errc::not_found, "the schedule has no such release", where);
  if (c.by.empty() || c.reason.empty())
    return fail(Errc::invalid_input, "a lift needs who and why", where, "give \"by\" and \"reason\"");
  if (lifts_.contains(c.id)) return fail(Errc::conflict, "its embargo was lifted before", where);
  if (const auto end = embargo_end(*it); end && *end <= now)
    return fail(Errc::conflict, "its embargo has ended already", where);
  const Lift l{.release = c.id, .at = now, .by = c.by, .reason = c.reason};
  lifts_.emplace(c.id, l);
  ledger_.put(l);
  ledger_.put(Event{.at = now, .incident = {}, .release = c.id, .what = "lifted", .by = c.by, .text = c.reason});
  doors_.log.info("embargo lifted", {{"release", c.id}, {"by", c.by}});
  cases_.lift(c.id, now);
  return {};
}

Result<void> Engine::Core::execute(const Command& c) {
  std::map<std::string, std::string> muted;
  auto done = c.what == Command::What::lift ? lift(c) : cases_.decide(c, doors_.clock.now(), muted);
  if (!done) return done;
  for (const auto& [target, mark] : muted) {
    const auto it = roster_.all().find(target);
    if (it == roster_.all().end()) continue;
    it->second.track.muted_by = mark;
    ledger_.put(it->second.track, Ledger::Pace::urgent);
  }
  commit(Ledger::When::now);
  if (!ledger_.ok())
    return fail(Errc::unavailable, "done, but not yet on disk: " + ledger_.last_fault(), {},
                "it will be written when the store accepts again");
  return done;
}

void Engine::Core::answer_letters() {
  for (const auto& letter : mailbox_.take_letters()) mailbox_.answer(*letter, execute(letter->command));
}

// ---- the public face ----

Engine::Engine(Doors doors, std::shared_ptr<const Plan> plan)
    : core_{std::make_unique<Core>(std::move(doors), std::move(plan))} {}
Engine::~Engine() = default;

Result<void> Engine::open() { return core_->open(); }
void Engine::turn(Millis up_to) { core_->turn(up_to); }
void Engine::stop() { core_->stop(); }

void Engine::replace_plan(std::shared_ptr<const Plan> plan) {
  core_->mailbox().post(std::move(plan));
  core_->prober().wake();
}

Result<void> Engine::run(const Command& c) {
  const auto letter = core_->mailbox().post(c);
  core_->prober().wake();
  return core_->mailbox().wait_for(letter, kCommandBound);
}

Result<void> Engine::execute(const Command& c) { return core_->execute(c); }

bool Engine::first_round_done() const { return core_->first_round.load(); }
Millis Engine::last_progress() const { return Millis{core_->progress.load()}; }
bool Engine::store_ok() const { return core_->store_ok.load(); }

}  // namespace embargod

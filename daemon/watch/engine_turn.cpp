#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

constexpr Millis kBeat{10'000};
constexpr Millis kRetire{3'600'000};
constexpr Millis kClockStep{500};  // wall against ticks, P20
constexpr int kMissedLooks = 3;    // no look for so many intervals is blind time too (P22)

}  // namespace

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

}  // namespace embargod

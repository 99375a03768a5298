#include <algorithm>
#include <list>
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

}  // namespace

// ---- commit, and what follows it ----

void Engine::Core::commit(Ledger::When when) {
  const bool alerts = ledger_.flush(when);
  store_ok.store(ledger_.ok());
  for (const Counted& c : std::exchange(counted_, {})) {
    doors_.meter.probe(c.outcome, c.took);
    if (c.track) doors_.meter.target(*c.track);
  }
  if (alerts && doors_.poke_outbox) doors_.poke_outbox();
}

void Engine::Core::keep_evidence() {
  const std::list<Observation> held = std::exchange(settled_, {});
  for (const Kept& k : std::exchange(to_keep_, {})) {
    auto row = doors_.vault.keep(k.incident, *k.observation, k.taken);
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
    if (!w.announced()) continue;
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
  for (const auto& [id, w] : roster_.all()) {
    if (!w.looked || !w.track.blind) continue;
    blind.insert(w.track.release);
    doors_.meter.blind_target(w.track, since);
  }
  for (const std::string& release : blind) doors_.meter.blind(release, since);
}

void Engine::Core::watch_sites(Instant now) {
  std::map<std::string, std::vector<BlindSight>> sites;
  // Keeping quiet near due is our own choice: it is recorded as blind time, but nobody need mend anything.
  for (const auto& [id, w] : roster_.all()) {
    const bool quiet = w.track.blind && w.track.blind->cause == Cause::quiet;
    if (w.looked && w.announced() && !quiet) sites[w.track.site].push_back({&w.track, embargo_end(*w.release)});
  }
  for (const auto& [site, sights] : sites) cases_.blind(site, sights, now, doors_.clock.verified());
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
  rehearsals_.pass_time(now);
  any_blind_ = std::any_of(all.begin(), all.end(), [](const auto& e) { return e.second.track.blind.has_value(); });
  if (any_blind_ || !cases_.empty()) watch_sites(now);
  if (doors_.deliveries != nullptr) cases_.accepted(doors_.deliveries->take());
  cases_.escalate(now);
  doors_.meter.clock_error(doors_.clock.uncertainty());

  if (ticks - last_beat_ >= kBeat) {
    last_beat_ = ticks;
    doors_.meter.scheduler_lag(std::exchange(worst_lag_, Millis{0}));
    if (const auto r = doors_.store.beat(now); !r)
      doors_.log.debug("no beat", {{"fault", to_string(r.error())}});
    else if (ledger_.ok())
      stored.store(ticks.count());
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
  for (const auto& next : {survey_.next_due(), sources_.next_due(), holidays_.next_due(), discovery_.next_due()})
    if (next) wait = std::min(wait, std::max(Millis{0}, *next - ticks));
  for (const Doubt& d : doubts_) wait = std::min(wait, std::max(Millis{0}, d.until - ticks));
  return wait;
}

void Engine::Core::turn(Millis up_to) {
  if (auto plan = mailbox_.take_plan()) use_plan(std::move(plan));
  answer_letters();
  start_looks();
  const std::vector<Observation> seen = doors_.prober.wait(time_to_wait(up_to));
  for (const Observation& o : seen) take(o);
  settle_doubts(std::nullopt);
  take_calendar_news();
  lint_schedule_in_force();
  housekeeping();
  show_rehearsals();
  commit(Ledger::When::due);
  keep_evidence();
  doors_.meter.heartbeat(doors_.clock.now());
  if (roster_.every_one_looked_at()) first_round.store(true);
  progress.store(doors_.clock.ticks().count());
}

}  // namespace embargod

#include <algorithm>
#include <utility>

#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

constexpr Millis kOtherWaysEvery{30'000};
constexpr int kOtherWayAfter = 10;  // routine looks: one more by another way after so many

bool is_of_trouble(Verdict v) {
  return v == Verdict::late || v == Verdict::incomplete || v == Verdict::wrong_content || v == Verdict::gap;
}

}  // namespace

std::optional<Instant> Engine::Core::first_out(const Release& r) {
  std::optional<Instant> first;
  for (const Watched* w : roster_.of_release(r.id)) {
    if (!w->announced() || !is_part(w->target->role)) continue;
    // What came early and stayed is out too, although it is no release on time.
    const bool stayed = w->track.was_early && w->track.conclusive == Liveness::live;
    const std::optional<Instant> out =
        w->track.released ? w->track.released->latest : (stayed ? r.due.at : std::nullopt);
    if (out && (!first || *out < *first)) first = out;
  }
  return first;
}

Verdict Engine::Core::verdict_on(const Watched& w, const Look& look) {
  Embargo embargo = embargo_of(*w.release, lifted(w.release->id), w.plan->polling.grace);
  embargo.first_out = first_out(*w.release);
  const Seen seen{.liveness = look.liveness,
                  .role = w.target->role,
                  .wrong = !look.wrong.empty(),
                  .released = w.track.released.has_value(),
                  .dark_streak = is_dark(look.liveness) ? w.track.dark_streak + 1 : 0};
  const Verdict v = judge(seen, {look.sent, look.done, look.error}, embargo);
  // Out by the due time that was in force then, and there ever since: a date that is moved later makes it no breach.
  const TargetTrack& t = w.track;
  const bool went_out_lawfully = t.released && !t.gone && !t.was_early && t.conclusive == Liveness::live;
  if (v == Verdict::early && went_out_lawfully) return Verdict::on_time;
  // Another form of a URL owes nobody an answer, nor does a guess.
  return !w.announced() && is_of_trouble(v) ? Verdict::held : v;
}

std::string Engine::Core::twin_of(const Watched& w, const Look& look) const {
  const bool compares = look.liveness == Liveness::live && look.wrong.empty() && w.target->role == Role::file &&
                        w.announced() && !look.fingerprint.empty();
  if (!compares) return {};
  for (const auto& [id, other] : roster_.all()) {
    const bool same = other.target->role == Role::file && other.announced() && id != w.target->id &&
                      other.target->url.text != w.target->url.text && other.track.released &&
                      other.track.fingerprint == look.fingerprint;
    if (same) return id;
  }
  return {};
}

void Engine::Core::note_boundary(const Watched& w, const Look& look, Verdict verdict, Liveness before) {
  const bool first = look.liveness == Liveness::live && verdict == Verdict::inconclusive && before != Liveness::live;
  if (!first) return;
  ledger_.put(Event{.at = look.done,
                    .incident = {},
                    .release = w.release->id,
                    .what = "boundary",
                    .by = "embargod",
                    .text = w.target->id + ": live within the clock's error of the due time"});
  doors_.log.info("live within the clock's error of the due time",
                  {{"release", w.release->id}, {"target", w.target->id}});
}

TrackStep Engine::Core::observed(Watched& w, const Look& look, Verdict verdict) {
  const TargetTrack& before = w.track;
  TrackStep step = observe(before, look, verdict);
  const bool missed = w.conclusive_ticks && !step.blind_ended && !before.blind && look.liveness != Liveness::unknown &&
                      look.sent_ticks - *w.conclusive_ticks > w.interval * kMissedLooks + w.plan->polling.timeout;
  if (missed)
    step.blind_ended = BlindSpan{.target = before.target,
                                 .release = before.release,
                                 .site = before.site,
                                 .from = before.last_conclusive.value_or(look.sent),
                                 .to = look.sent,
                                 .cause = Cause::not_polled};
  if (!w.announced()) {
    step.track.blind.reset();
    step.blind_ended.reset();
  }
  return step;
}

void Engine::Core::conclude(Watched& w, const Observation& o, const Judgement& j) {
  Look look = make_look(o, j);
  if (const std::string twin = twin_of(w, look); !twin.empty()) look.wrong = "the same bytes as " + twin;
  const Verdict verdict = verdict_on(w, look);
  const TargetTrack before = w.track;
  const TrackStep step = observed(w, look, verdict);
  w.track = step.track;
  if (look.liveness != Liveness::unknown) w.conclusive_ticks = look.done_ticks;
  if (look.liveness == Liveness::live || look.liveness == Liveness::suspect) w.accepted = content_id(o, j);
  w.last_ip = look.remote_ip;
  if (is_dark(look.liveness)) w.negative.note(o, w.part->negative_ttl, embargo_end(*w.release));
  any_blind_ = any_blind_ || w.track.blind.has_value();
  roster_.mark_looked(w);
  worst_lag_ = std::max(worst_lag_, look.sent_ticks - w.planned);
  record(w, look, step, before.liveness);
  note_boundary(w, look, verdict, before.liveness);
  counted_.push_back({look.liveness, look.done_ticks - look.sent_ticks,
                      w.guessed() ? std::nullopt : std::optional<TargetTrack>{w.track}});

  const bool opened = work_on_cases(w, o, before, look, verdict, step.blind_ended);
  plan_next(w, opened);
  plan_other_ways(w, look, opened);
}

/// True if a target of an incident was seen early for the first time.
bool Engine::Core::work_on_cases(const Watched& w, const Observation& o, const TargetTrack& before, const Look& look,
                                 Verdict verdict, const std::optional<BlindSpan>& blind_ended) {
  const Casework::Outcome outcome = cases_.look({.release = *w.release,
                                                 .target = *w.target,
                                                 .before = before,
                                                 .look = look,
                                                 .verdict = verdict,
                                                 .blind_ended = blind_ended,
                                                 .clock_verified = doors_.clock.verified()},
                                                doors_.clock.now());
  for (const std::string& incident : outcome.keep_for)
    to_keep_.push_back({incident, &o, {look, verdict, doors_.clock.verified()}});
  return outcome.opened;
}

/// A look by another way can show what the plain one hides, and must agree before a page counts as taken down. What it
/// cannot tell is no blindness: the plain way keeps that account.
void Engine::Core::conclude_extra(Watched& w, const Observation& o, const Judgement& j) {
  const Look look = make_look(o, j);
  doors_.meter.probe(look.liveness, look.done_ticks - look.sent_ticks);
  if (look.liveness == Liveness::unknown) return;
  if (look.liveness == Liveness::live || look.liveness == Liveness::suspect) w.accepted = content_id(o, j);
  const Verdict verdict = verdict_on(w, look);
  if (is_of_trouble(verdict) || verdict == Verdict::on_time) return;
  if (!work_on_cases(w, o, w.track, look, verdict, std::nullopt)) return;
  if (w.in_flight == 0) plan_next(w, true);
  plan_other_ways(w, look, true);
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

// ---- when to look again, and by which way ----

/// Near due a plain look at a 404 may leave a copy of it in a cache that hides the release. Past the cache there is no
/// such harm; else nobody asks until due, and that time is recorded as not known.
bool Engine::Core::stays_quiet(Watched& w, Millis interval) {
  const auto due = embargo_end(*w.release);
  const Instant now = doors_.clock.now();
  const bool waits = due && w.release->status == ReleaseStatus::confirmed && is_dark(w.track.liveness) &&
                     !cases_.live_early(w.release->id) && w.negative.would_plant(now + interval, *due);
  if (!waits) return false;
  w.quiet = true;
  const Millis ticks = doors_.clock.ticks();
  if (w.part->recipe->may_bypass()) {
    roster_.schedule(w, ticks + interval);
    return true;
  }
  roster_.schedule(w, ticks + (*due - now) + doors_.clock.uncertainty() + Millis{1});
  if (!w.announced() || w.track.blind) return true;
  w.track.blind = BlindSpan{.target = w.track.target,
                            .release = w.track.release,
                            .site = w.track.site,
                            .from = w.track.last_conclusive.value_or(now),
                            .to = std::nullopt,
                            .cause = Cause::quiet};
  any_blind_ = true;
  ledger_.put(*w.track.blind);
  ledger_.put(w.track, Ledger::Pace::lazy);
  doors_.log.info("no looks until due, so that no cache keeps a 404 beyond it", {{"target", w.target->id}});
  return true;
}

void Engine::Core::plan_next(Watched& w, bool opened) {
  const Millis ticks = doors_.clock.ticks();
  const Cadence c = cadence_of(w);
  w.interval = c.interval.value_or(w.plan->polling.interval);
  if (!opened) {
    if (c.interval && stays_quiet(w, *c.interval)) return;
    roster_.schedule(w, c.interval ? std::optional<Millis>{ticks + *c.interval} : std::nullopt);
    return;
  }
  look_at_all_of(*w.release);
}

/// First sight: confirm at once, on a new connection, and look at everything else of the release.
void Engine::Core::look_at_all_of(const Release& r) {
  for (Watched* other : roster_.of_release(r.id)) {
    if (other->in_flight != 0 || has_doubt(other->target->id)) continue;
    other->fresh = true;
    roster_.schedule(*other, doors_.clock.ticks());
  }
}

void Engine::Core::plan_other_ways(Watched& w, const Look& look, bool opened) {
  const Millis ticks = doors_.clock.ticks();
  const bool may_bypass = w.part->recipe->may_bypass();
  if (!opened && cases_.live_early(w.release->id)) {
    // Each absence is to be agreed on by every way; while it is up, the other ways are asked now and then.
    const bool is_meant = cases_.watched_targets().contains(w.target->id);
    if (!is_meant || (!is_dark(look.liveness) && ticks - w.ways_asked < kOtherWaysEvery)) return;
  } else if (!opened) {
    if (!w.announced() || look.liveness == Liveness::unknown) return;
    // An absence that a cache keeps says little of the origin: every second one is looked past.
    if (may_bypass && look.from_cache && is_dark(look.liveness)) {
      if (w.looks % 2 == 0) ask_other_ways(w, {Route::bypass}, WaysAsked::all);
      return;
    }
    if (w.looks % kOtherWayAfter != 0) return;
    if (const auto route = w.ways.next(look.remote_ip, may_bypass, ticks))
      ask_other_ways(w, {*route}, WaysAsked::in_turn);
    return;
  }
  w.ways_asked = ticks;
  ask_other_ways(w, w.ways.all(look.remote_ip, may_bypass, ticks), WaysAsked::all);
}

}  // namespace embargod

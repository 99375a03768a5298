#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

constexpr Millis kHoldBack{5'000};  // the first alert is never held back longer for a sibling's answer
constexpr Millis kOtherWaysEvery{30'000};
constexpr int kOtherWayAfter = 10;   // routine looks: one more by another way after so many
constexpr int kOtherFormShare = 10;  // another form of a URL is looked at so many times less often

std::string content_id(const Observation& o, const Judgement& j) {
  return j.fingerprint.empty() ? o.digest : j.fingerprint;
}

bool is_of_trouble(Verdict v) {
  return v == Verdict::late || v == Verdict::incomplete || v == Verdict::wrong_content || v == Verdict::gap;
}

/// Where the answer came from in the end; for a redirect that was not followed, where it pointed to.
std::optional<Url> ended_at(const Observation& o) {
  const auto last = parse_url(o.final_url.empty() ? o.url : o.final_url);
  if (!last) return std::nullopt;
  if (o.failure != Cause::redirect_elsewhere || o.hops.empty()) return *last;
  const auto next = resolve(*last, o.hops.back().location);
  if (!next) return std::nullopt;
  return *next;
}

Judgement ruled(Liveness l, Cause c, std::string rule) {
  Judgement j;
  j.liveness = l;
  j.cause = c;
  j.rule = std::move(rule);
  return j;
}

/// Another form of a URL that leads to a URL of the release is no further place where it is public.
std::string leads_to(const Watched& w, const Observation& o) {
  const auto end = o.hops.empty() ? std::nullopt : ended_at(o);
  if (!end) return {};
  for (const Target& t : w.release->targets)
    if (t.url.host == end->host && t.url.path_query == end->path_query) return t.id;
  return {};
}

}  // namespace

// ---- asking ----

Cadence Engine::Core::cadence_of(const Watched& w) const {
  const Instant now = doors_.clock.now();
  const bool live = w.track.released || w.track.conclusive == Liveness::live;
  Cadence c = cadence({.now = now,
                       .due = embargo_end(*w.release),
                       .live_early = cases_.live_early(w.release->id),
                       .just_contained = cases_.just_contained(w.release->id, now),
                       .released = live},
                      w.plan->polling);
  if (w.other_form()) {
    if (c.interval) *c.interval = *c.interval * kOtherFormShare;
    c.urgency = std::min(c.urgency, Urgency::near_due);
  }
  return c;
}

void Engine::Core::start(Watched& w) {
  const bool past_cache = w.quiet && w.part->recipe->may_bypass();
  ProbeRequest r{.token = ++tokens_,
                 .target = w.target->id,
                 .url = w.target->url,
                 .urgency = cadence_of(w).urgency,
                 .route = past_cache ? Route::bypass : (w.fresh ? Route::fresh : Route::plain)};
  w.fresh = false;
  w.quiet = false;
  ++w.looks;
  roster_.started(w, r.token);
  doors_.prober.start(std::move(r));
}

void Engine::Core::start_looks() {
  const Millis ticks = doors_.clock.ticks();
  for (Watched* w : roster_.take_due(ticks)) start(*w);
  const auto survey = survey_.next_due();
  if (!survey || *survey > ticks) return;
  survey_what_is_watched();  // the watch of some may be over
  for (ProbeRequest& r : survey_.take_due(ticks, tokens_)) doors_.prober.start(std::move(r));
}

void Engine::Core::ask_other_ways(Watched& w, const std::vector<Route>& routes, WaysAsked how) {
  for (const Route route : routes) {
    const std::uint64_t token = ++tokens_;
    extras_[token] = Extra{w.target->id, route, how == WaysAsked::in_turn};
    doors_.prober.start(ProbeRequest{.token = token,
                                     .target = w.target->id,
                                     .url = w.target->url,
                                     .urgency = cadence_of(w).urgency,
                                     .route = route});
  }
}

// ---- judging ----

Judgement Engine::Core::judged(const Watched& w, const Observation& o) {
  if (w.other_form())
    if (const std::string itself = leads_to(w, o); !itself.empty())
      return ruled(Liveness::absent, Cause::none, "engine: leads to " + itself);
  if (o.failure == Cause::none)
    if (const auto known = vouchers_.stranger(o))
      return ruled(Liveness::unknown, Cause::certificate,
                   "engine: certificate by \"" + o.certificate_issuer + "\", before by \"" + *known + "\"");
  const auto baseline = baselines_.find(w.target->id);
  const bool applies = baseline != baselines_.end() && baseline->second.url == w.target->url.text;
  return w.part->recipe->judge(
      o, {.baseline = applies ? &baseline->second : nullptr, .picture = survey_.picture(w.target->url)}, nullptr);
}

bool Engine::Core::doubtful(const Watched& w, const Observation& o, const Judgement& j) const {
  const bool answers = j.liveness == Liveness::live || j.liveness == Liveness::suspect;
  if (!answers || j.marked || !w.part->recipe->asks_siblings()) return false;
  if (w.accepted == content_id(o, j)) return false;
  // A sibling that left before this look did tells of the site as it was.
  const SitePicture* picture = survey_.picture(w.target->url);
  return picture == nullptr || *picture->asked() < o.sent;
}

void Engine::Core::doubt(const Observation& o, const std::string& target, std::optional<Extra> extra) {
  std::vector<ProbeRequest> requests;
  const std::uint64_t sibling = survey_.ask(roster_.all().at(target).target->url, tokens_, requests);
  for (ProbeRequest& r : requests) doors_.prober.start(std::move(r));
  doubts_.push_back({o, target, std::move(extra), sibling, doors_.clock.ticks() + kHoldBack});
}

bool Engine::Core::has_doubt(const std::string& target) const {
  return std::any_of(doubts_.begin(), doubts_.end(), [&](const Doubt& d) { return d.target == target && !d.extra; });
}

void Engine::Core::settle_doubts(std::optional<std::uint64_t> answered) {
  const Millis ticks = doors_.clock.ticks();
  for (auto d = doubts_.begin(); d != doubts_.end();) {
    if (d->sibling != answered && ticks < d->until) {
      ++d;
      continue;
    }
    const std::string target = d->target;
    const bool is_extra = d->extra.has_value();
    settled_.push_back(std::move(d->seen));
    d = doubts_.erase(d);
    const Observation& o = settled_.back();
    const auto w = roster_.all().find(target);
    if (w == roster_.all().end() || w->second.target->url.text != o.url) continue;
    const Judgement j = judged(w->second, o);
    if (is_extra)
      conclude_extra(w->second, o, j);
    else
      conclude(w->second, o, j);
  }
}

void Engine::Core::take(const Observation& o) {
  if (survey_.finished(o, doors_.clock.ticks())) return settle_doubts(o.token);
  if (const auto e = extras_.find(o.token); e != extras_.end()) {
    const Extra extra = e->second;
    extras_.erase(e);
    return take_extra(extra, o);
  }
  Watched* w = roster_.finished(o.token);
  if (w == nullptr) return;
  const Judgement j = judged(*w, o);
  if (doubtful(*w, o, j)) return doubt(o, w->target->id, std::nullopt);
  conclude(*w, o, j);
}

void Engine::Core::take_extra(const Extra& e, const Observation& o) {
  const auto it = roster_.all().find(e.target);
  if (it == roster_.all().end() || it->second.target->url.text != o.url) return;
  Watched& w = it->second;
  if (o.no_route) {
    w.ways.missing(e.route, doors_.clock.ticks());
    // It cost nothing: the turn is the next way's.
    const auto next =
        e.in_turn ? w.ways.next(w.last_ip, w.part->recipe->may_bypass(), doors_.clock.ticks()) : std::nullopt;
    if (next) ask_other_ways(w, {*next}, WaysAsked::in_turn);
    return;
  }
  const Judgement j = judged(w, o);
  if (doubtful(w, o, j)) return doubt(o, e.target, e);
  conclude_extra(w, o, j);
}

// ---- what follows from it ----

std::optional<Instant> Engine::Core::first_out(const Release& r) {
  std::optional<Instant> first;
  for (const Watched* w : roster_.of_release(r.id)) {
    if (w->other_form() || !is_part(w->target->role)) continue;
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
  // Another form of a URL owes nobody an answer.
  return w.other_form() && is_of_trouble(v) ? Verdict::held : v;
}

std::string Engine::Core::twin_of(const Watched& w, const Look& look) const {
  const bool compares = look.liveness == Liveness::live && look.wrong.empty() && w.target->role == Role::file &&
                        !w.other_form() && !look.fingerprint.empty();
  if (!compares) return {};
  for (const auto& [id, other] : roster_.all()) {
    const bool same = other.target->role == Role::file && !other.other_form() && id != w.target->id &&
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
  if (w.other_form()) {
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
  counted_.push_back({look.liveness, look.done_ticks - look.sent_ticks, w.track});

  const Casework::Outcome outcome = cases_.look({.release = *w.release,
                                                 .target = *w.target,
                                                 .before = before,
                                                 .look = look,
                                                 .verdict = verdict,
                                                 .blind_ended = step.blind_ended,
                                                 .clock_verified = doors_.clock.verified()},
                                                doors_.clock.now());
  for (const std::string& incident : outcome.keep_for) to_keep_.push_back({incident, &o});
  plan_next(w, outcome.opened);
  plan_other_ways(w, look, outcome.opened);
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
  const Casework::Outcome outcome = cases_.look({.release = *w.release,
                                                 .target = *w.target,
                                                 .before = w.track,
                                                 .look = look,
                                                 .verdict = verdict,
                                                 .blind_ended = std::nullopt,
                                                 .clock_verified = doors_.clock.verified()},
                                                doors_.clock.now());
  for (const std::string& incident : outcome.keep_for) to_keep_.push_back({incident, &o});
  if (!outcome.opened) return;
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
  if (w.other_form() || w.track.blind) return true;
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
  // First sight: confirm at once, on a new connection, and look at everything else of the release.
  for (Watched* other : roster_.of_release(w.release->id)) {
    if (other->in_flight != 0 || has_doubt(other->target->id)) continue;
    other->fresh = true;
    roster_.schedule(*other, ticks);
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
    if (w.other_form() || look.liveness == Liveness::unknown) return;
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

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/watch/engine_core.h"
#include "daemon/watch/latency.h"

namespace embargod {
namespace {

constexpr int kOtherFormShare = 10;  // another form of a URL is looked at so many times less often

/// Where the answer came from in the end; for a redirect that was not followed, where it pointed to.
std::optional<Url> ended_at(const Observation& o) {
  const auto last = parse_url(o.final_url.empty() ? o.url : o.final_url);
  if (!last) return std::nullopt;
  if (o.failure != Cause::redirect_elsewhere || o.hops.empty()) return *last;
  const auto next = resolve(*last, o.hops.back().location);
  if (!next) return std::nullopt;
  return *next;
}

/// Another form of a URL that leads to a URL of the release is no further place where it is public, nor is a guess that
/// leads there, or to the edition that it was made of.
std::string leads_to(const Watched& w, const Observation& o) {
  const auto end = o.hops.empty() ? std::nullopt : ended_at(o);
  if (!end) return {};
  for (const Target& t : w.release->targets)
    if (t.url.host == end->host && t.url.path_query == end->path_query) return t.id;
  if (w.guessed())
    for (const FormerUrl& f : w.release->former_urls)
      if (f.url.host == end->host && f.url.path_query == end->path_query) return "a former edition";
  return {};
}

}  // namespace

// ---- asking ----

Cadence Engine::Core::cadence_of(const Watched& w) const {
  const Instant now = doors_.clock.now();
  if (w.guessed()) {
    const bool meant = cases_.live_early(w.release->id) && cases_.watched_targets().contains(w.target->id);
    return candidate_cadence(
        {.now = now, .due = embargo_end(*w.release), .live_early = meant, .just_contained = false, .released = false},
        w.plan->polling, w.plan->candidate_interval);
  }
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
  for (ProbeRequest& r : sources_.take_due(ticks, doors_.clock.now(), tokens_)) doors_.prober.start(std::move(r));
  if (auto holidays = holidays_.take_due(ticks, tokens_)) doors_.prober.start(std::move(*holidays));
  for (ProbeRequest& r : discovery_.take_due(ticks, tokens_)) doors_.prober.start(std::move(r));
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
  if (!w.announced())
    if (const std::string itself = leads_to(w, o); !itself.empty())
      return judgement(Liveness::absent, "engine: leads to " + itself);
  if (o.failure == Cause::none)
    if (const auto known = vouchers_.stranger(o))
      return judged_unknown(Cause::certificate,
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
  ProbeRequest r = survey_.ask(roster_.all().at(target).target->url, tokens_);
  const std::uint64_t sibling = r.token;
  doors_.prober.start(std::move(r));
  doubts_.push_back({o, target, std::move(extra), sibling, doors_.clock.ticks() + kSiblingHold});
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
  if (sources_.finished(o, doors_.clock.ticks())) return;
  if (holidays_.finished(o, doors_.clock.ticks())) return;
  if (const auto listing = discovery_.finished(o, doors_.clock.ticks())) return take_listing(o, *listing);
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

}  // namespace embargod

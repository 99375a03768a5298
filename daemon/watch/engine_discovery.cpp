#include <algorithm>
#include <set>
#include <utility>

#include "config/sources/spoken_dates.h"
#include "daemon/watch/calendar_merge.h"
#include "daemon/watch/engine_core.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {
namespace {

// While a listing shows what is embargoed, somebody waits to hear that it is gone.
constexpr Millis kListedAgain{60'000};
constexpr Millis kListedConfirm{5'000};

const DiscoveryListing* listing_named(const Plan& plan, const std::string& name) {
  for (const DiscoveryListing& l : plan.settings->discovery)
    if (l.name == name) return &l;
  return nullptr;
}

const Release* release_named(const Plan& plan, const std::string& id) {
  for (const Release& r : plan.schedule.releases)
    if (r.id == id) return &r;
  return nullptr;
}

/// Its own title is not told: it may hold figures. The response that is kept has it.
std::string listed_rule(const NewFinding& f) {
  return std::string{"discovery: matched by "} + to_string(f.match->by) + ": " + f.finding.url;
}

TargetTrack listed_track(const Target& t) {
  TargetTrack track;
  track.target = t.id;
  track.release = t.release;
  track.site = t.url.site();
  track.url = t.url.text;
  return track;
}

bool shows_dates(const DiscoveryListing& l) {
  return !l.date.text.empty() && (l.kind == ListingKind::html || l.kind == ListingKind::json);
}

}  // namespace

// ---- start, reload ----

void Engine::Core::restore_listings(const StoredState& state) {
  discovery_.restore(state.known);
  for (const TargetTrack& t : state.tracks)
    if (!listing_of(t.target).empty()) listed_.emplace(t.target, t);
  // What they said is known again from the tickets that are open: else these would end with the restart.
  for (const Incident& i : state.unclosed)
    for (const Drift& d : i.drifts) {
      const DiscoveryListing* l = listing_named(*plan_, d.source);
      if (l != nullptr && shows_dates(*l)) stated_dates_[d.source].push_back({d.release, d.says, false, d.seen});
    }
}

void Engine::Core::adopt_listings() {
  discovery_.adopt(plan_->discovery, doors_.clock.ticks());
  for (const Incident& i : cases_.strangers_told())
    for (const TargetExposure& t : i.targets)
      if (!t.spans.empty() && !t.spans.back().went_down)
        discovery_.hold_stranger(listing_of(t.target), t.url, t.spans.back().last_live_sent);
  std::vector<std::string> names;
  for (const DiscoveryListing& l : plan_->settings->discovery) names.push_back(l.name);
  const auto is_former = [&names](const auto& e) {
    return std::find(names.begin(), names.end(), e.first) == names.end();
  };
  std::erase_if(stated_dates_, is_former);
  std::erase_if(pending_, is_former);
  std::erase_if(told_listings_, is_former);
  doors_.meter.listings(names);
  show_listings();
}

// ---- what one answer told ----

void Engine::Core::take_listing(const Observation& o, const DiscoveryOutcome& out) {
  log_listing(out);
  std::set<std::string> shown;
  for (const NewFinding& f : out.still)
    if (f.counts && shown.insert(f.match->release).second) see_listed(f, o);
  for (const NewFinding& f : out.found) {
    Pending& pending = pending_[out.listing];
    if (f.match)
      pending.scheduled.push_back(f.finding.url);
    else
      pending.fresh.push_back({f.finding.url, f.appeared});
  }
  if (out.round_over) end_round(o, out);
  for (KnownListing& k : discovery_.take_changed()) ledger_.put(std::move(k));
  show_listings();
}

void Engine::Core::log_listing(const DiscoveryOutcome& out) {
  ToldListing& told = told_listings_[out.listing];
  const std::string fault = out.fault ? to_string(*out.fault) : std::string{};
  if (out.fault && told.fault != fault)
    doors_.log.warn("a listing could not be read, nothing is concluded from that",
                    {{"listing", out.listing}, {"fault", fault}});
  // A child sitemap that is read well does not mend another.
  if (out.fault) told.fault = fault;
  if (out.round_good && !std::exchange(told.fault, {}).empty())
    doors_.log.info("a listing is read again", {{"listing", out.listing}});
  if (!out.note.empty() && told.note != out.note)
    doors_.log.warn("a listing is odd", {{"listing", out.listing}, {"note", out.note}});
  if (!out.note.empty()) told.note = out.note;
  if (out.untold > 0)
    doors_.log.warn("a listing shows more that no schedule names than is told",
                    {{"listing", out.listing}, {"untold", std::to_string(out.untold)}});
}

void Engine::Core::end_round(const Observation& o, const DiscoveryOutcome& out) {
  const Millis again = pending_[out.listing].first_sight ? kListedConfirm : kListedAgain;
  miss_listed(o, out);
  tell_strangers(o, out);
  const DiscoveryListing* l = listing_named(*plan_, out.listing);
  if (l != nullptr && shows_dates(*l) && out.round_good) note_stated_dates(*l);
  const auto watched = cases_.watched_targets();
  const bool matters = std::any_of(listed_.begin(), listed_.end(), [&](const auto& e) {
    return e.first == listed_target(e.second.release, out.listing) && watched.contains(e.first);
  });
  if (matters) discovery_.hasten(out.listing, doors_.clock.ticks() + again);
}

// ---- an entry that is a release's ----

void Engine::Core::see_listed(const NewFinding& f, const Observation& o) {
  const Release* r = release_named(*plan_, f.match->release);
  auto url = parse_url(o.url);
  if (r == nullptr || !url) return;
  Target t;
  t.id = listed_target(r->id, f.listing);
  t.release = r->id;
  t.url = std::move(*url);
  t.role = Role::listing;
  const Look look = make_look(o, judgement(Liveness::live, listed_rule(f)));
  const Verdict verdict = judge({.liveness = look.liveness, .role = t.role}, {look.sent, look.done, look.error},
                                embargo_of(*r, lifted(r->id), plan_->polling.grace));
  // From due on it is where it belongs.
  if (verdict != Verdict::early && verdict != Verdict::unscheduled) return;
  TargetTrack& track = listed_.try_emplace(t.id, listed_track(t)).first->second;
  if (f.appeared.earliest && (!track.dark.sent || *track.dark.sent - track.dark.error < *f.appeared.earliest))
    track.dark = DarkBefore{.sent = f.appeared.earliest, .error = Millis{0}, .origin_floor = std::nullopt};
  if (!work_on_listed(*r, t, look, verdict, o)) return;
  pending_[f.listing].first_sight = true;
  look_at_all_of(*r);
}

/// After a reading of the whole, or as far as it goes: what it no longer shows. Three agreeing readings contain it, as
/// with every URL: one may have come from a cache.
void Engine::Core::miss_listed(const Observation& o, const DiscoveryOutcome& out) {
  std::set<std::string> shown, gone;
  for (const NewFinding& f : discovery_.shown())
    if (f.listing == out.listing && f.counts) shown.insert(f.match->release);
  for (const GoneFinding& g : out.gone) gone.insert(g.release);
  const auto watched = cases_.watched_targets();
  for (const auto& [id, track] : listed_) {
    if (id != listed_target(track.release, out.listing) || shown.contains(track.release)) continue;
    const bool matters = watched.contains(id) || track.liveness == Liveness::live || !track.muted_by.empty();
    if (!matters || !(out.round_good || gone.contains(track.release))) continue;
    const Release* r = release_named(*plan_, track.release);
    auto url = parse_url(track.url);
    if (r == nullptr || !url) continue;
    Target t;
    t.id = id;
    t.release = r->id;
    t.url = std::move(*url);
    t.role = Role::listing;
    const Look look = make_look(o, judgement(Liveness::absent, "discovery: no longer listed"));
    (void)work_on_listed(*r, t, look, Verdict::held, o);
  }
}

/// True if an incident was opened by it.
bool Engine::Core::work_on_listed(const Release& r, const Target& t, const Look& look, Verdict verdict,
                                  const Observation& o) {
  TargetTrack& track = listed_.at(t.id);
  const TargetTrack before = track;
  track = observe(before, look, verdict).track;
  track.blind.reset();
  // Tracks are shown to everybody: without the address, which an incident has that is told.
  track.rule = is_dark(look.liveness) ? look.rule : "discovery: listed";
  const auto span = listed_spans_.find(t.id);
  if (span != listed_spans_.end() && continues(span->second, look))
    extend_observation_span(span->second, look);
  else
    listed_spans_[t.id] = begin_observation_span(t.id, look);
  ledger_.put(listed_spans_[t.id]);
  ledger_.put(track, before.liveness == track.liveness ? Ledger::Pace::lazy : Ledger::Pace::urgent);
  const Casework::Outcome outcome = cases_.look({.release = r,
                                                 .target = t,
                                                 .before = before,
                                                 .look = look,
                                                 .verdict = verdict,
                                                 .blind_ended = std::nullopt,
                                                 .clock_verified = doors_.clock.verified()},
                                                doors_.clock.now());
  for (const std::string& incident : outcome.keep_for)
    keep_listing(incident, t.id, o, {look, verdict, doors_.clock.verified()});
  return outcome.opened;
}

void Engine::Core::keep_listing(const std::string& incident, const std::string& target, const Observation& o,
                                TakenFor taken) {
  settled_.push_back(o);
  settled_.back().target = target;
  to_keep_.push_back({incident, &settled_.back(), std::move(taken)});
}

// ---- entries that are nobody's ----

void Engine::Core::tell_strangers(const Observation& o, const DiscoveryOutcome& out) {
  Pending pending = std::move(pending_[out.listing]);
  pending_.erase(out.listing);
  const DiscoveryListing* l = listing_named(*plan_, out.listing);
  if (l == nullptr) return;
  const Look look = make_look(o, judgement(Liveness::live, "discovery: listed, and on no schedule"));
  StrangerSight sight{.site = l->url.site(),
                      .listing = out.listing,
                      .fresh = std::move(pending.fresh),
                      .over = {},
                      .look = look,
                      .clock_verified = doors_.clock.verified()};
  for (std::string& url : pending.scheduled)
    sight.over.push_back({std::move(url), {look.sent - look.error, look.done + look.error}, true});
  for (const GoneStranger& g : out.strangers_gone) sight.over.push_back({g.url, g.gone, false});
  if (sight.fresh.empty() && sight.over.empty()) return;
  const std::string incident = cases_.strangers(sight, doors_.clock.now());
  if (!incident.empty())
    keep_listing(incident, "listing:" + out.listing, o, {look, Verdict::unscheduled, sight.clock_verified});
}

// ---- dates that it shows ----

void Engine::Core::note_stated_dates(const DiscoveryListing& l) {
  std::vector<StatedDate> dates;
  for (const NewFinding& f : discovery_.shown()) {
    if (f.listing != l.name || !f.match || f.finding.stated.empty()) continue;
    auto says = read_spoken_due(f.finding.stated, plan_->settings->timezone);
    if (says) dates.push_back({f.match->release, std::move(*says), f.counts, doors_.clock.now()});
  }
  stated_dates_[l.name] = std::move(dates);
  watch_drifts();
}

/// By the due that is in force now. A date that has passed, beside an entry that is listed early, is that of its
/// publication.
std::vector<Drift> Engine::Core::listing_drifts() const {
  std::vector<Drift> out;
  const Instant now = doors_.clock.now();
  for (const auto& entry : stated_dates_) {
    const std::string& listing = entry.first;
    for (const StatedDate& d : entry.second) {
      const Release* r = release_named(*plan_, d.release);
      if (r == nullptr || r->status == ReleaseStatus::cancelled) continue;
      const std::optional<Instant> says = d.says.at ? d.says.at : d.says.period_begin;
      if (d.is_listed_early && says && *says <= now) continue;
      const auto kind = contradiction(d.says, r->due);
      if (!kind) continue;
      const bool is_told = std::any_of(out.begin(), out.end(), [&](const Drift& o) {
        return o.release == d.release && o.source == listing && o.kind == *kind;
      });
      if (!is_told)
        out.push_back(
            {.release = d.release, .source = listing, .kind = *kind, .says = d.says, .where = {}, .seen = d.seen});
    }
  }
  return out;
}

// ---- for people and metrics ----

void Engine::Core::show_listings() {
  std::vector<ListingStatus> now = discovery_.status();
  for (const ListingStatus& s : now) doors_.meter.listing(s);
  const std::lock_guard lock{listings_mutex_};
  listings_ = std::move(now);
}

std::vector<ListingStatus> Engine::Core::listings() const {
  const std::lock_guard lock{listings_mutex_};
  return listings_;
}

}  // namespace embargod

#include "daemon/watch/stranger_watch.h"

#include <algorithm>

#include "daemon/watch/step_parts.h"

namespace embargod {
namespace {

constexpr std::string_view kListing = "listing:";

std::string entries(std::size_t n) { return n == 1 ? "1 entry" : std::to_string(n) + " entries"; }

/// "listing:news#12", so that two of one listing differ.
std::string stranger_target(const Incident& i, const std::string& listing) {
  return std::string{kListing} + listing + "#" + std::to_string(i.targets.size() + 1);
}

TargetExposure* stranger_at(Incident& i, const std::string& listing, const std::string& url) {
  const auto it = std::find_if(i.targets.begin(), i.targets.end(), [&](const TargetExposure& t) {
    return t.url == url && listing_of(t.target) == listing;
  });
  return it == i.targets.end() ? nullptr : &*it;
}

ExposureSpan span_from(const StrangerSeen& seen, const Look& look) {
  ExposureSpan s;
  s.went_live = seen.appeared;
  s.last_live_sent = look.sent;
  s.last_live_done = look.done;
  s.last_live_error = look.error;
  s.looks = 1;
  return s;
}

/// How many of `sight` are new to the incident.
std::size_t take_fresh(Step& out, const StrangerSight& sight) {
  Incident& i = out.incident;
  std::size_t fresh = 0;
  for (const StrangerSeen& seen : sight.fresh) {
    TargetExposure* t = stranger_at(i, sight.listing, seen.url);
    if (t != nullptr && is_up(*t)) continue;
    ++fresh;
    if (t == nullptr) {
      if (i.targets.size() >= kMostStrangers) continue;
      TargetExposure joined;
      joined.target = stranger_target(i, sight.listing);
      joined.url = seen.url;
      joined.seen_live = true;  // everybody can read its address there
      joined.role = Role::listing;
      joined.first = sight.look;
      t = &i.targets.emplace_back(std::move(joined));
    }
    t->spans.push_back(span_from(seen, sight.look));
  }
  const std::string& digest = sight.look.digest;
  if (fresh > 0 && !digest.empty() && std::find(i.evidence.begin(), i.evidence.end(), digest) == i.evidence.end())
    i.evidence.push_back(digest);
  out.new_exposure = fresh > 0;
  return fresh;
}

void take_over(Step& out, const StrangerSight& sight) {
  std::size_t gone = 0;
  std::size_t scheduled = 0;
  for (const StrangerOver& o : sight.over) {
    TargetExposure* t = stranger_at(out.incident, sight.listing, o.url);
    if (t == nullptr || !is_up(*t)) continue;
    t->spans.back().went_down = o.gone;
    t->spans.back().ended_by = EndedBy::absence;
    t->dark_streak = kAbsencesToContain;
    ++(o.scheduled ? scheduled : gone);
  }
  const std::string where = "listing " + sight.listing + ": ";
  if (gone > 0)
    out.events.push_back(event(out.incident, sight.look.done, "went_down", where + entries(gone) + " no longer there"));
  if (scheduled > 0)
    out.events.push_back(
        event(out.incident, sight.look.done, "went_down", where + entries(scheduled) + " in the schedule now"));
}

Step opened(const StrangerSight& sight, int ordinal) {
  Step out;
  Incident& i = out.incident;
  i.kind = IncidentKind::unscheduled;
  i.state = IncidentState::open;
  i.confidence = Confidence::confirmed;
  i.site = sight.site;
  i.title = sight.site;
  i.ordinal = ordinal;
  i.id = incident_id(i.site, std::nullopt, i.kind, ordinal);
  i.detected = sight.look.done;
  i.clock_verified = sight.clock_verified;
  const std::size_t fresh = take_fresh(out, sight);
  out.events.push_back(
      event(i, sight.look.done, "first_sight", "listing " + sight.listing + ": " + entries(fresh) + " on no schedule"));
  tell(out, Notice::opened);
  return out;
}

void go_on_with(Step& out, const StrangerSight& sight, std::size_t fresh) {
  Incident& i = out.incident;
  const bool again = i.state == IncidentState::contained;
  if (again) {
    i.state = IncidentState::open;
    i.contained.reset();
  }
  out.events.push_back(event(i, sight.look.done, again ? "reopened" : "target_joined",
                             "listing " + sight.listing + ": " + entries(fresh) + " more on no schedule"));
  tell(out, again ? Notice::reopened : Notice::updated);
}

}  // namespace

std::optional<Step> watch_strangers(const std::optional<Incident>& current, const StrangerSight& sight, int ordinal) {
  if (!current) return sight.fresh.empty() ? std::nullopt : std::optional{opened(sight, ordinal)};
  if (is_over(*current)) return std::nullopt;
  Step out;
  out.incident = *current;
  take_over(out, sight);
  if (const std::size_t fresh = take_fresh(out, sight); fresh > 0) go_on_with(out, sight, fresh);
  if (out.events.empty()) return std::nullopt;
  const auto& all = out.incident.targets;
  if (is_active(out.incident) && std::none_of(all.begin(), all.end(), is_up))
    contain(out, sight.look.done, "contained", "no listing shows them any more, or the schedule names them");
  return out;
}

std::string listing_of(const std::string& target) {
  const std::size_t at = target.find(kListing);
  const bool begins = at == 0 || (at != std::string::npos && target[at - 1] == '/');
  if (!begins) return {};
  const std::string name = target.substr(at + kListing.size());
  return name.substr(0, name.find('#'));
}

std::string listed_target(const std::string& release, const std::string& listing) {
  return release + "/" + std::string{kListing} + listing;
}

}  // namespace embargod

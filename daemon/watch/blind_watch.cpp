#include "daemon/watch/blind_watch.h"

#include <algorithm>
#include <set>

namespace embargod {
namespace {

bool is_due_near(const BlindSight& s, Instant now) {
  return s.track->blind && s.due && *s.due > now && *s.due - now <= kNearDue;
}

Event blind_event(const Incident& i, Instant now, std::string what, std::string text) {
  return Event{
      .at = now, .incident = i.id, .release = {}, .what = std::move(what), .by = "embargod", .text = std::move(text)};
}

/// Adds the targets that have been blind for long enough; true if there were new ones.
bool add_targets(Incident& i, const std::vector<BlindSight>& sights, Instant now, Millis blind_after) {
  bool more = false;
  std::set<std::string> releases{i.affected.begin(), i.affected.end()};
  for (const BlindSight& s : sights) {
    if (!s.track->blind || now - s.track->blind->from < blind_after) continue;
    const bool known =
        std::any_of(i.targets.begin(), i.targets.end(), [&](const auto& t) { return t.target == s.track->target; });
    if (known) continue;
    TargetExposure t;
    t.target = s.track->target;
    t.url = s.track->url;
    t.first.sent = s.track->blind->from;
    t.first.done = s.track->blind->from;
    t.first.cause = s.track->blind->cause;
    t.first.status = s.track->status;
    i.targets.push_back(std::move(t));
    releases.insert(s.track->release);
    more = true;
  }
  i.affected.assign(releases.begin(), releases.end());
  return more;
}

bool all_seen_again(const Incident& i, const std::vector<BlindSight>& sights) {
  return std::none_of(i.targets.begin(), i.targets.end(), [&](const TargetExposure& t) {
    return std::any_of(sights.begin(), sights.end(),
                       [&](const BlindSight& s) { return s.track->target == t.target && s.track->blind; });
  });
}

void tell_near_due(BlindStep& out, bool near) {
  if (near == out.step.incident.near_due) return;
  out.step.incident.near_due = near;
  out.near_due.push_back(near ? Notice::opened : Notice::resolved);
}

BlindStep open_blind(const std::string& site, Instant now, int ordinal) {
  BlindStep out;
  Incident& i = out.step.incident;
  i.kind = IncidentKind::blind;
  i.state = IncidentState::open;
  i.confidence = Confidence::confirmed;
  i.site = site;
  i.title = site;
  i.ordinal = ordinal;
  i.id = incident_id(site, std::nullopt, IncidentKind::blind, ordinal);
  i.detected = now;
  i.firing = true;
  return out;
}

}  // namespace

std::optional<BlindStep> watch_blind(const std::optional<Incident>& current, const std::string& site,
                                     const std::vector<BlindSight>& sights, Instant now, Millis blind_after,
                                     int ordinal) {
  const bool near =
      std::any_of(sights.begin(), sights.end(), [now](const BlindSight& s) { return is_due_near(s, now); });
  if (!current) {
    const bool any_long = std::any_of(sights.begin(), sights.end(), [&](const BlindSight& s) {
      return s.track->blind && now - s.track->blind->from >= blind_after;
    });
    if (!any_long) return std::nullopt;
    BlindStep out = open_blind(site, now, ordinal);
    add_targets(out.step.incident, sights, now, blind_after);
    out.step.notices.push_back(Notice::opened);
    out.step.events.push_back(
        blind_event(out.step.incident, now, "first_sight", "no conclusive look for " + words(blind_after)));
    tell_near_due(out, near);
    return out;
  }

  BlindStep out;
  out.step.incident = *current;
  if (all_seen_again(*current, sights)) {
    for (TargetExposure& t : out.step.incident.targets) t.blind = std::max(Millis{0}, now - t.first.sent);
    const Incident before = out.step.incident;
    out.step = close_by_itself(before, now, "a conclusive look");
    tell_near_due(out, false);
    return out;
  }
  const bool more = add_targets(out.step.incident, sights, now, blind_after);
  if (more) out.step.notices.push_back(Notice::updated);
  tell_near_due(out, near);
  if (!more && out.near_due.empty()) return std::nullopt;
  return out;
}

}  // namespace embargod

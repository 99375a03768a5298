#pragma once
// What the steps of every kind of incident are made of. Internal to incident_step.cpp, trouble_step.cpp and
// drift_watch.cpp. Pure.

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/watch/exposure.h"
#include "daemon/watch/incident_step.h"

namespace embargod {

inline constexpr const char* kSelf = "embargod";  // who closes and tells, where it is no person

inline Event event(const Incident& i, Instant at, std::string what, std::string text, std::string by = kSelf) {
  return Event{.at = at,
               .incident = i.id,
               .release = i.release,
               .what = std::move(what),
               .by = std::move(by),
               .text = std::move(text)};
}

inline void tell(Step& s, Notice notice) {
  s.incident.firing = notice != Notice::resolved;
  s.notices.push_back(notice);
}

inline TargetExposure* find(Incident& i, const std::string& target) {
  const auto it = std::find_if(i.targets.begin(), i.targets.end(), [&](const auto& t) { return t.target == target; });
  return it == i.targets.end() ? nullptr : &*it;
}

inline bool is_up(const TargetExposure& t) { return !t.spans.empty() && !t.spans.back().went_down; }

inline Millis length(const BlindSpan& b) { return b.to ? *b.to - b.from : Millis{0}; }

inline TargetExposure& join(Incident& i, const Sight& s) {
  TargetExposure t;
  t.target = s.target.id;
  t.url = s.target.url.text;
  t.role = s.target.role;
  t.candidate_rule = s.target.candidate_rule;
  t.first = s.look;
  i.targets.push_back(std::move(t));
  return i.targets.back();
}

inline void begin(Step& out, TargetExposure& t, const Sight& s) {
  t.spans.push_back(begin_span(s.before.dark, s.look));
  // A guess stays a secret until it is live: something that merely answers there may be nothing of the release.
  t.seen_live = t.seen_live || t.candidate_rule.empty() || s.look.liveness == Liveness::live;
  t.dark_streak = 0;
  out.new_exposure = true;
  auto& digests = out.incident.evidence;
  if (!s.look.digest.empty() && std::find(digests.begin(), digests.end(), s.look.digest) == digests.end())
    digests.push_back(s.look.digest);
}

inline void contain(Step& out, Instant at, std::string what, std::string text) {
  out.incident.state = IncidentState::contained;
  out.incident.contained = at;
  out.events.push_back(event(out.incident, at, std::move(what), std::move(text)));
  if (out.incident.firing) tell(out, Notice::resolved);
}

/// Second conclusive look: what was suspected is open.
inline void confirm(Step& out, const Sight& s) {
  Incident& i = out.incident;
  i.state = IncidentState::open;
  if (i.kind != IncidentKind::suspect) i.confidence = Confidence::confirmed;
  out.events.push_back(event(i, s.look.done, "confirmed", s.target.id + ": " + s.look.rule));
  tell(out, Notice::updated);
}

}  // namespace embargod

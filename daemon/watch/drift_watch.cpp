#include "daemon/watch/drift_watch.h"

#include <algorithm>
#include <tuple>

#include "daemon/watch/step_parts.h"

namespace embargod {
namespace {

bool is_among(const Drift& d, const std::vector<Drift>& all) {
  return std::any_of(all.begin(), all.end(), [&d](const Drift& other) { return same_drift(d, other); });
}

/// By source; what was known before keeps the instant at which it was first seen.
std::vector<Drift> as_recorded(std::vector<Drift> drifts, const std::vector<Drift>& before) {
  for (Drift& d : drifts) {
    const auto known =
        std::find_if(before.begin(), before.end(), [&d](const Drift& other) { return same_drift(d, other); });
    if (known != before.end()) d.seen = std::min(d.seen, known->seen);
  }
  std::stable_sort(drifts.begin(), drifts.end(), [](const Drift& a, const Drift& b) {
    return std::tie(a.source, a.kind) < std::tie(b.source, b.kind);
  });
  return drifts;
}

/// "team: later, 2018-04-26T08:30:00.000Z"
std::string event_words(const Drift& d) {
  return d.source + ": " + to_string(d.kind) + (d.says.at ? ", " + rfc3339(*d.says.at) : std::string{});
}

std::string all_event_words(const std::vector<Drift>& drifts) {
  std::string out;
  for (const Drift& d : drifts) out += (out.empty() ? "" : "; ") + event_words(d);
  return out;
}

/// What is there now that was not, then which calendars have nothing to say any more; empty: nothing changed.
std::string change_words(const std::vector<Drift>& before, const std::vector<Drift>& now) {
  std::vector<Drift> fresh;
  for (const Drift& d : now)
    if (!is_among(d, before)) fresh.push_back(d);
  std::string out = all_event_words(fresh);
  for (const Drift& d : before) {
    const bool goes_on =
        std::any_of(now.begin(), now.end(), [&d](const Drift& other) { return other.source == d.source; });
    if (is_among(d, now)) continue;
    if (!goes_on) out += (out.empty() ? "" : "; ") + d.source + ": agrees again";
    if (goes_on && out.empty()) out = d.source + ": no longer " + to_string(d.kind);
  }
  return out;
}

Step open_drift(const DriftSight& sight, Instant now, int ordinal) {
  Step out;
  Incident& i = out.incident;
  const Release& r = *sight.release;
  i.kind = IncidentKind::drift;
  i.state = IncidentState::open;
  i.confidence = Confidence::confirmed;
  i.release = r.id;
  i.title = r.title;
  i.due = r.due.at;
  if (!r.targets.empty()) i.site = r.targets.front().url.site();
  i.ordinal = ordinal;
  i.id = incident_id(i.release, i.due, i.kind, ordinal);
  i.detected = now;
  i.drifts = as_recorded(*sight.drifts, {});
  out.events.push_back(event(i, now, "first_sight", all_event_words(i.drifts)));
  tell(out, Notice::opened);
  return out;
}

}  // namespace

std::optional<Step> watch_drift(const std::optional<Incident>& current, const DriftSight& sight,
                                const std::vector<Drift>& dismissed, Instant now, int ordinal) {
  static const std::vector<Drift> kAllAgree;
  const std::vector<Drift>& drifts = sight.drifts == nullptr ? kAllAgree : *sight.drifts;
  const bool has_come = sight.due && now >= *sight.due;
  // What a person has dismissed opens nothing and holds nothing open, but is named beside what does: the next dismissal
  // is one of them all.
  const bool counts =
      std::any_of(drifts.begin(), drifts.end(), [&](const Drift& d) { return !is_among(d, dismissed); });
  if (!current) {
    if (has_come || !counts || sight.release == nullptr) return std::nullopt;
    return open_drift(sight, now, ordinal);
  }
  if (is_over(*current)) return std::nullopt;
  if (has_come) return close_by_itself(*current, now, "the embargo has ended");
  if (sight.release != nullptr && sight.release->due.at != current->due)
    return close_by_itself(*current, now, "the release has another due time now");
  if (!counts)
    return close_by_itself(
        *current, now,
        drifts.empty() ? "no calendar contradicts it any more" : "what is left of it was dismissed by a person before");

  std::vector<Drift> as_now = as_recorded(drifts, current->drifts);
  const std::string change = change_words(current->drifts, as_now);
  if (change.empty()) return std::nullopt;
  Step out;
  out.incident = *current;
  out.incident.drifts = std::move(as_now);
  out.events.push_back(event(out.incident, now, "drift_changed", change));
  tell(out, Notice::updated);
  return out;
}

}  // namespace embargod

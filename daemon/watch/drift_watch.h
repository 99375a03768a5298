#pragma once
// Do other calendars contradict the due in force? One incident per release, whatever the number of calendars. Pure.

#include <optional>
#include <string>
#include <vector>

#include "daemon/watch/incident_step.h"

namespace embargod {

/// What is known of one release when its drifts are looked at. Borrows.
struct DriftSight {
  const Release* release = nullptr;            // null: no longer in the schedule
  std::optional<Instant> due;                  // end of its embargo: the announced one, or the lift
  const std::vector<Drift>* drifts = nullptr;  // all of it; null or empty: no calendar contradicts it
};

/// `current` = the release's unclosed drift incident, if any; `dismissed` = the drifts of the one that a person
/// dismissed last: those do not open another. Unset: nothing changes. Opens (ticket) at the first drift before due,
/// tells again when a calendar joins, leaves or shows another date, ends when all agree, the due has come, or the
/// release has another due time (by which the next call judges anew).
[[nodiscard]] std::optional<Step> watch_drift(const std::optional<Incident>& current, const DriftSight& sight,
                                              const std::vector<Drift>& dismissed, Instant now, int ordinal);

}  // namespace embargod

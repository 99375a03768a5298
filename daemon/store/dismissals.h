#pragma once
// Contradictions that a person has waved away: they do not come up again after a restart. Internal to daemon/store.

#include <optional>
#include <vector>

#include "daemon/watch/incident.h"

namespace embargod {

/// Of kind drift, and dismissed by a person.
[[nodiscard]] bool is_dismissed_drift(const Incident& i);

/// The newest of each release, by release, of those whose due was not past at `last_known`, the last sign of life: a
/// store has no clock. Without a due, or without a sign of life, it counts.
[[nodiscard]] std::vector<Incident> newest_dismissals(std::vector<Incident> dismissed,
                                                      std::optional<Instant> last_known);

}  // namespace embargod

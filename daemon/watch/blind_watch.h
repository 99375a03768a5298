#pragma once
// Is a whole site out of sight? One incident per site, whatever the number of URLs. Pure.

#include <optional>
#include <string>
#include <vector>

#include "daemon/watch/incident_step.h"

namespace embargod {

/// A target of the site that was looked at in this run.
struct BlindSight {
  const TargetTrack* track = nullptr;
  std::optional<Instant> due;  // end of its release's embargo
};

struct BlindStep {
  Step step;
  std::vector<Notice> near_due;  // of EmbargoBlindNearDue
};

/// Within this of a due, not seeing is worth waking somebody.
inline constexpr std::chrono::hours kNearDue{1};

/// `current` = the site's unclosed blind incident, if any. Unset: nothing changes.
[[nodiscard]] std::optional<BlindStep> watch_blind(const std::optional<Incident>& current, const std::string& site,
                                                   const std::vector<BlindSight>& sights, Instant now,
                                                   Millis blind_after, int ordinal);

}  // namespace embargod

#pragma once
// What an alert says beside its own words when it goes on to the next tier, or is told once more. Pure.

#include <string>
#include <vector>

#include "alerts/alert.h"
#include "daemon/watch/incident.h"

namespace embargod {

/// "a, b"
[[nodiscard]] std::string joined_names(const std::vector<std::string>& names);

/// For a further tier: why it is told, and who was before it (`before`: the thread as it was).
void say_escalated(Alert& a, const AlertThread& before, bool undelivered, Instant now);

/// "Still live, 14 min: ..."
void say_reminder(Alert& a, const Incident& i, Instant now);

/// "No longer acknowledged, still live, 1 h 4 min: ..."
void say_acknowledgement_over(Alert& a, const Acknowledgement& over, const Incident& i, Instant now);

}  // namespace embargod

#pragma once

#include <string>

#include "daemon/watch/incident.h"

namespace embargod {

/// The incident as the contract shows it (design.md 5.3), one line. The alert carries these bytes, the API and the
/// report use the same function. `now` ends what is still up. Pure.
[[nodiscard]] std::string incident_json(const Incident& i, Instant now);

}  // namespace embargod

#pragma once

#include <string>

#include "daemon/impact/count.h"
#include "daemon/watch/impact.h"

namespace embargod {

/// An impact for a terminal: per source and URL what was asked for and by whom; what to beware of before the figures.
/// Pure.
[[nodiscard]] std::string impact_text(const Impact& impact, const WatchedIncident& incident);

}  // namespace embargod

#pragma once
// The daemon's answers about schedules, read back. Pure.

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "daemon/ctl/schedule_compare.h"

namespace embargod {

/// What does not fit reads as absent.
[[nodiscard]] Due due_of(const nlohmann::ordered_json& due);

/// The entries that one source shows now: not those that are gone.
[[nodiscard]] std::vector<ScheduleEntry> entries_of_source(const nlohmann::ordered_json& source);

}  // namespace embargod

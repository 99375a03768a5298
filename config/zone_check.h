#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// The offset of Europe/London from UTC; nullopt if it cannot be had.
using LondonOffset = std::function<std::optional<std::chrono::minutes>(Instant)>;

/// Holds `offset_at` to what the law of the clock changes gives at instants from 2018 to 2036. Error: unavailable.
[[nodiscard]] Result<void> check_london(const LondonOffset& offset_at);

}  // namespace embargod

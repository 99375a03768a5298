#pragma once

#include <optional>
#include <string_view>

#include "config/types/time.h"

namespace embargod {

struct LogTime {
  Instant at{};
  Millis resolution{1'000};  // how finely it is written
};

/// "23/Apr/2018:10:02:14 +0100". Pure.
[[nodiscard]] std::optional<LogTime> clf_time(std::string_view text);

/// "2018-04-23T10:02:14.123+01:00" or with Z; "2018-04-23 10:02:14" only with `is_utc`, since else nobody knows which
/// zone it is in. Pure.
[[nodiscard]] std::optional<LogTime> iso_time(std::string_view text, bool is_utc = false);

/// "1524474134" or "1524474134.123" seconds; whole numbers that are too long for seconds are milli-, micro- or
/// nanoseconds. Pure.
[[nodiscard]] std::optional<LogTime> epoch_time(std::string_view text);

/// Any of them. Pure.
[[nodiscard]] std::optional<LogTime> log_time(std::string_view text);

}  // namespace embargod

#pragma once
// Instants are UTC wall time, durations are ticks; both in milliseconds, the resolution of everything we promise.

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

using Millis = std::chrono::milliseconds;
using Micros = std::chrono::microseconds;
using Seconds = std::chrono::seconds;

/// A UTC instant. Never local time.
using Instant = std::chrono::sys_time<Millis>;

/// We poll, so an instant is known as an interval: after `earliest`, at or before `latest`, both widened by the clock
/// error. `earliest` is unset where nothing bounds it (live at our first look).
struct InstantBounds {
  std::optional<Instant> earliest;
  Instant latest{};
  friend bool operator==(const InstantBounds&, const InstantBounds&) = default;
};

/// Shortest and longest duration that the bounds of its two ends allow; `longest` unset where the start is unbounded.
struct SpanBounds {
  Millis shortest{0};
  std::optional<Millis> longest;
  friend bool operator==(const SpanBounds&, const SpanBounds&) = default;
};

/// "2018-04-25T08:30:00.000Z" (RFC 3339, UTC, always milliseconds).
[[nodiscard]] std::string rfc3339(Instant t);

/// Reads RFC 3339 with an offset or Z, with or without a fraction. Error: invalid_input. Pure.
[[nodiscard]] Result<Instant> parse_rfc3339(std::string_view text);

/// Reads `500ms`, `30s`, `5m`, `1h`, `1h12m`, `400d`; no sign, no space. Error: invalid_input. Pure.
[[nodiscard]] Result<Millis> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads back: "90s" -> "1m30s".
[[nodiscard]] std::string format_duration(Millis d);

/// Words for people, rounded to what matters: "1 day 23 h 41 min", "14 min 11 s", "0.4 s". `d` may be negative: "-3 s".
[[nodiscard]] std::string words(Millis d);

/// Seconds with millisecond resolution, for JSON and metrics.
[[nodiscard]] constexpr double to_seconds(Millis d) { return static_cast<double>(d.count()) / 1000.0; }
[[nodiscard]] constexpr double unix_seconds(Instant t) { return to_seconds(t.time_since_epoch()); }

}  // namespace embargod

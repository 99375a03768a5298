#pragma once
// Which edition a text speaks of: a reference period or a version. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace embargod {

/// Comparable only within one kind.
struct Edition {
  enum class Kind : std::uint8_t { period, version };
  Kind kind = Kind::period;
  int begin = 0;     // period: first month as year * 12 + month - 1; version: major
  int end = 0;       // period: last month; version: minor
  std::string text;  // the words it was read from
  friend bool operator==(const Edition& a, const Edition& b) {
    return a.kind == b.kind && a.begin == b.begin && a.end == b.end;
  }
};

/// The latest period, else the first version, that `text` names: "January 2026", "Jan-26", "2026-01", "January to March
/// 2026", "Q1 2026", "2026 Q1", "2025/26" (financial year, April to March), "2025-26", "year ending March 2026",
/// "2026", Welsh month names; "v4", "version 4.1", "edition 4". Days count as their month ("25 April 2026"). Unset:
/// none.
[[nodiscard]] std::optional<Edition> read_edition(std::string_view text);

enum class EditionOrder : std::uint8_t { former, current, later, other };

/// `seen` against the embargoed one. Periods by their end, then by their begin; `other`: different kinds or lengths
/// that cannot be ordered (a year that contains the month).
[[nodiscard]] EditionOrder compare_editions(const Edition& seen, const Edition& embargoed);

}  // namespace embargod

#pragma once
// Days on which offices are shut, by nation, as GOV.UK lists them. Pure.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

enum class Nation : std::uint8_t { england_and_wales = 0, scotland = 1, northern_ireland = 2 };
inline constexpr std::array<Nation, 3> kNations{Nation::england_and_wales, Nation::scotland, Nation::northern_ireland};

/// "england-and-wales", as in the file and in the config.
[[nodiscard]] const char* to_string(Nation n);
[[nodiscard]] std::optional<Nation> nation_from(std::string_view word);
/// "England and Wales"
[[nodiscard]] const char* nation_name(Nation n);

/// The bank holidays of some years. Empty: none are known, which is not the same as that there are none.
class BankHolidays {
 public:
  using Day = std::chrono::sys_days;  // a date of the calendar, not an instant

  void add(Nation n, Day day, const std::string& title) { days_[index_of(n)].try_emplace(day, title); }

  /// Its title; nullptr if `day` is none, or its year is not known.
  [[nodiscard]] const std::string* on(Nation n, Day day) const;

  /// Whether the list covers that year from January to December: else a day may be one that is unknown to us.
  [[nodiscard]] bool knows(Nation n, std::chrono::year year) const;

  [[nodiscard]] std::size_t count(Nation n) const { return days_[index_of(n)].size(); }

 private:
  static std::size_t index_of(Nation n) { return static_cast<std::size_t>(n); }
  std::array<std::map<Day, std::string>, kNations.size()> days_;
};

inline constexpr std::size_t kLargestBankHolidays = std::size_t{1} << 20U;

/// Reads `{"england-and-wales": {"events": [{"title": "...", "date": "2030-01-01"}, ...]}, "scotland": ...}`; what else
/// stands there is passed over, and a nation may be missing. Faults (at most 20) say where by line and column, or by
/// the path in the JSON: no JSON, deeper than 16, over 1 MiB, over 2,000 events, a date that is none, no nation at all.
[[nodiscard]] Checked<BankHolidays> read_bank_holidays(std::string_view json, const std::string& name);

}  // namespace embargod

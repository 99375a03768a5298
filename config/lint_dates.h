#pragma once
// The arithmetic of dates behind lint_schedule(). Pure.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/lint.h"

namespace embargod {

/// "Saturday 26 May 2018"
[[nodiscard]] std::string lint_day_words(Instant t, const std::string& zone);

/// Whether an announced date was taken back: another instant, or one outside of the period that was announced. A first
/// exact date within its period is none.
[[nodiscard]] bool is_change_of_date(const Due& before, const Due& now);

/// What people would read in a due time whose offset is not that of its zone.
struct OtherReading {
  bool is_missing_hour = false;  // the clock time as written does not exist in the zone
  std::string text;
};
[[nodiscard]] std::optional<OtherReading> other_reading(const Due& due);

/// Stated leads that the due dates contradict, and where exactly one part of the date explains it, which one: the
/// reference report of 2018 printed 25.05. and 26.05. for days that were "2 days" and "3 days" after 23 April.
class LeadSlips {
 public:
  LeadSlips(const Schedule& schedule, const LintFacts& facts);

  struct Words {
    std::string text, to_do;
  };
  /// Unset: no lead is stated, or it agrees. `r` has a due instant.
  [[nodiscard]] std::optional<Words> of(const Release& r) const;

 private:
  struct Correction {
    std::chrono::year_month wrong, right;
    auto operator<=>(const Correction&) const = default;
  };
  [[nodiscard]] std::optional<Correction> correction_of(const Release& r) const;

  const LintFacts& facts_;
  std::map<Correction, std::vector<std::string>> ids_;  // of the releases that one correction explains
};

}  // namespace embargod

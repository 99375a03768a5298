#pragma once
// What the Code of Practice asks for, by its editions. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// The practices that embargod can say something about. Their numbers and words differ from edition to edition.
enum class PracticeLabel : std::uint8_t {
  orderly,
  calendar,
  changes,
  access,
  prerelease,
  timely,
  standard_time,
  concerns
};

/// "Code of Practice for Statistics, edition 2.0 (February 2018)"; the edition's own text if unknown.
[[nodiscard]] std::string code_name(std::string_view edition);

/// "T3.6: statistics are released at 09:30 on a weekday". An unknown edition is taken for the newest.
[[nodiscard]] const std::string& practice_text(std::string_view edition, PracticeLabel label);

/// "T3.6", "Standard 3": what people call it.
[[nodiscard]] std::string practice_number(std::string_view edition, PracticeLabel label);

/// Every label of an edition: lint holds a report to them.
[[nodiscard]] const std::vector<std::string>& all_practices(std::string_view edition);

}  // namespace embargod

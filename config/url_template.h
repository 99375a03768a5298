#pragma once
// URLs with a date left open: "https://stats.example.org/cpi-{month}-{yyyy}.pdf". Pure.

#include <string_view>

#include "config/types/result.h"
#include "config/types/url.h"

namespace embargod {

struct TemplateDate {
  int year = 2000;
  int month = 1;  // 1 to 12
  int day = 0;    // 0: not known
};
inline constexpr TemplateDate kSampleEdition{2025, 11, 26};

/// Fills in {yyyy} {yy} {m} {mm} {month} {Month} {MONTH} {mon} {Mon} {MON} {d} {dd} {q} {fy} ("2025-26") {fyfy}
/// ("2526"). All but the day may be moved by months: {month-1}, {yyyy-1} is the year of the month before. Errors:
/// invalid_input (another name, a brace without its other, no valid URL, a host with a date in it); not_found: {d} or
/// {dd} where no day is known.
[[nodiscard]] Result<Url> expand_url_template(std::string_view text, const TemplateDate& date);

/// The faults that no date can mend; a template without any date in it is one.
[[nodiscard]] Result<void> check_url_template(std::string_view text);

}  // namespace embargod

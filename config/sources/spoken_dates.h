#pragma once
// Dates as calendars write them for people. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "config/release.h"
#include "config/types/result.h"

namespace embargod {

/// Reads what read_due() reads, and "10 June 2026 9:30am", "10 Jun 2026 at 09:30", "Wednesday 10 June 2026", "June
/// 2026", "May to June 2026" (months: `period_begin` to `period_end` covers all of them), "10.06.2026 09:30" and ISO
/// basic "20260610T083000Z". A date alone is 09:30 assumed, and says so by its precision. Error invalid_input:
/// "03/04/2026" (both readings are named), 30 February, 25:00, a weekday that is not that date's, the missing and the
/// doubled hour.
[[nodiscard]] Result<Due> read_spoken_due(std::string_view text, const std::string& zone);

/// A due of a year, a month and perhaps a day, as DfE's partial dates give it. Without a day it has month precision.
[[nodiscard]] Result<Due> partial_due(int year, std::optional<int> month, std::optional<int> day,
                                      const std::string& zone, std::string as_given);

}  // namespace embargod

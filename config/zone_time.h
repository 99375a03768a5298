#pragma once
// Local times of announcements to instants, by IANA zone. Never by fixed offset, never guessing in a clock change.

#include <string>
#include <string_view>

#include "config/release.h"
#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// Checks that the host's zone data gives the known London instants up to 2036: "slim" data silently keeps summer time
/// for ever. Error unavailable says what is wrong and what to install. Call once at start.
[[nodiscard]] Result<void> check_zone_data();

/// Error invalid_input if `zone` is not in the data.
[[nodiscard]] Result<void> check_zone(const std::string& zone);

/// Reads "2018-04-25 09:30", "2018-04-25" (09:30 assumed), "2018-04" (month), or with seconds, `T`, `Z` or "+01:00".
/// The missing and the doubled hour are faults that show both UTC readings; so are years before 1990 and after 2037.
[[nodiscard]] Result<Due> read_due(std::string_view text, const std::string& zone);

/// "April", "Wednesday", as in all that people read.
[[nodiscard]] std::string month_name(std::chrono::month m);
[[nodiscard]] std::string weekday_name(std::chrono::weekday d);

/// "25 April 2018"
[[nodiscard]] std::string date_words(const std::chrono::year_month_day& d);

/// "April 2018" in `zone`.
[[nodiscard]] std::string month_words(Instant t, const std::string& zone);

/// "Wednesday 25 April 2018, 09:30 BST" in `zone`, for people; falls back to UTC if the zone is unknown.
[[nodiscard]] std::string local_words(Instant t, const std::string& zone);

/// "25 April 2018" in `zone`.
[[nodiscard]] std::string local_date(Instant t, const std::string& zone);

/// "09:30" or, with a fraction of a minute, "09:30:12" in `zone`.
[[nodiscard]] std::string local_time(Instant t, const std::string& zone);

/// "2018-04-25T09:30:00+01:00" in `zone`, with milliseconds only where there are some: read_due() reads it back in any
/// zone. "Z" instead of an offset if the zone is unknown.
[[nodiscard]] std::string local_rfc3339(Instant t, const std::string& zone);

/// Calendar days from the local date of `from` to that of `to`; 2 for a due of 25 April seen on the 23rd.
[[nodiscard]] int days_between(Instant from, Instant to, const std::string& zone);

/// The local date.
[[nodiscard]] std::chrono::year_month_day local_day(Instant t, const std::string& zone);

/// Whether clocks in `zone` show the time of `t` twice on that day, because they go back.
[[nodiscard]] bool comes_twice(Instant t, const std::string& zone);

/// 0 = Sunday ... 6 = Saturday, of the local date.
[[nodiscard]] int local_weekday(Instant t, const std::string& zone);

}  // namespace embargod

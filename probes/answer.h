#pragma once
// What the header lines of an answer say. All pure: text in, facts out; odd values are no values.

#include <optional>
#include <string_view>

#include "config/types/time.h"
#include "probes/observation.h"

namespace embargod {

/// Equal but for the case of ASCII letters, as header names are compared (RFC 9110 5.1).
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);

/// Whether `needle` stands in `text`, ASCII case ignored.
[[nodiscard]] bool contains_word(std::string_view text, std::string_view needle);

/// Without blanks and tabs at both ends (RFC 9110 5.6.3).
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// RFC 9111 5.1: one non-negative whole number of seconds, capped at 2^31; anything else is not an age.
[[nodiscard]] std::optional<Seconds> parse_age(std::string_view value);

/// An HTTP date in any of the three forms of RFC 9110 5.6.7.
[[nodiscard]] std::optional<Instant> parse_http_date(std::string_view value);

/// Longest time for which a site's Retry-After is obeyed: it must not be able to blind us for a day.
inline constexpr Millis kLongestHold{3'600'000};

/// RFC 9110 10.2.3: seconds, or a date that is counted from `now`. Between zero and kLongestHold; unset if it is
/// neither.
[[nodiscard]] std::optional<Millis> parse_retry_after(std::string_view value, Instant now);

/// Fills age, date, etag, last_modified and content_type from `headers`. An Age that is given twice is no age.
void read_headers(Observation& o);

}  // namespace embargod

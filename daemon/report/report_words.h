#pragma once
// How a report says times and durations: never rounded into a claim that the record does not hold. Pure.

#include <string>

#include "config/types/time.h"
#include "daemon/watch/incident.h"
#include "probes/observation.h"

namespace embargod {

enum class Rounding : std::uint8_t { down, up };

/// "13 min 57.2 s", "1 day 22 h 17 min 49.9 s", to a tenth: down for "at least", up for "at most".
[[nodiscard]] std::string exact_words(Millis d, Rounding r);

/// "at least 13 min 57.2 s and at most 14 min 1.5 s"; without an upper bound "at least 13 min 57.2 s (no upper bound is
/// known)".
[[nodiscard]] std::string span_words(const SpanBounds& s);

/// "10:14:07.100 UTC on 23 April 2018 (11:14:07 Europe/London)".
[[nodiscard]] std::string instant_words(Instant t, const std::string& zone);

/// "after 10:13:05.900 UTC and at or before 10:14:07.100 UTC on 23 April 2018 (11:13:05 to 11:14:08 Europe/London)".
/// Needs `earliest`.
[[nodiscard]] std::string between_words(const InstantBounds& b, const std::string& zone);

/// "Wednesday 25 April 2018, 09:30 (Europe/London), which is 08:30:00.000 UTC".
[[nodiscard]] std::string due_words(Instant t, const std::string& zone);

/// "2018-04-23 10:14:07.100" and "2018-04-23 11:14:07", for tables.
[[nodiscard]] std::string utc_cell(Instant t);
[[nodiscard]] std::string local_cell(Instant t, const std::string& zone);

/// "2 days ahead", "1 or 2 days ahead", "on the due date itself".
[[nodiscard]] std::string lead_days_words(std::optional<int> least, std::optional<int> most);

/// "the site answered with an HTTP 5xx error".
[[nodiscard]] const char* cause_words(Cause c);

/// As kind_words(), but of a planned rehearsal that it is one.
[[nodiscard]] const char* account_heading(const Incident& i);
/// "early release", "late release", for headings.
[[nodiscard]] const char* kind_words(IncidentKind k);
[[nodiscard]] const char* state_words(IncidentState s);
[[nodiscard]] const char* confidence_words(Confidence c);
/// What an event of the record means to a reader: "first seen live".
[[nodiscard]] std::string event_words(const std::string& what);

}  // namespace embargod

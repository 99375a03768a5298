#pragma once
// What calendars show instead of the due in force, in words: alerts, pages and the report share them. Pure.

#include <optional>
#include <string>

#include "daemon/watch/incident.h"

namespace embargod {

/// The calendar, as the operator named it; of a listing that has no name its address without scheme and query.
[[nodiscard]] std::string calendar_name(const Drift& d);

/// Where in it: "team.ics:14:1". Of what was fetched its host and the position: the path may be the key to it.
[[nodiscard]] std::string place_in_calendar(const Drift& d);

/// "Thursday 26 April 2018, 09:30 BST", "Thursday 26 April 2018, 09:30 BST (time assumed)", "some time in May 2018",
/// "some time from May 2018 to July 2018", "no date".
[[nodiscard]] std::string date_shown(const Due& says, const std::string& zone);

/// "1 day", "1 h 30 min": between what it shows and `due`; empty where either has no instant, or they are the same.
[[nodiscard]] std::string how_far_apart(const Drift& d, const std::optional<Instant>& due, const std::string& zone);

/// "shows Thursday 26 April 2018, 09:30 BST, 1 day later". Our own words only: no text of the calendar.
[[nodiscard]] std::string drift_words(const Drift& d, const std::optional<Instant>& due, const std::string& zone);

/// All of an incident in a few words: "team shows a date 1 day later", "3 calendars contradict its date".
[[nodiscard]] std::string drift_in_short(const Incident& i, const std::string& zone);

}  // namespace embargod

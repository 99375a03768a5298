#pragma once
// Rows about calendars that others keep. Internal to daemon/store; inside a transaction only.

#include <string>
#include <vector>

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/store.h"

namespace embargod {

/// All that a commit says of calendars, readings, revisions and listings. What is dropped goes first.
void write_calendars(SqliteConnection& c, const Commit& commit);

/// Releases in force, readings, calendars without rows, and known listings.
void read_calendar_state(SqliteConnection& c, StoredState& out);

/// By source, without rows.
[[nodiscard]] std::vector<CalendarState> read_calendars(SqliteConnection& c);
[[nodiscard]] std::vector<CalendarRow> read_calendar_rows(SqliteConnection& c, const std::string& source);
[[nodiscard]] std::vector<DueRevision> read_due_revisions(SqliteConnection& c, const std::string& release);

/// Those that a person or the program dismissed, oldest first.
[[nodiscard]] std::vector<Incident> read_dismissed_drifts(SqliteConnection& c);

}  // namespace embargod

#pragma once
// Our schedule as others may have it: calendars subscribe to it, another embargod reads it. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/release.h"
#include "config/types/time.h"

namespace embargod {

struct OutgoingRelease {
  Release release;
  int revision = 1;   // from 1; counts up whenever what was announced changes
  Instant changed{};  // when this revision came
};

struct OutgoingSchedule {
  std::string producer;  // name of the organisation
  std::vector<OutgoingRelease> releases;
};

/// Addresses that must stay dark are secrets: they leave only where a person asked for them. Guessed addresses
/// (is_candidate_id()) never leave, and rules of single URLs stay in the schedule file.
enum class OutgoingUrls : std::uint8_t { leave_out, include };

/// iCalendar (RFC 5545): CRLF, folded at 75 octets, instants in UTC. One VEVENT a release: UID stays the same for one
/// producer and release id, SEQUENCE counts revisions, X-EMBARGOD-RELEASE is our id. What has no announced minute has
/// none here either: a date alone and the months of a provisional release are all-day events.
[[nodiscard]] std::string schedule_ics(const OutgoingSchedule& schedule, OutgoingUrls urls);

/// The JSON that the JSON source reads: {"releases": [...]} as in releases.yml and {"items": [...]} for those without
/// URLs. Times carry their offset, so that the reader's zone does not matter; only a date alone is left to it.
[[nodiscard]] std::string schedule_json(const OutgoingSchedule& schedule, OutgoingUrls urls);

/// A due as releases.yml writes it: "2018-04-25T09:30:00+01:00", "2018-04-25" where the time was assumed, "2018-06" or,
/// of several months, "May to July 2018".
[[nodiscard]] std::string due_text(const Due& due);

/// First and last local day of the months of a due of month precision, as "2018-06-01"; empty where it has none.
struct DayRange {
  std::string first;
  std::string last;
  std::string after;  // the day behind the last
};
[[nodiscard]] DayRange days_of_period(const Due& due);

/// The last part of a target's id: its name, else its role.
[[nodiscard]] std::string_view target_name(const Target& target);

}  // namespace embargod

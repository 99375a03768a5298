#pragma once
// Two schedules side by side. Pure.

#include <string>
#include <vector>

#include "config/release.h"
#include "config/sources/source.h"

namespace embargod {

/// What a schedule says of one thing, in the words of the API.
struct ScheduleEntry {
  std::string key;
  std::string title;
  std::string release;  // ours that it belongs to; empty: none
  std::string status;
  Due due;
  bool has_urls = false;  // whether `urls` is known at all
  std::vector<std::string> urls;
};

/// The releases of a calendar and then its other entries.
[[nodiscard]] std::vector<ScheduleEntry> entries_of(const Calendar& c);

struct ScheduleDifference {
  std::string entry;  // release id, else the key
  std::string title;
  std::string what;           // "entry" (only one has it), "due", "status", "title", "urls"
  std::string first, second;  // what each says, for people; empty: nothing
  friend bool operator==(const ScheduleDifference&, const ScheduleDifference&) = default;
};

/// Entries belong together by release, else by key, else by title without regard to case and marks. Titles are compared
/// only where both use the same key: two houses word them differently. In the order of `first`, then what only `second`
/// has.
[[nodiscard]] std::vector<ScheduleDifference> compare_schedules(const std::vector<ScheduleEntry>& first,
                                                                const std::vector<ScheduleEntry>& second);

/// The same instant, or the same stretch of months: however it was written.
[[nodiscard]] bool is_equal_due(const Due& a, const Due& b);

/// "Wednesday 25 April 2018, 09:30 BST", "... (time assumed)", "June 2018 (no exact date)".
[[nodiscard]] std::string announced_words(const Due& due);

}  // namespace embargod

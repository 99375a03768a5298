#pragma once
// What other calendars say of our releases, as it is kept and shown.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/release.h"
#include "config/sources/source.h"
#include "config/types/time.h"

namespace embargod {

// How a calendar contradicts the due that is in force. Stored; never renumber.
enum class DriftKind : std::uint8_t {
  earlier = 0,      // it shows an earlier date
  later = 1,        // it shows a later date
  published = 2,    // it says published, before due
  cancelled = 3,    // it says cancelled
  vanished = 4,     // it showed the release before, and no longer does
  provisional = 5,  // it has taken the exact date back
};
[[nodiscard]] const char* to_string(DriftKind k);

/// One calendar's contradiction of one release. It never changes the embargo by itself: a person decides.
struct Drift {
  std::string release;
  std::string source;  // name of the schedule source or listing
  DriftKind kind = DriftKind::later;
  Due says;           // what it shows now; of vanished: what it showed last
  std::string where;  // "calendar.ics:14:1", "releases[3]"
  Instant seen{};     // when it was first seen so
  friend bool operator==(const Drift&, const Drift&) = default;
};

/// The same contradiction, whenever it was seen.
[[nodiscard]] bool same_drift(const Drift& a, const Drift& b);

/// How one item of a calendar was taken, for people: API, `embargoctl schedule`.
struct CalendarRow {
  std::string key, title, url;  // as CalendarItem
  ItemStatus status = ItemStatus::confirmed;
  Due due;
  std::string reason;
  std::string where;
  std::string release;             // matched to; empty: to none
  std::string matched_by;          // "id", "url", "title", "rule"; empty: unmatched
  std::optional<DriftKind> drift;  // unset: it agrees, or is unmatched
  bool gone = false;               // no longer in the calendar, but its release is not yet out
  friend bool operator==(const CalendarRow&, const CalendarRow&) = default;
};

/// One schedule source and its newest good reading.
struct CalendarState {
  std::string source;
  SourceFormat format = SourceFormat::yaml;
  std::string where;  // file, or URL without its query
  std::optional<Instant> last_try;
  std::optional<Instant> last_success;
  std::string fault;  // of the last try, one line; empty: it went well
  std::vector<CalendarRow> rows;
  friend bool operator==(const CalendarState&, const CalendarState&) = default;
};

/// The bytes of one good reading, kept so that a restart knows what the calendar said while it cannot be had.
struct SourcePage {
  std::string url;
  std::string bytes;
  friend bool operator==(const SourcePage&, const SourcePage&) = default;
};
struct SourceReading {
  std::string source;
  Instant fetched{};  // (source, fetched) is the key
  std::vector<SourcePage> pages;
  friend bool operator==(const SourceReading&, const SourceReading&) = default;
};

/// A change of what was announced. Append-only.
struct DueRevision {
  std::string release;
  std::optional<Due> before;  // unset: first announcement
  Due now;
  ReleaseStatus status = ReleaseStatus::confirmed;
  Instant seen{};      // when embargod learned of it
  std::string source;  // name of the schedule source
  std::string reason;  // as the source or the person gave it; empty: none
  friend bool operator==(const DueRevision&, const DueRevision&) = default;
};

/// What a listing has shown so far: the bytes of a KnownSet.
struct KnownListing {
  std::string listing;
  std::string bytes;
  friend bool operator==(const KnownListing&, const KnownListing&) = default;
};

}  // namespace embargod

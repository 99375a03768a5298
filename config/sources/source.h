#pragma once
// A calendar that somebody else keeps, as it was read: bytes in, items out. Pure.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/profile.h"
#include "config/release.h"
#include "config/types/result.h"

namespace embargod {

// Stored; never renumber.
enum class SourceFormat : std::uint8_t { yaml = 0, csv = 1, ics = 2, json = 3, ons = 4, govuk = 5, ees = 6 };
[[nodiscard]] const char* to_string(SourceFormat f);

// What a calendar says of an item. Stored; never renumber.
enum class ItemStatus : std::uint8_t { provisional = 0, confirmed = 1, postponed = 2, cancelled = 3, published = 4 };
[[nodiscard]] const char* to_string(ItemStatus s);

/// One entry of a calendar. What it means for a release is decided elsewhere: a calendar alone never ends an embargo.
struct CalendarItem {
  std::string key;      // stable in its source: our release id, UID, URI or slug; never empty
  std::string title;    // as given, one line
  std::string url;      // of the entry's own page, absolute; empty: none
  std::string release;  // our release id, where the source names one; else empty
  ItemStatus status = ItemStatus::confirmed;
  Due due;                         // `at` is unset unless the source gives a day: a provisional item has none
  std::optional<Due> former;       // the date it had before, where the source tells
  std::string reason;              // of its newest change, as given, one line; empty: none
  std::optional<Instant> changed;  // when that change was made or announced, where the source tells
  Mark where;                      // file or URL, line and column; line 0 where the format has none
  std::string path;                // "releases[3]", "VEVENT 4", "row 7": for people
  friend bool operator==(const CalendarItem&, const CalendarItem&) = default;
};

/// What one complete reading of a source gave.
struct Calendar {
  std::vector<CalendarItem> items;  // in the source's order, keys unique
  std::vector<Release> releases;    // those that the source says how to watch (yaml, json, csv with URLs)
  std::vector<std::string> notes;   // "calendar.csv:3:10: ...": to be said, not faults
  friend bool operator==(const Calendar&, const Calendar&) = default;
};

struct SourceContext {
  std::string name;                      // of the source: Release::source, the `source` label
  std::string where;                     // file name or URL without its query, for Mark::file
  std::string zone;                      // of times without an offset
  const std::vector<Profile>& profiles;  // that may be named by releases
};

/// Reads one source, page by page. Made anew for each reading; one thread.
class SourceReader {
 public:
  virtual ~SourceReader() = default;

  /// Takes the bytes behind `url` (the source's own, a file's path, or one that was asked for before). Returns the
  /// further URLs that it needs, absolute and on the same site; empty when it needs none. Faults carry the position;
  /// after a fault the whole reading is void. More pages than kMostPages, a page that repeats another, or no end of
  /// pages are faults.
  [[nodiscard]] virtual Checked<std::vector<std::string>> take(const std::string& url, std::string_view bytes) = 0;

  /// After take() has asked for nothing more. Fault: what only the whole shows (no item at all, a key twice).
  [[nodiscard]] virtual Checked<Calendar> finish() = 0;
};

inline constexpr std::size_t kMostPages = 200;
inline constexpr std::size_t kMostItems = 20'000;
inline constexpr std::size_t kLargestSource = std::size_t{16} << 20U;  // bytes of all pages together

[[nodiscard]] std::unique_ptr<SourceReader> make_source_reader(SourceFormat format, SourceContext context);

/// By ending of the path (".yml", ".yaml", ".csv", ".ics", ".json"); unset if it says nothing.
[[nodiscard]] std::optional<SourceFormat> format_of(std::string_view path);

// One maker per format; make_source_reader() is the factory.
[[nodiscard]] std::unique_ptr<SourceReader> make_yaml_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_csv_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_ics_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_json_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_ons_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_govuk_source(SourceContext context);
[[nodiscard]] std::unique_ptr<SourceReader> make_ees_source(SourceContext context);

}  // namespace embargod

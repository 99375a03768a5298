#pragma once
// Reads the calendars that others keep, each at its own pace, and holds on to the last good reading of each: a failing,
// empty or shrunken calendar takes nothing away.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/settings.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/calendar_match.h"
#include "daemon/watch/calendar_merge.h"
#include "probes/prober.h"

namespace embargod {

/// Engine thread only.
class SourceWatch {
 public:
  /// The sources that are not the operator's own files. Those that stay keep their readings and their pace; files are
  /// read at the next take_due(). Faults: a title rule that cannot be compiled; nothing is changed then.
  [[nodiscard]] Checked<void> adopt(std::shared_ptr<const Settings> settings, Millis now_ticks);

  /// What a former run held. After adopt(). A reading that no reader of today understands is left out.
  void restore(const std::vector<SourceReading>& readings, const std::vector<CalendarState>& states);

  /// Requests that are due, with tokens from `tokens` on; files that are due are read at once.
  [[nodiscard]] std::vector<ProbeRequest> take_due(Millis now_ticks, Instant now, std::uint64_t& tokens);
  [[nodiscard]] std::optional<Millis> next_due() const;

  /// True if the observation is that of a source. Further pages are asked for by the next take_due().
  bool finished(const Observation& o, Millis now_ticks);

  [[nodiscard]] bool empty() const { return sources_.empty(); }

  /// What a merge works on. Borrowed until the next call that is not const.
  [[nodiscard]] std::vector<CalendarInput> inputs() const;

  /// What happened since the last call, for store, metrics and log.
  struct News {
    std::string source;
    bool is_good = false;
    std::string fault;                  // of a reading that was refused, one line
    std::optional<SourceReading> kept;  // good, and other than the one before
    std::vector<Instant> dropped;       // readings that nothing needs any more
  };
  [[nodiscard]] std::vector<News> take_news();

  /// Sources that are configured no longer, or read from another place, since the last call: what is stored of them
  /// goes. The releases of one that is still configured stay in force.
  [[nodiscard]] std::vector<std::string> take_forgotten();

  /// Without rows, in the config's order.
  [[nodiscard]] std::vector<CalendarState> states() const;

 private:
  struct Reading {
    SourceReading stored;
    Calendar calendar;
  };
  struct Source {
    const ScheduleSource* settings = nullptr;  // in settings_
    TitleRules rules;
    std::vector<Reading> readings;  // newest first
    std::optional<Millis> next;     // ticks; unset while a reading is under way, or no further one is planned
    int failures = 0;               // in a row
    CalendarState state;
    // The reading under way.
    std::unique_ptr<SourceReader> reader;
    std::vector<SourcePage> pages;
    std::vector<std::string> wanted;
    std::size_t bytes = 0;
    int in_flight = 0;
  };

  void begin(Source& s);
  void read_file_of(Source& s, Instant now, Millis now_ticks);
  void take_page(Source& s, const std::string& url, std::string bytes, Instant now, Millis now_ticks);
  void finish(Source& s, Instant now, Millis now_ticks);
  void accept(Source& s, Calendar calendar, Instant now, Millis now_ticks);
  void refuse(Source& s, const Fault& fault, Instant now, Millis now_ticks);
  void plan_next(Source& s, Millis now_ticks);
  [[nodiscard]] SourceContext context_of(const ScheduleSource& s) const;

  std::shared_ptr<const Settings> settings_;
  std::map<std::string, Source> sources_;                                          // by name
  std::unordered_map<std::uint64_t, std::pair<std::string, std::string>> tokens_;  // to source and URL
  std::vector<News> news_;
  std::vector<std::string> forgotten_;
};

/// A URL without its query, which may hold a token.
[[nodiscard]] std::string shown_address(const Url& url);

/// Why an answer is no page to read; unset: it is one. `where` is shown.
[[nodiscard]] std::optional<Fault> no_page(const Observation& o, const std::string& where);

/// The first, and how many more there are.
[[nodiscard]] Fault one_of(const Faults& faults);

}  // namespace embargod

#pragma once
// Asks a configured address for a newer list of bank holidays, once a day, and holds on to the last good one: a
// failing, broken or shrunken answer takes nothing away.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/lint_report.h"
#include "config/settings.h"
#include "daemon/watch/calendar.h"
#include "probes/prober.h"

namespace embargod {

/// Under which the bytes of the newest good list are stored. No schedule source can be named so.
inline constexpr const char* kHolidaySource = "\x01lint.bank_holidays_url";

/// Engine thread only.
class HolidayWatch {
 public:
  /// An address that is new is asked at the next take_due(), one that stays keeps its pace. A list that was had from
  /// the former address is good until the new one gives another; without any address the file's counts.
  void adopt(const LintSettings& lint, Millis now_ticks);

  /// What a former run had. After adopt().
  void restore(const std::vector<SourceReading>& readings);

  /// The request, if it is due, with a token from `tokens` on.
  [[nodiscard]] std::optional<ProbeRequest> take_due(Millis now_ticks, std::uint64_t& tokens);
  [[nodiscard]] std::optional<Millis> next_due() const { return next_; }

  /// True if the observation is that of the list.
  bool finished(const Observation& o, Millis now_ticks);

  /// Of the address once it gave one, else of the file.
  [[nodiscard]] const BankHolidays& list() const { return fetched_ ? *fetched_ : of_file_; }
  [[nodiscard]] HolidaysInUse in_use() const;

  /// What happened since the last call, for store and log.
  struct News {
    bool is_told =
        false;          // worth a line in the log: another fault than before, the first success, or one after a fault
    std::string fault;  // one line; empty: a good list was had
    std::optional<SourceReading> kept;
    std::vector<Instant> dropped;  // readings that nothing needs any more
  };
  [[nodiscard]] std::optional<News> take_news();

 private:
  [[nodiscard]] std::optional<Fault> take(const Observation& o);
  void forget();
  News& news();

  std::optional<Url> url_;
  BankHolidays of_file_;
  bool has_file_ = false;
  std::optional<BankHolidays> fetched_;
  std::optional<Instant> last_success_;
  std::string fault_;
  std::optional<Millis> next_;  // ticks; unset while a request is under way, or without an address
  std::uint64_t token_ = 0;     // of the request under way
  int failures_ = 0;            // in a row
  std::optional<News> news_;
};

}  // namespace embargod

#pragma once
// What lint says of all that is watched. Time alone changes it: four weeks ahead come and go, months end.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/lint_report.h"
#include "config/types/clock.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/plan.h"

namespace embargod {

/// Engine thread, but for newest().
class LintWatch {
 public:
  /// When an exact date was known first, and how it was changed since. Oldest first.
  void note(const DueRevision& r);

  /// Lints again if the plan is another one, or an hour is over, or after outdated(). True if it did.
  bool pass_time(const std::shared_ptr<const Plan>& plan, const BankHolidays& holidays, HolidaysInUse in_use,
                 const Clock& clock);

  /// The list of bank holidays is another one.
  void outdated() { plan_.reset(); }

  /// Null: nothing was linted yet. Any thread.
  [[nodiscard]] std::shared_ptr<const LintReport> newest() const;

 private:
  std::map<std::string, ReleaseFacts> history_;  // by release
  std::shared_ptr<const Plan> plan_;             // that was linted
  Millis linted_{0};                             // ticks
  mutable std::mutex mutex_;
  std::shared_ptr<const LintReport> newest_;
};

}  // namespace embargod

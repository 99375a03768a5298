#include "daemon/watch/lint_watch.h"

#include <utility>

#include "config/lint_dates.h"

namespace embargod {
namespace {

constexpr Millis kLintEvery{3'600'000};

}  // namespace

void LintWatch::note(const DueRevision& r) {
  ReleaseFacts& facts = history_[r.release];
  if (r.now.at && !facts.first_seen) facts.first_seen = r.seen;
  if (r.before && is_change_of_date(*r.before, r.now)) facts.changes.push_back({*r.before, r.now, r.seen, r.reason});
}

bool LintWatch::pass_time(const std::shared_ptr<const Plan>& plan, const BankHolidays& holidays, HolidaysInUse in_use,
                          const Clock& clock) {
  if (plan == plan_ && clock.ticks() - linted_ < kLintEvery) return false;
  plan_ = plan;
  linted_ = clock.ticks();
  LintFacts facts = lint_facts(*plan->settings, holidays, clock.now());
  facts.releases = history_;
  LintReport report = lint_report(plan->schedule, facts, plan->settings->timezone);
  report.holidays = std::move(in_use);
  const std::lock_guard lock{mutex_};
  newest_ = std::make_shared<const LintReport>(std::move(report));
  return true;
}

std::shared_ptr<const LintReport> LintWatch::newest() const {
  const std::lock_guard lock{mutex_};
  return newest_;
}

}  // namespace embargod

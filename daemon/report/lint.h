#pragma once
// Recomputes what a report states. The reference report of 2018 printed 25.05. for 25.04.: such a slip is a finding.

#include <vector>

#include "daemon/report/report.h"

namespace embargod {

/// Errors: a stated figure that the bounds do not give, bounds that contradict each other, a figure where only people
/// know. Warnings: a due date on a weekend, a schedule that now says otherwise. Notes: unfilled blanks, an unverified
/// clock. Pure.
[[nodiscard]] std::vector<ReportFinding> lint(const Report& report);

}  // namespace embargod

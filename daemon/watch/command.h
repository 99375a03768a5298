#pragma once

#include <optional>
#include <string>

#include "config/types/result.h"
#include "daemon/watch/drills.h"
#include "daemon/watch/impact.h"
#include "daemon/watch/rehearsal.h"
#include "daemon/watch/report_entry.h"
#include "daemon/watch/ruling.h"

namespace embargod {

/// What a person decides about an incident or a release. `by` is never empty.
struct Command {
  enum class What : std::uint8_t {
    acknowledge,
    dismiss,
    close,
    note,
    lift,
    approve_baseline,
    alert_tested,
    drilled,
    decide,
    plan_rehearsal,
    cancel_rehearsal,
    count_impact,
    write_report,
    mark_report
  };
  What what = What::note;
  std::string id;  // incident id; release id for lift; target id for approve_baseline; receiver for
                   // alert_tested; the drill's for drilled; the rehearsal's
  std::string by;
  std::string reason;         // required for dismiss, note, lift, decide and rehearsals; alert_tested: what came of it
  std::string fingerprint{};  // approve_baseline: what the person was shown; conflict if the page is another by now
  std::optional<DrillRecord> drill{};    // drilled: what came of it
  std::optional<Rehearsal> rehearsal{};  // plan_rehearsal: what is planned
  Choice choice = Choice::take_down;     // decide
  std::optional<Impact> impact{};        // count_impact: what was counted
  std::vector<ReportEntry> entries{};    // write_report: `at` is the engine's to say
  std::optional<ReportMark> mark{};      // mark_report: `at` too
  std::string link{};  // acknowledge: the link in a message that was followed; conflict on its second use
};

/// The mailbox to the engine. Any thread; returns when the engine has committed it (or refused), at most 5 s later
/// (unavailable). Errors: not_found, conflict (already over), invalid_input, unavailable.
class Commands {
 public:
  virtual ~Commands() = default;
  [[nodiscard]] virtual Result<void> run(const Command& c) = 0;
};

}  // namespace embargod

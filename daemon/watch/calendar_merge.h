#pragma once
// The operator's releases and what calendars announce, joined: which due is in force, and who contradicts it. A
// calendar begins embargoes and may postpone them; it never ends one, moves it earlier, or takes it away. Pure.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/release.h"
#include "config/settings.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/calendar_match.h"

namespace embargod {

/// One source's good readings. Borrowed.
struct CalendarInput {
  const ScheduleSource* source = nullptr;
  const TitleRules* rules = nullptr;
  std::vector<const Calendar*> readings;  // newest first; older ones hold what the newest no longer shows
};

struct MergeFacts {
  const Schedule& announced;  // the operator's own files
  const std::vector<CalendarInput>& calendars;
  const std::map<std::string, Release>& in_force;  // by id, before this merge: what is pinned
  const std::vector<Drift>& drifts;                // known before: they keep the instant at which they were first seen
  std::function<bool(const std::string& release)> is_live;  // something of it is public now
  std::function<std::optional<Instant>(const Release&)> embargo_end;
  Instant now{};
};

struct Merged {
  Schedule schedule;                           // the operator's releases first, then those of calendars in their order
  std::vector<DueRevision> revisions;          // what this merge changed
  std::vector<Drift> drifts;                   // all that stand, by release, then source
  std::vector<std::vector<CalendarRow>> rows;  // for each of `calendars`
};

/// A release that a calendar defines comes into force as it is there. From then on its due is pinned: later dates are
/// taken over (with the reason), unless it is public already; a month becomes the exact date within or after it; all
/// else (earlier, cancelled, published, vanished, no longer exact) is a drift and changes nothing. A release that no
/// reading shows any more stays as it was until a day after its due.
[[nodiscard]] Merged merge_calendars(const MergeFacts& facts);

/// What is shown against the due in force; unset: they agree, as far as the less exact one says anything.
[[nodiscard]] std::optional<DriftKind> contradiction(const Due& says, const Due& in_force);

/// True if `older` still holds a release or entry that `newer` do not show and whose due is to come.
[[nodiscard]] bool is_still_needed(const Calendar& older, const std::vector<const Calendar*>& newer, Instant now);

/// Of the entries of `before` that are still to come, how many `after` shows no more.
struct Shrinkage {
  std::size_t coming = 0;
  std::size_t missing = 0;
  /// More than 30 % and more than one: such a reading is not believed.
  [[nodiscard]] bool is_too_much() const { return missing > 1 && missing * 10 > coming * 3; }
};
[[nodiscard]] Shrinkage shrinkage(const Calendar& before, const Calendar& after, Instant now);

}  // namespace embargod

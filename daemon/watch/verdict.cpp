#include "daemon/watch/verdict.h"

#include <algorithm>

namespace embargod {
namespace {

enum class Side { before, across, after };

/// On which side of `t` the look surely was.
Side side_of(const LookTime& when, Instant t) {
  if (when.done + when.error < t) return Side::before;
  if (when.sent - when.error >= t) return Side::after;
  return Side::across;
}

Verdict judge_unscheduled(Liveness seen, const LookTime& when, const std::optional<Instant>& begin) {
  // A provisional month: before its first instant this is early; inside it nothing was confirmed (LM-33). Cancelled:
  // never meant to be (LM-32).
  const bool before_month = begin && side_of(when, *begin) == Side::before;
  if (seen == Liveness::live) return before_month ? Verdict::early : Verdict::unscheduled;
  return seen == Liveness::suspect ? Verdict::suspect : Verdict::held;
}

}  // namespace

Embargo embargo_of(const Release& r, std::optional<Instant> lifted, Millis grace) {
  Embargo e{.due = r.due.at, .status = r.status, .lifted = lifted, .grace = grace};
  if (r.status == ReleaseStatus::provisional) e.due = r.due.period_begin;
  return e;
}

Verdict judge(Liveness seen, const LookTime& when, const Embargo& embargo) {
  if (seen == Liveness::unknown) return Verdict::inconclusive;

  const bool open_ended = embargo.status != ReleaseStatus::confirmed;
  if (open_ended && !embargo.lifted)
    return judge_unscheduled(seen, when,
                             embargo.status == ReleaseStatus::provisional ? embargo.due : std::optional<Instant>{});

  // A lift can only bring the end of the embargo forward.
  std::optional<Instant> end = open_ended ? std::optional<Instant>{} : embargo.due;
  if (embargo.lifted) end = end ? std::min(*end, *embargo.lifted) : *embargo.lifted;
  if (!end) return Verdict::inconclusive;

  const Side side = side_of(when, *end);
  if (is_dark(seen)) {
    // Late is measured from the announced instant: a lift promises nothing.
    const bool announced = embargo.status == ReleaseStatus::confirmed && embargo.due;
    return announced && side_of(when, *embargo.due + embargo.grace) == Side::after ? Verdict::late : Verdict::held;
  }
  if (side == Side::across) return Verdict::inconclusive;
  if (seen == Liveness::live) return side == Side::before ? Verdict::early : Verdict::on_time;
  return side == Side::before ? Verdict::suspect : Verdict::inconclusive;
}

}  // namespace embargod

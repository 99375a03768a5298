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

/// A part that is not out: late as long as nothing of the release is, else what is missing of it.
Verdict judge_missing(const LookTime& when, const Embargo& embargo) {
  // Measured from the announced instant: a lift promises nothing.
  if (embargo.status != ReleaseStatus::confirmed || !embargo.due) return Verdict::held;
  const Instant from = embargo.first_out ? std::max(*embargo.due, *embargo.first_out) : *embargo.due;
  if (side_of(when, from + embargo.grace) != Side::after) return Verdict::held;
  return embargo.first_out ? Verdict::incomplete : Verdict::late;
}

Verdict judge_dark(const Seen& seen, const LookTime& when, const Embargo& embargo, Instant end) {
  // A listing shows the newest ten, an announcement its own text: neither promises anything after due.
  if (!is_part(seen.role)) return Verdict::held;
  if (!seen.released) return judge_missing(when, embargo);
  return seen.dark_streak >= kAbsencesToContain && side_of(when, end) == Side::after ? Verdict::gap : Verdict::held;
}

}  // namespace

Embargo embargo_of(const Release& r, std::optional<Instant> lifted, Millis grace) {
  Embargo e{.due = r.due.at, .status = r.status, .lifted = lifted, .grace = grace, .first_out = {}};
  if (r.status == ReleaseStatus::provisional) e.due = r.due.period_begin;
  return e;
}

Verdict judge(const Seen& seen, const LookTime& when, const Embargo& embargo) {
  if (seen.liveness == Liveness::unknown) return Verdict::inconclusive;

  const bool open_ended = embargo.status != ReleaseStatus::confirmed;
  if (open_ended && !embargo.lifted)
    return judge_unscheduled(seen.liveness, when,
                             embargo.status == ReleaseStatus::provisional ? embargo.due : std::optional<Instant>{});

  // A lift can only bring the end of the embargo forward.
  std::optional<Instant> end = open_ended ? std::optional<Instant>{} : embargo.due;
  if (embargo.lifted) end = end ? std::min(*end, *embargo.lifted) : *embargo.lifted;
  if (!end) return Verdict::inconclusive;

  if (is_dark(seen.liveness)) return judge_dark(seen, when, embargo, *end);
  const Side side = side_of(when, *end);
  if (side == Side::across) return Verdict::inconclusive;
  if (seen.liveness == Liveness::live) {
    if (side == Side::before) return Verdict::early;  // whatever it holds
    return seen.wrong ? Verdict::wrong_content : Verdict::on_time;
  }
  if (side == Side::before) return Verdict::suspect;
  // Something answers that is not recognised as what was announced (an empty file, another kind of file). Soon after
  // due that may be on its way; after the grace it is as good as missing.
  if (!is_part(seen.role) || seen.released) return Verdict::inconclusive;
  const Verdict missing = judge_missing(when, embargo);
  return missing == Verdict::held ? Verdict::inconclusive : missing;
}

}  // namespace embargod

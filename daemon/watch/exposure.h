#pragma once
// Bounds of what was public, by interval censoring (reliability.md 2.2). Pure.

#include <optional>
#include <vector>

#include "daemon/watch/incident.h"

namespace embargod {

/// What went before a live look: the last conclusive dark one, if there was any.
struct DarkBefore {
  std::optional<Instant> sent;  // of the last dark look
  Millis error{0};
  std::optional<Instant> origin_floor;  // the origin was surely dark then: max over dark looks of made_after()
  friend bool operator==(const DarkBefore&, const DarkBefore&) = default;
};

/// The origin made the answer after this (server-stated, by its Age); widened by the clock's error.
[[nodiscard]] Instant made_after(Instant sent, const std::optional<Seconds>& age, Millis error);

/// A page comes into sight: after the last dark request was sent, at or before this answer was complete.
[[nodiscard]] ExposureSpan begin_span(const DarkBefore& before, const Look& live);

/// One more live look.
void extend_span(ExposureSpan& span, const Look& live);

/// The first dark look after: gone after the last live request was sent, at or before this answer was complete.
void end_span(ExposureSpan& span, const Look& dark);

/// Dark past the caches while a cache still serves it: gone at the origin, not yet for its readers.
void end_at_origin(ExposureSpan& span, const Look& dark);

/// The embargo ended while it was up: whatever follows is no exposure.
void end_span_at(ExposureSpan& span, Instant end, EndedBy by);

/// Shortest and longest time up; while it is up, `horizon` (now, or the lift) ends it. Error: out_of_order.
[[nodiscard]] Result<SpanBounds> time_up(const InstantBounds& live, const std::optional<InstantBounds>& down,
                                         Instant horizon);

/// The same of a span as served. While it is up, "at least" counts to the newest live look only, "at most" to `now`.
[[nodiscard]] Result<SpanBounds> time_up(const ExposureSpan& span, Instant now);

/// Which of its URLs decides how far from due a release went live: what came early counts from its first, what came
/// late is late until its last is out (and while some are not, its lateness is that of the first). Other troubles have
/// none.
enum class LeadBy : std::uint8_t { none, first, last };
[[nodiscard]] LeadBy lead_by(IncidentKind kind, bool all_came);

/// due - went_live: positive when early, negative when late. `longest` unset if it was live at our first look.
struct Lead {
  Millis shortest{0};
  std::optional<Millis> longest;
};
[[nodiscard]] std::optional<Lead> lead_of(const Incident& i);

/// In a gap: how long it was not public, between each span and the next.
[[nodiscard]] std::vector<SpanBounds> times_away(const TargetExposure& t);

/// Not knowing, over all targets: the longest of them (they run side by side).
[[nodiscard]] Millis blind_of(const Incident& i);

}  // namespace embargod

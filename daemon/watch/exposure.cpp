#include "daemon/watch/exposure.h"

#include <algorithm>

namespace embargod {
namespace {

using std::chrono::duration_cast;

// RFC 9111 4.2.3: each hop may over-count Age by its own response delay plus the skew of its clock.
constexpr Millis kAgeOvercount{2'000};

/// The copy was made by the origin at or before this (server-stated).
Instant made_by(Instant done, const std::optional<Seconds>& age, Millis error) {
  return age ? done - *age + kAgeOvercount + error : done + error;
}

/// The copy was made by the origin after this: Age is truncated to whole seconds.
Instant made_after(Instant sent, const std::optional<Seconds>& age, Millis error) {
  return age ? sent - *age - Seconds{1} - error : sent - error;
}

}  // namespace

ExposureSpan begin_span(const DarkBefore& before, const Look& live) {
  ExposureSpan span;
  if (before.sent) span.went_live.earliest = *before.sent - before.error;
  span.went_live.latest = live.done + live.error;
  span.last_live_sent = live.sent;
  span.last_live_done = live.done;
  span.last_live_error = live.error;
  span.last_live_age = live.age;
  span.looks = 1;
  const bool age_seen = live.age.has_value() || (before.sent && before.origin_floor != before.sent);
  if (age_seen) {
    InstantBounds origin;
    if (before.origin_floor) origin.earliest = *before.origin_floor - before.error;
    origin.latest = std::min(made_by(live.done, live.age, live.error), span.went_live.latest);
    // A hit that is older than our last dark look contradicts it only where caches disagree: keep the bounds in order,
    // at their widest.
    if (origin.earliest && *origin.earliest > origin.latest)
      origin.earliest = made_after(live.sent, live.age, live.error);
    span.origin_live = origin;
  }
  return span;
}

void extend_span(ExposureSpan& span, const Look& live) {
  span.longest_gap = std::max(span.longest_gap, live.done - span.last_live_done);
  span.last_live_sent = live.sent;
  span.last_live_done = live.done;
  span.last_live_error = live.error;
  span.last_live_age = live.age;
  ++span.looks;
}

void end_span(ExposureSpan& span, const Look& dark) {
  const Instant latest = dark.done + dark.error;
  span.went_down = InstantBounds{std::min(span.last_live_sent - span.last_live_error, latest), latest};
  span.ended_by = EndedBy::absence;
  if (span.origin_live || span.last_live_age || dark.age) {
    InstantBounds origin;
    origin.latest = std::min(made_by(dark.done, dark.age, dark.error), latest);
    origin.earliest =
        std::min(made_after(span.last_live_sent, span.last_live_age, span.last_live_error), origin.latest);
    span.origin_down = origin;
    if (!span.origin_live) span.origin_live = span.went_live;
  }
}

void end_span_at(ExposureSpan& span, Instant end, EndedBy by) {
  // Between the last live look and the end nobody looked: it may have gone before.
  const Instant seen_until = span.last_live_sent - span.last_live_error;
  span.went_down = InstantBounds{std::min(seen_until, end), end};
  span.ended_by = by;
  if (span.origin_live) span.origin_down = span.went_down;
}

Result<SpanBounds> time_up(const InstantBounds& live, const std::optional<InstantBounds>& down, Instant horizon) {
  const InstantBounds ended = down.value_or(InstantBounds{horizon, horizon});
  if (live.earliest && ended.latest < *live.earliest) return fail(Errc::out_of_order, "page ends before it begins");
  const auto cap = [horizon](Instant t) { return std::min(t, horizon); };
  SpanBounds bounds;
  bounds.shortest = std::max(Millis{0}, cap(ended.earliest.value_or(ended.latest)) - cap(live.latest));
  if (live.earliest) bounds.longest = std::max(Millis{0}, cap(ended.latest) - cap(*live.earliest));
  return bounds;
}

Result<SpanBounds> time_up(const ExposureSpan& span, Instant now) {
  if (span.went_down) return time_up(span.went_live, span.went_down, span.went_down->latest);
  const Instant seen_until = std::min(span.last_live_sent - span.last_live_error, now);
  return time_up(span.went_live, InstantBounds{seen_until, now}, now);
}

std::optional<Lead> lead_of(const Incident& i) {
  if (!i.due) return std::nullopt;
  std::optional<Instant> latest;
  std::optional<Instant> earliest;
  bool unbounded = false;
  for (const TargetExposure& t : i.targets) {
    if (t.spans.empty()) continue;
    const InstantBounds& live = t.spans.front().went_live;
    // Early: the first URL to go live counts. Late: the last.
    const bool counts = !latest || (i.kind == IncidentKind::late ? live.latest > *latest : live.latest < *latest);
    if (counts) latest = live.latest;
    if (!live.earliest) {
      unbounded = true;
    } else if (!earliest || (i.kind == IncidentKind::late ? *live.earliest > *earliest : *live.earliest < *earliest)) {
      earliest = live.earliest;
    }
  }
  if (!latest) return std::nullopt;
  Lead lead{.shortest = *i.due - *latest, .longest = std::nullopt};
  if (!unbounded && earliest) lead.longest = *i.due - *earliest;
  return lead;
}

Millis blind_of(const Incident& i) {
  Millis most{0};
  for (const TargetExposure& t : i.targets) most = std::max(most, t.blind);
  return most;
}

}  // namespace embargod

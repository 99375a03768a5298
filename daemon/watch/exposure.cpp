#include "daemon/watch/exposure.h"

#include <algorithm>

namespace embargod {
namespace {

using std::chrono::duration_cast;

// RFC 9111 4.2.3: each hop may over-count Age by its own response delay plus the skew of its clock. Some caches
// (Varnish) count from when the answer came in instead: as much later than the origin made it.
constexpr Millis kAgeSlack{2'000};

/// The copy was made by the origin at or before this (server-stated).
Instant made_by(Instant done, const std::optional<Seconds>& age, Millis error) {
  return age ? done - *age + kAgeSlack + error : done + error;
}

/// made_after() of the newest live look of a span.
Instant newest_made_after(const ExposureSpan& span) {
  return made_after(span.last_live_sent, span.last_live_age, span.last_live_error);
}

}  // namespace

Instant made_after(Instant sent, const std::optional<Seconds>& age, Millis error) {
  // Age is truncated to whole seconds.
  return age ? sent - *age - Seconds{1} - kAgeSlack - error : sent - error;
}

ExposureSpan begin_span(const DarkBefore& before, const Look& live) {
  ExposureSpan span;
  // A dark look by another way may have left after this one did: what was dark there says nothing about here.
  if (before.sent) span.went_live.earliest = std::min(*before.sent - before.error, live.sent - live.error);
  span.went_live.latest = live.done + live.error;
  span.last_live_sent = live.sent;
  span.last_live_done = live.done;
  span.last_live_error = live.error;
  span.last_live_age = live.age;
  span.looks = 1;
  const bool age_seen = live.age.has_value() || (before.sent && before.origin_floor < *before.sent - before.error);
  if (age_seen) {
    InstantBounds origin;
    if (before.origin_floor) origin.earliest = *before.origin_floor;
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
  // Looks by several ways may come back in another order than they left.
  ++span.looks;
  if (live.sent < span.last_live_sent) return;
  span.longest_gap = std::max(span.longest_gap, live.done - span.last_live_done);
  span.last_live_sent = live.sent;
  span.last_live_done = live.done;
  span.last_live_error = live.error;
  span.last_live_age = live.age;
}

void end_span(ExposureSpan& span, const Look& dark) {
  const Instant latest = dark.done + dark.error;
  span.went_down = InstantBounds{std::min(span.last_live_sent - span.last_live_error, latest), latest};
  span.ended_by = EndedBy::absence;
  if (span.origin_live || span.last_live_age || dark.age) {
    InstantBounds origin;
    origin.latest = std::min(made_by(dark.done, dark.age, dark.error), latest);
    origin.earliest = std::min(newest_made_after(span), origin.latest);
    // A look past the caches may have seen the origin go before its copies did.
    if (!span.origin_down) span.origin_down = origin;
    if (!span.origin_live) span.origin_live = span.went_live;
  }
}

void end_at_origin(ExposureSpan& span, const Look& dark) {
  if (span.origin_down) return;
  const Instant latest = made_by(dark.done, dark.age, dark.error);
  span.origin_down = InstantBounds{std::min(newest_made_after(span), latest), latest};
  if (!span.origin_live) span.origin_live = span.went_live;
}

void end_span_at(ExposureSpan& span, Instant end, EndedBy by) {
  // Between the last live look and the end nobody looked: it may have gone before.
  const Instant seen_until = span.last_live_sent - span.last_live_error;
  span.went_down = InstantBounds{std::min(seen_until, end), end};
  span.ended_by = by;
  if (!span.origin_live && !span.last_live_age) return;
  // A copy may have outlived the page that it was made of.
  if (!span.origin_down) span.origin_down = InstantBounds{newest_made_after(span), end};
  span.origin_down->latest = std::min(span.origin_down->latest, end);
  span.origin_down->earliest = std::min(*span.origin_down->earliest, span.origin_down->latest);
  if (!span.origin_live) span.origin_live = span.went_live;
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
  // `now` is read from the same clock, with the same error.
  const Instant until = now + span.last_live_error;
  return time_up(span.went_live, InstantBounds{seen_until, until}, until);
}

LeadBy lead_by(IncidentKind kind, bool all_came) {
  switch (kind) {
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
      return LeadBy::first;
    case IncidentKind::late:
      return all_came ? LeadBy::last : LeadBy::first;
    case IncidentKind::incomplete:
      return all_came ? LeadBy::last : LeadBy::none;
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
    case IncidentKind::blind:
    case IncidentKind::drift:
      break;
  }
  return LeadBy::none;
}

std::optional<Lead> lead_of(const Incident& i) {
  const bool all_came =
      std::all_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) { return !t.spans.empty(); });
  const LeadBy by = lead_by(i.kind, all_came);
  if (!i.due || by == LeadBy::none) return std::nullopt;
  std::optional<Instant> latest;
  std::optional<Instant> earliest;
  bool unbounded = false;
  for (const TargetExposure& t : i.targets) {
    if (t.spans.empty()) continue;
    const InstantBounds& live = t.spans.front().went_live;
    const auto counts = [by](Instant a, Instant b) { return by == LeadBy::last ? a > b : a < b; };
    if (!latest || counts(live.latest, *latest)) latest = live.latest;
    if (!live.earliest) {
      unbounded = true;
    } else if (!earliest || counts(*live.earliest, *earliest)) {
      earliest = live.earliest;
    }
  }
  if (!latest) return std::nullopt;
  Lead lead{.shortest = *i.due - *latest, .longest = std::nullopt};
  if (!unbounded && earliest) lead.longest = *i.due - *earliest;
  return lead;
}

std::vector<SpanBounds> times_away(const TargetExposure& t) {
  std::vector<SpanBounds> away;
  for (std::size_t k = 1; k < t.spans.size(); ++k) {
    const InstantBounds& down = t.spans[k - 1].went_down.value_or(t.spans[k].went_live);
    const InstantBounds& back = t.spans[k].went_live;
    away.push_back({.shortest = std::max(Millis{0}, back.earliest.value_or(down.latest) - down.latest),
                    .longest = back.latest - down.earliest.value_or(down.latest)});
  }
  return away;
}

Millis blind_of(const Incident& i) {
  Millis most{0};
  for (const TargetExposure& t : i.targets) most = std::max(most, t.blind);
  return most;
}

}  // namespace embargod

// What the report states, as values; lint recomputes them from the bounds.

#include <algorithm>

#include "config/zone_time.h"
#include "daemon/report/draft.h"

namespace embargod {
namespace {

TargetFacts target_facts(const TargetExposure& t) {
  TargetFacts f{
      .target = t.target, .url = t.seen_live ? t.url : std::string{}, .spans = {}, .away = {}, .blind = t.blind};
  for (const ExposureSpan& s : t.spans) {
    SpanFacts span{.went_live = s.went_live,
                   .went_down = s.went_down,
                   .ended_by = s.ended_by,
                   .time_up = {},
                   .origin_live = s.origin_live,
                   .origin_down = s.origin_down,
                   .looks = s.looks,
                   .longest_gap = s.longest_gap};
    // While it is up, what is proven ends with the newest live look; it may have gone since.
    const Instant seen_until = std::max(s.went_live.latest, s.last_live_sent - s.last_live_error);
    const InstantBounds end = s.went_down.value_or(InstantBounds{seen_until, seen_until});
    if (const auto up = time_up(s.went_live, end, end.latest)) span.time_up = *up;
    if (!s.went_down) span.time_up.longest.reset();
    f.spans.push_back(span);
  }
  return f;
}

/// The span by which the release as a whole went live: the first for what came early, the last for what came late.
const ExposureSpan* deciding_span(const Incident& i) {
  const bool all_came =
      std::all_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) { return !t.spans.empty(); });
  const LeadBy by = lead_by(i.kind, all_came);
  const ExposureSpan* found = nullptr;
  for (const TargetExposure& t : i.targets) {
    if (t.spans.empty()) continue;
    const ExposureSpan& s = t.spans.front();
    const bool counts = found == nullptr || (by == LeadBy::last ? s.went_live.latest > found->went_live.latest
                                                                : s.went_live.latest < found->went_live.latest);
    if (counts) found = &s;
  }
  return found;
}

}  // namespace

std::vector<OutputFacts> output_facts(const ReportInput& input) {
  std::vector<OutputFacts> all;
  const std::string& zone = input.settings.zone;
  for (const Incident& i : input.incidents) {
    OutputFacts f;
    f.incident = i.id;
    f.kind = i.kind;
    f.rehearsal = i.rehearsal;
    f.state = i.state;
    f.confidence = i.confidence;
    f.release = i.release;
    f.site = i.site;
    f.title = i.title;
    f.due = i.due;
    f.clock_verified = i.clock_verified;
    f.drifts = i.drifts;
    for (const StoredRelease& r : input.releases) {
      if (r.release.id != i.release) continue;
      f.scheduled_title = r.release.title;
      f.scheduled_due = r.release.due.at ? r.release.due.at : r.release.due.period_begin;
    }
    f.lead = lead_of(i);
    if (f.due && f.lead) {
      if (const ExposureSpan* s = deciding_span(i)) f.lead_days_least = days_between(s->went_live.latest, *f.due, zone);
      if (f.lead->longest) f.lead_days_most = days_between(*f.due - *f.lead->longest, *f.due, zone);
    }
    for (const TargetExposure& t : i.targets) {
      f.targets.push_back(target_facts(t));
      if (i.kind == IncidentKind::gap) f.targets.back().away = times_away(t);
    }
    all.push_back(std::move(f));
  }
  return all;
}

}  // namespace embargod

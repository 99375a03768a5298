#include "daemon/watch/cadence.h"

#include <algorithm>

namespace embargod {
namespace {

// A release that is out stays watched for a day: reports are written on that day.
constexpr std::chrono::hours kWatchAfterDue{24};

constexpr int kFarCandidateShare = 10;

}  // namespace

Cadence cadence(const CadenceInput& in, const Polling& polling) {
  if (in.live_early) return {polling.incident_interval, Urgency::incident};
  if (in.just_contained) return {std::min(polling.window.interval, polling.interval), Urgency::window};
  if (!in.due) return {polling.interval, Urgency::routine};

  const Millis until = *in.due - in.now;
  if (in.released && -until > kWatchAfterDue) return {std::nullopt, Urgency::routine};

  const bool in_window = until <= polling.window.before && -until <= polling.window.after;
  if (in_window && !(in.released && until < Millis{0})) return {polling.window.interval, Urgency::window};

  Cadence c{polling.interval, Urgency::routine};
  if (until > Millis{0} && until <= polling.near.within)
    c = {std::min(polling.near.interval, polling.interval), Urgency::near_due};
  for (const Millis phase : {polling.near.within, polling.window.before}) {
    const Millis starts_in = until - phase;
    if (starts_in > Millis{0} && starts_in < *c.interval) c.interval = starts_in;
  }
  return c;
}

Cadence candidate_cadence(const CadenceInput& in, const Polling& polling, Millis interval) {
  if (in.live_early) return {polling.incident_interval, Urgency::incident};
  if (!in.due) return {interval * kFarCandidateShare, Urgency::spare};
  const Millis until = *in.due - in.now;
  if (-until > polling.window.after) return {std::nullopt, Urgency::spare};
  const Millis near_in = until - polling.near.within;
  if (near_in <= Millis{0}) return {interval, Urgency::spare};
  return {std::min(interval * kFarCandidateShare, near_in), Urgency::spare};
}

}  // namespace embargod

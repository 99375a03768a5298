#include "daemon/watch/latency.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "alerts/notifier.h"
#include "alerts/outbox_worker.h"

namespace embargod {
namespace {

constexpr Millis kRecord{1'000};  // generous: judging takes microseconds, the commit waits for the disk

struct Crowd {
  int site = 0;       // URLs of the busiest site
  int same_time = 0;  // ... that are due at one instant
};

Crowd busiest(const Schedule& schedule) {
  std::map<std::string, int> of_site;
  std::map<std::pair<std::string, Instant>, int> of_time;
  Crowd most;
  for (const Release& r : schedule.releases)
    for (const Target& t : r.targets) {
      const std::string site = t.url.site();
      most.site = std::max(most.site, ++of_site[site]);
      if (r.due.at) most.same_time = std::max(most.same_time, ++of_time[{site, *r.due.at}]);
    }
  return most;
}

/// One round of `urls` at `rate` requests a second, once the burst is used up.
Millis round_of(int urls, double rate) {
  return Millis{static_cast<std::int64_t>(std::ceil(1000.0 * urls / std::max(rate, 0.01)))};
}

}  // namespace

std::array<LatencyPhase, 3> latency_phases(const Polling& polling, const Schedule& schedule) {
  const Crowd crowd = busiest(schedule);
  const auto phase = [&](LatencyPhase::Name name, Millis interval, int urls) {
    const Millis round = round_of(urls, polling.per_host.rate);
    return LatencyPhase{.name = name,
                        .wait = std::max(interval, round),
                        .budget = round > interval,
                        .answer = polling.timeout,
                        .hold = kSiblingHold,
                        .record = kRecord,
                        .outbox = OutboxTiming{}.idle_poll,
                        .delivery = kDeliveryDeadline};
  };
  return {phase(LatencyPhase::Name::far, polling.interval, crowd.site),
          phase(LatencyPhase::Name::near, std::min(polling.near.interval, polling.interval), crowd.same_time),
          phase(LatencyPhase::Name::window, polling.window.interval, crowd.same_time)};
}

}  // namespace embargod

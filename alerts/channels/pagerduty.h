#pragma once
// PagerDuty, Events API v2. Accepted: 202. Rejected: 400 (the key or the event is not valid), 413. Retried: all else,
// 429 after its Retry-After. One incident there for each of ours, by dedup_key: repeated events are no second page.

#include <string>

#include "alerts/http_notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

/// trigger, acknowledge or resolve, under 512 KB. Holds the routing key. Pure.
[[nodiscard]] std::string pagerduty_event(const Alert& alert, const Secret& routing_key, Instant now,
                                          const Wording& words);

/// The incident's id; of the near-due page about a blind incident, which is told beside it, "<id>/<alertname>"; without
/// an incident the alert's key. At most 255 bytes.
[[nodiscard]] std::string pagerduty_dedup_key(const Alert& alert);

class PagerDutyNotifier final : public HttpNotifier {
 public:
  PagerDutyNotifier(std::string name, PagerDutySettings settings, Wording words);

 private:
  [[nodiscard]] HttpPostRequest request(const Alert& alert, Instant now) const override;
  [[nodiscard]] Receipt judge(HttpAnswer answer) const override;

  PagerDutySettings settings_;
  Wording words_;
};

}  // namespace embargod

#pragma once
// ntfy, published as JSON. Accepted: 200. Rejected: 400, 413. Retried: all else (401 and 403: the token; 429: its
// limits, without a Retry-After; 507: its disk). A message is at most 4,096 bytes; ntfy.sh lets one address send 60 at
// once and then one every 5 s.

#include <string>

#include "alerts/http_notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

/// Title, text, priority (5 rings through: pages), tag and the incident behind a tap. Holds the topic. Pure.
[[nodiscard]] std::string ntfy_body(const Alert& alert, const Secret& topic, Instant now, const Wording& words);

class NtfyNotifier final : public HttpNotifier {
 public:
  NtfyNotifier(std::string name, NtfySettings settings, Wording words);

 private:
  [[nodiscard]] HttpPostRequest request(const Alert& alert, Instant now) const override;
  [[nodiscard]] Receipt judge(HttpAnswer answer) const override;

  NtfySettings settings_;
  Wording words_;
};

}  // namespace embargod

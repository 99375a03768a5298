#pragma once
// A POST of design.md 5.5 for each step.

#include <string>

#include "alerts/http_post.h"
#include "alerts/notifier.h"
#include "config/settings.h"

namespace embargod {

/// {"version":1,"key":...,"alert":...,"status":...,"incident":...,"labels":{...},"annotations":{...}}; the incident's
/// bytes as they are. Pure.
[[nodiscard]] std::string webhook_body(const Alert& alert);

/// "sha256=<hex HMAC-SHA-256 of the body>". Pure.
[[nodiscard]] std::string webhook_signature(const Secret& key, const std::string& body);

class WebhookNotifier final : public Notifier {
 public:
  WebhookNotifier(std::string name, WebhookSettings settings);
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override;
  void cancel() override { poster_.cancel(); }

 private:
  ReceiverTraits traits_;
  WebhookSettings settings_;
  HttpPoster poster_;
};

}  // namespace embargod

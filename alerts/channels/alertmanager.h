#pragma once
// Alertmanager API v2. Each peer of a cluster is a receiver of its own: all are sent to, they agree among themselves.

#include <memory>
#include <string>

#include "alerts/http_post.h"
#include "alerts/notifier.h"
#include "config/settings.h"

namespace embargod {

/// The array for POST /api/v2/alerts. endsAt: now for resolved, now + 24 h for firing (a dead daemon must not look like
/// an all-clear), now + 3 min for the watchdog (whose lapse is the signal). Pure.
[[nodiscard]] std::string alertmanager_body(const std::vector<Alert>& alerts, Instant now);

/// "http://host/prefix/" -> "http://host/prefix/api/v2/alerts". Pure.
[[nodiscard]] std::string alertmanager_endpoint(std::string url);

class AlertmanagerNotifier final : public Notifier {
 public:
  AlertmanagerNotifier(std::string name, const AlertmanagerSettings& settings);
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override;
  void cancel() override { poster_.cancel(); }

 private:
  ReceiverTraits traits_;
  std::string endpoint_;
  HttpPoster poster_;
};

}  // namespace embargod

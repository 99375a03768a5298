#include "alerts/channels/make_notifiers.h"

#include "alerts/channels/alertmanager.h"
#include "alerts/channels/email.h"
#include "alerts/channels/webhook.h"

namespace embargod {

std::vector<std::unique_ptr<Notifier>> make_notifiers(const AlertSettings& settings, const std::string& zone) {
  std::vector<std::unique_ptr<Notifier>> notifiers;
  int n = 0;
  for (const auto& s : settings.alertmanagers)
    notifiers.push_back(std::make_unique<AlertmanagerNotifier>("alertmanager-" + std::to_string(++n), s));
  n = 0;
  for (const auto& s : settings.webhooks)
    notifiers.push_back(std::make_unique<WebhookNotifier>("webhook-" + std::to_string(++n), s));
  n = 0;
  for (const auto& s : settings.emails)
    notifiers.push_back(std::make_unique<EmailNotifier>("email-" + std::to_string(++n), s, zone));
  return notifiers;
}

}  // namespace embargod

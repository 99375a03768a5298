#include "alerts/channels/alertmanager.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/test_alert.h"

namespace embargod {
namespace {

constexpr std::chrono::hours kFiringFor{24};
constexpr std::chrono::minutes kWatchdogFor{3};

constexpr std::chrono::minutes kDrillFor{65};  // no drill is longer, and nobody resends it

std::chrono::minutes firing_for(const Alert& a) {
  if (a.incident.empty()) return kWatchdogFor;
  return a.name == kDrillAlert ? kDrillFor : kFiringFor;
}

}  // namespace

std::string alertmanager_body(const std::vector<Alert>& alerts, Instant now) {
  nlohmann::json body = nlohmann::json::array();
  for (const Alert& a : alerts) {
    const Instant ends = a.status == AlertStatus::resolved ? now : now + firing_for(a);
    nlohmann::json item{{"labels", a.labels},
                        {"annotations", a.annotations},
                        // An alert that starts after it ends is refused; a clock that was set back would make one.
                        {"startsAt", rfc3339(std::min(a.starts_at, now))},
                        {"endsAt", rfc3339(ends)}};
    if (const auto link = a.annotations.find("link"); link != a.annotations.end() && !link->second.empty())
      item["generatorURL"] = link->second;
    body.push_back(std::move(item));
  }
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string alertmanager_endpoint(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url + "/api/v2/alerts";
}

AlertmanagerNotifier::AlertmanagerNotifier(std::string name, const AlertmanagerSettings& settings)
    : traits_{.name = std::move(name),
              .severities = {Severity::page, Severity::ticket, Severity::info},
              .standing = true,
              .watchdog = true},
      endpoint_{alertmanager_endpoint(settings.url)} {}

Receipt AlertmanagerNotifier::deliver(const std::vector<Alert>& alerts, Instant now) {
  return poster_.post({.url = endpoint_,
                       .body = alertmanager_body(alerts, now),
                       .headers = {"Content-Type: application/json", "Accept: application/json"}});
}

}  // namespace embargod

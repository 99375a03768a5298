#include "alerts/channels/webhook.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/plain_text.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

std::string dumped(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string webhook_body(const Alert& alert) {
  // The incident keeps its bytes, so that the receiver, the API and the report show the same; what is no JSON must not
  // break the body.
  const bool usable = nlohmann::json::accept(alert.incident_json);
  return R"({"version":1,"key":)" + dumped(alert.key) + R"(,"alert":)" + dumped(alert.name) + R"(,"status":")" +
         to_string(alert.status) + R"(","incident":)" + (usable ? alert.incident_json : "null") + R"(,"labels":)" +
         dumped(alert.labels) + R"(,"annotations":)" + dumped(alert.annotations) + "}";
}

std::string webhook_signature(const Secret& key, const std::string& body) {
  return "sha256=" + hex(hmac_sha256(key.reveal(), body));
}

WebhookNotifier::WebhookNotifier(std::string name, WebhookSettings settings)
    : traits_{.name = std::move(name), .severities = settings.severities}, settings_{std::move(settings)} {
  const auto& severities = traits_.severities;
  traits_.watchdog = std::find(severities.begin(), severities.end(), Severity::info) != severities.end();
}

Receipt WebhookNotifier::deliver(const std::vector<Alert>& alerts, Instant) {
  Receipt receipt{.outcome = Outcome::accepted, .detail = {}, .retry_after = {}};
  for (const Alert& alert : alerts) {
    HttpPostRequest request{.url = settings_.url.reveal(), .body = webhook_body(alert), .headers = {}};
    request.headers = {"Content-Type: application/json", "Idempotency-Key: " + header_token(alert.key)};
    if (!settings_.key.empty())
      request.headers.push_back("X-Embargod-Signature: " + webhook_signature(settings_.key, request.body));
    receipt = poster_.post(request);
    if (receipt.outcome != Outcome::accepted) break;
  }
  return receipt;
}

}  // namespace embargod

#include "alerts/channels/pagerduty.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/brief_text.h"
#include "alerts/plain_text.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

using nlohmann::json;

constexpr int kAccepted = 202;
constexpr std::size_t kMostSummary = 1'024;
constexpr std::size_t kMostDedupKey = 255;
// Alerts that share their incident with another: the end of one is not the end of the other.
constexpr std::array<std::string_view, 2> kTwins{"EmbargoBlindNearDue", "EmbargoRehearsal"};

const char* action_of(const Alert& a) {
  if (a.status == AlertStatus::resolved) return "resolve";
  return a.notice == Notice::acknowledged ? "acknowledge" : "trigger";
}

const char* pagerduty_severity(Severity s) {
  switch (s) {
    case Severity::page:
      return "critical";
    case Severity::ticket:
      return "warning";
    case Severity::info:
      return "info";
  }
  return "error";
}

std::string joined_urls(const MailContent& c) {
  std::string out;
  for (const std::string& url : c.urls) out += (out.empty() ? "" : "\n") + url;
  return c.more_urls == 0 ? out : out + "\nand " + std::to_string(c.more_urls) + " more";
}

json details_of(const MailContent& c) {
  json details = json::object();
  const auto put = [&details](const char* name, const std::string& value) {
    if (!value.empty()) details[name] = value;
  };
  put("what_to_do", c.what_to_do);
  put(c.over ? "was_live" : "seen_live", joined_urls(c));
  for (const auto& [label, value] : c.facts) put(label.c_str(), value);
  put("description", c.description);
  put("acknowledge", c.acknowledge);
  return details;
}

json links_of(const MailContent& c) {
  json links = json::array();
  if (const std::string url = web_link(c.link); !url.empty())
    links.push_back({{"href", url}, {"text", "The incident"}});
  if (const std::string url = web_link(c.runbook); !url.empty()) links.push_back({{"href", url}, {"text", "Runbook"}});
  return links;
}

}  // namespace

std::string pagerduty_dedup_key(const Alert& alert) {
  std::string key = alert.incident;
  if (key.empty()) key = alert.key;
  if (!alert.incident.empty() && std::find(kTwins.begin(), kTwins.end(), alert.name) != kTwins.end())
    key += "/" + alert.name;
  key = header_token(key);
  return key.size() <= kMostDedupKey ? key : hex(sha256(key));
}

std::string pagerduty_event(const Alert& alert, const Secret& routing_key, Instant now, const Wording& words) {
  const MailContent c = mail_content(alert, now, words);
  json event{{"routing_key", routing_key.reveal()},
             {"event_action", action_of(alert)},
             {"dedup_key", pagerduty_dedup_key(alert)},
             {"client", "embargod"}};
  if (const std::string url = web_link(c.link); !url.empty()) event["client_url"] = url;
  if (action_of(alert) == std::string_view{"trigger"}) {
    const auto label = [&alert](const char* name) {
      const auto it = alert.labels.find(name);
      return it == alert.labels.end() ? std::string{} : clean_line(it->second, 200);
    };
    const std::string site = label("site");
    json payload{{"summary", cut_to_bytes(headline(c), kMostSummary)},
                 {"source", site.empty() ? "embargod" : site},
                 {"severity", pagerduty_severity(alert.severity)},
                 {"timestamp", rfc3339(alert.starts_at)},
                 {"class", clean_line(alert.name, 100)},
                 {"custom_details", details_of(c)}};
    if (const std::string release = label("release"); !release.empty()) payload["component"] = release;
    event["payload"] = std::move(payload);
    event["links"] = links_of(c);
  }
  return event.dump(-1, ' ', false, json::error_handler_t::replace);
}

PagerDutyNotifier::PagerDutyNotifier(std::string name, PagerDutySettings settings, Wording words)
    : HttpNotifier{{.name = std::move(name), .severities = settings.severities, .acknowledgements = true}},
      settings_{std::move(settings)},
      words_{std::move(words)} {}

HttpPostRequest PagerDutyNotifier::request(const Alert& alert, Instant now) const {
  return {.url = settings_.url,
          .body = pagerduty_event(alert, settings_.routing_key, now, words_),
          .headers = {"Content-Type: application/json"},
          .secrets = {settings_.routing_key}};
}

Receipt PagerDutyNotifier::judge(HttpAnswer answer) const { return accepted_only_by(kAccepted, std::move(answer)); }

}  // namespace embargod

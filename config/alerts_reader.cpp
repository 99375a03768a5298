#include <algorithm>

#include "config/ack_link_reader.h"
#include "config/channels_reader.h"
#include "config/key_sets.h"
#include "config/mail_reader.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/types/url.h"
#include "config/vendor_readers.h"

namespace embargod {
namespace {

void read_alertmanager(const YamlMap& map, ReceiverNames& names, std::vector<AlertmanagerSettings>& out) {
  const auto* n = map.need("url", "write {url: \"http://127.0.0.1:9093\"}");
  AlertmanagerSettings a;
  a.name = names.read(map, "alertmanager");
  map.text("url", a.url, {.bytes = 2000});
  if (n == nullptr || a.url.empty()) return;
  if (const auto url = parse_url(a.url); !url) {
    map.faults().add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
  } else if (url->text.find('?') != std::string::npos) {
    map.faults().add(n->at, map.name("url") + " must not have a query",
                     "write the address only; /api/v2/alerts is added");
  }
  while (a.url.ends_with('/')) a.url.pop_back();  // "/api/v2/alerts" is appended
  const bool is_twice =
      std::any_of(out.begin(), out.end(), [&](const AlertmanagerSettings& other) { return other.url == a.url; });
  if (is_twice)
    map.faults().add(n->at, map.name("url") + " names an Alertmanager that is listed already", "keep one of the two");
  out.push_back(std::move(a));
}

void read_webhook(const YamlMap& map, const std::string& folder, ReceiverNames& names,
                  std::vector<WebhookSettings>& out) {
  if (!map.is_map()) return;
  WebhookSettings w;
  w.name = names.read(map, "webhook");
  w.severities = {Severity::page, Severity::ticket, Severity::info};
  std::optional<std::string> url;
  if (map.has("url") && map.has("url_file")) {
    map.faults().add(map.key_at("url_file"), map.name("url_file") + " is given beside url", "keep one of the two");
  } else if (map.has("url")) {
    std::string text;
    map.text("url", text, {.bytes = 8192});
    if (!text.empty()) url = std::move(text);
  } else if (map.has("url_file")) {
    url = read_secret(map, "url_file", folder);
  } else {
    map.faults().add(map.at(), map.name("url") + " is missing", "give url, or url_file if the address is a secret");
  }
  if (url) {
    // Chat hooks carry their token in the path: the fault must not repeat it.
    if (const auto good = parse_url(*url); !good) {
      const std::string_view key = map.has("url") ? "url" : "url_file";
      map.faults().add(map.find(key)->at, map.name(key) + ": " + good.error().what, good.error().to_do);
    }
    w.url = Secret{std::move(*url)};
  }
  if (map.has("secret_file"))
    if (auto key = read_secret(map, "secret_file", folder)) w.key = Secret{std::move(*key)};
  read_severities(map, w.severities);
  out.push_back(std::move(w));
}

void read_digest(const YamlNode& node, DigestSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().digest, "alerts.digest.", faults};
  if (!map.is_map()) return;
  map.whole("after", out.after, {0, 1'000});
  map.duration("within", out.within, {Seconds{10}, std::chrono::minutes{10}});
  map.duration("wait", out.wait, {Seconds{1}, kLongestDigestWait});
}

}  // namespace

void read_alerts(const YamlNode& node, const std::string& folder, AlertSettings& out, FaultBook& faults) {
  const ConfigKeys& keys = config_keys();
  const YamlMap map{node, keys.alerts, "alerts.", faults};
  ReceiverNames names;
  const auto& alertmanagers = map.list("alertmanagers");
  for (std::size_t i = 0; i < alertmanagers.size(); ++i)
    read_alertmanager(YamlMap{alertmanagers[i], keys.alertmanager, item_prefix("alerts.alertmanagers", i), faults},
                      names, out.alertmanagers);
  map.duration("latency_bound", out.latency_bound, {Seconds{1}, std::chrono::hours{24}});
  const auto& webhooks = map.list("webhooks");
  for (std::size_t i = 0; i < webhooks.size(); ++i)
    read_webhook(YamlMap{webhooks[i], keys.webhook, item_prefix("alerts.webhooks", i), faults}, folder, names,
                 out.webhooks);
  const auto& emails = map.list("emails");
  for (std::size_t i = 0; i < emails.size(); ++i)
    read_email(YamlMap{emails[i], keys.email, item_prefix("alerts.emails", i), faults}, folder, names, out.emails);
  read_vendor_channels(map, folder, names, out);
  read_routes(map, out);
  read_escalation(map, out);
  if (const auto* n = map.find("dead_man")) read_dead_man(*n, folder, out.dead_man, faults);
  if (const auto* n = map.find("ack_links")) out.ack_links = read_ack_links(*n, folder, faults);
  if (const auto* n = map.find("digest")) read_digest(*n, out.digest, faults);
  if (const auto* n = map.find("templates")) read_templates(*n, folder, out.templates, faults);
  if (const auto* n = map.find("canary")) read_canary(*n, out.canary_interval, faults);
}

}  // namespace embargod

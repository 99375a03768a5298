#include <algorithm>

#include "config/key_sets.h"
#include "config/network_names.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestSecret = std::size_t{64} << 10U;

std::string item_prefix(std::string_view list, std::size_t i) {
  return std::string{list} + "[" + std::to_string(i) + "].";
}

/// The content of the file that `key` names, without its last line break. Faults name the file, never what is in it.
std::optional<std::string> read_secret(const YamlMap& map, std::string_view key, const std::string& folder) {
  std::string path;
  map.text(key, path, {.bytes = 4096});
  if (path.empty()) return std::nullopt;
  const YamlPos at = map.find(key)->at;
  const bool is_relative = !path.starts_with('/') && !folder.empty() && folder != ".";
  auto content = read_file(is_relative ? folder + "/" + path : path, kLargestSecret);
  if (!content) {
    map.faults().add(at, map.name(key) + ": " + in_quotes(path) + " " + content.error().what, content.error().to_do,
                     content.error().code);
    return std::nullopt;
  }
  if (content->ends_with('\n')) content->pop_back();
  if (content->ends_with('\r')) content->pop_back();
  if (content->empty()) {
    map.faults().add(at, map.name(key) + ": " + in_quotes(path) + " is empty", "write the secret into it");
    return std::nullopt;
  }
  return *content;
}

void read_severities(const YamlMap& map, std::vector<Severity>& out) {
  const auto* n = map.find("severities");
  if (n == nullptr) return;
  out.clear();
  const auto& items = map.list("severities");
  if (n->kind == YamlNode::Kind::sequence && items.empty())
    map.faults().add(n->at, map.name("severities") + " is empty, so this receiver would never be told anything",
                     "name page, ticket or info, or leave the line out");
  for (const auto& item : items) {
    const auto word = read_word(item, "an item of " + map.name("severities"), map.faults(), {"page", "ticket", "info"});
    if (!word) continue;
    for (const Severity s : {Severity::page, Severity::ticket, Severity::info})
      if (*word == to_string(s) && std::find(out.begin(), out.end(), s) == out.end()) out.push_back(s);
  }
}

void read_alertmanager(const YamlMap& map, std::vector<AlertmanagerSettings>& out) {
  const auto* n = map.need("url", "write {url: \"http://127.0.0.1:9093\"}");
  AlertmanagerSettings a;
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

void read_webhook(const YamlMap& map, const std::string& folder, std::vector<WebhookSettings>& out) {
  if (!map.is_map()) return;
  WebhookSettings w;
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

void read_smtp(const YamlMap& map, std::string& out) {
  const auto* n = map.need("smtp", "write smtp: \"smtp://127.0.0.1:25\"");
  if (n == nullptr) return;
  const auto text = read_text(*n, map.name("smtp"), map.faults(), {.bytes = 300});
  if (!text) return;
  const auto refuse = [&](const std::string& what, std::string to_do = "write it like smtp://127.0.0.1:25") {
    map.faults().add(n->at, map.name("smtp") + ": " + what, std::move(to_do));
  };
  if (text->starts_with("smtps://")) {
    refuse("smtps:// is not offered yet", "use a relay on the host, smtp://127.0.0.1:25");
    return;
  }
  if (!text->starts_with("smtp://")) {
    refuse(in_quotes(*text) + " is not an smtp:// address");
    return;
  }
  std::string_view rest = std::string_view{*text}.substr(7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('@') != std::string_view::npos) {
    refuse("a user or password is not offered yet", "use a relay on the host, smtp://127.0.0.1:25");
    return;
  }
  const auto server = parse_host_port(rest, 25);
  if (!server)
    refuse(server.error().what);
  else if (server->port == 0)
    refuse("port 0 cannot be connected to");
  else
    out = "smtp://" + to_string(*server);
}

void read_email(const YamlMap& map, std::vector<EmailSettings>& out) {
  if (!map.is_map()) return;
  EmailSettings e;
  e.severities = {Severity::page, Severity::ticket};
  const auto check = [&](const YamlNode& n, const std::string& name, const std::string& address) {
    const auto good = check_email(address);
    if (!good) map.faults().add(n.at, name + ": " + good.error().what, good.error().to_do);
    return good.has_value();
  };
  const auto* to = map.need("to", "write to: [duty@example.org]");
  for (const auto& item : map.list("to")) {
    const auto address = read_text(item, "an item of " + map.name("to"), map.faults());
    if (!address || !check(item, map.name("to"), *address)) continue;
    if (std::find(e.to.begin(), e.to.end(), *address) != e.to.end())
      map.faults().add(item.at, map.name("to") + ": " + in_quotes(*address) + " is named twice", "keep one of the two");
    e.to.push_back(*address);
  }
  if (to != nullptr && to->kind == YamlNode::Kind::sequence && to->items.empty())
    map.faults().add(to->at, map.name("to") + " names nobody", "write to: [duty@example.org]");
  (void)map.need("from", "write from: embargod@example.org");
  map.text("from", e.from);
  if (!e.from.empty()) check(*map.find("from"), map.name("from"), e.from);
  read_smtp(map, e.smtp);
  read_severities(map, e.severities);
  out.push_back(std::move(e));
}

}  // namespace

void read_alerts(const YamlNode& node, const std::string& folder, AlertSettings& out, FaultBook& faults) {
  const ConfigKeys& keys = config_keys();
  const YamlMap map{node, keys.alerts, "alerts.", faults};
  const auto& alertmanagers = map.list("alertmanagers");
  for (std::size_t i = 0; i < alertmanagers.size(); ++i)
    read_alertmanager(YamlMap{alertmanagers[i], keys.alertmanager, item_prefix("alerts.alertmanagers", i), faults},
                      out.alertmanagers);
  map.duration("latency_bound", out.latency_bound, {Seconds{1}, std::chrono::hours{24}});
  const auto& webhooks = map.list("webhooks");
  for (std::size_t i = 0; i < webhooks.size(); ++i)
    read_webhook(YamlMap{webhooks[i], keys.webhook, item_prefix("alerts.webhooks", i), faults}, folder, out.webhooks);
  const auto& emails = map.list("emails");
  for (std::size_t i = 0; i < emails.size(); ++i)
    read_email(YamlMap{emails[i], keys.email, item_prefix("alerts.emails", i), faults}, out.emails);
}

}  // namespace embargod

#include "config/settings_reader.h"

#include <algorithm>

#include "config/candidates_reader.h"
#include "config/key_sets.h"
#include "config/network_names.h"
#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr Millis kHour{3'600'000};
constexpr Millis kShortestRetention = 24 * kHour;

void read_person(const YamlMap& map, std::string_view key, const KeySet& keys, Person& out) {
  const auto* node = map.find(key);
  if (node == nullptr) return;
  const YamlMap person{*node, keys, std::string{keys.path} + ".", map.faults()};
  person.text("name", out.name, {.bytes = 200});
  person.text("phone", out.phone, {.bytes = 100});
  person.text("email", out.email, {.bytes = 254});
  if (out.email.empty()) return;
  if (const auto good = check_email(out.email); !good)
    map.faults().add(person.find("email")->at, person.name("email") + ": " + good.error().what, good.error().to_do);
}

void read_producer(const YamlNode& node, Producer& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().producer, "producer.", faults};
  (void)map.need("name", "it names the organisation in the report");
  map.text("name", out.name, {.bytes = 200});
  read_person(map, "contact", config_keys().contact, out.contact);
  read_person(map, "head_of_profession", config_keys().head_of_profession, out.head_of_profession);
}

void read_clock(const YamlNode& node, ClockSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().clock, "clock.", faults};
  map.duration("assumed_error", out.assumed_error, {Millis{1}, kHour});
  for (const auto& item : map.list("ntp_servers")) {
    const auto text = read_text(item, "an item of clock.ntp_servers", faults, {.bytes = 300});
    if (!text) continue;
    const auto server = parse_host_port(*text, 123);
    if (!server || server->port == 0)
      faults.add(item.at, "clock.ntp_servers: " + (server ? in_quotes(*text) + " has port 0" : server.error().what),
                 "write it like time.example.org or time.example.org:123");
    else
      out.ntp_servers.push_back(*text);
  }
}

void read_storage(const YamlNode& node, const std::string& folder, StorageSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().storage, "storage.", faults};
  if (map.find("path") != nullptr) {
    map.text("path", out.path, {.bytes = 4096});
    out.path = from_folder(folder, out.path);
  }
  map.duration("retention", out.retention, {kShortestRetention, 36'500 * kShortestRetention});
}

enum class Reach : std::uint8_t { loopback, any };

void read_listens(const YamlMap& web, std::string_view key, Reach reach, std::vector<std::string>& out) {
  if (web.find(key) == nullptr) return;
  FaultBook& faults = web.faults();
  std::vector<std::string> found;
  for (const auto& item : web.list(key)) {
    const auto text = read_text(item, "an item of " + web.name(key), faults, {.bytes = 300});
    if (!text) continue;
    const auto listen = parse_host_port(*text);
    if (!listen) {
      faults.add(item.at, web.name(key) + ": " + listen.error().what, listen.error().to_do);
    } else if (!listen->is_address && !listen->is_loopback) {
      faults.add(item.at, web.name(key) + ": " + in_quotes(*text) + " is a host name, which may mean any address",
                 "write the address itself");
    } else if (reach == Reach::loopback && !listen->is_loopback) {
      faults.add(item.at,
                 web.name(key) + ": " + in_quotes(*text) +
                     " can be reached from other hosts, which needs behind_proxy: true and tokens, "
                     "and tokens are not offered yet",
                 "listen on 127.0.0.1 or [::1], and let a proxy on this host that asks for a sign-in pass on to it");
    } else if (listen->port != 0 && std::find(found.begin(), found.end(), to_string(*listen)) != found.end()) {
      faults.add(item.at, web.name(key) + ": " + in_quotes(*text) + " is named twice", "keep one of the two");
    } else {
      found.push_back(to_string(*listen));
    }
  }
  out = std::move(found);
}

void read_web(const YamlNode& node, WebSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().web, "web.", faults};
  read_listens(map, "listen", Reach::loopback, out.listen);
  if (const auto* n = map.find("listen"); n != nullptr && n->kind == YamlNode::Kind::sequence && n->items.empty())
    faults.add(n->at, "web.listen names no address", "write [\"127.0.0.1:9750\"]");
  read_listens(map, "metrics_listen", Reach::any, out.metrics_listen);
  for (const auto& listen : out.metrics_listen)
    if (!listen.ends_with(":0") && std::find(out.listen.begin(), out.listen.end(), listen) != out.listen.end())
      faults.add(map.key_at("metrics_listen"), "web.metrics_listen: " + in_quotes(listen) + " is in web.listen too",
                 "give it another port, or leave it out: the metrics are on listen anyway");
  map.flag("behind_proxy", out.behind_proxy);
  map.text("external_url", out.external_url, {.bytes = 2000});
  if (const auto* n = map.find("external_url");
      n != nullptr && n->kind == YamlNode::Kind::scalar && out.external_url == n->text) {
    const auto url = parse_url(out.external_url);
    if (!url)
      faults.add(n->at, "web.external_url: " + url.error().what, url.error().to_do);
    else if (url->text.find('?') != std::string::npos)
      faults.add(n->at, "web.external_url must not have a query");
  }
  while (out.external_url.ends_with('/')) out.external_url.pop_back();  // links are made by appending "/..."
}

}  // namespace

std::string from_folder(const std::string& folder, const std::string& path) {
  if (path.starts_with('/') || folder.empty() || folder == ".") return path;
  return folder + (folder.ends_with('/') ? "" : "/") + path;
}

void read_settings_map(const YamlNode& node, Completeness completeness, const std::string& folder, Settings& out,
                       FaultBook& faults) {
  const YamlMap map{node, config_keys().config, "", faults};
  if (!map.is_map()) return;
  if (completeness == Completeness::whole_config) {
    (void)map.need("producer", "write producer: {name: Example Statistics Agency}");
    (void)map.need("schedules", "write schedules: [{file: releases.yml}]");
  }
  if (const auto* n = map.find("producer")) read_producer(*n, out.producer, faults);
  if (const auto* n = map.find("code_edition"))
    out.code_edition = read_word(*n, "code_edition", faults, {"2.0", "2.1", "3.0"}).value_or(out.code_edition);
  if (const auto* n = map.find("timezone")) {
    const auto zone = read_text(*n, "timezone", faults, {.bytes = 100});
    const auto known = zone ? check_zone(*zone) : Result<void>{};
    if (!known)
      faults.add(n->at, "timezone: " + known.error().what, known.error().to_do, known.error().code);
    else if (zone)
      out.timezone = *zone;
  }
  read_schedule_sources(map, folder, out.schedules);
  if (const auto* n = map.find("polling")) read_polling(*n, out.polling, faults);
  if (const auto* n = map.find("clock")) read_clock(*n, out.clock, faults);
  if (const auto* n = map.find("profiles")) read_profiles(*n, out.profiles, faults);
  if (const auto* n = map.find("alerts")) read_alerts(*n, folder, out.alerts, faults);
  if (const auto* n = map.find("lint")) read_lint(*n, folder, out.lint, faults);
  if (const auto* n = map.find("storage")) read_storage(*n, folder, out.storage, faults);
  if (const auto* n = map.find("web")) read_web(*n, out.web, faults);
  if (const auto* n = map.find("candidates")) read_candidates(*n, out.candidates, faults);
  if (const auto* n = map.find("discovery")) read_discovery(*n, out.discovery, faults);
}

Checked<Settings> read_settings(std::string_view yaml, const std::string& name, const std::string& folder) {
  FaultBook faults{name};
  Settings settings;
  settings.file = name;
  settings.profiles = shipped_profiles();
  if (const auto node = parse_strict_yaml(yaml, kConfigLimits, faults))
    read_settings_map(*node, Completeness::whole_config, folder, settings, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{faults.take()};
  return settings;
}

}  // namespace embargod

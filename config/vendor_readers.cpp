#include "config/vendor_readers.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "config/key_sets.h"
#include "config/network_names.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

/// Where the faults of one receiver go, and what its values come from.
struct ReceiverPlace {
  const YamlMap& map;
  const std::string& folder;
  ReceiverNames& names;
};

const std::vector<Severity> kPagesAndTickets{Severity::page, Severity::ticket};

void read_each(const YamlMap& alerts, const char* list, const KeySet& keys, const auto& read) {
  const auto& items = alerts.list(list);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const YamlMap map{items[i], keys, item_prefix(alerts.name(list), i), alerts.faults()};
    if (map.is_map()) read(map);
  }
}

void read_plain_url(const YamlMap& map, std::string& out) {
  map.text("url", out, {.bytes = 2'000});
  const auto* n = map.find("url");
  if (n == nullptr) return;
  if (const auto good = parse_url(out); !good)
    map.faults().add(n->at, map.name("url") + ": " + good.error().what, good.error().to_do);
}

/// A key or token goes into a header or a JSON text: one word.
std::optional<Secret> read_token(const ReceiverPlace& p, std::string_view key) {
  const auto text = read_secret(p.map, key, p.folder);
  if (!text) return std::nullopt;
  const bool one_word =
      text->size() <= 1'000 && std::all_of(text->begin(), text->end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (one_word) return Secret{*text};
  p.map.faults().add(p.map.find(key)->at, p.map.name(key) + " names a file that holds more than one word",
                     "write the key into it and nothing else");
  return std::nullopt;
}

void read_pagerduty(const ReceiverPlace& p, std::vector<PagerDutySettings>& out) {
  PagerDutySettings s{.routing_key = {},
                      .url = "https://events.pagerduty.com/v2/enqueue",
                      .severities = kPagesAndTickets,
                      .name = p.names.read(p.map, "pagerduty")};
  if (p.map.need("routing_key_file", "name the file that holds the integration key of the service") != nullptr)
    if (auto key = read_token(p, "routing_key_file")) s.routing_key = std::move(*key);
  read_plain_url(p.map, s.url);
  read_severities(p.map, s.severities);
  out.push_back(std::move(s));
}

void read_chat(const ReceiverPlace& p, const char* kind, std::vector<ChatSettings>& out) {
  ChatSettings s{.url = {}, .severities = kPagesAndTickets, .name = p.names.read(p.map, kind)};
  if (p.map.need("url_file", "name the file that holds the address of the hook") != nullptr)
    if (auto url = read_token(p, "url_file")) {
      // The address is the secret: the fault must not repeat it.
      if (const auto good = parse_url(url->reveal()); !good)
        p.map.faults().add(p.map.find("url_file")->at, p.map.name("url_file") + ": " + good.error().what,
                           good.error().to_do);
      s.url = std::move(*url);
    }
  read_severities(p.map, s.severities);
  out.push_back(std::move(s));
}

void read_topic(const ReceiverPlace& p, Secret& out) {
  const YamlMap& map = p.map;
  if (map.has("topic") && map.has("topic_file")) {
    map.faults().add(map.key_at("topic_file"), map.name("topic_file") + " is given beside topic",
                     "keep one of the two");
    return;
  }
  if (map.has("topic_file")) {
    if (auto topic = read_token(p, "topic_file")) out = std::move(*topic);
  } else {
    std::string text;
    (void)map.need("topic", "give topic, or topic_file where who knows it could read along");
    map.text("topic", text);
    out = Secret{std::move(text)};
  }
  const std::string& topic = out.reveal();
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (topic.size() <= 64 && std::all_of(topic.begin(), topic.end(), allowed)) return;
  const char* key = map.has("topic_file") ? "topic_file" : "topic";
  map.faults().add(map.find(key)->at, map.name(key) + " is not the name of a topic",
                   "a topic has a-z, A-Z, 0-9, - and _, at most 64");
}

void read_ntfy(const ReceiverPlace& p, std::vector<NtfySettings>& out) {
  NtfySettings s{.url = "https://ntfy.sh",
                 .topic = {},
                 .token = {},
                 .severities = kPagesAndTickets,
                 .name = p.names.read(p.map, "ntfy")};
  read_plain_url(p.map, s.url);
  const auto url = parse_url(s.url);
  if (url && url->path_query != "/")
    p.map.faults().add(p.map.find("url")->at, p.map.name("url") + " must be the server alone",
                       "write it without the topic, like https://ntfy.example.org");
  read_topic(p, s.topic);
  if (p.map.has("token_file"))
    if (auto token = read_token(p, "token_file")) s.token = std::move(*token);
  read_severities(p.map, s.severities);
  out.push_back(std::move(s));
}

bool is_program(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

void read_exec(const ReceiverPlace& p, std::vector<ExecSettings>& out) {
  ExecSettings s{.command = {}, .severities = kPagesAndTickets, .name = p.names.read(p.map, "exec")};
  const YamlMap& map = p.map;
  const auto* command = map.need("command", "write command: [/usr/local/bin/page-duty, --urgent]");
  for (const auto& item : map.list("command"))
    if (auto word =
            read_text(item, "an item of " + map.name("command"), map.faults(), {.bytes = 4'096, .may_be_empty = true}))
      s.command.push_back(std::move(*word));
  if (command != nullptr && command->kind == YamlNode::Kind::sequence) {
    const auto refuse = [&](const std::string& what, const char* to_do) {
      map.faults().add(command->at, map.name("command") + what, to_do);
    };
    if (s.command.empty())
      refuse(" names no program", "write command: [/usr/local/bin/page-duty]");
    else if (!s.command[0].starts_with('/'))
      refuse(": " + in_quotes(s.command[0]) + " is not an absolute path",
             "no PATH is searched: write it like /usr/local/bin/page-duty");
    else if (!is_program(s.command[0]))
      refuse(": " + in_quotes(s.command[0]) + " is no program that this user may run", "put it there, executable");
  }
  map.duration("timeout", s.timeout, {Millis{100}, Millis{10'000}});
  read_severities(map, s.severities);
  out.push_back(std::move(s));
}

bool is_lower_uuid(std::string_view text) {
  constexpr std::string_view kShape = "00000000-0000-0000-0000-000000000000";
  return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(), [](char c, char shape) {
    return shape == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

void read_notify_recipient(const YamlMap& map, GovukNotifySettings& out) {
  if (map.has("email") && map.has("phone")) {
    map.faults().add(map.key_at("phone"), map.name("phone") + " is given beside email",
                     "a receiver has one recipient: write another one for it");
  } else if (map.has("phone")) {
    map.text("phone", out.phone);
    const std::string_view number = out.phone;
    const bool good = number.size() >= 8 && number.size() <= 16 && number.starts_with('+') &&
                      std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!number.empty() && !good)
      map.faults().add(map.find("phone")->at, map.name("phone") + ": " + in_quotes(number) + " is not a number",
                       "write it with its country, like \"+447700900123\"");
  } else if (map.need("email", "give email, or phone for text messages") != nullptr) {
    map.text("email", out.email);
    const auto good = check_email(out.email);
    if (!out.email.empty() && !good)
      map.faults().add(map.find("email")->at, map.name("email") + ": " + good.error().what, good.error().to_do);
  }
}

void read_govuk_notify(const ReceiverPlace& p, std::vector<GovukNotifySettings>& out) {
  GovukNotifySettings s{.api_key = {},
                        .template_id = {},
                        .email = {},
                        .phone = {},
                        .url = "https://api.notifications.service.gov.uk",
                        .severities = kPagesAndTickets,
                        .name = p.names.read(p.map, "govuk-notify")};
  const YamlMap& map = p.map;
  if (map.need("api_key_file", "name the file that holds the API key") != nullptr)
    if (auto key = read_token(p, "api_key_file")) {
      const std::string& text = key->reveal();
      const bool good = text.size() > 73 && text[text.size() - 37] == '-' &&
                        is_lower_uuid(std::string_view{text}.substr(text.size() - 36)) &&
                        is_lower_uuid(std::string_view{text}.substr(text.size() - 73, 36));
      if (!good)
        map.faults().add(map.find("api_key_file")->at,
                         map.name("api_key_file") + " names a file that holds no key of GOV.UK Notify",
                         "a key is its name, the service's id and the secret: name-UUID-UUID");
      s.api_key = std::move(*key);
    }
  if (map.need("template_id", "write the id of the template") != nullptr) map.text("template_id", s.template_id);
  if (!s.template_id.empty() && !is_lower_uuid(s.template_id))
    map.faults().add(map.find("template_id")->at, map.name("template_id") + " is not the id of a template",
                     "copy it from the template's page: it is a UUID");
  read_notify_recipient(map, s);
  read_plain_url(map, s.url);
  while (s.url.ends_with('/')) s.url.pop_back();  // "/v2/notifications/email" is appended
  read_severities(map, s.severities);
  out.push_back(std::move(s));
}

}  // namespace

void read_vendor_channels(const YamlMap& alerts, const std::string& folder, ReceiverNames& names, AlertSettings& out) {
  const ConfigKeys& keys = config_keys();
  const auto place = [&](const YamlMap& map) { return ReceiverPlace{map, folder, names}; };
  read_each(alerts, "pagerduty", keys.pagerduty,
            [&](const YamlMap& map) { read_pagerduty(place(map), out.pagerduty); });
  read_each(alerts, "slack", keys.slack, [&](const YamlMap& map) { read_chat(place(map), "slack", out.slack); });
  read_each(alerts, "teams", keys.teams, [&](const YamlMap& map) { read_chat(place(map), "teams", out.teams); });
  read_each(alerts, "ntfy", keys.ntfy, [&](const YamlMap& map) { read_ntfy(place(map), out.ntfy); });
  read_each(alerts, "exec", keys.exec, [&](const YamlMap& map) { read_exec(place(map), out.exec); });
  read_each(alerts, "govuk_notify", keys.govuk_notify,
            [&](const YamlMap& map) { read_govuk_notify(place(map), out.govuk_notify); });
}

void add_vendor_names(const AlertSettings& alerts, std::vector<ReceiverName>& out) {
  const auto add = [&out](const auto& receivers) {
    for (const auto& one : receivers) out.push_back({.name = one.name});
  };
  add(alerts.pagerduty);
  add(alerts.slack);
  add(alerts.teams);
  add(alerts.ntfy);
  add(alerts.exec);
  add(alerts.govuk_notify);
}

}  // namespace embargod

#pragma once
// Every key that a config, a schedule or a profile may have. One place, so that a test can hold CONFIGURATION.md to it.

#include "config/strict_yaml.h"

namespace embargod {

struct ConfigKeys {
  KeySet config{"",
                "the config",
                {"producer", "code_edition", "timezone", "schedules", "polling", "clock", "profiles", "alerts",
                 "storage", "web", "lint", "candidates", "discovery"},
                {{"schedule", "did you mean \"schedules\"?"}}};
  KeySet producer{"producer", "producer", {"name", "contact", "head_of_profession"}, {}};
  KeySet contact{"producer.contact", "producer.contact", {"name", "email", "phone"}, {}};
  KeySet head_of_profession{
      "producer.head_of_profession", "producer.head_of_profession", {"name", "email", "phone"}, {}};
  KeySet schedule_source{"schedules[]", "a schedule", {"file", "url", "name", "format", "interval", "match"}, {}};
  KeySet title_rule{"schedules[].match[]", "a rule of match", {"title", "release"}, {}};
  KeySet lint{"lint", "lint", {"alternative_times", "nation", "bank_holidays_file", "bank_holidays_url"}, {}};
  KeySet polling{"polling",
                 "polling",
                 {"interval", "near", "window", "incident_interval", "timeout", "per_host", "allow_addresses", "proxy",
                  "grace", "blind_after"},
                 {}};
  KeySet near{"polling.near", "polling.near", {"within", "interval"}, {}};
  KeySet window{"polling.window", "polling.window", {"before", "after", "interval"}, {}};
  KeySet per_host{"polling.per_host", "polling.per_host", {"rate", "burst", "connections"}, {}};
  KeySet clock{"clock", "clock", {"ntp_servers", "assumed_error"}, {}};
  KeySet alertmanager{"alerts.alertmanagers[]", "an Alertmanager", {"url", "name"}, {}};
  KeySet alerts{"alerts",
                "alerts",
                {"alertmanagers", "webhooks", "emails", "latency_bound", "routes", "escalation", "dead_man", "canary",
                 "ack_links", "digest", "templates", "pagerduty", "slack", "teams", "ntfy", "exec", "govuk_notify"},
                {}};
  KeySet route{"alerts.routes[]",
               "a route",
               {"kinds", "severities", "hours", "receivers"},
               {{"kind", "did you mean \"kinds\"?"}, {"receiver", "did you mean \"receivers\"?"}}};
  KeySet route_hours{"alerts.routes[].hours", "hours", {"days", "from", "to"}, {}};
  KeySet escalation{
      "alerts.escalation", "escalation", {"tiers", "after", "undelivered_after", "ack_expires", "remind_every"}, {}};
  KeySet dead_man{"alerts.dead_man", "dead_man", {"url", "url_file", "interval"}, {}};
  KeySet canary{"alerts.canary", "canary", {"interval"}, {}};
  KeySet digest{"alerts.digest", "digest", {"after", "within", "wait"}, {}};
  KeySet templates{"alerts.templates",
                   "templates",
                   {"subject_file", "text_file", "html_file", "brief_file"},
                   {{"subject", "put the template in a file and name it with subject_file"},
                    {"text", "put the template in a file and name it with text_file"},
                    {"html", "put the template in a file and name it with html_file"},
                    {"brief", "put the template in a file and name it with brief_file"}}};
  KeySet ack_links{"alerts.ack_links",
                   "ack_links",
                   {"key_file", "expires"},
                   {{"key", "put the key in a file and name it with key_file"}}};
  KeySet webhook{"alerts.webhooks[]",
                 "a webhook",
                 {"url", "url_file", "secret_file", "severities", "name"},
                 {{"secret", "put the secret in a file and name it with secret_file"}}};
  KeySet email{"alerts.emails[]",
               "an e-mail receiver",
               {"to", "from", "smtp", "severities", "name", "tls", "username", "password_file", "ca_file"},
               {{"password", "put the password in a file and name it with password_file"}}};
  KeySet pagerduty{"alerts.pagerduty[]",
                   "a PagerDuty service",
                   {"routing_key_file", "url", "severities", "name"},
                   {{"routing_key", "put the key in a file and name it with routing_key_file"}}};
  KeySet slack{"alerts.slack[]",
               "a Slack hook",
               {"url_file", "severities", "name"},
               {{"url", "the address is a secret: put it in a file and name it with url_file"}}};
  KeySet teams{"alerts.teams[]",
               "a Teams hook",
               {"url_file", "severities", "name"},
               {{"url", "the address is a secret: put it in a file and name it with url_file"}}};
  KeySet ntfy{"alerts.ntfy[]",
              "an ntfy topic",
              {"url", "topic", "topic_file", "token_file", "severities", "name"},
              {{"token", "put the token in a file and name it with token_file"}}};
  KeySet exec{"alerts.exec[]", "a program", {"command", "timeout", "severities", "name"}, {}};
  KeySet govuk_notify{"alerts.govuk_notify[]",
                      "a recipient of GOV.UK Notify",
                      {"api_key_file", "template_id", "email", "phone", "url", "severities", "name"},
                      {{"api_key", "put the key in a file and name it with api_key_file"},
                       {"to", "a receiver has one recipient: email or phone"}}};
  KeySet storage{"storage",
                 "storage",
                 {"path", "retention"},
                 {{"postgresql_file", "PostgreSQL is not offered yet; use path"},
                  {"postgresql", "PostgreSQL is not offered yet; use path"}}};
  KeySet listing{
      "discovery[]",
      "a listing",
      {"name", "url", "kind", "interval", "item", "link", "title", "date", "title_counts", "release_like", "follow"},
      {{"items", "did you mean \"item\"?"}, {"xpath", "write item, link, title and date"}}};
  KeySet web{
      "web",
      "web",
      {"listen", "metrics_listen", "external_url", "behind_proxy"},
      {{"tokens", "tokens are not offered yet"}, {"tls", "TLS ends at a proxy in front, which passes on to listen"}}};
  KeySet candidates{"candidates", "candidates", {"hosts", "most", "interval"}, {}};
};

struct ProfileKeys {
  KeySet profile{"profiles.NAME",
                 "a profile",
                 {"unknown_if", "gated_if", "absent_if", "must_not_contain", "stub_if", "live_if", "expect", "edition",
                  "fingerprint", "variants", "siblings", "cache_bypass", "negative_ttl"},
                 {}};
  KeySet condition{"condition",
                   "a condition",
                   {"status", "header", "final_url", "redirect", "text", "visible_text", "regex", "visible_regex",
                    "xpath", "json", "content_type", "magic", "size", "digest", "link", "edition", "all", "any", "not"},
                   {{"none", "write {not: {any: [...]}}"}, {"contains", "did you mean \"text\"?"}}};
  KeySet header{"condition.header", "header", {"name", "equals", "contains", "regex"}, {}};
  KeySet xpath{"condition.xpath", "xpath", {"path", "equals", "contains", "regex"}, {}};
  KeySet json{"condition.json", "json", {"pointer", "equals", "contains", "regex"}, {}};
  KeySet size{"condition.size", "size", {"min", "max"}, {}};
  KeySet edition{"profiles.NAME.edition[]", "a place of the edition", {"xpath", "json", "header", "regex"}, {}};
  KeySet fingerprint{"profiles.NAME.fingerprint", "fingerprint", {"ignore", "of"}, {}};
};

struct ScheduleKeys {
  KeySet schedule{"releases.yml", "the schedule", {"releases"}, {}};
  KeySet calendar{"releases.yml",
                  "the calendar",
                  {"releases", "items"},
                  {{"breakdown", "is this a search of the ONS? its format is ons"},
                   {"results", "is this a search of GOV.UK? its format is govuk"},
                   {"nextReleaseDate", "is this a publication of Explore Education Statistics? its format is ees"}}};
  KeySet item{"items[]",
              "an entry",
              {"id", "key", "title", "due", "status", "url", "former", "reason", "changed"},
              {{"urls", "an entry has one url; what is to be watched is listed under releases"}}};
  KeySet release{
      "releases[]",
      "a release",
      {"id", "title", "due", "status", "urls", "announced", "alternative_time", "reason", "lead", "former_urls",
       "url_templates"},
      {{"targets", "did you mean \"urls\"?"}, {"name", "did you mean \"title\"?"}, {"date", "did you mean \"due\"?"}}};
  KeySet lead{"releases[].lead", "lead", {"days", "from"}, {}};
  KeySet url{
      "releases[].urls[]",
      "a URL",
      {"url", "role", "profile", "name", "edition", "title_counts", "change_counts", "cache_bypass", "negative_ttl",
       "unknown_if", "gated_if", "absent_if", "must_not_contain", "stub_if", "live_if", "expect"},
      {{"baseline", "a baseline is approved by a person: embargoctl baseline show"}}};
  KeySet former_url{"releases[].former_urls[]",
                    "a former URL",
                    {"url", "due", "profile"},
                    {{"role", "it follows from the ending of the URL; leave it out"}}};
};

[[nodiscard]] const ConfigKeys& config_keys();
[[nodiscard]] const ProfileKeys& profile_keys();
[[nodiscard]] const ScheduleKeys& schedule_keys();

/// All of the above.
[[nodiscard]] std::vector<const KeySet*> all_key_sets();

}  // namespace embargod

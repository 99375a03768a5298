#pragma once
// embargod.yml as values: defaults applied, everything validated. config/CONFIGURATION.md documents every key.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/ack_link_settings.h"
#include "config/bank_holidays.h"
#include "config/channel_settings.h"
#include "config/digest_settings.h"
#include "config/message_templates.h"
#include "config/profile.h"
#include "config/sources/source.h"
#include "config/types/secret.h"
#include "config/types/time.h"
#include "config/types/url.h"

namespace embargod {

struct Person {
  std::string name;
  std::string email;
  std::string phone;
};

struct Producer {
  std::string name;
  Person contact;
  Person head_of_profession;
};

struct HostPolicy {
  double rate = 3;  // requests a second
  int burst = 20;
  int connections = 4;
};

struct Polling {
  Millis interval{60'000};
  struct {
    Millis within{24 * 3'600'000};
    Millis interval{15'000};
  } near;
  struct {
    Millis before{15 * 60'000};
    Millis after{15 * 60'000};
    Millis interval{2'000};
  } window;
  Millis incident_interval{2'000};
  Millis timeout{10'000};
  HostPolicy per_host;
  std::vector<std::string> allow_addresses;  // validated CIDRs
  std::string proxy;                         // "" = none
  Millis grace{3 * 60'000};
  Millis blind_after{5 * 60'000};
};

struct ClockSettings {
  std::vector<std::string> ntp_servers;  // "host" or "host:port"
  Millis assumed_error{1'000};
};

struct AlertmanagerSettings {
  std::string url;
  std::string name;  // of each receiver: unique over all of them; "alertmanager-1" unless the config says
};
struct WebhookSettings {
  Secret url;                        // `url` or `url_file`: chat hooks carry their token in the path
  Secret key;                        // from `secret_file`; empty = unsigned
  std::vector<Severity> severities;  // default: all three
  std::string name;
};
/// Of smtp://. smtps:// is always required.
enum class SmtpTls : std::uint8_t {
  none,
  offered,   // STARTTLS where the relay offers it; its certificate is not checked
  required,  // else nothing is sent; the certificate is checked
};
struct EmailSettings {
  std::vector<std::string> to;  // one message each
  std::string from;
  std::string smtp;                  // smtp://host:port, smtps://host:port
  std::vector<Severity> severities;  // default: page, ticket
  std::string name;
  SmtpTls tls = SmtpTls::offered;
  std::string username{};  // empty: no sign-in
  Secret password{};
  std::string ca_file{};  // whose authorities sign the relay's certificate; empty: the system's
};

/// Working hours, in the config's timezone: on `days`, from `from` until before `to`.
struct RouteHours {
  std::vector<int> days;  // 0 = Sunday ... 6 = Saturday
  std::string from, to;   // "08:00"; from < to
};

/// Which receivers get which alerts, instead of by their severities.
struct AlertRoute {
  std::vector<std::string> kinds;    // of incidents: "late"; empty: all
  std::vector<Severity> severities;  // empty: all
  std::optional<RouteHours> hours;   // outside them the alert waits; never of a page
  std::vector<std::string> receivers;
};

/// Who is told when nobody acts.
struct EscalationSettings {
  std::vector<std::vector<std::string>> tiers;  // names of receivers, each in one tier at most
  Millis after{10 * 60'000};                    // unacknowledged for so long: the next tier
  Millis undelivered_after{60'000};             // nothing of the tier accepted for so long: the next tier
  Millis ack_expires{60 * 60'000};
  Millis remind_every{5 * 60'000};
};

/// An outside service that shouts when our pings stop coming.
struct DeadManSettings {
  Secret url;  // `url` or `url_file`; /start and /fail are put behind its path
  Millis interval{60'000};
};

struct AlertSettings {
  std::vector<AlertmanagerSettings> alertmanagers;
  std::vector<WebhookSettings> webhooks;
  std::vector<EmailSettings> emails;
  std::vector<PagerDutySettings> pagerduty;
  std::vector<ChatSettings> slack;
  std::vector<ChatSettings> teams;
  std::vector<NtfySettings> ntfy;
  std::vector<ExecSettings> exec;
  std::vector<GovukNotifySettings> govuk_notify;
  Millis latency_bound{90'000};    // check config warns where telling of an early release may take longer
  std::vector<AlertRoute> routes;  // the first that matches decides
  std::optional<EscalationSettings> escalation;
  std::optional<DeadManSettings> dead_man;
  std::optional<AckLinkSettings> ack_links;  // unset: messages carry no such link
  Millis canary_interval{5 * 60'000};        // 0: no canary
  DigestSettings digest;
  MessageTemplates templates;
};

struct ReceiverName {
  std::string name;
  bool is_alertmanager = false;  // always told, by severity: neither routes nor tiers name one
};
/// Every receiver of the config by the name that metrics, routes and tiers use, in the config's order.
[[nodiscard]] std::vector<ReceiverName> receiver_names(const AlertSettings& alerts);

struct StorageSettings {
  std::string path = "/var/lib/embargod";
  Millis retention{std::int64_t{400} * 24 * 3'600'000};
};

struct WebSettings {
  std::vector<std::string> listen{"127.0.0.1:9750"};
  std::vector<std::string> metrics_listen;
  std::string external_url = "http://127.0.0.1:9750";
  bool behind_proxy = false;
};

/// An entry of a calendar whose title fits belongs to a release.
struct TitleRule {
  std::string title;  // RE2, found anywhere
  std::string release;
  Mark mark;
};

/// Where release dates are kept.
struct ScheduleSource {
  std::string name;        // the `source` label: `name`, else the file as written
  std::string path;        // absolute or relative to the working folder, ready to open; empty: a URL
  std::optional<Url> url;  // unset: a file
  SourceFormat format = SourceFormat::yaml;
  Millis interval{0};  // between readings; 0: a file that is read at start and reload only
  std::vector<TitleRule> match;
  Mark mark;

  /// A YAML file on disk is the operator's own word: what it says holds. Every other source only announces.
  [[nodiscard]] bool is_operators() const { return !url && format == SourceFormat::yaml; }
};

/// What `embargoctl check schedule` holds a schedule to.
struct LintSettings {
  std::vector<std::string> alternative_times;  // "07:00", local: as good as 09:30
  Nation nation = Nation::england_and_wales;
  std::string bank_holidays_file;  // ready to open; empty: none
  Mark bank_holidays_mark;         // where the config names it
  std::string bank_holidays_url;   // where a newer one is had; empty: nowhere
  BankHolidays bank_holidays;      // of that file, once load_config() has read it
};

/// Guessed URLs of coming editions.
struct CandidateSettings {
  std::vector<std::string> hosts;  // Url::site() of our own sites: nowhere else is a guess ever asked for
  int most = 20;                   // a release
  Millis interval{60'000};         // near due; before that ten times as long
};

/// How a page that lists what is public is read.
enum class ListingKind : std::uint8_t { sitemap, feed, html, json };
[[nodiscard]] const char* to_string(ListingKind k);

struct MarkedText {
  std::string text;
  Mark mark;
};

/// A sitemap, feed, listing or search of our own site, watched for what appears there unasked.
struct DiscoveryListing {
  std::string name;  // as an id; unique
  Url url;
  ListingKind kind = ListingKind::sitemap;
  Millis interval{5 * 60'000};
  MarkedText item, link, title, date;    // html: XPaths, json: pointers, those after the first within an item;
                                         // empty: the kind's own, of date: none
  bool title_counts = false;             // a release's announced title alone is early
  std::vector<MarkedText> release_like;  // RE2 over the address: what no release names, but looks like one
  int follow = 50;                       // child sitemaps of a sitemap index
  Mark mark;
};

struct Settings {
  std::string file;  // where it was read from
  Producer producer;
  std::string code_edition = "3.0";
  std::string timezone = "Europe/London";
  std::vector<ScheduleSource> schedules;
  Polling polling;
  ClockSettings clock;
  std::vector<Profile> profiles;  // shipped ones first, then the file's
  AlertSettings alerts;
  StorageSettings storage;
  WebSettings web;
  LintSettings lint;
  CandidateSettings candidates;
  std::vector<DiscoveryListing> discovery;
};

}  // namespace embargod

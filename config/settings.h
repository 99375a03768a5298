#pragma once
// embargod.yml as values: defaults applied, everything validated. config/CONFIGURATION.md documents every key.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/bank_holidays.h"
#include "config/profile.h"
#include "config/types/secret.h"
#include "config/types/time.h"

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

enum class Severity : std::uint8_t { page = 0, ticket = 1, info = 2 };  // stored; never renumber
[[nodiscard]] const char* to_string(Severity s);

struct AlertmanagerSettings {
  std::string url;
};
struct WebhookSettings {
  Secret url;                        // `url` or `url_file`: chat hooks carry their token in the path
  Secret key;                        // from `secret_file`; empty = unsigned
  std::vector<Severity> severities;  // default: all three
};
struct EmailSettings {
  std::vector<std::string> to;  // one message each
  std::string from;
  std::string smtp;                  // smtp://host:port
  std::vector<Severity> severities;  // default: page, ticket
};

struct AlertSettings {
  std::vector<AlertmanagerSettings> alertmanagers;
  std::vector<WebhookSettings> webhooks;
  std::vector<EmailSettings> emails;
};

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

struct ScheduleFile {
  std::string path;  // absolute or relative to the working folder, ready to open
  std::string name;  // as written: the `source` label
  Mark mark;
};

/// What `embargoctl check schedule` holds a schedule to.
struct LintSettings {
  std::vector<std::string> alternative_times;  // "07:00", local: as good as 09:30
  Nation nation = Nation::england_and_wales;
  std::string bank_holidays_file;  // ready to open; empty: none
  Mark bank_holidays_mark;         // where the config names it
};

/// Guessed URLs of coming editions.
struct CandidateSettings {
  std::vector<std::string> hosts;  // Url::site() of our own sites: nowhere else is a guess ever asked for
  int most = 20;                   // a release
  Millis interval{60'000};         // near due; before that ten times as long
};

struct Settings {
  std::string file;  // where it was read from
  Producer producer;
  std::string code_edition = "3.0";
  std::string timezone = "Europe/London";
  std::vector<ScheduleFile> schedules;
  Polling polling;
  ClockSettings clock;
  std::vector<Profile> profiles;  // shipped ones first, then the file's
  AlertSettings alerts;
  StorageSettings storage;
  WebSettings web;
  LintSettings lint;
  CandidateSettings candidates;
};

}  // namespace embargod

#pragma once
// Receivers of the vendors that each have a form of their own. Addresses and keys that let anybody post are Secret.

#include <string>
#include <vector>

#include "config/types/secret.h"
#include "config/types/severity.h"
#include "config/types/time.h"

namespace embargod {

struct PagerDutySettings {
  Secret routing_key;  // from `routing_key_file`
  std::string url;     // of the Events API v2
  std::vector<Severity> severities;
  std::string name;
};

/// Slack and Microsoft Teams: the address is the secret.
struct ChatSettings {
  Secret url;  // from `url_file`
  std::vector<Severity> severities;
  std::string name;
};

struct NtfySettings {
  std::string url;  // of the server, without the topic
  Secret topic;     // who knows it can read along, where the server asks for no token
  Secret token;     // empty: none
  std::vector<Severity> severities;
  std::string name;
};

struct ExecSettings {
  std::vector<std::string> command;  // an absolute path and its arguments
  Millis timeout{10'000};            // at most kDeliveryDeadline, which `check config` counts on
  std::vector<Severity> severities;
  std::string name;
};

/// One recipient: a retry must not tell another one twice.
struct GovukNotifySettings {
  Secret api_key;  // "<name>-<service id>-<secret>"
  std::string template_id;
  std::string email;  // this or
  std::string phone;  // this: a text message
  std::string url;
  std::vector<Severity> severities;
  std::string name;
};

}  // namespace embargod

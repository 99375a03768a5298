#pragma once
// One early release and one receiver of each kind, for the tests of the vendors' channels.

#include <string>
#include <vector>

#include "alerts/mail_text.h"
#include "config/settings.h"
#include "tests/alerts/sample_alerts.h"

namespace embargod {

inline const Wording kChannelWords{"Europe/London"};
inline constexpr const char* kHookPath = "/services/T00000000/hook-token-in-the-path";
// What no receipt may repeat.
inline const std::vector<std::string> kChannelSecrets{
    "routing-key-of-the-service", "hook-token-in-the-path", "T00000000",
    "topic-that-nobody-knows",    "tk_token-of-the-server", "3a44ec8a-0000-4000-8000-0123456789ab"};
inline constexpr const char* kNotifyToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJpYXQiOjE1MjQ0ODQ4MDAsImlzcyI6IjI2Nzg1YTA5LWFiMTYtNGViMC04NDA3LWEzNzQ5N2E1NzUwNiJ9.QxOHirkqKsaD_"
    "VmwqO4verRxmHibjJn3OS-fFOt1lug";
inline const std::string kNotifyKey = "duty-26785a09-ab16-4eb0-8407-a37497a57506-" + kChannelSecrets[5];

inline Alert early_alert(int step, Notice notice) {
  Alert a = sample_alert("01J8ZQ4T3N", step, notice);
  a.annotations["due"] = "Wednesday 25 April 2018, 09:30 BST (2018-04-25T08:30:00.000Z)";
  a.annotations["how_early"] = "2 days before due";
  a.annotations["seen_since"] = "10:02:14 to 10:02:16 BST";
  a.annotations["urls"] = "https://stats.example.org/therapies-2018-01";
  a.annotations["what_to_do"] = "1. Take the page down. 2. Purge the CDN. 3. Tell the head of profession.";
  a.annotations["acknowledge"] = "embargoctl --url=http://127.0.0.1:9750 ack 01J8ZQ4T3N --by=YOUR-NAME";
  a.annotations["runbook_url"] = "http://127.0.0.1:9750/runbook#embargoearly";
  return a;
}

inline ChatSettings chat_at(const std::string& url) {
  return {.url = Secret{url}, .severities = {Severity::page, Severity::ticket}, .name = {}};
}

inline GovukNotifySettings notify_at(const std::string& url) {
  return {.api_key = Secret{kNotifyKey},
          .template_id = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
          .email = {},
          .phone = {},
          .url = url,
          .severities = {Severity::page},
          .name = {}};
}

}  // namespace embargod

#include "alerts/channels/ntfy.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/brief_text.h"

namespace embargod {
namespace {

using nlohmann::json;

constexpr int kNtfyTook = 200;
constexpr std::size_t kMostNtfyText = 4'000;  // above 4,096 ntfy makes a file of it
constexpr std::size_t kMostNtfyTitle = 250;

int priority_of(const Alert& a) {
  if (a.severity == Severity::page && a.status == AlertStatus::firing) return 5;
  return a.severity == Severity::info ? 2 : 3;
}

const char* tag_of(const Alert& a) {
  if (a.status == AlertStatus::resolved) return "white_check_mark";
  return a.severity == Severity::page ? "rotating_light" : "warning";
}

/// The title says the headline.
std::string text_below_title(const MailContent& c) {
  const std::string text = brief_text(c, kMostNtfyText + headline(c).size());
  const std::size_t end = text.find("\n\n");
  return cut_to_bytes(end == std::string::npos ? text : text.substr(end + 2), kMostNtfyText);
}

}  // namespace

std::string ntfy_body(const Alert& alert, const Secret& topic, Instant now, const Wording& words) {
  const MailContent c = mail_content(alert, now, words);
  json body{{"topic", topic.reveal()},
            {"title", cut_to_bytes(headline(c), kMostNtfyTitle)},
            {"message", text_below_title(c)},
            {"priority", priority_of(alert)},
            {"tags", json::array({tag_of(alert)})}};
  if (const std::string url = web_link(c.link); !url.empty()) body["click"] = url;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

NtfyNotifier::NtfyNotifier(std::string name, NtfySettings settings, Wording words)
    : HttpNotifier{{.name = std::move(name), .severities = settings.severities}},
      settings_{std::move(settings)},
      words_{std::move(words)} {}

HttpPostRequest NtfyNotifier::request(const Alert& alert, Instant now) const {
  HttpPostRequest out{.url = settings_.url,
                      .body = ntfy_body(alert, settings_.topic, now, words_),
                      .headers = {"Content-Type: application/json"},
                      .secrets = {settings_.topic, settings_.token}};
  if (!settings_.token.empty()) out.headers.push_back("Authorization: Bearer " + settings_.token.reveal());
  return out;
}

Receipt NtfyNotifier::judge(HttpAnswer answer) const { return accepted_only_by(kNtfyTook, std::move(answer)); }

}  // namespace embargod

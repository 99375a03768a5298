#include "alerts/channels/slack.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/brief_text.h"

namespace embargod {
namespace {

constexpr int kSlackTook = 200;
// Slack asks for at most 4,000 characters; escaped, each byte may become five.
constexpr std::size_t kMostSlackText = 3'000;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

std::string slack_escaped(std::string_view text) {
  constexpr std::string_view kWideAt = "\xEF\xBC\xA0";  // U+FF20
  std::string out;
  char before = ' ';
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '@' && !is_word(before))
      out += kWideAt;
    else
      out += c;
    before = c;
  }
  return out;
}

std::string slack_body(const Alert& alert, Instant now, const Wording& words) {
  const MailContent c = mail_content(alert, now, words);
  return nlohmann::json{{"text", slack_escaped(brief_text(c, kMostSlackText))},
                        {"mrkdwn", false},
                        {"parse", "none"},
                        {"link_names", false},
                        {"unfurl_links", false},
                        {"unfurl_media", false}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SlackNotifier::SlackNotifier(std::string name, ChatSettings settings, Wording words)
    : HttpNotifier{{.name = std::move(name), .severities = settings.severities}},
      settings_{std::move(settings)},
      words_{std::move(words)} {}

HttpPostRequest SlackNotifier::request(const Alert& alert, Instant now) const {
  return {.url = settings_.url.reveal(),
          .body = slack_body(alert, now, words_),
          .headers = {"Content-Type: application/json"}};
}

Receipt SlackNotifier::judge(HttpAnswer answer) const { return accepted_only_by(kSlackTook, std::move(answer)); }

}  // namespace embargod

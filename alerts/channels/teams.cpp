#include "alerts/channels/teams.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/brief_text.h"

namespace embargod {
namespace {

using nlohmann::json;

// JSON may double a byte ('"') or make six of it (controls are cleaned away); 28 KB is the most that Teams takes.
constexpr std::size_t kMostTeamsText = 6'000;

constexpr int kMostTeamsLines = 60;  // each costs about 100 bytes beside its text

/// "{{DATE(...)}}" would be computed by the card.
std::string literal(std::string text) {
  for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2))
    text.insert(at + 1, " ");
  return text;
}

json run_of(const std::string& text, bool bold) {
  json run{{"type", "TextRun"}, {"text", literal(text)}};
  if (bold) run["weight"] = "Bolder";
  return run;
}

/// A block has one line: a text run shows no line break everywhere.
void add_lines(json& body, const std::string& block, bool heading, int& lines_left) {
  std::size_t begin = 0;
  while (begin < block.size() && lines_left > 0) {
    const bool is_last = --lines_left == 0;
    const std::size_t end = std::min(block.find('\n', begin), block.size());
    json run = run_of(is_last ? "…" : block.substr(begin, end - begin), heading);
    if (heading) run["size"] = "Large";
    json text{{"type", "RichTextBlock"}, {"inlines", json::array({std::move(run)})}};
    if (begin > 0) text["spacing"] = "None";
    body.push_back(std::move(text));
    begin = end + 1;
  }
}

json card_of(const MailContent& c) {
  json body = json::array();
  bool first = true;
  int lines_left = kMostTeamsLines;
  for (const BriefSection& s : brief_sections(c, kMostTeamsText)) {
    if (lines_left == 0) break;
    if (!s.title.empty())
      body.push_back(
          {{"type", "RichTextBlock"}, {"separator", true}, {"inlines", json::array({run_of(s.title, true)})}});
    add_lines(body, s.body, first, lines_left);
    first = false;
  }
  json actions = json::array();
  const auto button = [&actions](const char* title, const std::string& url) {
    if (!url.empty()) actions.push_back({{"type", "Action.OpenUrl"}, {"title", title}, {"url", url}});
  };
  button("The incident", web_link(c.link));
  button("Runbook", web_link(c.runbook));
  return {{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
          {"type", "AdaptiveCard"},
          {"version", "1.2"},
          {"fallbackText", literal(headline(c))},
          {"msteams", {{"width", "Full"}}},
          {"body", std::move(body)},
          {"actions", std::move(actions)}};
}

bool tells_of(const std::string& body, const char* error) { return body.find(error) != std::string::npos; }

}  // namespace

std::string teams_body(const Alert& alert, Instant now, const Wording& words) {
  const MailContent c = mail_content(alert, now, words);
  return json{{"type", "message"},
              {"attachments", json::array({{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                            {"contentUrl", nullptr},
                                            {"content", card_of(c)}}})}}
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

Receipt judge_teams(HttpAnswer answer) {
  Receipt& r = answer.receipt;
  if (r.outcome != Outcome::accepted || answer.status == 202) return std::move(r);
  if (answer.status == 200 && answer.start == "1") return std::move(r);
  const bool for_good = tells_of(answer.start, "HTTP error 400") || tells_of(answer.start, "HTTP error 413");
  r.outcome = for_good ? Outcome::rejected : Outcome::retry;
  r.detail += ", but its body tells of an error";
  for (const char* code : {"400", "403", "404", "413", "429", "500", "502", "503"})
    if (tells_of(answer.start, (std::string{"HTTP error "} + code).c_str())) r.detail += std::string{": HTTP "} + code;
  return std::move(r);
}

TeamsNotifier::TeamsNotifier(std::string name, ChatSettings settings, Wording words)
    : HttpNotifier{{.name = std::move(name), .severities = settings.severities}},
      settings_{std::move(settings)},
      words_{std::move(words)} {}

HttpPostRequest TeamsNotifier::request(const Alert& alert, Instant now) const {
  return {.url = settings_.url.reveal(),
          .body = teams_body(alert, now, words_),
          .headers = {"Content-Type: application/json"}};
}

}  // namespace embargod

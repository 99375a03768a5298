#include "alerts/channels/govuk_notify.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "alerts/brief_text.h"
#include "alerts/plain_text.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

using nlohmann::json;

constexpr int kNotifyTook = 201;
constexpr int kKeyRefused = 403;
constexpr std::size_t kMostNotifyMessage = 10'000;
constexpr std::size_t kMostNotifyText = 400;  // Notify takes 918 characters, the template's own among them
constexpr std::size_t kUuid = 36;

std::string base64_url(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xFFFFFFU;
    held += 8;
    while (held >= 6) {
      held -= 6;
      out += kAlphabet[bits >> static_cast<unsigned>(held) & 0x3FU];
    }
  }
  if (held > 0) out += kAlphabet[bits << static_cast<unsigned>(6 - held) & 0x3FU];
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != kUuid) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text[i];
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (dash ? c != '-' : !digit) return false;
  }
  return true;
}

/// Notify reads a line's first #, ^, * or - as a heading, an inset or a list, and [words](address) as a link.
std::string without_markup(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    const bool markup = line_begins && std::string_view{"#^*-> "}.find(c) != std::string_view::npos;
    if (!markup) out += c == '[' ? '(' : c == ']' ? ')' : c;
    line_begins = c == '\n' || markup;
  }
  return out;
}

std::string urls_text(const MailContent& c) {
  std::string out;
  for (const std::string& url : c.urls) out += (out.empty() ? "" : "\n") + url;
  return c.more_urls == 0 ? out : out + "\nand " + std::to_string(c.more_urls) + " more";
}

/// The headline, when, the first thing to do and where to read on: one glance, two parts of a text message.
std::string short_text(const MailContent& c) {
  std::string out = headline(c);
  for (const auto& [label, value] : c.facts)
    if (label == "Due") out += ". Due " + value;
  std::string first = c.what_to_do.substr(0, c.what_to_do.find('\n'));
  if (first.starts_with("1. ")) first.erase(0, 3);
  if (!first.empty()) out += ". Now: " + first;
  const std::string link = web_link(c.link);
  const std::size_t tail = link.empty() ? 0 : link.size() + 1;
  if (tail >= kMostNotifyText) return cut_to_bytes(std::move(out), kMostNotifyText);
  out = cut_to_bytes(std::move(out), kMostNotifyText - tail);
  return link.empty() ? out : out + " " + link;
}

json personalisation_of(const Alert& alert, const MailContent& c) {
  json out = json::object();
  const auto put = [&out](const char* name, const std::string& value) {
    const std::string plain = without_markup(value);
    out[name] = plain.empty() ? "-" : plain;
  };
  const auto annotation = [&alert](const char* name) {
    const auto it = alert.annotations.find(name);
    return it == alert.annotations.end() ? std::string{} : clean_line(it->second, 300);
  };
  put("subject", c.subject);
  put("message", brief_text(c, kMostNotifyMessage));
  put("text", short_text(c));
  put("status", c.over ? "over" : "firing");
  put("summary", c.summary);
  for (const char* fact : {"due", "how_early", "seen_since", "how_sure"}) put(fact, annotation(fact));
  put("urls", urls_text(c));
  put("what_to_do", c.what_to_do);
  put("acknowledge", c.acknowledge);
  put("link", web_link(c.link));
  put("runbook", web_link(c.runbook));
  return out;
}

GovukNotifyKey key_or_none(const Secret& key) {
  auto parsed = parse_govuk_notify_key(key);
  return parsed ? std::move(*parsed) : GovukNotifyKey{};
}

}  // namespace

Result<GovukNotifyKey> parse_govuk_notify_key(const Secret& key) {
  const std::string_view text = key.reveal();
  const bool long_enough = text.size() >= 2 * kUuid + 1;
  const std::string_view service = long_enough ? text.substr(text.size() - 2 * kUuid - 1, kUuid) : std::string_view{};
  const std::string_view secret = long_enough ? text.substr(text.size() - kUuid) : std::string_view{};
  if (!is_uuid(service) || !is_uuid(secret) || text[text.size() - kUuid - 1] != '-')
    return fail(Errc::invalid_input, "not a key of GOV.UK Notify", "",
                "a key is its name, the service's id and the secret: name-UUID-UUID");
  return GovukNotifyKey{.service = std::string{service}, .secret = Secret{std::string{secret}}};
}

std::string govuk_notify_token(const GovukNotifyKey& key, Instant now) {
  const auto seconds = std::chrono::floor<Seconds>(now).time_since_epoch().count();
  const std::string signed_part = base64_url(R"({"alg":"HS256","typ":"JWT"})") + "." +
                                  base64_url(json{{"iss", key.service}, {"iat", seconds}}.dump());
  const Digest mac = hmac_sha256(key.secret.reveal(), signed_part);
  return signed_part + "." + base64_url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

std::string govuk_notify_body(const Alert& alert, const GovukNotifySettings& settings, Instant now,
                              const Wording& words) {
  const MailContent c = mail_content(alert, now, words);
  json body{{"template_id", settings.template_id},
            {"reference", header_token(alert.key)},
            {"personalisation", personalisation_of(alert, c)}};
  if (settings.phone.empty())
    body["email_address"] = settings.email;
  else
    body["phone_number"] = settings.phone;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

GovukNotifyNotifier::GovukNotifyNotifier(std::string name, GovukNotifySettings settings, Wording words)
    : HttpNotifier{{.name = std::move(name), .severities = settings.severities}},
      settings_{std::move(settings)},
      key_{key_or_none(settings_.api_key)},
      words_{std::move(words)} {}

HttpPostRequest GovukNotifyNotifier::request(const Alert& alert, Instant now) const {
  const Secret token{govuk_notify_token(key_, now)};
  return {.url = settings_.url + (settings_.phone.empty() ? "/v2/notifications/email" : "/v2/notifications/sms"),
          .body = govuk_notify_body(alert, settings_, now, words_),
          .headers = {"Content-Type: application/json", "Authorization: Bearer " + token.reveal()},
          .secrets = {settings_.api_key, key_.secret, token}};
}

Receipt GovukNotifyNotifier::judge(HttpAnswer answer) const {
  if (answer.status == kKeyRefused) answer.receipt.outcome = Outcome::rejected;
  return accepted_only_by(kNotifyTook, std::move(answer));
}

}  // namespace embargod

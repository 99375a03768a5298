#include "daemon/web/post_rules.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

constexpr int kDeepest = 4;
constexpr std::size_t kLongestName = 200;      // characters
constexpr std::size_t kLongestReason = 2'000;  // characters
constexpr std::size_t kLongestFingerprint = 200;

using PostJson = nlohmann::json;

bool is_loopback(const std::string& peer) {
  return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

std::string stripped(std::string s) {
  const auto first = s.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return s.substr(first, s.find_last_not_of(' ') - first + 1);
}

std::size_t characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// nlohmann takes 100,000 levels and of a member that stands twice the last.
Result<PostJson> read_object(const std::string& body) {
  std::string fault;
  std::set<std::string> names;
  const auto check = [&](int depth, PostJson::parse_event_t event, PostJson& parsed) {
    if (depth > kDeepest) fault = "nested too deeply";
    if (event == PostJson::parse_event_t::key && depth == 1 && !names.insert(parsed.get<std::string>()).second) {
      fault = "a member stands twice";
    }
    return fault.empty();
  };
  PostJson j = PostJson::parse(body, check, false);
  if (!fault.empty()) return fail(Errc::invalid_input, fault, "body");
  if (j.is_discarded()) return fail(Errc::invalid_input, "not JSON", "body");
  if (!j.is_object()) return fail(Errc::invalid_input, "not a JSON object", "body");
  return j;
}

Result<std::string> read_line(const PostJson& j, const std::string& name, std::size_t longest) {
  const auto found = j.find(name);
  if (found == j.end()) return std::string{};
  if (!found->is_string()) return fail(Errc::invalid_input, "must be a string", name);
  std::string text = stripped(found->get<std::string>());
  if (characters(text) > longest)
    return fail(Errc::invalid_input, "longer than " + std::to_string(longest) + " characters", name);
  if (const auto why = not_one_line(text))
    return fail(Errc::invalid_input, "must be one plain line, but holds " + *why, name);
  return text;
}

bool needs_reason(Command::What what) {
  switch (what) {
    case Command::What::acknowledge:
    case Command::What::close:
    case Command::What::approve_baseline:
      return false;
    case Command::What::dismiss:
    case Command::What::note:
    case Command::What::lift:
      return true;
  }
  return true;
}

}  // namespace

std::string origin_of(const std::string& url) {
  const auto parsed = parse_url(url);
  return parsed ? parsed->scheme + "://" + parsed->site() : std::string{};
}

std::optional<WebReply> refuse_sender(const WebRequest& q, const PostRules& rules) {
  if (!is_loopback(q.peer)) return problem(403, "commands are taken from this machine only");
  static constexpr std::array<const char*, 5> kForwarded{"forwarded", "via", "x-forwarded-for", "x-forwarded-host",
                                                         "x-real-ip"};
  const bool forwarded =
      std::any_of(kForwarded.begin(), kForwarded.end(), [&q](const char* n) { return q.headers.contains(n); });
  if (rules.behind_proxy || forwarded) {
    return problem(403, "commands are not taken through a proxy: who sends them cannot be told");
  }
  const std::string& origin = q.header("origin");
  if (!origin.empty() && origin != "http://" + q.header("host") && origin != rules.external_origin) {
    return problem(403, "sent by a page of another origin");
  }
  const std::string& site = q.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return problem(403, "sent by a page of another site");
  return std::nullopt;
}

std::optional<WebReply> refuse_content_type(const WebRequest& q) {
  std::string type = q.header("content-type");
  type = stripped(type.substr(0, type.find(';')));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (type == "application/json") return std::nullopt;
  return problem(415, "send Content-Type: application/json");
}

Result<Command> read_command(Command::What what, const std::string& id, const std::string& body) {
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  const bool is_baseline = what == Command::What::approve_baseline;
  static const std::vector<std::string> kMembers{"by", "reason"};
  static const std::vector<std::string> kBaselineMembers{"by", "reason", "fingerprint"};
  const auto& members = is_baseline ? kBaselineMembers : kMembers;
  for (const auto& [name, value] : j->items()) {
    if (std::find(members.begin(), members.end(), name) == members.end()) {
      return fail(Errc::invalid_input, in_quotes(name) + " is not a member here", "body", did_you_mean(name, members));
    }
  }
  auto by = read_line(*j, "by", kLongestName);
  if (!by) return tl::unexpected{by.error()};
  if (by->empty()) return fail(Errc::invalid_input, "is missing", "by", "say who decides this");
  auto reason = read_line(*j, "reason", kLongestReason);
  if (!reason) return tl::unexpected{reason.error()};
  if (reason->empty() && needs_reason(what)) return fail(Errc::invalid_input, "is missing", "reason", "say why");
  auto fingerprint = read_line(*j, "fingerprint", kLongestFingerprint);
  if (!fingerprint) return tl::unexpected{fingerprint.error()};
  if (fingerprint->empty() && is_baseline) {
    return fail(Errc::invalid_input, "is missing", "fingerprint", "give the one of the page that was looked at");
  }
  return Command{.what = what,
                 .id = id,
                 .by = std::move(*by),
                 .reason = std::move(*reason),
                 .fingerprint = std::move(*fingerprint)};
}

}  // namespace embargod

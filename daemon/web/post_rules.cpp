#include "daemon/web/post_rules.h"

#include <algorithm>
#include <array>
#include <map>
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

std::string stripped(const std::string& s) {
  const auto first = s.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return s.substr(first, s.find_last_not_of(' ') - first + 1);
}

std::size_t characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// nlohmann takes 100,000 levels and of a member that stands twice the last.
Result<PostJson> read_object(const std::string& body, int deepest = kDeepest) {
  std::string fault;
  std::set<std::string> names;
  const auto check = [&](int depth, PostJson::parse_event_t event, PostJson& parsed) {
    if (depth > deepest) fault = "nested too deeply";
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

Result<std::string> plain_line(std::string text, const std::string& name, std::size_t longest) {
  if (characters(text) > longest)
    return fail(Errc::invalid_input, "longer than " + std::to_string(longest) + " characters", name);
  if (const auto why = not_one_line(text))
    return fail(Errc::invalid_input, "must be one plain line, but holds " + *why, name);
  return text;
}

/// What a form's field says: "+" is a space, "%41" an A; what is no such code stays as it is.
std::string form_text(std::string_view coded) {
  const auto digit = [](char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto at = kHex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
  };
  std::string out;
  for (std::size_t i = 0; i < coded.size(); ++i) {
    const bool is_code =
        coded[i] == '%' && i + 2 < coded.size() && digit(coded[i + 1]) >= 0 && digit(coded[i + 2]) >= 0;
    if (!is_code) {
      out += coded[i] == '+' ? ' ' : coded[i];
      continue;
    }
    out += static_cast<char>(digit(coded[i + 1]) * 16 + digit(coded[i + 2]));
    i += 2;
  }
  return out;
}

std::string media_type(const WebRequest& q) {
  std::string type = q.header("content-type");
  type = stripped(type.substr(0, type.find(';')));
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type;
}

bool is_own_origin(const WebRequest& q, const PostRules& rules) {
  const std::string& origin = q.header("origin");
  return origin == "http://" + q.header("host") || origin == rules.external_origin;
}

std::optional<WebReply> refuse_other_site(const WebRequest& q) {
  const std::string& site = q.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return problem(403, "sent by a page of another site");
  return std::nullopt;
}

Result<std::string> read_line(const PostJson& j, const std::string& name, std::size_t longest) {
  const auto found = j.find(name);
  if (found == j.end()) return std::string{};
  if (!found->is_string()) return fail(Errc::invalid_input, "must be a string", name);
  return plain_line(stripped(found->get<std::string>()), name, longest);
}

Result<Choice> read_choice(const PostJson& j) {
  const auto word = read_line(j, "decision", kLongestName);
  if (!word) return tl::unexpected{word.error()};
  if (const auto choice = choice_from(*word)) return *choice;
  return fail(Errc::invalid_input, word->empty() ? "is missing" : in_quotes(*word) + " is not known", "decision",
              "say take_down or let_stand");
}

std::optional<Fault> odd_member(const PostJson& j, const std::vector<std::string>& known) {
  for (const auto& [name, value] : j.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return Fault{Errc::invalid_input, "body", in_quotes(name) + " is not a member here", did_you_mean(name, known)};
  return std::nullopt;
}

bool needs_reason(Command::What what) {
  switch (what) {
    case Command::What::acknowledge:
    case Command::What::close:
    case Command::What::approve_baseline:
    case Command::What::alert_tested:
    case Command::What::drilled:
    case Command::What::count_impact:
    case Command::What::write_report:
    case Command::What::mark_report:
      return false;
    case Command::What::dismiss:
    case Command::What::note:
    case Command::What::lift:
    case Command::What::plan_rehearsal:
    case Command::What::cancel_rehearsal:
    case Command::What::decide:
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
  if (!origin.empty() && !is_own_origin(q, rules)) return problem(403, "sent by a page of another origin");
  return refuse_other_site(q);
}

std::optional<WebReply> refuse_foreign_form(const WebRequest& q, const PostRules& rules) {
  // Our pages say no-referrer, and for those a browser sends the origin of its own site's form as "null".
  const std::string& origin = q.header("origin");
  if (!origin.empty() && origin != "null" && !is_own_origin(q, rules))
    return problem(403, "sent by a page of another origin");
  if (auto refused = refuse_other_site(q)) return refused;
  if (media_type(q) == "application/x-www-form-urlencoded") return std::nullopt;
  return problem(415, "send the form of this page");
}

Result<void> read_ack_form(const std::string& body, AckForm& into) {
  std::map<std::string, std::string> fields;
  std::size_t begin = 0;
  while (begin <= body.size()) {
    const std::size_t end = std::min(body.find('&', begin), body.size());
    const std::string pair = body.substr(begin, end - begin);
    if (const std::size_t is = pair.find('='); is != std::string::npos)
      fields[pair.substr(0, is)] = form_text(pair.substr(is + 1));
    begin = end + 1;
  }
  const auto take = [&](const char* field, std::size_t longest, std::string& value) -> Result<void> {
    auto text = plain_line(stripped(fields[field]), field, longest);
    if (!text) return tl::unexpected{text.error()};
    value = std::move(*text);
    return {};
  };
  if (auto r = take("name", kLongestName, into.name); !r) return r;
  if (auto r = take("note", kLongestReason, into.note); !r) return r;
  if (auto r = take("reason", kLongestReason, into.reason); !r) return r;
  const std::string& decision = fields["decision"];
  if (decision.empty()) return {};
  into.decision = choice_from(decision);
  if (!into.decision) return fail(Errc::invalid_input, "is not known", "decision", "choose one of the page's");
  if (into.name.empty()) return fail(Errc::invalid_input, "is missing", "name", "a decision needs to be somebody's");
  if (into.reason.empty()) return fail(Errc::invalid_input, "is missing", "reason", "say why it is decided so");
  return {};
}

std::optional<WebReply> refuse_content_type(const WebRequest& q) {
  if (media_type(q) == "application/json") return std::nullopt;
  return problem(415, "send Content-Type: application/json");
}

Result<Command> read_command(Command::What what, const std::string& id, const std::string& body) {
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  const bool is_baseline = what == Command::What::approve_baseline;
  static const std::vector<std::string> kMembers{"by", "reason"};
  static const std::vector<std::string> kBaselineMembers{"by", "reason", "fingerprint"};
  static const std::vector<std::string> kTestMembers{"by", "receiver"};
  const bool is_test = what == Command::What::alert_tested;
  static const std::vector<std::string> kDecideMembers{"by", "decision", "reason"};
  const bool is_decision = what == Command::What::decide;
  const auto& members = is_test       ? kTestMembers
                        : is_baseline ? kBaselineMembers
                        : is_decision ? kDecideMembers
                                      : kMembers;
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
  auto receiver = read_line(*j, "receiver", kLongestName);
  if (!receiver) return tl::unexpected{receiver.error()};
  if (receiver->empty() && is_test) return fail(Errc::invalid_input, "is missing", "receiver", "name one");
  Choice choice = Choice::take_down;
  if (is_decision) {
    const auto chosen = read_choice(*j);
    if (!chosen) return tl::unexpected{chosen.error()};
    choice = *chosen;
  }
  return Command{.what = what,
                 .id = is_test ? *receiver : id,
                 .by = std::move(*by),
                 .reason = std::move(*reason),
                 .fingerprint = std::move(*fingerprint),
                 .choice = choice};
}

Result<RehearsalOrder> read_rehearsal_order(const std::string& body) {
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  static const std::vector<std::string> kRehearsalMembers{"release", "from", "until", "for", "by", "reason"};
  std::map<std::string, std::string> lines;
  for (const auto& [name, value] : j->items()) {
    if (std::find(kRehearsalMembers.begin(), kRehearsalMembers.end(), name) == kRehearsalMembers.end())
      return fail(Errc::invalid_input, in_quotes(name) + " is not a member here", "body",
                  did_you_mean(name, kRehearsalMembers));
    auto line = read_line(*j, name, kLongestName);
    if (!line) return tl::unexpected{line.error()};
    lines[name] = std::move(*line);
  }
  if (lines["release"].empty()) return fail(Errc::invalid_input, "is missing", "release", "say which goes live");
  if (lines["by"].empty()) return fail(Errc::invalid_input, "is missing", "by", "say who plans it");
  if (lines["reason"].empty()) return fail(Errc::invalid_input, "is missing", "reason", "say why");
  if (lines["until"].empty() == lines["for"].empty())
    return fail(Errc::invalid_input, "is needed, or else \"for\": one of the two", "until", "say when it ends");
  RehearsalOrder out{.release = lines["release"],
                     .by = lines["by"],
                     .reason = lines["reason"],
                     .from = lines["from"],
                     .until = lines["until"],
                     .lasts = {}};
  if (lines["for"].empty()) return out;
  const auto lasts = parse_duration(lines["for"]);
  if (!lasts || *lasts <= Millis{0})
    return fail(Errc::invalid_input, in_quotes(lines["for"]) + " is no duration", "for", "write 45m or 2h");
  out.lasts = *lasts;
  return out;
}

Result<ImpactOrder> read_impact_order(const std::string& body) {
  constexpr int kDeepestImpact = 12;
  const auto j = read_object(body, kDeepestImpact);
  if (!j) return tl::unexpected{j.error()};
  if (auto odd = odd_member(*j, {"by", "impact"})) return tl::unexpected{std::move(*odd)};
  ImpactOrder order;
  auto by = read_line(*j, "by", kLongestName);
  if (!by) return tl::unexpected{by.error()};
  if (by->empty()) return fail(Errc::invalid_input, "is missing", "by", "say who counted");
  order.by = std::move(*by);
  const auto found = j->find("impact");
  if (found == j->end()) return fail(Errc::invalid_input, "is missing", "impact");
  auto impact = parse_impact(found->dump(-1, ' ', false, PostJson::error_handler_t::replace));
  if (!impact) return tl::unexpected{impact.error()};
  order.impact = std::move(*impact);
  return order;
}

Result<ReportEntry> read_report_entry(const std::string& body) {
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  if (auto odd = odd_member(*j, {"by", "field", "text"})) return tl::unexpected{std::move(*odd)};
  ReportEntry e;
  for (const auto& [name, to] : {std::pair{"by", &e.by}, std::pair{"field", &e.field}}) {
    auto text = read_line(*j, name, kLongestName);
    if (!text) return tl::unexpected{text.error()};
    *to = std::move(*text);
  }
  const auto text = j->find("text");
  if (text == j->end() || !text->is_string())
    return fail(Errc::invalid_input, "must be a string", "text", "give \"\" to take back what was written");
  e.text = text->get<std::string>();
  if (auto checked = check_entry(e); !checked) return tl::unexpected{checked.error()};
  return e;
}

Result<MarkOrder> read_mark_order(const std::string& body) {
  constexpr std::size_t kMostIncidents = 50;
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  if (auto odd = odd_member(*j, {"incidents", "form", "version", "kind", "by", "role"}))
    return tl::unexpected{std::move(*odd)};
  MarkOrder order;
  const auto ids = j->find("incidents");
  const bool is_list = ids != j->end() && ids->is_array() && !ids->empty() && ids->size() <= kMostIncidents &&
                       std::all_of(ids->begin(), ids->end(), [](const PostJson& id) { return id.is_string(); });
  if (!is_list) return fail(Errc::invalid_input, "must be a list of 1 to 50 incident ids", "incidents");
  order.incidents = ids->get<std::vector<std::string>>();
  std::string kind;
  for (const auto& [name, to] :
       {std::pair{"form", &order.form}, std::pair{"version", &order.mark.version}, std::pair{"kind", &kind},
        std::pair{"by", &order.mark.by}, std::pair{"role", &order.mark.role}}) {
    auto text = read_line(*j, name, kLongestName);
    if (!text) return tl::unexpected{text.error()};
    if (!text->empty()) *to = std::move(*text);
  }
  if (order.mark.by.empty()) return fail(Errc::invalid_input, "is missing", "by", "say who approves it");
  if (order.mark.version.empty())
    return fail(Errc::invalid_input, "is missing", "version", "give the one that stands on the report that was read");
  const auto known = mark_kind_from(kind);
  if (!known) return fail(Errc::invalid_input, "must be approved or final", "kind");
  order.mark.kind = *known;
  return order;
}

Result<DrillOrder> read_drill_order(const std::string& body) {
  constexpr std::size_t kMostReceivers = 100;
  const auto j = read_object(body);
  if (!j) return tl::unexpected{j.error()};
  if (auto odd = odd_member(*j, {"by", "receivers", "ack_within_seconds"})) return tl::unexpected{std::move(*odd)};
  DrillOrder order;
  auto by = read_line(*j, "by", kLongestName);
  if (!by) return tl::unexpected{by.error()};
  if (by->empty()) return fail(Errc::invalid_input, "is missing", "by", "say who asks for it");
  order.by = std::move(*by);
  if (const auto found = j->find("receivers"); found != j->end()) {
    const bool is_list = found->is_array() && found->size() <= kMostReceivers &&
                         std::all_of(found->begin(), found->end(), [](const PostJson& r) { return r.is_string(); });
    if (!is_list) return fail(Errc::invalid_input, "must be a list of names", "receivers");
    order.receivers = found->get<std::vector<std::string>>();
  }
  if (const auto found = j->find("ack_within_seconds"); found != j->end()) {
    const double longest = static_cast<double>(kLongestDrill.count()) / 1000.0;
    const double seconds = found->is_number() ? found->get<double>() : -1.0;
    if (!(seconds >= 0.0 && seconds <= longest))
      return fail(Errc::invalid_input, "must be a number of seconds from 0 to 3600", "ack_within_seconds");
    order.ack_within = Millis{static_cast<std::int64_t>(seconds * 1000.0)};
  }
  return order;
}

}  // namespace embargod

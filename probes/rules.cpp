#include "probes/rules.h"

#include <algorithm>
#include <cstring>

#include "probes/answer.h"
#include "probes/html.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestPattern = 1000;
constexpr std::int64_t kRegexMemory = 8 << 20;

bool contains(const std::string& body, const std::string& text) {
  return text.empty() || memmem(body.data(), body.size(), text.data(), text.size()) != nullptr;
}

Held held(bool yes) { return yes ? Held::yes : Held::no; }

std::string lower_host(std::string link) {
  const auto end = link.begin() + static_cast<std::ptrdiff_t>(std::min(link.find('/'), link.size()));
  std::transform(link.begin(), end, link.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return link;
}

Result<std::unique_ptr<RE2>> compile_regex(const Condition& c) {
  const std::string where = to_string(c.mark);
  if (c.regex->size() > kLongestPattern)
    return fail(Errc::invalid_input, "the regular expression is longer than 1000 bytes", where, "shorten it");
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // pages come in any charset: match bytes
  options.set_max_mem(kRegexMemory);
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto re = std::make_unique<RE2>(*c.regex, options);
  if (!re->ok())
    return fail(Errc::invalid_input, "the regular expression does not compile: " + re->error(), where,
                "RE2 syntax has no look-around and no back-references");
  return re;
}

}  // namespace

const std::vector<std::string>* Evidence::links() {
  read();
  return readable_ ? &links_ : nullptr;
}

const std::string& Evidence::site() {
  read();
  return site_;
}

void Evidence::read() {
  if (read_) return;
  read_ = true;
  const auto page = parse_url(seen.final_url.empty() ? seen.url : seen.final_url);
  if (page) site_ = page->site();
  if (!looks_like_html(seen.content_type, seen.body)) {
    readable_ = true;
    return;
  }
  if (!page) return;
  const auto links = links_of(seen.body, *page);
  if (!links) return;
  readable_ = true;
  for (const Url& url : *links) links_.push_back(url.site() + url.path_query);
}

Result<Matcher> Matcher::make(const Condition& c) {
  Matcher m;
  m.condition_ = c;
  if (c.link) m.condition_.link = c.link->starts_with('/') ? *c.link : lower_host(*c.link);
  if (c.regex) {
    auto re = compile_regex(c);
    if (!re) return tl::unexpected<Fault>{re.error()};
    m.regex_ = std::move(*re);
  }
  if (c.status.empty() && !c.header && !c.text && !c.regex && !c.link)
    return fail(Errc::invalid_input, "the condition is empty", to_string(c.mark),
                "give it one of status, header, text, regex or link");
  return m;
}

Held Matcher::test_link(Evidence& e) const {
  const auto* links = e.links();
  if (links == nullptr) return Held::unreadable;
  const std::string& start = *condition_.link;
  const std::string wanted = start.starts_with('/') ? e.site() + start : start;
  return held(std::any_of(links->begin(), links->end(), [&](const std::string& l) { return l.starts_with(wanted); }));
}

Held Matcher::test(Evidence& e) const {
  const Observation& o = e.seen;
  if (!condition_.status.empty())
    return held(std::find(condition_.status.begin(), condition_.status.end(), o.status) != condition_.status.end());
  if (condition_.header)
    return held(std::any_of(o.headers.begin(), o.headers.end(), [this](const auto& h) {
      return same_word(h.first, condition_.header->name) && contains_word(h.second, condition_.header->contains);
    }));
  if (condition_.text) return held(contains(o.body, *condition_.text));
  if (regex_) return held(RE2::PartialMatch(re2::StringPiece{o.body.data(), o.body.size()}, *regex_));
  return test_link(e);
}

const char* Matcher::kind() const {
  if (!condition_.status.empty()) return "status";
  if (condition_.header) return "header";
  if (condition_.text) return "text";
  return regex_ ? "regex" : "link";
}

std::string Matcher::why(Held result, const Observation& o) const {
  if (result == Held::unreadable) return "the page could not be parsed";
  const bool yes = result == Held::yes;
  if (!condition_.status.empty()) return "the status is " + std::to_string(o.status);
  if (condition_.header)
    return "header " + condition_.header->name + (yes ? " contains it" : " is absent or does not contain it");
  if (condition_.text) return yes ? "the body contains the text" : "the body does not contain the text";
  if (regex_) return yes ? "the body matches" : "the body does not match";
  return yes ? "the page has such a link" : "the page has no such link";
}

Held CompiledRule::test(Evidence& e, std::string* why) const {
  Held result = Held::yes;
  for (const Matcher& m : all) {
    const Held one = m.test(e);
    if (why != nullptr) *why += (why->empty() ? "" : "; ") + m.why(one, e.seen);
    if (one == Held::no) return Held::no;
    if (one == Held::unreadable) result = Held::unreadable;
  }
  return result;
}

std::vector<CompiledRule> compile_rules(const std::string& group, const std::vector<Rule>& rules, Faults& faults) {
  std::vector<CompiledRule> compiled;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    CompiledRule rule;
    rule.name = group + "[" + std::to_string(i) + "]: ";
    if (rules[i].all.empty())
      faults.push_back({Errc::invalid_input, to_string(rules[i].mark), "the rule has no condition", "remove it"});
    for (const Condition& c : rules[i].all) {
      auto m = Matcher::make(c);
      if (!m) {
        faults.push_back(m.error());
        continue;
      }
      rule.name += (rule.all.empty() ? "" : " and ") + std::string{m->kind()};
      rule.all.push_back(std::move(*m));
    }
    compiled.push_back(std::move(rule));
  }
  return compiled;
}

}  // namespace embargod

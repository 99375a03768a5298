#include "alerts/own_words.h"

#include <kainjow/mustache.hpp>

#include <string_view>

#include "alerts/brief_text.h"
#include "alerts/plain_text.h"

namespace embargod {
namespace {

using Data = kainjow::mustache::data;

constexpr std::size_t kLongestSubject = 160;  // characters
constexpr std::size_t kLongestBody = std::size_t{200} << 10U;
constexpr std::size_t kLongestWord = 300;

// False shows nothing and closes its section, which an empty text would open.
void put(Data& d, const std::string& name, const std::string& text) {
  d.set(name, text.empty() ? Data{false} : Data{text});
}

Data lines_data(const std::vector<std::string>& lines) {
  Data list{Data::type::list};
  for (const std::string& line : lines) list << Data{line};
  return list;
}

Data facts_data(const MailContent& c) {
  Data list{Data::type::list};
  for (const auto& [label, value] : c.facts) {
    Data fact{Data::type::object};
    fact.set("label", label);
    fact.set("value", value);
    list << fact;
  }
  return list;
}

std::string fact(const MailContent& c, std::initializer_list<std::string_view> labels) {
  for (const auto& [label, value] : c.facts)
    for (const std::string_view wanted : labels)
      if (label == wanted) return value;
  return {};
}

std::string number(std::size_t n) { return n == 0 ? std::string{} : std::to_string(n); }

void put_identity(Data& d, const Alert& a) {
  const auto label = [&](const char* name) {
    const auto it = a.labels.find(name);
    put(d, name, it == a.labels.end() ? std::string{} : clean_line(it->second, kLongestWord));
  };
  label("release");
  label("site");
  put(d, "alertname", clean_line(a.name, kLongestWord));
  put(d, "severity", to_string(a.severity));
  put(d, "incident", clean_line(a.incident, kLongestWord));
}

void put_facts(Data& d, const MailContent& c) {
  put(d, "due", fact(c, {"Due"}));
  put(d, "how_early", fact(c, {"How early", "How late"}));
  put(d, "seen_since", fact(c, {"Seen since"}));
  put(d, "gone_since", fact(c, {"Gone since"}));
  put(d, "how_sure", fact(c, {"How sure"}));
  put(d, "affected", fact(c, {"Affected"}));
  put(d, "rehearsal", fact(c, {"Rehearsal"}));
  put(d, "taken_by", fact(c, {"Taken by"}));
  put(d, "decided", fact(c, {"Decided"}));
  d.set("facts", facts_data(c));
}

/// Everything that template_variables() lists.
Data variables(const MailContent& c, const Alert& a) {
  Data d{Data::type::object};
  put(d, "subject", c.subject);
  put(d, "badge", c.badge);
  put(d, "summary", c.summary);
  put(d, "description", c.description);
  put_facts(d, c);
  put(d, "what_to_do", c.what_to_do);
  d.set("urls", lines_data(c.urls));
  put(d, "more_urls", number(c.more_urls));
  put(d, "not_seen", c.not_seen);
  d.set("listed", lines_data(c.listed));
  put(d, "more_listed", number(c.more_listed));
  put(d, "link", web_link(c.link));
  put(d, "runbook", web_link(c.runbook));
  put(d, "acknowledge_link", c.over ? std::string{} : web_link(c.acknowledge_link));
  put(d, "acknowledge", c.over ? std::string{} : c.acknowledge);
  d.set("small_print", lines_data(c.small_print));
  put_identity(d, a);
  d.set("page", Data{c.page});
  d.set("over", Data{c.over});
  return d;
}

/// "" where our own words are better than what came out.
std::string filled(const std::string& text, const Data& data, TemplateUse use) {
  kainjow::mustache::mustache page{text};
  if (use == TemplateUse::text) page.set_custom_escape([](const std::string& value) { return value; });
  std::string out = page.render(data);
  const bool says_nothing = out.find_first_not_of(" \t\r\n") == std::string::npos;
  return page.is_valid() && !says_nothing && out.size() <= kLongestBody ? out : std::string{};
}

bool is_word_part(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// As a word of its own: the TEST in "LATEST" is no mark.
bool shows(std::string_view text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const bool begins = at == 0 || !is_word_part(text[at - 1]);
    const std::size_t end = at + mark.size();
    if (begins && (end == text.size() || !is_word_part(text[end]))) return true;
  }
  return false;
}

std::string marked(std::string text, const std::string& mark, std::string_view end) {
  if (mark.empty() || text.empty() || shows(text, mark)) return text;
  return "[" + mark + "]" + std::string{end} + text;
}

/// The mark as the first line of what is shown.
std::string marked_html(std::string html, const MailContent& c) {
  if (c.mark.empty() || html.empty()) return html;
  const std::string mark = kainjow::mustache::html_escape<std::string>(c.mark);
  if (shows(html, mark)) return html;
  const std::size_t body = html.find("<body");
  const std::size_t end = body == std::string::npos ? std::string::npos : html.find('>', body);
  html.insert(end == std::string::npos ? 0 : end + 1, "<p><strong>[" + mark + "]</strong></p>\n");
  return html;
}

}  // namespace

void say_in_own_words(MailContent& c, const Alert& alert, const MessageTemplates& templates) {
  if (templates == MessageTemplates{}) return;
  if (!templates.subject.empty()) {
    const std::string own = filled(templates.subject, variables(c, alert), TemplateUse::text);
    if (!own.empty()) c.subject = clean_line(marked(own, c.mark, " "), kLongestSubject);
  }
  const Data data = variables(c, alert);
  if (!templates.text.empty()) c.own_text = marked(filled(templates.text, data, TemplateUse::text), c.mark, "\n\n");
  if (!templates.html.empty()) c.own_html = marked_html(filled(templates.html, data, TemplateUse::html), c);
  if (!templates.brief.empty()) c.own_brief = marked(filled(templates.brief, data, TemplateUse::text), c.mark, "\n");
  while (c.own_brief.ends_with('\n')) c.own_brief.pop_back();
}

}  // namespace embargod

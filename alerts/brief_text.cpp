#include "alerts/brief_text.h"

#include <algorithm>
#include <cstdint>

#include "alerts/plain_text.h"

namespace embargod {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kMostBriefUrls = 3;
constexpr std::size_t kLongestBriefUrl = 500;
constexpr std::size_t kLongestDescription = 600;
constexpr std::size_t kMostBriefListed = 12;

std::string brief_urls(const MailContent& c) {
  std::string out;
  std::size_t shown = 0;
  for (const std::string& url : c.urls) {
    if (shown == kMostBriefUrls) break;
    out += cut_to_bytes(url, kLongestBriefUrl) + "\n";
    ++shown;
  }
  const std::size_t more = c.urls.size() - shown + c.more_urls;
  if (more > 0) out += "and " + std::to_string(more) + " more\n";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string brief_listed(const MailContent& c) {
  std::string out;
  for (std::size_t i = 0; i < c.listed.size() && i < kMostBriefListed; ++i) out += "- " + c.listed[i] + "\n";
  const std::size_t all = c.listed.size() + c.more_listed;
  if (all > kMostBriefListed) out += "and " + std::to_string(all - kMostBriefListed) + " more: see the link\n";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string brief_facts(const MailContent& c) {
  std::string out;
  for (const auto& [label, value] : c.facts) {
    if (!out.empty()) out += "\n";
    out.append(label).append(": ").append(value);
  }
  return out;
}

void add_our_words(const MailContent& c, const auto& add) {
  add("", brief_facts(c));
  add(c.over ? "WHAT REMAINS TO DO" : "DO NOW", c.what_to_do);
  add(capitals(c.urls_title), brief_urls(c));
  if (!c.listed.empty()) add("INCIDENTS", web_link(c.link));  // before the list, which may be cut
  if (!c.over && !web_link(c.acknowledge_link).empty())
    add("ACKNOWLEDGE, ALSO FROM A PHONE", web_link(c.acknowledge_link));
  if (!c.over) add("ACKNOWLEDGE", c.acknowledge);
  add("ALL OF THEM", brief_listed(c));
  add("", cut_to_bytes(c.description, kLongestDescription));
  if (c.listed.empty()) add("INCIDENT", web_link(c.link));
  add("RUNBOOK", web_link(c.runbook));
}

std::size_t size_of(const BriefSection& s) { return s.title.size() + s.body.size() + 4; }  // ":\n", "\n", "\n"

}  // namespace

std::string cut_to_bytes(std::string text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  if (max_bytes < kEllipsis.size()) return {};
  std::size_t end = max_bytes - kEllipsis.size();
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return text.append(kEllipsis);
}

std::string web_link(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://") ? url : std::string{};
}

std::string headline(const MailContent& c) {
  constexpr std::string_view kSender = "[embargod] ";  // for a mailbox; every channel names the sender itself
  return c.subject.starts_with(kSender) ? c.subject.substr(kSender.size()) : c.subject;
}

std::vector<BriefSection> brief_sections(const MailContent& c, std::size_t max_bytes) {
  std::vector<BriefSection> all;
  const auto add = [&all](std::string title, std::string body) {
    if (!body.empty()) all.push_back({std::move(title), std::move(body)});
  };
  add("", headline(c));
  if (c.own_brief.empty()) {
    add_our_words(c, add);
  } else {
    add("", c.own_brief);
  }
  const BriefSection rest{"", std::string{kEllipsis}};
  std::size_t left = max_bytes > size_of(rest) ? max_bytes - size_of(rest) : 0;
  std::vector<BriefSection> out;
  for (BriefSection& s : all) {
    const std::size_t frame = size_of({s.title, ""});
    if (frame + s.body.size() > left) {
      s.body = left > frame ? cut_to_bytes(std::move(s.body), left - frame) : std::string{};
      out.push_back(s.body.empty() ? rest : s);
      break;
    }
    left -= frame + s.body.size();
    out.push_back(std::move(s));
  }
  return out;
}

std::string brief_text(const MailContent& c, std::size_t max_bytes) {
  std::string out;
  for (const BriefSection& s : brief_sections(c, max_bytes)) {
    if (!out.empty()) out += "\n";
    if (!s.title.empty()) out += s.title + ":\n";
    out += s.body + "\n";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace embargod

#include "alerts/mail_text.h"

#include <algorithm>
#include <string_view>

#include "alerts/own_words.h"
#include "alerts/plain_text.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::size_t kSubjectChars = 160;
constexpr std::size_t kLineChars = 300;
constexpr std::size_t kBlockChars = 3'000;
constexpr std::size_t kUrlChars = 2'000;
constexpr std::size_t kMaxUrls = 10;
constexpr std::size_t kMaxListed = 100;
constexpr std::size_t kListedChars = 700;
constexpr std::size_t kTextWidth = 76;

// "EmbargoBlindNearDue" -> "BLIND NEAR DUE".
std::string short_name(std::string_view alertname) {
  for (const std::string_view prefix : {"Embargod", "Embargo"})
    if (alertname.starts_with(prefix)) {
      alertname.remove_prefix(prefix.size());
      break;
    }
  std::string words;
  for (const char c : alertname) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !words.empty()) words += ' ';
    words += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return words.empty() ? "ALERT" : words;
}

std::string badge_of(const Alert& a) {
  std::string name = clean_line(short_name(a.name), 40);
  if (a.status == AlertStatus::resolved) return "ENDED, was " + name;
  if (a.notice == Notice::reopened) return name + ", AGAIN";
  return name;
}

bool starts_with_word(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
    return upper(a) == upper(b);
  });
}

std::vector<std::string> lines_of(std::string_view block) {
  std::vector<std::string> lines;
  while (!block.empty()) {
    const std::size_t end = std::min(block.find('\n'), block.size());
    if (end > 0) lines.emplace_back(block.substr(0, end));
    block.remove_prefix(std::min(end + 1, block.size()));
  }
  return lines;
}

// Breaks at spaces; a word longer than a line (a URL) stays whole.
std::string wrapped(std::string_view block, std::string_view indent) {
  std::string out;
  std::size_t column = 0;
  const auto new_line = [&] {
    out += '\n';
    column = 0;
  };
  for (const std::string& line : lines_of(block)) {
    if (column > 0) new_line();
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (word.empty()) continue;
      if (column > indent.size() && column + 1 + word.size() > kTextWidth) new_line();
      const std::string_view gap = column == 0 ? indent : std::string_view{" "};
      out.append(gap).append(word);
      column += gap.size() + word.size();
    }
  }
  if (column > 0) out += '\n';
  return out;
}

// "1. This. 2. That." as one line each: numbered steps are read one at a time.
std::string numbered_lines(std::string text) {
  if (!text.starts_with("1. ")) return text;
  for (int n = 2; n < 20; ++n) {
    const std::size_t at = text.find(" " + std::to_string(n) + ". ");
    if (at == std::string::npos) break;
    text[at] = '\n';
  }
  return text;
}

/// Of a gap the URLs are those that should be there.
const char* urls_title_of(const Alert& a) {
  const bool over = a.status == AlertStatus::resolved;
  if (a.name == "EmbargoGap") return over ? "Was away" : "Seen live before, away now";
  return over ? "Was live" : "Seen live";
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : ", ") + line;
  return out;
}

// "09:30 BST (2018-04-25T08:30:00.000Z)" -> "09:30 BST": the exact instants stand in the small print.
std::string without_exact_instants(std::string text) {
  constexpr std::size_t kSize = std::string_view{" (2018-04-25T08:30:00.000Z)"}.size();
  for (std::size_t at = text.find(" ("); at != std::string::npos; at = text.find(" (", at)) {
    const std::string_view found = std::string_view{text}.substr(at, kSize);
    if (found.size() == kSize && found.ends_with("Z)") && found[12] == 'T') {
      text.erase(at, kSize);
    } else {
      ++at;
    }
  }
  return text;
}

void add_facts(MailContent& c, const Alert& a) {
  const auto fact = [&](const char* label, const char* key) {
    const auto it = a.annotations.find(key);
    if (it == a.annotations.end()) return;
    const std::string said = clean_line(it->second, kLineChars);
    // What the first look was like is for whoever doubts it, not for whoever must act.
    const std::size_t particulars = said.find("; first: ");
    const std::string value = without_exact_instants(said.substr(0, particulars));
    if (value.empty()) return;
    c.facts.emplace_back(label, value);
    if (particulars != std::string::npos) c.small_print.push_back("First look: " + said.substr(particulars + 9) + ".");
    if (value.size() < std::min(particulars, said.size())) c.small_print.push_back(std::string{label} + ": " + said);
  };
  fact("Due", "due");
  const auto lead = a.annotations.find("how_early");
  fact(lead != a.annotations.end() && lead->second.ends_with(" late") ? "How late" : "How early", "how_early");
  fact("Seen since", "seen_since");
  fact("Gone since", "gone_since");
  fact("How sure", "how_sure");
  fact("Affected", "affected");
  fact("Rehearsal", "rehearsal");
  fact("Taken by", "acknowledged");
  fact("Decided", "decision");
  if (!c.facts.empty()) return;
  for (const char* scope : {"release", "site"})
    if (const auto it = a.labels.find(scope); it != a.labels.end())
      c.facts.emplace_back(scope == std::string_view{"site"} ? "Site" : "Release", clean_line(it->second, kLineChars));
}

void add_small_print(MailContent& c, const Alert& a, Instant now, const std::string& zone) {
  const auto note = [&](const std::string& text) {
    if (!text.empty()) c.small_print.push_back(text);
  };
  const auto annotation = [&](const char* key) {
    const auto it = a.annotations.find(key);
    return it == a.annotations.end() ? std::string{} : clean_line(it->second, kLineChars);
  };
  const std::string durable = annotation("durable");
  note(!durable.empty() || a.durable ? durable : "Told from memory: not yet written to disk.");
  const std::string clock = annotation("clock");
  constexpr std::string_view kClock = "clock ";
  note(clock.empty() ? clock : "Clock " + (starts_with_word(clock, "CLOCK ") ? clock.substr(kClock.size()) : clock));
  note("Sent " + local_words(now, zone) + " by embargod. Step " + clean_line(a.key, 100) + ", " +
       clean_line(a.name, 60) + ", " + to_string(a.severity) + ".");
}

}  // namespace

MailContent mail_content(const Alert& alert, Instant now, const Wording& words) {
  const auto annotation = [&](const char* key) -> std::string_view {
    const auto it = alert.annotations.find(key);
    return it == alert.annotations.end() ? std::string_view{} : std::string_view{it->second};
  };
  MailContent c;
  c.page = alert.severity == Severity::page;
  c.over = alert.status == AlertStatus::resolved;
  c.badge = badge_of(alert);
  c.summary = clean_line(annotation("summary"), kLineChars);
  constexpr std::string_view kOver = "Over: ";  // the badge says so
  if (c.over && c.summary.starts_with(kOver)) c.summary.erase(0, kOver.size());
  if (c.summary.empty()) c.summary = clean_line(alert.name, 60);
  const bool said =
      starts_with_word(c.summary, short_name(alert.name) + ":") && !c.over && alert.notice != Notice::reopened;
  c.subject = clean_line("[embargod] " + (said ? "" : c.badge + ": ") + c.summary, kSubjectChars);
  // What is marked "[DRILL] ..." or "[TEST] ..." keeps its mark in the subject; elsewhere the mark is the badge.
  if (const auto end = c.summary.find("] "); c.summary.starts_with('[') && end != std::string::npos) {
    c.subject = clean_line("[embargod] " + c.summary, kSubjectChars);
    c.badge = c.summary.substr(1, end - 1);
    c.mark = c.badge;
    c.summary.erase(0, end + 2);
  }
  c.description = without_exact_instants(clean_block(annotation("description"), kBlockChars));
  add_facts(c, alert);
  c.what_to_do = numbered_lines(clean_block(annotation("what_to_do"), kBlockChars));
  const std::vector<std::string> urls = lines_of(clean_block(annotation("urls"), kMaxUrls * kUrlChars));
  for (const std::string& url : urls) {
    if (c.urls.size() == kMaxUrls) break;
    c.urls.push_back(clean_line(url, kUrlChars));
  }
  c.more_urls = urls.size() - c.urls.size();
  c.urls_title = urls_title_of(alert);
  c.not_seen = clean_line(joined(lines_of(clean_block(annotation("not_seen"), kBlockChars))), kBlockChars);
  const std::vector<std::string> listed = lines_of(clean_block(annotation("listed"), kMaxListed * kListedChars));
  for (const std::string& line : listed)
    if (c.listed.size() < kMaxListed) c.listed.push_back(clean_line(line, kListedChars));
  c.more_listed = listed.size() - c.listed.size();
  c.link = clean_line(annotation("link"), kUrlChars);
  c.runbook = clean_line(annotation("runbook_url"), kUrlChars);
  c.acknowledge_link = clean_line(annotation("acknowledge_link"), kUrlChars);
  c.acknowledge = clean_line(annotation("acknowledge"), kLineChars);
  add_small_print(c, alert, now, words.zone);
  say_in_own_words(c, alert, words.templates);
  return c;
}

std::string mail_text(const MailContent& c) {
  if (!c.own_text.empty()) return c.own_text;
  std::string out = wrapped(c.badge + ": " + c.summary, "");
  if (!c.description.empty()) out += "\n" + wrapped(c.description, "");
  if (!c.facts.empty()) out += "\n";
  for (const auto& [label, value] : c.facts) {
    constexpr std::size_t kLabelWidth = 13;
    const std::string indent(kLabelWidth, ' ');
    std::string body = wrapped(value, indent);
    body.replace(0, std::min(label.size(), kLabelWidth - 1), label, 0, kLabelWidth - 1);
    out += body;
  }
  const auto section = [&out](const std::string& title, const std::string& body) {
    if (!body.empty()) out += "\n" + title + "\n" + wrapped(body, "  ");
  };
  section(c.over ? "WHAT REMAINS TO DO" : "WHAT TO DO NOW", c.what_to_do);
  std::string urls;
  for (const std::string& url : c.urls) urls += url + "\n";
  if (c.more_urls > 0) urls += "and " + std::to_string(c.more_urls) + " more\n";
  section(capitals(c.urls_title), urls);
  section("NOT SEEN LIVE", c.not_seen);
  std::string each;
  for (const std::string& line : c.listed) each += "\n" + wrapped("- " + line, "  ");
  if (!each.empty()) out += "\nALL OF THEM\n" + each.substr(1);
  if (c.more_listed > 0) out += "  and " + std::to_string(c.more_listed) + " more: see the link\n";
  section(c.listed.empty() ? "THE INCIDENT" : "THE INCIDENTS", c.link);
  if (!c.over && !c.acknowledge_link.empty())
    out += "\nTO ACKNOWLEDGE, ALSO FROM A PHONE\n  " + c.acknowledge_link + "\n";
  if (!c.over && !c.acknowledge.empty()) out += "\nTO ACKNOWLEDGE\n  " + c.acknowledge + "\n";
  section("RUNBOOK", c.runbook);
  out += "\n-- \n";
  for (const std::string& note : c.small_print) out += wrapped(note, "");
  return out;
}

}  // namespace embargod

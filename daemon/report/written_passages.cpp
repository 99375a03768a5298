#include "daemon/report/written_passages.h"

#include <algorithm>

namespace embargod {
namespace {

std::string lower_words(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Where the last match of `re` in `text` ends; nullopt: nowhere.
std::optional<std::size_t> last_match(const RE2& re, const std::string& text) {
  const auto all = matches_of(re, text);
  return all.empty() ? std::nullopt : std::optional{all.back().end};
}

}  // namespace

std::vector<WrittenAt> matches_of(const RE2& re, const std::string& text) {
  std::vector<WrittenAt> found;
  re2::StringPiece whole;
  for (std::size_t at = 0; at < text.size() && re.Match(text, at, text.size(), RE2::UNANCHORED, &whole, 1);) {
    const auto begin = static_cast<std::size_t>(whole.data() - text.data());
    found.push_back({begin, begin + whole.size()});
    at = std::max(begin + whole.size(), at + 1);
  }
  return found;
}

bool has_match(const RE2& re, const std::string& text) {
  return re.Match(text, 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

std::string cut(const std::string& text, WrittenAt at) { return text.substr(at.begin, at.end - at.begin); }

std::vector<WrittenAt> urls_of(const std::string& text) {
  // A word joiner or a bracket begins a footnote mark.
  static const RE2 kUrl{"(?i)\\bhttps?://[^\\s<>\"\\[\\]\\x{2060}]+"};
  auto found = matches_of(kUrl, text);
  for (WrittenAt& at : found)  // what ends a sentence, not an address
    while (at.end > at.begin && std::string_view{".,;:)"}.find(text[at.end - 1]) != std::string_view::npos) --at.end;
  return found;
}

std::vector<WrittenAt> sentences_of(const std::string& text) {
  static const RE2 kEnd{"[.!?]\\s+"};
  std::vector<WrittenAt> found;
  std::size_t begin = 0;
  for (const WrittenAt& end : matches_of(kEnd, text)) {
    found.push_back({begin, end.end});
    begin = end.end;
  }
  if (begin < text.size()) found.push_back({begin, text.size()});
  return found;
}

WrittenAt sentence_at(const std::string& text, std::size_t offset) {
  for (const WrittenAt& s : sentences_of(text))
    if (offset >= s.begin && offset < s.end) return s;
  return {0, text.size()};
}

std::vector<ReadPassage> read_passages(const WrittenReport& report) {
  static const RE2 kBlank{"(?i)\\[TO COMPLETE[^\\]]*\\]?"};
  std::vector<ReadPassage> all;
  std::string label;
  for (const Passage& p : report.passages) {
    if (p.is_label) label = lower_words(p.text);
    ReadPassage r;
    r.source = &p;
    r.label = label;
    r.words = p.text;
    for (const WrittenAt& at : urls_of(p.text)) r.words = blanked(std::move(r.words), at);
    for (const WrittenAt& at : matches_of(kBlank, p.text)) r.words = blanked(std::move(r.words), at);
    r.dates = written_dates(r.words);
    r.undated = r.words;
    for (const WrittenDate& d : r.dates) r.undated = blanked(std::move(r.undated), d.at);
    all.push_back(std::move(r));
  }
  return all;
}

bool is_due_date(const ReadPassage& passage, const WrittenDate& date) {
  static const RE2 kDue{
      "(?i)\\b(?:due|scheduled|announced|planned|intended|embargo(?:ed)?|should have|supposed to|to be (?:published|"
      "released)|for (?:release|publication) on|(?:release|publication) date|ahead of|instead of|rather than|not until)"
      "\\b"};
  static const RE2 kLive{
      "(?i)\\b(?:went live|gone live|go live|was live|were live|was published|were published|was released|released "
      "early|made public|occurred|happened|discovered|noticed|taken down|reported|wrote|dated|first instant)\\b"};
  static const RE2 kDueLabel{"(?i)\\b(?:due|announced|scheduled|planned)\\b"};
  constexpr std::size_t kNear = 90;
  const WrittenAt sentence = sentence_at(passage.words, date.at.begin);
  const std::size_t from = std::max(sentence.begin, date.at.begin > kNear ? date.at.begin - kNear : 0);
  const std::string before = passage.undated.substr(from, date.at.begin - from);
  const auto due = last_match(kDue, before);
  const auto live = last_match(kLive, before);
  if (due) return !live || *live < *due;
  return !live && !passage.source->is_label && has_match(kDueLabel, passage.label);
}

std::vector<std::chrono::sys_days> occurrences_of(const std::vector<ReadPassage>& passages) {
  static const RE2 kLive{
      "(?i)\\b(?:went live|gone live|was live|were live|released early|made public|first seen live)\\b"};
  std::vector<std::chrono::sys_days> field;
  std::vector<std::chrono::sys_days> live;
  for (const ReadPassage& p : passages)
    for (const WrittenDate& d : p.dates) {
      if (!d.day.ok() || static_cast<int>(d.day.year()) == 0) continue;
      if (p.source->field == WrittenField::occurrence) field.emplace_back(d.day);
      const std::string sentence = cut(p.words, sentence_at(p.words, d.at.begin));
      if (has_match(kLive, sentence) && !is_due_date(p, d)) live.emplace_back(d.day);
    }
  return field.empty() ? live : field;
}

}  // namespace embargod

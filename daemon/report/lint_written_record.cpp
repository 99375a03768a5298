// A written report against the record of its incidents, and against the editions of the Code.

#include <algorithm>
#include <array>
#include <set>

#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/report/report_words.h"
#include "daemon/report/written_passages.h"

namespace embargod {
namespace {

using Editions = std::set<std::string>;

struct EditionMention {
  int line = 0;
  std::string text;
  Editions editions;
};

struct EditionMark {
  const char* expression;
  Editions editions;
};

/// What a name or a number of the Code says of its edition.
const std::vector<EditionMark>& edition_marks() {
  static const std::vector<EditionMark> marks{
      {"(?i)code of practice for official statistics", {"2009"}},
      {"(?i)code of practice for statistics[\\s,(]*(?:(?:edition|version)\\s*)?(?:2\\.0|feb\\w* 2018|2018)\\b",
       {"2.0"}},
      {"(?i)code of practice for statistics[\\s,(]*(?:(?:edition|version)\\s*)?(?:2\\.1|may 2022|2022)\\b", {"2.1"}},
      {"(?i)code of practice for statistics[\\s,(]*(?:(?:edition|version)\\s*)?(?:3\\.0|2025)\\b", {"3.0"}},
      {"(?i)code of practice for statistics", {"2.0", "2.1", "3.0"}},
      {"\\bT\\d(?:\\.\\d{1,2})?\\b", {"2.0", "2.1"}},
      {"\\b[QV]\\d\\.\\d{1,2}\\b", {"2.0", "2.1"}},
      {"(?i)\\bstandard \\d\\b|\\bstandards for official statistics\\b", {"3.0"}},
      {"(?i)\\bpractice 3\\.\\d{1,2}\\b", {"3.0"}},
      {"(?i)\\b(?:protocol|principle) \\d\\b", {"2009"}}};
  return marks;
}

const char* edition_words(const std::string& edition) {
  if (edition == "2009") return "the edition of 2009";
  if (edition == "2.0") return "edition 2.0 (2018)";
  if (edition == "2.1") return "edition 2.1 (2022)";
  return "edition 3.0 (2025)";
}

std::string editions_words(const Editions& editions) {
  std::vector<std::string> words;
  for (const std::string& e : editions) words.emplace_back(edition_words(e));
  return listed(words);
}

Editions common(const Editions& a, const Editions& b) {
  Editions both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

std::vector<EditionMention> mentions_of(const std::vector<ReadPassage>& passages) {
  std::vector<EditionMention> all;
  for (const ReadPassage& p : passages)
    for (const EditionMark& m : edition_marks()) {
      const RE2 re{m.expression};
      for (const WrittenAt& at : matches_of(re, p.words))
        all.push_back({p.source->line_at(at.begin), cut(p.words, at), m.editions});
    }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return all;
}

/// Editions that people could go by on a day. They overlap: a new one is known before it is in use everywhere.
Editions in_force_on(std::chrono::sys_days day) {
  using namespace std::chrono;
  struct Span {
    const char* edition;
    year_month_day from, to;
  };
  static constexpr std::array kSpans{
      Span{"2009", year{2009} / 1 / 1, year{2018} / 2 / 28}, Span{"2.0", year{2018} / 2 / 1, year{2022} / 5 / 31},
      Span{"2.1", year{2022} / 5 / 5, year{2025} / 11 / 30}, Span{"3.0", year{2025} / 10 / 30, year{2099} / 12 / 31}};
  Editions all;
  for (const Span& s : kSpans)
    if (day >= sys_days{s.from} && day <= sys_days{s.to}) all.insert(s.edition);
  return all;
}

void check_record_title(const std::vector<ReadPassage>& passages, const IncidentRecord& r, WrittenFindings& found) {
  const auto squeezed = [](const std::string& text) {
    std::string out;
    for (const char c : text)
      if (static_cast<unsigned char>(c) > ' ') out += c;
    return out;
  };
  std::string all;
  for (const ReadPassage& p : passages) all += squeezed(p.source->text);
  if (!r.title.empty() && all.find(squeezed(r.title)) == std::string::npos)
    found.push_back({LintLevel::warning, "title", 0,
                     "nowhere does it name " + in_quotes(r.title) + ", the announced title of incident " + r.id,
                     "write the title as it was announced"});
}

void check_record_due(const std::vector<ReadPassage>& passages, const IncidentRecord& r, const std::string& zone,
                      WrittenFindings& found) {
  if (!r.due) return;
  const std::chrono::year_month_day due = local_day(*r.due, zone);
  const ReadPassage* other = nullptr;
  std::size_t at = 0;
  for (const ReadPassage& p : passages)
    for (const WrittenDate& d : p.dates) {
      const bool has_year = static_cast<int>(d.day.year()) != 0;
      if (d.day == due || (!has_year && d.day.month() == due.month() && d.day.day() == due.day())) return;
      if (other != nullptr || !is_due_date(p, d)) continue;
      other = &p;
      at = d.at.begin;
    }
  found.push_back({LintLevel::warning, "due-record", other == nullptr ? 0 : other->source->line_at(at),
                   "nowhere does it give the due date on record for incident " + r.id + ", " + due_words(*r.due, zone),
                   "write the date that was announced"});
}

/// What can be true of a stated duration.
enum class Support : std::uint8_t { contradicted, unproven, proven };

Support support_of(const WrittenDuration& d, const SpanBounds& s) {
  const Millis slack = d.unit / 2;
  switch (d.claim) {
    case WrittenDuration::Claim::at_most:
      if (d.length < s.shortest) return Support::contradicted;
      return s.longest && d.length + d.unit / 10 >= *s.longest ? Support::proven : Support::unproven;
    case WrittenDuration::Claim::at_least:
      if (s.longest && d.length > *s.longest) return Support::contradicted;
      return d.length <= s.shortest + d.unit / 10 ? Support::proven : Support::unproven;
    case WrittenDuration::Claim::point:
      if (d.length + slack < s.shortest || (s.longest && d.length - slack > *s.longest)) return Support::contradicted;
      return Support::unproven;
  }
  return Support::unproven;
}

void check_duration(const WrittenDuration& d, int line, const std::vector<SpanBounds>& spans, WrittenFindings& found) {
  Support best = Support::contradicted;
  std::string nearest;
  for (const SpanBounds& s : spans) {
    const Support support = support_of(d, s);
    if (nearest.empty() || support > best) nearest = span_words(s);
    best = std::max(best, support);
  }
  if (best == Support::contradicted)
    found.push_back(
        {LintLevel::warning, "duration", line,
         "it says " + in_quotes(d.text) + ", but the record has no time up that this can be; the first is " + nearest,
         "write the bounds on record"});
  else if (best == Support::unproven)
    found.push_back({LintLevel::warning, "duration-unproven", line,
                     "it says " + in_quotes(d.text) + "; what the record proves is " + nearest,
                     "write at least and at most, as on record"});
}

}  // namespace

void lint_written_editions(const std::vector<ReadPassage>& passages, const WrittenFacts& facts,
                           WrittenFindings& found) {
  const auto mentions = mentions_of(passages);
  const auto occurred = occurrences_of(passages);
  bool is_mixed = false;
  for (std::size_t k = 0; k < mentions.size() && !is_mixed; ++k)
    for (std::size_t before = 0; before < k && !is_mixed; ++before) {
      if (!common(mentions[k].editions, mentions[before].editions).empty()) continue;
      is_mixed = true;
      found.push_back({LintLevel::warning, "edition", mentions[k].line,
                       in_quotes(mentions[k].text) + " belongs to " + editions_words(mentions[k].editions) +
                           " of the Code, but " + in_quotes(mentions[before].text) + " (at " +
                           std::to_string(mentions[before].line) + ") to " + editions_words(mentions[before].editions),
                       "take title and numbers from one edition"});
    }
  for (const EditionMention& m : mentions) {
    if (occurred.empty() || !common(m.editions, in_force_on(occurred.front())).empty()) continue;
    found.push_back({LintLevel::warning, "edition-date", m.line,
                     in_quotes(m.text) + " belongs to " + editions_words(m.editions) +
                         " of the Code, which was not in force on " +
                         date_words(std::chrono::year_month_day{occurred.front()}),
                     "in force was " + editions_words(in_force_on(occurred.front()))});
    break;
  }
  if (facts.code_edition.empty() || is_mixed) return;
  for (const EditionMention& m : mentions) {
    if (m.editions.contains(facts.code_edition)) continue;
    found.push_back({LintLevel::warning, "edition", m.line,
                     in_quotes(m.text) + " belongs to " + editions_words(m.editions) +
                         " of the Code, but this producer goes by " + edition_words(facts.code_edition),
                     "take title and numbers from one edition"});
    break;
  }
}

void lint_written_record(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found) {
  std::vector<SpanBounds> spans;
  for (const IncidentRecord& r : facts.records) {
    check_record_title(passages, r, found);
    check_record_due(passages, r, facts.zone, found);
    spans.insert(spans.end(), r.time_up.begin(), r.time_up.end());
  }
  if (spans.empty()) return;
  static const RE2 kUp{
      "(?i)\\b(?:time up|visible|viewable|available|accessible|exposed|online|live for|up for|public "
      "for|remained|stayed|"
      "(?:was|were|being|each) live)\\b"};
  static const RE2 kOther{"(?i)\\b(?:apart|interval|interruption|gap|blind|ahead|early|before the|late)\\b"};
  for (const ReadPassage& p : passages)
    for (const WrittenDuration& d : written_durations(p.undated)) {
      const std::string sentence = cut(p.undated, sentence_at(p.undated, d.at.begin));
      if (has_match(kUp, sentence) && !has_match(kOther, sentence))
        check_duration(d, p.source->line_at(d.at.begin), spans, found);
    }
}

}  // namespace embargod

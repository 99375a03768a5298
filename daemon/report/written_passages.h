#pragma once
// A written report prepared for its rules. Internal to daemon/report.

#include <re2/re2.h>

#include <string>
#include <vector>

#include "daemon/report/lint_written.h"
#include "daemon/report/written_dates.h"

namespace embargod {

/// A passage, and the same text without what rules must not trip over; offsets are the same in all of them.
struct ReadPassage {
  const Passage* source = nullptr;
  std::string label;               // of the field it stands in, in lower case; may be empty
  std::string words;               // addresses of the web and [TO COMPLETE: ...] blanked out
  std::string undated;             // the dates too
  std::vector<WrittenDate> dates;  // of `words`
};
[[nodiscard]] std::vector<ReadPassage> read_passages(const WrittenReport& report);

/// The sentence around an offset.
[[nodiscard]] WrittenAt sentence_at(const std::string& text, std::size_t offset);
/// Every sentence of a text.
[[nodiscard]] std::vector<WrittenAt> sentences_of(const std::string& text);
[[nodiscard]] std::string cut(const std::string& text, WrittenAt at);

/// Where `re` matches, all of it.
[[nodiscard]] std::vector<WrittenAt> matches_of(const RE2& re, const std::string& text);
[[nodiscard]] bool has_match(const RE2& re, const std::string& text);

/// "http://..." and "https://...", as they stand in a text.
[[nodiscard]] std::vector<WrittenAt> urls_of(const std::string& text);

using WrittenFindings = std::vector<WrittenFinding>;
void lint_written_dates(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found);
void lint_written_editions(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found);
void lint_written_words(const std::vector<ReadPassage>& passages, WrittenFindings& found);
void lint_written_counts(const std::vector<ReadPassage>& passages, WrittenFindings& found);
void lint_written_record(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found);

/// The day on which it happened, as the report says: its field, else where something "went live". Empty: unsaid.
[[nodiscard]] std::vector<std::chrono::sys_days> occurrences_of(const std::vector<ReadPassage>& passages);
/// Whether a date of a passage is said to be one that was announced.
[[nodiscard]] bool is_due_date(const ReadPassage& passage, const WrittenDate& date);

}  // namespace embargod

#pragma once
// A report as people finished it by hand, read back: passages of plain text with the field they stand in. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"

namespace embargod {

/// What of the form lint judges apart. Everything else is `other`.
enum class WrittenField : std::uint8_t { other, title, contact, report_date, occurrence, statement };

/// A paragraph, cell, list entry or run of lines, on one line.
struct Passage {
  WrittenField field = WrittenField::other;
  bool is_label = false;  // a heading, or the name of a field
  std::string text;
  std::vector<std::pair<std::size_t, int>> lines;  // offset in `text` -> line of the file, or paragraph; ascending

  [[nodiscard]] int line_at(std::size_t offset) const;
};

struct WrittenReport {
  std::string file;
  const char* unit = "line";  // what is counted: "line", or "paragraph" of an office document or a page
  std::vector<Passage> passages;
};

/// By its bytes: DOCX, ODT, HTML, else text or, if `file` ends in .md, Markdown. Errors, with `file`: corrupt (an
/// archive that is neither, XML that cannot be read, bytes that are no text), invalid_input (over 64 MiB unpacked,
/// nothing in it).
[[nodiscard]] Result<WrittenReport> read_written_report(std::string_view bytes, const std::string& file);

inline constexpr std::size_t kLargestWrittenReport = std::size_t{16} << 20U;

/// A line of the file before passages are made of it. Internal to daemon/report.
struct WrittenLine {
  int number = 0;
  bool is_label = false;
  bool is_first = false;  // of its passage
  bool is_last = false;
  std::string text;
};
[[nodiscard]] Result<std::vector<WrittenLine>> office_lines(std::string_view bytes);
[[nodiscard]] Result<std::vector<WrittenLine>> html_lines(std::string_view html);
[[nodiscard]] std::vector<WrittenLine> markdown_lines(std::string_view markdown);
[[nodiscard]] std::vector<WrittenLine> text_lines(std::string_view text);
[[nodiscard]] std::vector<Passage> passages_of(const std::vector<WrittenLine>& lines);

}  // namespace embargod

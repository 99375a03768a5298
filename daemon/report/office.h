#pragma once
// A report as an office document: the blocks that DOCX and ODT both print, in the order of the other formats. Internal
// to daemon/report. Pure; any thread.

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/report/report.h"

namespace embargod {

struct OfficeRun {
  enum class Kind : std::uint8_t { plain, url, to_complete, source_mark };
  Kind kind = Kind::plain;
  std::string text;  // as office_text() leaves it
};

enum class OfficeStyle : std::uint8_t {
  title,
  subtitle,
  notice,
  heading_1,
  heading_2,
  field_label,  // above a table
  form_label,   // beside a field
  body,
  bullet,
  table_text,
  table_head,
  source
};

struct OfficeParagraph {
  OfficeStyle style = OfficeStyle::body;
  std::vector<OfficeRun> runs;
};

struct OfficeTable {
  enum class Kind : std::uint8_t {
    form,  // a label and what belongs to it
    grid   // with a head that every page repeats
  };
  using Cell = std::vector<OfficeParagraph>;  // never empty: both formats want a paragraph

  Kind kind = Kind::form;
  std::vector<int> widths;  // of each column, of kOfficeWidth together
  std::vector<std::vector<Cell>> rows;
};
/// Twentieths of a point between the margins of 20 mm on A4.
inline constexpr int kOfficeWidth = 9'638;

using OfficeBlock = std::variant<OfficeParagraph, OfficeTable>;

struct OfficeDocument {
  std::string title;
  std::string mark;  // "DRAFT - not yet reviewed": on every page; empty: it is final
  std::string id;    // "Report R-..., version ...": on every page
  std::string report_id;
  std::string version;
  std::string creator;
  Instant created{};
  std::vector<OfficeBlock> blocks;
};

[[nodiscard]] OfficeDocument office_document(const Report& report);

/// printable(), and without the two characters that XML 1.0 (2.2) refuses beside control characters.
[[nodiscard]] std::string office_text(std::string_view outside);

/// Whether a row is short enough to be kept on one page; a longer one may run over to the next.
[[nodiscard]] bool stays_whole(const std::vector<OfficeTable::Cell>& row);

/// Shares kOfficeWidth out by what the cells hold: a column gets the room of its longest word before any gets more.
[[nodiscard]] std::vector<int> column_widths(const std::vector<std::vector<OfficeTable::Cell>>& rows);

}  // namespace embargod

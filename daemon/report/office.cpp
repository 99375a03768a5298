#include "daemon/report/office.h"

#include <algorithm>

#include "daemon/report/render_text.h"

namespace embargod {
namespace {

/// What the label of a field gets of the width of a form.
constexpr int kLabelWidth = 2'600;
/// At the size of tables, so many characters stand in a line that is as wide as the page.
constexpr int kCharactersAcross = 112;
/// Cell margins, in characters.
constexpr int kCellMargin = 3;
/// Longer words, which are URLs and digests, are broken.
constexpr int kLongestWord = 26;

std::vector<OfficeRun> runs_of(const Statement& s) {
  std::vector<OfficeRun> runs;
  for (const Piece& p : s.pieces) {
    switch (p.kind) {
      case Piece::Kind::ours:
      case Piece::Kind::outside:
        runs.push_back({OfficeRun::Kind::plain, office_text(p.text)});
        break;
      case Piece::Kind::url:
        runs.push_back({OfficeRun::Kind::url, office_text(p.text)});
        break;
      case Piece::Kind::blank:
        runs.push_back({OfficeRun::Kind::to_complete, office_text(blank_text(p.text))});
        break;
    }
  }
  std::string mark;
  for (const int n : s.sources) mark += (mark.empty() ? " [" : ", ") + std::to_string(n);
  if (!mark.empty()) runs.push_back({OfficeRun::Kind::source_mark, mark + "]"});
  return runs;
}

OfficeParagraph plain_paragraph(OfficeStyle style, const std::string& text) {
  return {style, {{OfficeRun::Kind::plain, office_text(text)}}};
}

OfficeTable::Cell paragraphs_of(const std::vector<Statement>& statements, OfficeStyle only) {
  OfficeTable::Cell cell;
  for (const Statement& s : statements)
    cell.push_back({statements.size() > 1 ? OfficeStyle::bullet : only, runs_of(s)});
  if (cell.empty()) cell.push_back({only, {}});
  return cell;
}

OfficeTable grid(const ReportTable& t) {
  OfficeTable out;
  out.kind = OfficeTable::Kind::grid;
  std::vector<OfficeTable::Cell> head;
  head.reserve(t.head.size());
  for (const std::string& h : t.head) head.push_back({plain_paragraph(OfficeStyle::table_head, h)});
  out.rows.push_back(std::move(head));
  for (const auto& row : t.rows) {
    std::vector<OfficeTable::Cell> cells;
    cells.reserve(t.head.size());
    for (const Statement& c : row) cells.push_back({{OfficeStyle::table_text, runs_of(c)}});
    cells.resize(t.head.size(), {{OfficeStyle::table_text, {}}});
    out.rows.push_back(std::move(cells));
  }
  out.widths = column_widths(out.rows);
  return out;
}

/// Two tables that touch become one in a word processor: an empty line keeps them apart.
void add_table(std::vector<OfficeBlock>& blocks, OfficeTable table) {
  if (!blocks.empty() && std::holds_alternative<OfficeTable>(blocks.back()))
    blocks.emplace_back(OfficeParagraph{OfficeStyle::source, {}});
  blocks.emplace_back(std::move(table));
}

/// Neighbouring fields stand in one form; a table, or text without a label, has the whole width.
void add_fields(std::vector<OfficeBlock>& blocks, const std::vector<ReportField>& fields) {
  OfficeTable form;
  const auto end_form = [&] {
    if (form.rows.empty()) return;
    form.widths = {kLabelWidth, kOfficeWidth - kLabelWidth};
    add_table(blocks, std::move(form));
    form = {};
  };
  for (const ReportField& f : fields) {
    if (!f.table && !f.label.empty()) {
      form.rows.push_back(
          {{plain_paragraph(OfficeStyle::form_label, f.label)}, paragraphs_of(f.statements, OfficeStyle::body)});
      continue;
    }
    end_form();
    if (!f.label.empty()) blocks.emplace_back(plain_paragraph(OfficeStyle::field_label, f.label));
    if (!f.statements.empty())
      for (OfficeParagraph& p : paragraphs_of(f.statements, OfficeStyle::body)) blocks.emplace_back(std::move(p));
    if (f.table) add_table(blocks, grid(*f.table));
  }
  end_form();
}

struct ColumnNeed {
  int word = 1;  // characters of its longest word
  int line = 1;  // of its longest cell, in one line
};

ColumnNeed need_of(const OfficeTable::Cell& cell) {
  ColumnNeed need;
  for (const OfficeParagraph& p : cell) {
    int line = 0;
    int word = 0;
    for (const OfficeRun& r : p.runs)
      for (const char c : r.text) {
        if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U) continue;  // a character counts once
        ++line;
        word = c == ' ' ? 0 : word + 1;
        need.word = std::max(need.word, word);
      }
    need.line = std::max(need.line, line);
  }
  return need;
}

}  // namespace

std::string office_text(std::string_view outside) {
  std::string text = printable(outside);
  for (const std::string_view refused : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"})  // U+FFFE, U+FFFF
    for (auto at = text.find(refused); at != std::string::npos; at = text.find(refused, at + 3))
      text.replace(at, refused.size(), "\xEF\xBF\xBD");
  return text;
}

bool stays_whole(const std::vector<OfficeTable::Cell>& row) {
  constexpr std::size_t kMost = 700;  // bytes: some ten lines
  std::size_t bytes = 0;
  for (const OfficeTable::Cell& cell : row)
    for (const OfficeParagraph& p : cell)
      for (const OfficeRun& r : p.runs) bytes += r.text.size();
  return bytes <= kMost;
}

std::vector<int> column_widths(const std::vector<std::vector<OfficeTable::Cell>>& rows) {
  std::vector<ColumnNeed> needs;
  for (const auto& row : rows) {
    needs.resize(std::max(needs.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) {
      const ColumnNeed n = need_of(row[k]);
      needs[k].word = std::max(needs[k].word, n.word);
      needs[k].line = std::max(needs[k].line, n.line);
    }
  }
  int least = 0;
  int wished = 0;
  for (ColumnNeed& n : needs) {
    n.word = std::min(n.word, kLongestWord) + kCellMargin;
    n.line = std::max(std::min(n.line + kCellMargin, kCharactersAcross), n.word);
    least += n.word;
    wished += n.line - n.word;
  }
  const int spare = std::max(0, kCharactersAcross - least);
  std::vector<std::int64_t> weights;
  std::int64_t all = 0;
  for (const ColumnNeed& n : needs) {
    // In thousandths of a character: shares of whole ones would round narrow columns away.
    weights.push_back(std::int64_t{1'000} * n.word +
                      (wished == 0 ? 0 : std::int64_t{1'000} * (n.line - n.word) * spare / wished));
    all += weights.back();
  }
  std::vector<int> widths;
  int given = 0;
  for (const std::int64_t w : weights) {
    widths.push_back(static_cast<int>(w * kOfficeWidth / all));
    given += widths.back();
  }
  if (!widths.empty()) widths.back() += kOfficeWidth - given;
  return widths;
}

OfficeDocument office_document(const Report& r) {
  OfficeDocument d;
  const bool is_draft = final_mark(r) == nullptr;
  d.title = report_title(r) + " " + r.id + (is_draft ? " (draft)" : "");
  if (is_draft) d.mark = "DRAFT - not yet reviewed";
  d.id = office_text("Report " + r.id + ", version " + r.version);
  d.report_id = r.id;
  d.version = r.version;
  d.creator = office_text(r.program);
  d.created = r.made_at;
  auto& blocks = d.blocks;
  blocks.emplace_back(plain_paragraph(OfficeStyle::title, report_title(r)));
  blocks.emplace_back(plain_paragraph(OfficeStyle::subtitle, report_made_line(r)));
  blocks.emplace_back(plain_paragraph(OfficeStyle::notice, office_text(report_draft_line(r))));
  for (const std::string& line : report_mark_lines(r))
    blocks.emplace_back(plain_paragraph(OfficeStyle::body, office_text(line)));
  for (const ReportSection& s : r.sections) {
    const bool is_main = s.number.find('.') == std::string::npos;
    OfficeParagraph heading = plain_paragraph(is_main ? OfficeStyle::heading_1 : OfficeStyle::heading_2,
                                              s.number + (is_main ? ". " : " ") + s.heading);
    if (!s.title.empty()) {
      heading.runs.front().text += ": ";
      for (OfficeRun& run : runs_of({s.title, {}})) heading.runs.push_back(std::move(run));
    }
    blocks.emplace_back(std::move(heading));
    add_fields(blocks, s.fields);
  }
  blocks.emplace_back(plain_paragraph(OfficeStyle::heading_1, "Checks on this draft"));
  for (const ReportFinding& f : r.findings)
    blocks.emplace_back(
        plain_paragraph(OfficeStyle::bullet, std::string{to_string(f.level)} + ": " + f.where + ": " + f.what));
  if (r.findings.empty()) blocks.emplace_back(plain_paragraph(OfficeStyle::body, "None open."));
  blocks.emplace_back(plain_paragraph(OfficeStyle::heading_1, "Sources"));
  for (const ReportSource& s : r.sources)
    blocks.emplace_back(plain_paragraph(OfficeStyle::source, "[" + std::to_string(s.number) + "] " + s.text));
  return d;
}

}  // namespace embargod

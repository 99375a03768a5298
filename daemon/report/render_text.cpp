// Plain text and Markdown, and what the formats share.

#include "daemon/report/render_text.h"

#include <algorithm>

#include "daemon/report/report_words.h"

namespace embargod {
namespace {

constexpr std::size_t kWidth = 100;

std::string footnotes(const std::vector<int>& sources) {
  std::string s;
  for (const int n : sources) s += (s.empty() ? " [" : ", ") + std::to_string(n);
  return s.empty() ? s : s + "]";
}

constexpr const char* kDraftLine =
    "DRAFT, not filed. Computed from the record of a monitor that looks at public pages from outside; a person "
    "completes, checks and files it.";

/// Words of at most kWidth columns; a URL or a long word keeps a line of its own and is never broken.
std::string wrapped(const std::string& text, std::size_t indent) {
  const std::string pad(indent, ' ');
  std::string out;
  std::size_t column = 0;
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t end = std::min(text.find(' ', k), text.size());
    const std::string word = text.substr(k, end - k);
    k = end + 1;
    if (word.empty()) continue;
    if (column > indent && column + 1 + word.size() > kWidth) {
      out += "\n";
      column = 0;
    }
    out += column == 0 ? pad + word : " " + word;
    column = column == 0 ? indent + word.size() : column + 1 + word.size();
  }
  return out + "\n";
}

std::string plain(const Statement& s) {
  std::string out;
  for (const Piece& p : s.pieces) {
    switch (p.kind) {
      case Piece::Kind::ours:
        out += p.text;
        break;
      case Piece::Kind::outside:
        out += printable(p.text);
        break;
      case Piece::Kind::url:
        out += p.text;
        break;
      case Piece::Kind::blank:
        out += blank_text(p.text);
        break;
    }
  }
  return out + footnotes(s.sources);
}

std::size_t columns(const std::string& s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string plain_table(const ReportTable& t) {
  std::vector<std::size_t> widths;
  widths.reserve(t.head.size());
  for (const std::string& h : t.head) widths.push_back(columns(h));
  std::vector<std::vector<std::string>> rows{t.head};
  for (const auto& row : t.rows) {
    std::vector<std::string> cells;
    cells.reserve(t.head.size());
    for (const Statement& c : row) cells.push_back(plain(c));
    for (std::size_t k = 0; k < cells.size() && k < widths.size(); ++k)
      widths[k] = std::max(widths[k], columns(cells[k]));
    rows.push_back(std::move(cells));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t k = 0; k < row.size(); ++k) {
      line += " " + row[k];
      if (k + 1 < row.size()) line += std::string(widths[k] - columns(row[k]) + 1, ' ');
    }
    out += line + "\n";
  }
  return out;
}

std::string markdown_ours(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else {
      if (std::string_view{"\\`*_[]|#"}.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown(const Statement& s) {
  std::string out;
  for (const Piece& p : s.pieces) {
    switch (p.kind) {
      case Piece::Kind::ours:
        out += markdown_ours(p.text);
        break;
      case Piece::Kind::outside:
        out += markdown_text(p.text);
        break;
      case Piece::Kind::url:
        out += markdown_url(p.text);
        break;
      case Piece::Kind::blank:
        out += "**\\[TO COMPLETE: " + markdown_ours(p.text) + "\\]**";
        break;
    }
  }
  for (const int n : s.sources) out += "[^" + std::to_string(n) + "]";
  return out;
}

std::string markdown_table(const ReportTable& t) {
  std::string out = "|";
  std::string rule = "|";
  for (const std::string& h : t.head) {
    out += " " + markdown_ours(h) + " |";
    rule += " --- |";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : t.rows) {
    out += "|";
    for (const Statement& c : row) out += " " + markdown(c) + " |";
    out += "\n";
  }
  return out + "\n";
}

std::string mark_person(const ReportMark& m) { return m.by + (m.role.empty() ? "" : " (" + m.role + ")"); }

}  // namespace

std::string report_title(const Report& r) {
  return r.form == ReportForm::full ? "Breach report" : "Release practice log entry";
}

std::string report_made_line(const Report& r) {
  return "Report " + r.id + ", version " + r.version + ", drafted " + instant_words(r.made_at, r.zone) + " by " +
         r.program;
}

std::string report_draft_line(const Report& r) {
  const ReportMark* m = final_mark(r);
  if (m == nullptr) return kDraftLine;
  return "FINAL, as marked by " + mark_person(*m) + " at " + instant_words(m->at, r.zone) +
         ". Computed from the record of a monitor that looks at public pages from outside, and completed by people.";
}

std::vector<std::string> report_mark_lines(const Report& r) {
  std::vector<std::string> out;
  for (const ReportMark& m : r.marks) {
    const bool is_this = m.version == r.version;
    out.push_back((is_this ? "This version was " : "Version " + m.version + " was ") +
                  (m.kind == ReportMark::Kind::final ? "marked as final" : "approved") + " by " + mark_person(m) +
                  " at " + instant_words(m.at, r.zone) +
                  (is_this ? "." : "; the record or what people wrote has changed since."));
  }
  return out;
}

std::string render_plain(const Report& r) {
  std::string out = wrapped(printable(report_draft_line(r)), 0) + "\n" + report_title(r) + "\n" +
                    std::string(report_title(r).size(), '=') + "\n" + wrapped(report_made_line(r), 0);
  for (const std::string& line : report_mark_lines(r)) out += wrapped(printable(line), 0);
  for (const ReportSection& s : r.sections) {
    const bool is_main = s.number.find('.') == std::string::npos;
    std::string heading = s.number + (is_main ? ". " : " ") + s.heading;
    if (!s.title.empty()) heading += ": " + plain({s.title, {}});
    out += "\n" + heading + "\n" + (is_main ? std::string(columns(heading), '-') + "\n" : "");
    for (const ReportField& f : s.fields) {
      if (!f.label.empty()) out += "  " + f.label + ":\n";
      for (const Statement& st : f.statements) out += wrapped(plain(st), 4);
      if (f.table) out += plain_table(*f.table);
    }
  }
  out += "\nSources\n-------\n";
  for (const ReportSource& s : r.sources) out += wrapped("[" + std::to_string(s.number) + "] " + printable(s.text), 2);
  out += "\nChecks on this draft\n--------------------\n";
  for (const ReportFinding& f : r.findings)
    out += wrapped(std::string{to_string(f.level)} + ": " + printable(f.where + ": " + f.what), 2);
  if (r.findings.empty()) out += "  none open\n";
  return out;
}

std::string render_markdown(const Report& r) {
  std::string out = "> **" + markdown_text(report_draft_line(r)) + "**\n\n# " + report_title(r) + "\n\n" +
                    markdown_ours(report_made_line(r)) + "\n";
  for (const std::string& line : report_mark_lines(r)) out += "\n" + markdown_text(line) + "\n";
  for (const ReportSection& s : r.sections) {
    const bool is_main = s.number.find('.') == std::string::npos;
    out += std::string{is_main ? "\n## " : "\n### "} + s.number + (is_main ? ". " : " ") + markdown_ours(s.heading);
    if (!s.title.empty()) out += ": " + markdown({s.title, {}});
    out += "\n\n";
    for (const ReportField& f : s.fields) {
      if (!f.label.empty()) out += "**" + markdown_ours(f.label) + "**\n\n";
      const bool is_list = f.statements.size() > 1;
      for (const Statement& st : f.statements) out += (is_list ? "- " : "") + markdown(st) + "\n";
      if (!f.statements.empty()) out += "\n";
      if (f.table) out += markdown_table(*f.table);
    }
  }
  out += "\n## Checks on this draft\n\n";
  for (const ReportFinding& f : r.findings)
    out += std::string{"- "} + to_string(f.level) + ": " + markdown_text(f.where + ": " + f.what) + "\n";
  if (r.findings.empty()) out += "None open.\n";
  out += "\n## Sources\n\n";
  for (const ReportSource& s : r.sources) out += "[^" + std::to_string(s.number) + "]: " + markdown_text(s.text) + "\n";
  return out;
}

std::string render(const Report& report, ReportFormat format) {
  switch (format) {
    case ReportFormat::markdown:
      return render_markdown(report);
    case ReportFormat::html:
      return render_html(report);
    case ReportFormat::text:
      return render_plain(report);
    case ReportFormat::json:
      return render_report_json(report);
    case ReportFormat::docx:
      return render_docx(report);
    case ReportFormat::odt:
      return render_odt(report);
  }
  return {};
}

}  // namespace embargod

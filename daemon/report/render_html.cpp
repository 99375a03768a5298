// One file that opens anywhere and prints on paper: no script, nothing loaded, every outside text escaped.

#include "daemon/report/render_text.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

constexpr const char* kStyle = R"css(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #0b0c0c; font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem 3rem; }
.draft { background: #fff7bf; border-bottom: 3px solid #b58840; padding: .75rem 1.5rem; }
.final { background: #cce2d8; border-bottom: 3px solid #00703c; padding: .75rem 1.5rem; }
.final p, .draft p { max-width: 57rem; margin: 0 auto; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.75rem 0 .25rem; }
h2 { font-size: 1.35rem; margin: 2.25rem 0 .75rem; padding-bottom: .25rem; border-bottom: 2px solid #0b0c0c; }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
.made { color: #505a5f; margin: 0 0 1rem; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: 15rem 1fr; gap: 0 1.25rem; padding: .55rem 0; border-bottom: 1px solid #d8dcde; }
dl > div.wide { display: block; border-bottom: 0; }
dt { font-weight: 700; overflow-wrap: anywhere; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
dd p { margin: 0 0 .35rem; }
dd p:last-child { margin-bottom: 0; }
a { color: #1d70b8; overflow-wrap: anywhere; }
sup { line-height: 0; font-size: .7em; white-space: nowrap; }
sup a { text-decoration: none; padding: 0 .1em; }
mark { background: #fde9d9; color: #7a2e00; padding: 0 .2em; font-weight: 700; }
.table { overflow-x: auto; margin: .35rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #d8dcde; }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
th { white-space: nowrap; }
ol, ul { padding-left: 1.5rem; }
ol.sources, ul.checks { font-size: .85rem; color: #373d3f; overflow-wrap: anywhere; }
.error { color: #a1160a; font-weight: 700; }
.warning { color: #7a4b00; font-weight: 700; }
@media (max-width: 40rem) { dl > div { display: block; } }
@media print {
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  a { color: inherit; }
  h2, h3, dt { break-after: avoid; }
  tr { break-inside: avoid; }
}
)css";

std::string html(const Statement& s) {
  std::string out;
  for (const Piece& p : s.pieces) {
    switch (p.kind) {
      case Piece::Kind::ours:
      case Piece::Kind::outside:
        out += html_text(p.text);
        break;
      case Piece::Kind::url:
        out += html_url(p.text);
        break;
      case Piece::Kind::blank:
        out += "<mark>" + html_text(blank_text(p.text)) + "</mark>";
        break;
    }
  }
  // The word joiner keeps a footnote mark on the line of its statement.
  if (!s.sources.empty()) out += "&#8288;";
  for (const int n : s.sources)
    out += "<sup><a href=\"#s" + std::to_string(n) + "\">[" + std::to_string(n) + "]</a></sup>";
  return out;
}

std::string html_table(const ReportTable& t) {
  std::string out = "<div class=\"table\"><table><thead><tr>";
  for (const std::string& h : t.head) out += "<th scope=\"col\">" + html_text(h) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const auto& row : t.rows) {
    out += "<tr>";
    for (const Statement& c : row) out += "<td>" + html(c) + "</td>";
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string html_field(const ReportField& f) {
  std::string out = f.table || f.label.empty() ? "<div class=\"wide\">" : "<div>";
  if (!f.label.empty()) out += "<dt>" + html_text(f.label) + "</dt>";
  out += "<dd>";
  for (const Statement& s : f.statements) out += "<p>" + html(s) + "</p>\n";
  if (f.table) out += html_table(*f.table);
  return out + "</dd></div>\n";
}

}  // namespace

std::string render_html(const Report& r) {
  const std::string title = r.form == ReportForm::full ? "Breach report" : "Release practice log entry";
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" "
      "content=\"noindex\">\n<title>" +
      std::string{final_mark(r) == nullptr ? "DRAFT " : ""} + title + " " + html_text(r.id) + "</title>\n<style>" +
      kStyle + "</style>\n</head>\n<body>\n";
  out += std::string{"<div class=\""} + (final_mark(r) == nullptr ? "draft" : "final") +
         "\" role=\"note\"><p><strong>" + html_text(report_draft_line(r)) + "</strong></p></div>\n<main>\n";
  out += "<h1>" + title + "</h1>\n<p class=\"made\">" +
         html_text("Report " + r.id + ", version " + r.version + ", drafted " + instant_words(r.made_at, r.zone) +
                   " by " + r.program) +
         "</p>\n";
  for (const std::string& line : report_mark_lines(r)) out += "<p class=\"made\">" + html_text(line) + "</p>\n";
  for (const ReportSection& s : r.sections) {
    const bool is_main = s.number.find('.') == std::string::npos;
    const char* tag = is_main ? "h2" : "h3";
    out += std::string{"<"} + tag + ">" + s.number + (is_main ? ". " : " ") + html_text(s.heading);
    if (!s.title.empty()) out += ": " + html({s.title, {}});
    out += std::string{"</"} + tag + ">\n<dl>\n";
    for (const ReportField& f : s.fields) out += html_field(f);
    out += "</dl>\n";
  }
  out += "<h2>Checks on this draft</h2>\n<ul class=\"checks\">\n";
  for (const ReportFinding& f : r.findings)
    out += std::string{"<li><span class=\""} + to_string(f.level) + "\">" + to_string(f.level) +
           "</span>: " + html_text(f.where + ": " + f.what) + "</li>\n";
  if (r.findings.empty()) out += "<li>None open.</li>\n";
  out += "</ul>\n<h2>Sources</h2>\n<ol class=\"sources\">\n";
  for (const ReportSource& s : r.sources)
    out += "<li id=\"s" + std::to_string(s.number) + "\">" + html_text(s.text) + "</li>\n";
  return out + "</ol>\n</main>\n</body>\n</html>\n";
}

}  // namespace embargod

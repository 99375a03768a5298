#pragma once
// A Report as Markdown, HTML, plain text, JSON, DOCX or ODT: the same statements in each. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "daemon/report/report.h"

namespace embargod {

[[nodiscard]] std::string render(const Report& report, ReportFormat format);

[[nodiscard]] std::string render_markdown(const Report& report);
[[nodiscard]] std::string render_html(const Report& report);
[[nodiscard]] std::string render_plain(const Report& report);
[[nodiscard]] std::string render_report_json(const Report& report);
/// Office documents: the same report gives the same bytes. Nothing in them points outside, is a macro or a field but
/// the page numbers.
[[nodiscard]] std::string render_docx(const Report& report);
[[nodiscard]] std::string render_odt(const Report& report);

/// "Breach report" or "Release practice log entry".
[[nodiscard]] std::string report_title(const Report& report);
/// Id, version, when it was drafted and by which program.
[[nodiscard]] std::string report_made_line(const Report& report);
/// What stands above it: that it is a draft, or who marked this very version as final. Holds names as they were given.
[[nodiscard]] std::string report_draft_line(const Report& report);
/// Who approved which version, or marked it as final; a line each. Hold names as they were given.
[[nodiscard]] std::vector<std::string> report_mark_lines(const Report& report);

/// One printable line: line breaks and control characters become spaces, characters that reverse text become visible
/// "\u{202E}", broken UTF-8 becomes U+FFFD.
[[nodiscard]] std::string printable(std::string_view outside);

/// `outside` as literal text in Markdown: nothing of it is markup, a link or an autolink.
[[nodiscard]] std::string markdown_text(std::string_view outside);
/// A URL in Markdown, byte for byte: an autolink, or code where that would change it.
[[nodiscard]] std::string markdown_url(std::string_view url);
[[nodiscard]] std::string html_text(std::string_view outside);
[[nodiscard]] std::string html_url(std::string_view url);

/// How a blank looks in every format: "[TO COMPLETE: who and how to reach them]".
[[nodiscard]] std::string blank_text(std::string_view prompt);

}  // namespace embargod

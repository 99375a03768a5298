#include "probes/magic.h"

#include <algorithm>
#include <array>
#include <optional>

#include "probes/answer.h"
#include "probes/charset.h"
#include "probes/json_value.h"
#include "probes/zip_members.h"

namespace embargod {
namespace {

constexpr std::size_t kTextSample = 64U << 10U;  // enough of a text to tell its kind
constexpr std::size_t kCsvLines = 10;

bool has_member(const std::vector<ZipMember>& members, std::string_view start) {
  return std::any_of(members.begin(), members.end(), [start](const ZipMember& m) { return m.name.starts_with(start); });
}

/// OpenDocument: the first member is "mimetype", stored as it is, so that its words stand at byte 38.
std::string zip_kind(std::string_view body) {
  const auto members = zip_members(body);
  if (!members) return "zip";  // cut: it began as one, and no more can be told
  if (has_member(*members, "[Content_Types].xml")) {
    if (has_member(*members, "xl/workbook.xml")) return "xlsx";
    if (has_member(*members, "word/document.xml")) return "docx";
    return "zip";
  }
  constexpr std::string_view kMimeStart = "mimetypeapplication/vnd.oasis.opendocument.";
  if (body.size() > 30 && body.substr(30).starts_with(kMimeStart) && has_member(*members, "content.xml")) {
    const std::string_view rest = body.substr(30 + kMimeStart.size());
    if (rest.starts_with("spreadsheet")) return "ods";
    if (rest.starts_with("text")) return "odt";
  }
  return "zip";
}

/// Word and PowerPoint share the container; only a workbook has a stream of this name (in UTF-16).
bool is_workbook(std::string_view body) {
  std::string wide;
  for (const char c : std::string_view{"Workbook"}) {
    wide += c;
    wide += '\0';
  }
  return body.find(wide) != std::string_view::npos;
}

std::string binary_kind(std::string_view body) {
  if (body.starts_with("%PDF-")) return "pdf";
  if (body.starts_with("PK\x03\x04") || body.starts_with("PK\x05\x06")) return zip_kind(body);
  if (body.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return is_workbook(body) ? "xls" : "";
  if (body.starts_with("\x1F\x8B\x08")) return "gzip";
  if (body.starts_with("\x89PNG\r\n\x1A\n")) return "png";
  if (body.starts_with("\xFF\xD8\xFF")) return "jpeg";
  if (body.starts_with("GIF87a") || body.starts_with("GIF89a")) return "gif";
  return {};
}

bool is_blank_char(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

std::string_view without_blanks(std::string_view s) {
  while (!s.empty() && is_blank_char(s.front())) s.remove_prefix(1);
  return s;
}

/// What stands before the first tag: blanks, comments, <?xml ...?>, <!DOCTYPE ...>.
struct Prologue {
  std::string_view rest;  // from the first tag on
  bool xml = false;
  std::string doctype;  // lower case: "html", "svg"
};

std::string lower_word(std::string_view s) {
  std::string word;
  for (const char c : s) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter) break;
    word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return word;
}

Prologue read_prologue(std::string_view s) {
  Prologue p;
  for (p.rest = without_blanks(s); p.rest.starts_with('<'); p.rest = without_blanks(p.rest)) {
    std::string_view end;
    if (p.rest.starts_with("<!--")) {
      end = "-->";
    } else if (p.rest.starts_with("<?")) {
      end = "?>";
      p.xml = p.xml || p.rest.starts_with("<?xml");
    } else if (same_word(p.rest.substr(0, 9), "<!doctype")) {
      end = ">";
      p.doctype = lower_word(without_blanks(p.rest.substr(9)));
    } else {
      break;
    }
    const auto at = p.rest.find(end, 2);
    p.rest.remove_prefix(at == std::string_view::npos ? p.rest.size() : at + end.size());
  }
  return p;
}

bool is_html_tag(const std::string& name) {
  static constexpr std::array kNames = {"html",     "head",   "body",   "title", "meta", "link",    "script",  "style",
                                        "div",      "p",      "span",   "table", "h1",   "h2",      "h3",      "ul",
                                        "ol",       "a",      "center", "form",  "main", "section", "header",  "nav",
                                        "frameset", "iframe", "img",    "br",    "b",    "font",    "article", "base"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string markup_kind(std::string_view text) {
  const Prologue p = read_prologue(text);
  if (p.doctype == "html") return "html";
  const std::string tag = p.rest.size() > 1 ? lower_word(p.rest.substr(1)) : std::string{};
  if (tag == "svg" || p.doctype == "svg") return "svg";
  if (tag == "html" || (!p.xml && is_html_tag(tag))) return "html";
  return p.xml || !p.doctype.empty() || !tag.empty() ? "xml" : std::string{};
}

/// Fields of one line; what stands in quotes does not part. Unset: a quote stays open.
std::optional<std::size_t> field_count(std::string_view line, char separator) {
  std::size_t fields = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == separator && !quoted) ++fields;
  }
  if (quoted) return std::nullopt;
  return fields;
}

bool is_csv(std::string_view text, bool whole) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < kCsvLines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos && !whole) break;  // the sample ends within this line
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (lines.size() < 2) return false;
  return std::any_of(std::begin(",;\t"), std::end(",;\t") - 1, [&lines](char separator) {
    const auto fields = field_count(lines[0], separator);
    return fields && *fields > 1 && std::all_of(lines.begin(), lines.end(), [&](std::string_view line) {
             return field_count(line, separator) == fields;
           });
  });
}

bool is_plain_text(std::string_view s) {
  return std::none_of(s.begin(), s.end(), [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return (b < 0x20 && !is_blank_char(c) && b != 0x1B) || b == 0x7F;
  });
}

std::string text_kind(std::string_view body) {
  const bool wide = has_utf16_mark(body);
  const std::string_view sample = body.substr(0, kTextSample);
  if (!wide && !is_plain_text(sample)) return {};
  const std::string text = to_utf8(sample, {});
  const std::string_view start = without_blanks(text);
  if (start.starts_with('<'))
    if (const std::string kind = markup_kind(start); !kind.empty()) return kind;
  if (start.starts_with('{') || start.starts_with('[')) {
    if (JsonBody::parse(body)) return "json";
  }
  if (is_csv(start, body.size() <= kTextSample)) return "csv";
  return start.empty() ? std::string{} : "text";
}

std::string ending_of(std::string_view path_query) {
  std::string_view path = path_query.substr(0, path_query.find_first_of("?#"));
  const auto slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string{} : lower_word(path.substr(dot + 1));
}

}  // namespace

std::string magic_of(std::string_view body) {
  std::string kind = binary_kind(body);
  return kind.empty() ? text_kind(body) : kind;
}

bool magic_is(std::string_view found, std::string_view wanted) {
  if (found.empty() || wanted.empty()) return false;
  if (found == wanted) return true;
  if (wanted == "zip") return found == "xlsx" || found == "ods" || found == "docx" || found == "odt";
  if (wanted == "text") return found == "csv";
  return wanted == "xml" && found == "svg";
}

const std::vector<std::string>& magic_kinds() {
  static const std::vector<std::string> kKinds = {"pdf",  "zip", "xlsx", "ods", "docx", "odt",  "xls", "gzip", "png",
                                                  "jpeg", "gif", "svg",  "xml", "html", "json", "csv", "text"};
  return kKinds;
}

std::string kind_of_path(std::string_view path_query) {
  static constexpr std::array<std::array<std::string_view, 2>, 10> kOtherEndings = {{{"jpg", "jpeg"},
                                                                                     {"htm", "html"},
                                                                                     {"xhtml", "html"},
                                                                                     {"txt", "text"},
                                                                                     {"tsv", "csv"},
                                                                                     {"gz", "gzip"},
                                                                                     {"tgz", "gzip"},
                                                                                     {"rss", "xml"},
                                                                                     {"atom", "xml"},
                                                                                     {"xlsm", "xlsx"}}};
  const std::string ending = ending_of(path_query);
  const auto& kinds = magic_kinds();
  if (ending != "text" && std::find(kinds.begin(), kinds.end(), ending) != kinds.end()) return ending;
  for (const auto& [other, kind] : kOtherEndings)
    if (ending == other) return std::string{kind};
  return {};
}

}  // namespace embargod

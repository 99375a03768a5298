// Text out of DOCX, ODT and HTML: paragraphs in their order, and which of them are headings or name a field.

#include <zip.h>

#include <algorithm>
#include <memory>
#include <pugixml.hpp>

#include "daemon/report/written_report.h"
#include "probes/html_parser.h"

namespace embargod {
namespace {

constexpr zip_uint64_t kLargestPart = zip_uint64_t{64} << 20U;

struct ReadZipCleanup {
  void operator()(zip_t* z) const { zip_discard(z); }
  void operator()(zip_file_t* f) const { zip_fclose(f); }
};
using OpenZip = std::unique_ptr<zip_t, ReadZipCleanup>;

OpenZip open_zip(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return nullptr;
  OpenZip zip{zip_open_from_source(source, ZIP_RDONLY, &error)};
  zip_error_fini(&error);
  if (!zip) zip_source_free(source);
  return zip;
}

/// Error invalid_input: more than anybody writes, as an archive bomb has. Reads no more than it says it has.
Result<std::string> unpacked(zip_t* zip, const char* name) {
  zip_stat_t stat;
  if (zip_stat(zip, name, 0, &stat) != 0) return fail(Errc::not_found, "has no such part");
  if ((stat.valid & ZIP_STAT_SIZE) == 0 || stat.size > kLargestPart)
    return fail(Errc::invalid_input, "is over 64 MiB unpacked");
  const std::unique_ptr<zip_file_t, ReadZipCleanup> part{zip_fopen(zip, name, 0)};
  std::string bytes(stat.size, '\0');
  if (!part || zip_fread(part.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()))
    return fail(Errc::corrupt, "is an archive that cannot be unpacked", {}, "save it again");
  return bytes;
}

std::string_view name_of(pugi::xml_node node) { return node.name(); }

/// Whether a paragraph stands in the first of several cells of a row: there a form has its labels.
bool is_label_cell(pugi::xml_node paragraph, const char* cell_name) {
  for (pugi::xml_node n = paragraph.parent(); n; n = n.parent())
    if (name_of(n) == cell_name) return !n.previous_sibling(cell_name) && n.next_sibling(cell_name);
  return false;
}

/// What both formats have in common: a walk over the tree that collects the text of paragraphs.
class ParagraphWalker : public pugi::xml_tree_walker {
 public:
  std::vector<WrittenLine> lines;

 protected:
  void begin_line(bool is_label) { lines.push_back({static_cast<int>(lines.size()) + 1, is_label, true, true, {}}); }
  void add(std::string_view text) {
    if (!lines.empty()) lines.back().text += text;
  }
};

class DocxWalker final : public ParagraphWalker {
 public:
  bool for_each(pugi::xml_node& node) override {
    const auto name = name_of(node);
    if (name == "w:p") {
      const std::string_view style = node.child("w:pPr").child("w:pStyle").attribute("w:val").value();
      begin_line(style.starts_with("Heading") || style == "Title" || is_label_cell(node, "w:tc"));
    } else if (name == "w:t") {
      add(node.text().get());  // w:delText is what a reviewer struck out
    } else if (name == "w:tab" || name == "w:br" || name == "w:cr") {
      if (name_of(node.parent()) == "w:r") add(" ");
    }
    return true;
  }
};

class OdtWalker final : public ParagraphWalker {
 public:
  bool for_each(pugi::xml_node& node) override {
    const auto name = name_of(node);
    if (name == "text:p" || name == "text:h")
      begin_line(name == "text:h" || is_label_cell(node, "table:table-cell"));
    else if (node.type() == pugi::node_pcdata && !is_struck_out(node))
      add(node.value());
    else if (name == "text:s")
      add(std::string(std::min(node.attribute("text:c").as_uint(1), 80U), ' '));
    else if (name == "text:tab" || name == "text:line-break")
      add(" ");
    return true;
  }

 private:
  static bool is_struck_out(pugi::xml_node node) {
    for (; node; node = node.parent())
      if (name_of(node) == "text:tracked-changes") return true;
    return false;
  }
};

template <class Walker>
Result<std::vector<WrittenLine>> walked(const std::string& xml, const char* body) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata))
    return fail(Errc::corrupt, "holds XML that cannot be read", {}, "save it again");
  pugi::xml_node part = document.document_element().child(body);
  Walker walker;
  part.traverse(walker);
  return std::move(walker.lines);
}

/// Paragraphs of a page: the text between tags that break a line.
class PageLines final : public HtmlEvents {
 public:
  std::vector<WrittenLine> lines;

  void start(const char* name, const unsigned char** /*attributes*/) override {
    const std::string_view tag = name;
    if (is_hidden(tag)) ++hidden_;
    if (breaks(tag)) end_line();
    if (labels(tag)) is_label_ = true;
    if (tag == "br") text(" ");
  }
  void end(const char* name) override {
    const std::string_view tag = name;
    if (is_hidden(tag) && hidden_ > 0) --hidden_;
    if (breaks(tag)) end_line();
    if (labels(tag)) is_label_ = false;
  }
  void text(std::string_view part) override {
    if (hidden_ > 0) return;
    for (const char c : part) line_ += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
  }
  [[nodiscard]] bool full() const override { return false; }

  void end_line() {
    if (line_.find_first_not_of(' ') != std::string::npos)
      lines.push_back({static_cast<int>(lines.size()) + 1, is_label_, true, true, std::move(line_)});
    line_.clear();
  }

 private:
  static bool is_hidden(std::string_view tag) { return tag == "script" || tag == "style" || tag == "title"; }
  static bool labels(std::string_view tag) {
    return tag == "dt" || tag == "th" || (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6');
  }
  static bool breaks(std::string_view tag) {
    for (const std::string_view inner :
         {"a",    "b",    "i",     "em",  "strong", "span", "sup",    "sub", "mark", "br",  "u",
          "code", "font", "small", "big", "abbr",   "s",    "strike", "tt",  "kbd",  "time"})
      if (tag == inner) return false;
    return true;
  }

  std::string line_;
  int hidden_ = 0;
  bool is_label_ = false;
};

}  // namespace

Result<std::vector<WrittenLine>> office_lines(std::string_view bytes) {
  const OpenZip zip = open_zip(bytes);
  if (!zip) return fail(Errc::corrupt, "is an archive that cannot be opened", {}, "save it again");
  if (auto word = unpacked(zip.get(), "word/document.xml"))
    return walked<DocxWalker>(*word, "w:body");
  else if (word.error().code != Errc::not_found)
    return tl::unexpected<Fault>{word.error()};
  if (auto open = unpacked(zip.get(), "content.xml"))
    return walked<OdtWalker>(*open, "office:body");
  else if (open.error().code != Errc::not_found)
    return tl::unexpected<Fault>{open.error()};
  return fail(Errc::corrupt, "is an archive, but neither a Word nor an OpenDocument text", {},
              "save the report as .docx or .odt");
}

Result<std::vector<WrittenLine>> html_lines(std::string_view html) {
  PageLines page;
  if (!read_html(html, HtmlBytes::utf8, page))
    return fail(Errc::corrupt, "is HTML that cannot be read to its end", {}, "save it as .docx, .odt or text");
  page.end_line();
  return std::move(page.lines);
}

}  // namespace embargod

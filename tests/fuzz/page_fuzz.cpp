// A page through everything that reads it: tree, texts, XPath, edition, kind, fingerprint, simhash. Input: an XPath, a
// newline, a content type, a newline, the page.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probes/edition.h"
#include "probes/fingerprint.h"
#include "probes/html.h"
#include "probes/magic.h"
#include "probes/page.h"
#include "probes/simhash.h"

namespace {

using namespace embargod;

void must(bool promise) {
  if (!promise) std::abort();
}

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

/// Single blanks, none at the ends, nothing below them.
bool is_folded(const std::string& s) {
  if (s.starts_with(' ') || s.ends_with(' ') || s.find("  ") != std::string::npos) return false;
  for (const char c : s)
    if (static_cast<unsigned char>(c) < ' ') return false;
  return true;
}

void check_edition(const std::string& text) {
  const auto edition = read_edition(text);
  if (!edition) return;
  must(!edition->text.empty() && text.find(edition->text) != std::string::npos);
  must(compare_editions(*edition, *edition) == EditionOrder::current);
  if (edition->kind == Edition::Kind::period) must(edition->begin <= edition->end);
}

void check_page(const Page& page, const std::string& path) {
  for (const std::string* text : {&page.visible_text(), &page.main_text(), &page.settled_text(), &page.title()})
    must(is_folded(*text));
  must(page.settled_text().size() <= page.main_text().size());
  check_edition(page.visible_text());
  check_edition(page.title());
  must((text_print(page.visible_text()).words == 0) || !page.visible_text().empty());
  const auto compiled = XPath::make(path);
  if (!compiled) return;
  const auto found = page.find(*compiled);
  if (!found) {
    must(found.error().code == Errc::unavailable);
    return;
  }
  must(found->size() <= 1000);
  for (const std::string& text : *found) must(is_folded(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kFingerprinter = Fingerprinter::make({{"ignored [0-9]+"}, {}}, {});
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  const std::string path{take_line(rest)};
  Observation o;
  o.content_type = std::string{take_line(rest)};
  o.body = std::string{rest};
  const auto page = Page::parse(o.body, o.content_type);
  if (page) check_page(*page, path);
  const bool html = looks_like_html(o.content_type, o.body);
  const std::string print = kFingerprinter->of(o, html && page ? &*page : nullptr);
  must(print.empty() || print.size() > 64);
  must(print == kFingerprinter->of(o, html && page ? &*page : nullptr));
  const std::string kind = magic_of(o.body);
  must(kind.empty() || magic_is(kind, kind));
  static_cast<void>(links_of(o.body, *parse_url("https://stats.example.org/pub/x")));
  return 0;
}

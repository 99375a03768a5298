#include "probes/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <unordered_set>
#include <utility>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr int kHugeInput =
    1 << 19;  // XML_PARSE_HUGE, which the HTML options lack: without it, depth 256 ends the parse
constexpr std::size_t kChunk = 16U << 10U;
constexpr std::size_t kMostAttributes = 256;     // libxml2 compares each attribute of a tag with all before it
constexpr std::size_t kMostSteps = 100'000'000;  // and each end tag with the open elements: minutes for a hostile page
constexpr std::size_t kMostLinks = 20'000;       // different ones; resolving each costs some microseconds

/// Hrefs in order of the page, and the parser's complaints that mean "I stopped".
struct Collector {
  std::vector<std::string> hrefs;
  std::unordered_set<std::string> known;
  std::string base;
  std::size_t depth = 0;
  bool broken = false;
};

/// libxml2 gives UTF-8. The page was declared Latin-1, so code points below 256 are the bytes as sent.
std::string bytes_as_sent(const char* text) {
  std::string out;
  for (const char* p = text; *p != '\0'; ++p) {
    const auto b = static_cast<unsigned char>(*p);
    if ((b == 0xC2 || b == 0xC3) && p[1] != '\0') {
      out += static_cast<char>(((b & 0x03U) << 6U) | (static_cast<unsigned char>(*++p) & 0x3FU));
    } else {
      out += *p;
    }
  }
  return out;
}

const char* attribute(const xmlChar** atts, const char* name) {
  for (; atts != nullptr && atts[0] != nullptr; atts += 2)
    if (std::strcmp(reinterpret_cast<const char*>(atts[0]), name) == 0) return reinterpret_cast<const char*>(atts[1]);
  return nullptr;
}

void on_start(void* self, const xmlChar* name, const xmlChar** atts) {
  auto& c = *static_cast<Collector*>(self);
  ++c.depth;
  const bool is_a = xmlStrEqual(name, BAD_CAST "a") != 0;
  if (!is_a && xmlStrEqual(name, BAD_CAST "base") == 0) return;
  const char* href = attribute(atts, "href");
  if (href == nullptr) return;
  if (is_a) {
    std::string text = bytes_as_sent(href);
    if (c.known.insert(text).second) c.hrefs.push_back(std::move(text));
  } else if (c.base.empty()) {
    c.base = bytes_as_sent(href);
  }
}

void on_end(void* self, const xmlChar*) {
  auto& c = *static_cast<Collector*>(self);
  if (c.depth > 0) --c.depth;
}

/// Every real page has faults that the parser mends (level error); fatal ones end the parse.
void on_error(void* self, const xmlError* e) {
  if (e->level == XML_ERR_FATAL || e->code == XML_ERR_NO_MEMORY || e->code == XML_ERR_INTERNAL_ERROR)
    static_cast<Collector*>(self)->broken = true;
}

struct ContextCleanup {
  void operator()(htmlParserCtxtPtr c) const {
    if (c->myDoc != nullptr) xmlFreeDoc(c->myDoc);
    htmlFreeParserCtxt(c);
  }
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// Most attributes in one start tag. Scripts are passed over, since "a<b" is no tag there.
std::size_t most_attributes(std::string_view html) {
  std::size_t most = 0;
  for (std::size_t i = html.find('<'); i != std::string_view::npos; i = html.find('<', i)) {
    ++i;
    if (i >= html.size() || !is_letter(html[i])) continue;
    const bool script = same_word(html.substr(i, 6), "script");
    std::size_t words = 0;
    char quote = '\0';
    for (; i < html.size() && (quote != '\0' || html[i] != '>'); ++i) {
      if (quote != '\0') {
        if (html[i] == quote) quote = '\0';
      } else if (html[i] == '"' || html[i] == '\'') {
        quote = html[i];
        ++words;  // two attributes may touch: a="1"b="2"
      } else if (is_blank(html[i]) && i + 1 < html.size() && !is_blank(html[i + 1])) {
        ++words;
      }
    }
    most = std::max(most, words);
    if (script) i = std::min(html.find("</", i), html.size());
  }
  return most;
}

bool feed(htmlParserCtxtPtr context, Collector& c, std::string_view html) {
  std::size_t steps = 0;
  for (std::size_t at = 0; at < html.size(); at += kChunk) {
    const std::string_view chunk = html.substr(at, kChunk);
    std::size_t ends = 0;
    for (std::size_t i = chunk.find("</"); i != std::string_view::npos; i = chunk.find("</", i + 2)) ++ends;
    steps += ends * c.depth;
    if (steps > kMostSteps) return false;
    htmlParseChunk(context, chunk.data(), static_cast<int>(chunk.size()), 0);
    if (c.broken || c.hrefs.size() > kMostLinks) return false;
  }
  htmlParseChunk(context, "", 0, 1);
  return !c.broken && c.hrefs.size() <= kMostLinks;
}

bool is_utf16(std::string_view s) { return s.starts_with("\xFF\xFE") || s.starts_with("\xFE\xFF"); }

/// UTF-16 with its byte order mark as UTF-8; surrogates, which links have no use for, become '?'.
std::string utf8_of(std::string_view wide) {
  const std::size_t low = wide[0] == '\xFF' ? 0 : 1;
  std::string out;
  for (std::size_t i = 2; i + 1 < wide.size(); i += 2) {
    const unsigned small = static_cast<unsigned char>(wide[i + low]);
    const unsigned large = static_cast<unsigned char>(wide[i + 1 - low]);
    const unsigned unit = small | (large << 8U);
    if (unit < 0x80) {
      out += static_cast<char>(unit);
    } else if (unit < 0x800) {
      out += static_cast<char>(0xC0U | (unit >> 6U));
      out += static_cast<char>(0x80U | (unit & 0x3FU));
    } else if (unit >= 0xD800 && unit < 0xE000) {
      out += '?';
    } else {
      out += static_cast<char>(0xE0U | (unit >> 12U));
      out += static_cast<char>(0x80U | ((unit >> 6U) & 0x3FU));
      out += static_cast<char>(0x80U | (unit & 0x3FU));
    }
  }
  return out;
}

}  // namespace

bool looks_like_html(std::string_view content_type, std::string_view body) {
  if (contains_word(content_type, "html")) return true;
  if (is_utf16(body)) body.remove_prefix(std::min<std::size_t>(body.size(), body[0] == '\xFF' ? 2 : 3));
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const auto first = std::find_if_not(body.begin(), body.end(), [](char c) { return is_blank(c); });
  return first != body.end() && *first == '<' && !contains_word(content_type, "xml");
}

std::optional<std::vector<Url>> links_of(std::string_view html, const Url& page) {
  if (html.size() > kLargestHtml) return std::nullopt;
  std::string copy = is_utf16(html) ? utf8_of(html) : std::string{html};
  std::replace(copy.begin(), copy.end(), '\0', ' ');  // a NUL would end the parser's input early
  if (most_attributes(copy) > kMostAttributes) return std::nullopt;
  Collector found;
  htmlSAXHandler sax{};  // no tree: memory stays flat however deep or dense the page is
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElement = &on_start;
  sax.endElement = &on_end;
  sax.serror = [](void* self, xmlErrorPtr e) { on_error(self, e); };
  const std::unique_ptr<htmlParserCtxt, ContextCleanup> context{
      htmlCreatePushParserCtxt(&sax, &found, nullptr, 0, nullptr, XML_CHAR_ENCODING_8859_1)};
  if (!context) return std::nullopt;
  htmlCtxtUseOptions(context.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                        HTML_PARSE_IGNORE_ENC | kHugeInput);
  context->sax->serror = sax.serror;  // NOERROR takes it away, and with it what tells a mended fault from a stop
  if (!feed(context.get(), found, copy)) return std::nullopt;

  const auto base = found.base.empty() ? Result<Url>{page} : resolve(page, found.base);
  std::vector<Url> links;
  for (const std::string& href : found.hrefs)
    if (auto url = resolve(base ? *base : page, href)) links.push_back(std::move(*url));
  return links;
}

}  // namespace embargod

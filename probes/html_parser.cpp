#include "probes/html_parser.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr int kHugeInput =
    1 << 19;  // XML_PARSE_HUGE, which the HTML options lack: without it, depth 256 ends the parse
constexpr std::size_t kChunk = 16U << 10U;
constexpr std::size_t kMostAttributes = 256;     // libxml2 compares each attribute of a tag with all before it
constexpr std::size_t kMostSteps = 100'000'000;  // and each end tag with the open elements: minutes for a hostile page

struct Feed {
  HtmlEvents& events;
  std::size_t depth = 0;
  bool broken = false;  // libxml2 said that it stopped
};

Feed& feed_of(void* self) { return *static_cast<Feed*>(self); }

void on_start(void* self, const xmlChar* name, const xmlChar** atts) {
  ++feed_of(self).depth;
  feed_of(self).events.start(reinterpret_cast<const char*>(name), atts);
}

void on_end(void* self, const xmlChar* name) {
  Feed& f = feed_of(self);
  if (f.depth > 0) --f.depth;
  f.events.end(reinterpret_cast<const char*>(name));
}

void on_text(void* self, const xmlChar* text, int length) {
  feed_of(self).events.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
}

/// Every real page has faults that the parser mends (level error); fatal ones end the parse.
void on_error(void* self, const xmlError* e) {
  if (e->level == XML_ERR_FATAL || e->code == XML_ERR_NO_MEMORY || e->code == XML_ERR_INTERNAL_ERROR)
    feed_of(self).broken = true;
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

/// Tags for which libxml2 goes through all open elements: every end tag, and a repeated <body>.
std::size_t costly_tags(std::string_view chunk) {
  std::size_t count = 0;
  for (std::size_t i = chunk.find('<'); i != std::string_view::npos; i = chunk.find('<', i + 1)) {
    const std::string_view name = chunk.substr(i + 1, 4);  // at the chunk's end it may be cut
    if (name.starts_with('/') || same_word(name, std::string_view{"body"}.substr(0, name.size()))) ++count;
  }
  return count;
}

/// libxml2 drops what follows </html>; browsers show it (HTML 13.2.6.4.19, "after body"), and so would rules miss it.
/// `html` with the end tags of body and html as blanks, in `copy` if there are any.
std::string_view without_last_tags(std::string_view html, std::string& copy) {
  for (std::size_t i = html.find("</"); i != std::string_view::npos; i = html.find("</", i + 2)) {
    if (!same_word(html.substr(i + 2, 4), "html") && !same_word(html.substr(i + 2, 4), "body")) continue;
    std::size_t end = i + 6;
    while (end < html.size() && is_blank(html[end])) ++end;
    if (end >= html.size() || html[end] != '>') continue;
    if (copy.empty()) copy = html;
    std::fill(copy.begin() + static_cast<std::ptrdiff_t>(i), copy.begin() + static_cast<std::ptrdiff_t>(end + 1), ' ');
  }
  return copy.empty() ? html : std::string_view{copy};
}

bool feed(htmlParserCtxtPtr context, Feed& f, std::string_view html) {
  std::size_t steps = 0;
  for (std::size_t at = 0; at < html.size(); at += kChunk) {
    const std::string_view chunk = html.substr(at, kChunk);
    steps += costly_tags(chunk) * f.depth;
    if (steps > kMostSteps) return false;
    htmlParseChunk(context, chunk.data(), static_cast<int>(chunk.size()), 0);
    if (f.broken || f.events.full()) return false;
  }
  htmlParseChunk(context, "", 0, 1);
  return !f.broken && !f.events.full();
}

}  // namespace

bool read_html(std::string_view html, HtmlBytes bytes, HtmlEvents& events) {
  if (most_attributes(html) > kMostAttributes) return false;
  Feed f{events};
  htmlSAXHandler sax{};  // no tree: memory stays flat however deep or dense the page is
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElement = &on_start;
  sax.endElement = &on_end;
  sax.characters = &on_text;
  sax.ignorableWhitespace = &on_text;  // between inline elements it parts words
  sax.cdataBlock = &on_text;
  sax.serror = [](void* self, xmlErrorPtr e) { on_error(self, e); };
  const auto charset = bytes == HtmlBytes::utf8 ? XML_CHAR_ENCODING_UTF8 : XML_CHAR_ENCODING_8859_1;
  const std::unique_ptr<htmlParserCtxt, ContextCleanup> context{
      htmlCreatePushParserCtxt(&sax, &f, nullptr, 0, nullptr, charset)};
  if (!context) return false;
  htmlCtxtUseOptions(context.get(), HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                        HTML_PARSE_IGNORE_ENC | kHugeInput);
  context->sax->serror = sax.serror;  // NOERROR takes it away, and with it what tells a mended fault from a stop
  std::string copy;
  return feed(context.get(), f, without_last_tags(html, copy));
}

const char* attribute_of(const unsigned char** atts, const char* name) {
  for (; atts != nullptr && atts[0] != nullptr; atts += 2) {
    if (std::strcmp(reinterpret_cast<const char*>(atts[0]), name) != 0) continue;
    return atts[1] != nullptr ? reinterpret_cast<const char*>(atts[1]) : "";
  }
  return nullptr;
}

}  // namespace embargod

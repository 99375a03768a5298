#include "probes/discovery/xml_stream.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "probes/answer.h"
#include "probes/discovery/gunzip.h"
#include "probes/page_words.h"

namespace embargod {
namespace {

constexpr std::size_t kXmlChunk = 64U << 10U;
constexpr std::size_t kMostXmlAttributes = 256;  // libxml2 compares each with all before it
constexpr int kDeepestXml = 100;

std::string_view view_of(const xmlChar* s) {
  return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

/// Counts the attributes of each tag before libxml2 sees it. Its state lasts over chunks.
class TagGuard {
 public:
  /// False: a tag has too many.
  bool take(std::string_view chunk) {
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      if (state_ == State::text) {
        const std::size_t open = chunk.find('<', i);
        if (open == std::string_view::npos) return true;
        i = open;
        state_ = State::opened;
      } else if (!step(chunk[i])) {
        return false;
      }
    }
    return true;
  }

 private:
  enum class State : std::uint8_t { text, opened, tag, quoted, section };

  bool step(char c) {
    switch (state_) {
      case State::opened:
        equals_ = 0;
        begin_.assign(1, c);
        state_ = c == '!' || c == '?' ? State::section : c == '>' ? State::text : State::tag;
        return true;
      case State::tag:
        if (c == '>') state_ = State::text;
        if (c == '"' || c == '\'') {
          quote_ = c;
          state_ = State::quoted;
        }
        return c != '=' || ++equals_ <= kMostXmlAttributes;
      case State::quoted:
        if (c == quote_) state_ = State::tag;
        return true;
      case State::section:
        in_section(c);
        return true;
      case State::text:
        break;
    }
    return true;
  }

  /// "<!--...-->", "<![CDATA[...]]>", "<?...?>", "<!DOCTYPE ...>": each ends in its own way.
  void in_section(char c) {
    if (begin_.size() < 3) begin_ += c;
    last_ = {last_.second, std::exchange(newest_, c)};
    if (c != '>') return;
    const bool comment = begin_.starts_with("!--");
    const bool cdata = begin_.starts_with("![");
    const bool instruction = begin_.front() == '?';
    const bool ends = comment       ? last_.first == '-' && last_.second == '-'
                      : cdata       ? last_.first == ']' && last_.second == ']'
                      : instruction ? last_.second == '?'
                                    : true;
    if (!ends) return;
    last_ = {};
    newest_ = '\0';
    state_ = State::text;
  }

  State state_ = State::text;
  char quote_ = '"';
  std::size_t equals_ = 0;
  std::string begin_;
  std::pair<char, char> last_{};  // the two before the newest
  char newest_ = '\0';
};

/// libxml2's own words may hold parts of the document.
const char* words_for_xml_error(int code) {
  switch (code) {
    case XML_ERR_DOCUMENT_EMPTY:
      return "this is not XML";
    case XML_ERR_DOCUMENT_END:
    case XML_ERR_TAG_NOT_FINISHED:
    case XML_ERR_GT_REQUIRED:
    case XML_ERR_CDATA_NOT_FINISHED:
    case XML_ERR_COMMENT_NOT_FINISHED:
      return "the document ends too early, or a tag is not closed";
    case XML_ERR_TAG_NAME_MISMATCH:
      return "an end tag does not fit its start tag";
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
      return "an entity that XML does not know by itself";
    case XML_ERR_INVALID_ENCODING:
    case XML_ERR_INVALID_CHAR:
    case XML_ERR_UNKNOWN_ENCODING:
    case XML_ERR_UNSUPPORTED_ENCODING:
    case XML_I18N_CONV_FAILED:
      return "the bytes are not in the character set that the document declares";
    default:
      return "not well-formed XML";
  }
}

/// What libxml2 says of a conversion between character sets goes to stderr, unless somebody else takes it: a listing
/// must not write into the daemon's log. While it lives, on this thread.
class QuietConversion {
 public:
  QuietConversion() : before_{xmlStructuredError}, context_{xmlStructuredErrorContext} {
    xmlSetStructuredErrorFunc(nullptr, [](void*, xmlErrorPtr) {});
  }
  QuietConversion(const QuietConversion&) = delete;
  QuietConversion& operator=(const QuietConversion&) = delete;
  ~QuietConversion() { xmlSetStructuredErrorFunc(context_, before_); }

 private:
  xmlStructuredErrorFunc before_;
  void* context_;
};

struct FreeXmlContext {
  void operator()(xmlParserCtxtPtr c) const {
    if (c->myDoc != nullptr) xmlFreeDoc(c->myDoc);
    xmlFreeParserCtxt(c);
  }
};

}  // namespace

std::optional<std::string> XmlAttributes::find(std::string_view name, std::string_view prefix) const {
  for (int i = 0; i < count_; ++i) {
    const unsigned char** a = raw_ + std::ptrdiff_t{5} * i;
    if (view_of(a[0]) != name || view_of(a[1]) != prefix) continue;
    const std::string_view sent{reinterpret_cast<const char*>(a[3]), static_cast<std::size_t>(a[4] - a[3])};
    // libxml2 leaves an ampersand escaped unless it may replace entities.
    constexpr std::string_view kAmpersand = "&#38;";
    std::string value;
    for (std::size_t at = 0; at < sent.size();) {
      const std::size_t hit = std::min(sent.find(kAmpersand, at), sent.size());
      value += sent.substr(at, hit - at);
      if (hit < sent.size()) value += '&';
      at = hit + kAmpersand.size();
    }
    return value;
  }
  return std::nullopt;
}

void CollectedText::add(std::string_view part) {
  const std::size_t room = most_ - std::min(most_, text_.size());
  cut_ = cut_ || part.size() > room;
  text_.append(part.substr(0, room));
}

std::string CollectedText::line() const {
  std::string_view text = text_;
  if (cut_) {  // not within a character
    std::size_t end = text.size();
    while (end > 0 && (static_cast<unsigned char>(text[end - 1]) & 0xC0U) == 0x80U) --end;
    if (end > 0 && static_cast<unsigned char>(text[end - 1]) >= 0xC0U) --end;
    if (text.size() - end < 4) text = text.substr(0, end);
  }
  return folded(text);
}

struct XmlStream::Inner {
  XmlEvents& events;
  std::size_t most;
  std::unique_ptr<xmlParserCtxt, FreeXmlContext> context;
  TagGuard guard;
  std::optional<Gunzip> gunzip;
  std::string head;  // until it is clear what the bytes are
  bool begun = false;
  std::size_t taken = 0;
  int depth = 0;
  std::optional<Fault> fault;

  Inner(XmlEvents& e, std::size_t m) : events{e}, most{m} {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.internalSubset = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*) {
      if (same_word(view_of(name), "html")) return of(self).stop("this is an HTML page", "check the address");
      of(self).stop("a document type declaration is refused: it could define entities",
                    "serve the document without <!DOCTYPE>");
    };
    sax.startElementNs = &on_start;
    sax.endElementNs = [](void* self, const xmlChar* name, const xmlChar*, const xmlChar*) { of(self).on_end(name); };
    sax.characters = &on_text;
    sax.ignorableWhitespace = &on_text;
    sax.cdataBlock = &on_text;
    sax.serror = [](void* self, xmlErrorPtr error) { of(self).on_error(*error); };
    context.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
    if (!context) {
      fault = Fault{Errc::unavailable, {}, "out of memory", {}};
      return;
    }
    xmlCtxtUseOptions(context.get(), XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
  }

  static Inner& of(void* self) { return *static_cast<Inner*>(self); }

  [[nodiscard]] std::string place() const {
    const xmlParserInputPtr input = context ? context->input : nullptr;
    if (input == nullptr) return {};
    return "line " + std::to_string(input->line) + ", column " + std::to_string(input->col);
  }
  void stop(std::string what, std::string to_do = {}) {
    if (!fault) fault = Fault{Errc::invalid_input, place(), std::move(what), std::move(to_do)};
    if (context) xmlStopParser(context.get());
  }
  void ask() {
    if (fault) return;
    if (auto why = events.refused()) {
      stop(why->what, why->to_do);
      fault->code = why->code;
    }
  }

  static void on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar* space, int, const xmlChar**,
                       int count, int, const xmlChar** attributes) {
    Inner& in = of(self);
    if (in.fault) return;
    if (++in.depth > kDeepestXml) return in.stop("elements stand over 100 deep");
    in.events.start(view_of(name), view_of(space), XmlAttributes{attributes, count});
    in.ask();
  }
  void on_end(const xmlChar* name) {
    if (fault) return;
    --depth;
    events.end(view_of(name));
    ask();
  }
  static void on_text(void* self, const xmlChar* text, int length) {
    Inner& in = of(self);
    if (in.fault) return;
    in.events.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
    in.ask();
  }
  void on_error(const xmlError& e) {
    if (fault || e.level == XML_ERR_WARNING || e.code == XML_ERR_USER_STOP) return;
    // A prefix that nothing declares: common in feeds, and the element is still clear.
    if (e.domain == XML_FROM_NAMESPACE) return;
    fault = Fault{Errc::invalid_input,
                  "line " + std::to_string(e.line) + ", column " + std::to_string(std::max(e.int2, 1)),
                  words_for_xml_error(e.code),
                  {}};
    xmlStopParser(context.get());
  }

  void push(std::string_view chunk, bool is_last) {
    const QuietConversion quiet;
    const int code = xmlParseChunk(context.get(), chunk.data(), static_cast<int>(chunk.size()), is_last ? 1 : 0);
    if (fault) return;
    // Bytes that cannot be converted end the parse without a word to the handler: half a list would pass for a whole.
    const xmlParserInputPtr input = context->input;
    const bool is_broken = input != nullptr && input->buf != nullptr && input->buf->error != 0;
    if (is_broken || context->disableSAX != 0 || code == XML_ERR_INVALID_ENCODING)
      stop(words_for_xml_error(XML_ERR_INVALID_ENCODING));
  }

  Result<void> parse(std::string_view bytes) {
    taken += bytes.size();
    if (taken > most) {
      stop("it is larger than " + std::to_string(most >> 20U) + " MB");
      return tl::unexpected{*fault};
    }
    for (; !bytes.empty() && !fault; bytes.remove_prefix(std::min(kXmlChunk, bytes.size()))) {
      const std::string_view chunk = bytes.substr(0, kXmlChunk);
      if (!guard.take(chunk))
        stop("a tag has over " + std::to_string(kMostXmlAttributes) + " attributes");
      else
        push(chunk, false);
    }
    if (fault) return tl::unexpected{*fault};
    return {};
  }
  Result<void> feed(std::string_view bytes) {
    if (!gunzip) return parse(bytes);
    auto done = gunzip->take(bytes, [this](std::string_view part) { return parse(part); });
    if (!done && !fault) fault = done.error();
    return done;
  }
};

XmlStream::XmlStream(XmlEvents& events, std::size_t most) : inner_{std::make_unique<Inner>(events, most)} {}
XmlStream::XmlStream(XmlStream&&) noexcept = default;
XmlStream& XmlStream::operator=(XmlStream&&) noexcept = default;
XmlStream::~XmlStream() = default;

Result<void> XmlStream::take(std::string_view chunk) {
  Inner& in = *inner_;
  if (in.fault) return tl::unexpected{*in.fault};
  if (in.begun) return in.feed(chunk);
  constexpr std::size_t kTellsAll = 4;
  std::string head;
  if (!in.head.empty() || chunk.size() < kTellsAll) {
    in.head += chunk;
    if (in.head.size() < kTellsAll) return {};
    head = std::move(in.head);
    chunk = head;
  }
  in.begun = true;
  if (begins_as_gzip(chunk)) in.gunzip.emplace();
  return in.feed(chunk);
}

Result<void> XmlStream::finish() {
  Inner& in = *inner_;
  if (!in.fault && !in.begun) in.fault = Fault{Errc::invalid_input, {}, "it is empty", {}};
  if (!in.fault && in.gunzip)
    if (auto whole = in.gunzip->finish(); !whole) in.fault = whole.error();
  if (!in.fault) in.push("", true);
  if (!in.fault && in.context->wellFormed == 0) in.stop("not well-formed XML");
  if (in.fault) return tl::unexpected{*in.fault};
  return {};
}

}  // namespace embargod

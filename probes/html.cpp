#include "probes/html.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "probes/answer.h"
#include "probes/charset.h"
#include "probes/html_parser.h"

namespace embargod {
namespace {

constexpr std::size_t kMostLinks = 20'000;  // different ones; resolving each costs some microseconds

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

/// Different hrefs in order of the page, and the address they stand upon.
class LinkCollector final : public HtmlEvents {
 public:
  void start(const char* name, const unsigned char** attributes) override {
    const std::string_view tag{name};
    if (tag != "a" && tag != "base") return;
    const char* href = attribute_of(attributes, "href");
    if (href == nullptr) return;
    std::string text = bytes_as_sent(href);
    if (tag == "base") {
      if (base.empty()) base = std::move(text);
    } else if (known_.insert(text).second) {
      hrefs.push_back(std::move(text));
    }
  }
  void end(const char*) override {}
  void text(std::string_view) override {}
  [[nodiscard]] bool full() const override { return hrefs.size() > kMostLinks; }

  std::vector<std::string> hrefs;
  std::string base;

 private:
  std::unordered_set<std::string> known_;
};

}  // namespace

bool looks_like_html(std::string_view content_type, std::string_view body) {
  if (contains_word(content_type, "html")) return true;
  if (has_utf16_mark(body)) body.remove_prefix(std::min<std::size_t>(body.size(), body[0] == '\xFF' ? 2 : 3));
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\n\r\f");
  return first != std::string_view::npos && body[first] == '<' && !contains_word(content_type, "xml");
}

std::optional<std::vector<Url>> links_of(std::string_view html, const Url& page) {
  if (html.size() > kLargestHtml) return std::nullopt;
  std::string copy = has_utf16_mark(html) ? to_utf8(html, {}) : std::string{html};
  std::replace(copy.begin(), copy.end(), '\0', ' ');  // a NUL would end the parser's input early
  LinkCollector found;
  if (!read_html(copy, HtmlBytes::latin1, found)) return std::nullopt;

  const auto base = found.base.empty() ? Result<Url>{page} : resolve(page, found.base);
  std::vector<Url> links;
  for (const std::string& href : found.hrefs)
    if (auto url = resolve(base ? *base : page, href)) links.push_back(std::move(*url));
  return links;
}

}  // namespace embargod

#include "probes/page_words.h"

#include <algorithm>
#include <array>

#include "probes/answer.h"

namespace embargod {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

constexpr auto kUnseen = std::to_array<std::string_view>(
    {"head", "iframe", "noembed", "noframes", "noscript", "script", "style", "template", "title"});

constexpr auto kBlocks = std::to_array<std::string_view>(
    {"address",  "article",  "aside", "blockquote", "body",    "br",     "button",   "caption",    "center", "dd",
     "details",  "dialog",   "dir",   "div",        "dl",      "dt",     "fieldset", "figcaption", "figure", "footer",
     "form",     "frameset", "h1",    "h2",         "h3",      "h4",     "h5",       "h6",         "header", "hgroup",
     "hr",       "html",     "input", "legend",     "li",      "main",   "menu",     "nav",        "ol",     "optgroup",
     "option",   "p",        "pre",   "search",     "section", "select", "summary",  "table",      "tbody",  "td",
     "textarea", "tfoot",    "th",    "thead",      "tr",      "ul",     "video"});

constexpr auto kFrames = std::to_array<std::string_view>({"article", "body", "html", "main"});

/// Bytes of a character that reads as a blank (0: none), and whether it has any width.
struct Space {
  std::size_t length = 0;
  bool wide = true;
};

Space space_at(std::string_view s) {
  const auto b = [&s](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  if (b(0) == ' ' || (b(0) >= '\t' && b(0) <= '\r')) return {1, true};
  if (b(0) == 0xC2 && b(1) == 0xA0) return {2, true};   // no-break space
  if (b(0) == 0xC2 && b(1) == 0xAD) return {2, false};  // soft hyphen
  if (b(0) == 0xE2 && b(1) == 0x80) {
    if (b(2) >= 0x80 && b(2) <= 0x8A) return {3, true};                  // U+2000 to U+200A
    if (b(2) >= 0x8B && b(2) <= 0x8F) return {3, false};                 // zero width, direction marks
    if (b(2) == 0xA8 || b(2) == 0xA9 || b(2) == 0xAF) return {3, true};  // line, paragraph, narrow
  }
  if (b(0) == 0xE2 && b(1) == 0x81 && b(2) == 0x9F) return {3, true};
  if (b(0) == 0xE2 && b(1) == 0x81 && b(2) == 0xA0) return {3, false};  // word joiner
  if (b(0) == 0xE3 && b(1) == 0x80 && b(2) == 0x80) return {3, true};
  if (b(0) == 0xEF && b(1) == 0xBB && b(2) == 0xBF) return {3, false};
  return {};
}

bool may_be_space(char c) {
  const auto b = static_cast<unsigned char>(c);
  return b <= ' ' || b == 0xC2 || b == 0xE2 || b == 0xE3 || b == 0xEF;
}

}  // namespace

void FoldedText::add(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size();) {
    if (may_be_space(utf8[i])) {
      if (const Space s = space_at(utf8.substr(i, 3)); s.length > 0) {
        blank_ = blank_ || s.wide;
        i += s.length;
        continue;
      }
    }
    std::size_t end = i + 1;
    while (end < utf8.size() && !may_be_space(utf8[end])) ++end;
    if (std::exchange(blank_, false) && !text_.empty()) text_ += ' ';
    text_ += utf8.substr(i, end - i);
    i = end;
  }
}

std::string folded(std::string_view utf8) {
  FoldedText t;
  t.add(utf8);
  return std::move(t).text();
}

bool is_unseen_tag(std::string_view tag) { return is_one_of(kUnseen, tag); }
bool is_block_tag(std::string_view tag) { return is_one_of(kBlocks, tag); }
bool is_frame_tag(std::string_view tag) { return is_one_of(kFrames, tag); }

bool is_root_tag(std::string_view tag) {
  return tag == "div" || tag == "main" || tag == "section" || tag.find('-') != std::string_view::npos;
}

bool hides_by_style(std::string_view style) {
  std::string tight;
  for (const char c : style.substr(0, 4096))
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') tight += c;
  return contains_word(tight, "display:none");
}

bool names_a_banner(std::string_view id_or_class) {
  static constexpr auto kBannerWords =
      std::to_array<std::string_view>({"cookie", "consent-banner", "emergency-banner", "emergencybanner",
                                       "global-banner", "global-bar", "survey-banner", "user-survey"});
  const std::string_view start = id_or_class.substr(0, 1024);
  // Nearly every class is none: these are looked for quickly, whatever the case of their first letters.
  const bool may_be = start.find("ookie") != start.npos || start.find("anner") != start.npos ||
                      start.find("OOKIE") != start.npos || start.find("ANNER") != start.npos ||
                      start.find("-bar") != start.npos || start.find("survey") != start.npos;
  if (!may_be) return false;
  return std::any_of(kBannerWords.begin(), kBannerWords.end(),
                     [start](std::string_view word) { return contains_word(start, word); });
}

bool has_token(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto end = list.find_first_of(" \t\r\n\f");
    if (same_word(list.substr(0, end), token)) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

std::string refresh_address(std::string_view content) {
  const auto part = content.find_first_of(";,");
  if (part == std::string_view::npos) return {};
  std::string_view rest = trimmed(content.substr(part + 1));
  if (same_word(rest.substr(0, 3), "url")) {
    const std::string_view behind = trimmed(rest.substr(3));
    if (behind.starts_with('=')) rest = trimmed(behind.substr(1));
  }
  if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
    const char quote = rest[0];
    rest.remove_prefix(1);
    rest = rest.substr(0, rest.find(quote));
  }
  return std::string{trimmed(rest)};
}

}  // namespace embargod

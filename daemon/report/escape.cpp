// Text from outside in each format: shown, never interpreted.

#include <algorithm>
#include <array>
#include <cstdint>

#include "config/text_checks.h"
#include "config/types/html.h"
#include "daemon/report/render_text.h"

namespace embargod {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// Length of the UTF-8 sequence at `s`, which is valid there.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view seq) {
  static constexpr std::array<unsigned, 5> kMask{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t cp = static_cast<unsigned char>(seq[0]) & kMask[seq.size()];
  for (std::size_t k = 1; k < seq.size(); ++k) cp = (cp << 6U) | (static_cast<unsigned char>(seq[k]) & 0x3FU);
  return cp;
}

bool is_reversing(std::uint32_t cp) {
  return cp == 0x061C || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
         (cp >= 0x2066 && cp <= 0x2069);
}

bool is_control(std::uint32_t cp) {
  return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF;
}

std::string visible(std::uint32_t cp) {
  static constexpr const char* kHex = "0123456789ABCDEF";
  std::string s;
  for (int shift = 12; shift >= 0; shift -= 4) s += kHex[(cp >> static_cast<unsigned>(shift)) & 0xFU];
  return "\\u{" + s + "}";
}

/// What follows is clean UTF-8: every broken byte replaced.
std::string mended(std::string_view text) {
  std::string out;
  while (const auto bad = invalid_utf8(text)) {
    out.append(text.substr(0, *bad)).append(kReplacement);
    text.remove_prefix(*bad + 1);
  }
  return out.append(text);
}

/// ASCII punctuation that could be read as markup here; a backslash makes any of it literal (CommonMark 2.4).
bool is_markup(char c, char before, char after) {
  const auto is_digit = [](char x) { return x >= '0' && x <= '9'; };
  switch (c) {
    case '\\':
    case '`':
    case '*':
    case '_':
    case '{':
    case '}':
    case '[':
    case ']':
    case '~':
    case '|':
    case '#':
    case '$':
      return true;
    case '-':
    case '+':
    case '=':
      return before == '\n' || before == ' ';  // a list or an underline at the start of a line
    case '.':
      return (is_digit(before) && after == ' ') || before == 'w' || before == 'W';  // "1. " and "www."
    case ')':
      return is_digit(before) && after == ' ';  // "1) "
    case ':':
      return after != ' ' && !(is_digit(before) && is_digit(after));  // "https://", ":word:", not "09:30"
    case '!':
      return after == '[';
    default:
      return false;
  }
}

}  // namespace

std::string printable(std::string_view outside) {
  const std::string text = mended(outside);
  std::string out;
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t n = sequence_length(static_cast<unsigned char>(text[k]));
    const std::string_view seq = std::string_view{text}.substr(k, n);
    const std::uint32_t cp = code_point(seq);
    if (is_control(cp))
      out += ' ';
    else if (is_reversing(cp))
      out += visible(cp);
    else
      out += seq;
    k += n;
  }
  return out;
}

std::string markdown_text(std::string_view outside) {
  const std::string text = printable(outside);
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    const char before = k == 0 ? '\n' : text[k - 1];
    const char after = k + 1 == text.size() ? ' ' : text[k + 1];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      // Renderers look for addresses and @names after unescaping; an empty comment keeps the halves apart.
      case '@':
        out += "@<!-- -->";
        break;
      default:
        if (is_markup(c, before, after)) out += '\\';
        out += c;
    }
  }
  return out;
}

std::string markdown_url(std::string_view url) {
  const bool needs_code = url.find_first_of("<> `\\|") != std::string_view::npos ||
                          (url.find('&') != std::string_view::npos && url.find(';') != std::string_view::npos) ||
                          printable(url) != url;
  if (!needs_code) return "<" + std::string{url} + ">";
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : url) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fence + " " + printable(url) + " " + fence;
}

std::string html_text(std::string_view outside) { return escape_html(printable(outside)); }

std::string html_url(std::string_view url) {
  const std::string text = html_text(url);
  if (!url.starts_with("https://") && !url.starts_with("http://")) return text;
  return "<a href=\"" + text + "\" rel=\"noreferrer noopener\">" + text + "</a>";
}

std::string blank_text(std::string_view prompt) { return "[TO COMPLETE: " + std::string{prompt} + "]"; }

}  // namespace embargod

#include "alerts/plain_text.h"

#include <cstdint>

namespace embargod {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Decoded {
  char32_t code = kReplacement;
  std::size_t size = 1;
};

// One character of UTF-8 (RFC 3629: no overlong forms, no surrogates); a bad byte is one replacement character.
Decoded decode(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || s.size() < size) return {};
  char32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

// Characters that show nothing and can make text look like other text.
bool is_invisible(char32_t c) {
  return c == 0x00AD || c == 0x061C || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029; }

std::string clean(std::string_view text, std::size_t max_chars, char line_break) {
  std::string out;
  std::size_t chars = 0;
  const auto ends_in_space = [&out] { return out.empty() || out.back() == ' ' || out.back() == '\n'; };
  while (!text.empty()) {
    Decoded c = decode(text);
    std::string_view bytes = text.substr(0, c.size);
    text.remove_prefix(c.size);
    if (is_invisible(c.code)) continue;
    if (c.code == '\r' && text.starts_with('\n')) continue;
    const bool breaks = c.code == '\n' || c.code == '\r' || c.code == 0x2028 || c.code == 0x2029;
    const char gap = breaks ? line_break : ' ';
    if (is_control(c.code) || c.code == ' ') {
      if (gap == ' ' && ends_in_space()) continue;
      bytes = std::string_view{&gap, 1};
    } else if (c.code == kReplacement) {
      bytes = "\xEF\xBF\xBD";
    }
    if (chars == max_chars) {
      out += "…";
      break;
    }
    out += bytes;
    ++chars;
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n')) out.pop_back();
  return out;
}

}  // namespace

std::string clean_line(std::string_view text, std::size_t max_chars) { return clean(text, max_chars, ' '); }

std::string clean_block(std::string_view text, std::size_t max_chars) { return clean(text, max_chars, '\n'); }

std::string capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string header_token(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c > 0x20 && c < 0x7F) out += c;
  return out;
}

}  // namespace embargod

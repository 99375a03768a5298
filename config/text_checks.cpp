#include "config/text_checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace embargod {
namespace {

/// Bytes of the character at `at` and its code point; 0 bytes where it is not UTF-8.
struct Decoded {
  std::size_t bytes = 0;
  std::uint32_t point = 0;
};

Decoded decode_utf8(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(s[i]); };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return {1, lead};
  std::size_t n = 0;
  std::uint32_t point = 0;
  std::uint32_t least = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    n = 2, point = lead & 0x1Fu, least = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    n = 3, point = lead & 0x0Fu, least = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    n = 4, point = lead & 0x07u, least = 0x10000;
  } else {
    return {};
  }
  if (s.size() - at < n) return {};
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80u) return {};
    point = (point << 6u) | (byte(at + i) & 0x3Fu);
  }
  if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return {};
  return {n, point};
}

bool is_control(std::uint32_t p) { return p < 0x20 || (p >= 0x7F && p <= 0x9F) || p == 0x2028 || p == 0x2029; }

/// Characters that change the direction of what stands around them (Unicode TR 36).
bool is_bidi_control(std::uint32_t p) {
  return (p >= 0x202A && p <= 0x202E) || (p >= 0x2066 && p <= 0x2069) || p == 0x200E || p == 0x200F || p == 0x061C;
}

std::string code_point(std::uint32_t p) {
  std::array<char, 16> buffer{};
  const int n = std::snprintf(buffer.data(), buffer.size(), "U+%04X", static_cast<unsigned>(p));
  return {buffer.data(), static_cast<std::size_t>(n)};
}

/// Damerau-Levenshtein (adjacent swaps count one); both texts are short.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

/// Spelling that differs only in case, `-` or spaces is meant for certain.
std::string folded(std::string_view s) {
  std::string out;
  for (const char c : s)
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : (c == '-' || c == ' ' ? '_' : c);
  return out;
}

}  // namespace

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode_utf8(text, at);
    if (c.bytes == 0) return at;
    at += c.bytes;
  }
  return std::nullopt;
}

std::optional<std::string> not_one_line(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded c = decode_utf8(text, at);
    if (c.bytes == 0) return "invalid UTF-8";
    if (c.point == '\n' || c.point == '\r') return "a line break";
    if (is_control(c.point)) return "a control character (" + code_point(c.point) + ")";
    if (is_bidi_control(c.point)) return "a character that turns the direction of text (" + code_point(c.point) + ")";
    at += c.bytes;
  }
  return std::nullopt;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMost = 80;
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    if (at >= kMost) return out + "...\"";
    const Decoded c = decode_utf8(text, at);
    if (c.bytes == 0) {
      out += "\\x??";
      ++at;
      continue;
    }
    if (is_control(c.point) || is_bidi_control(c.point)) {
      out += "\\u{" + code_point(c.point).substr(2) + "}";
    } else {
      out += text.substr(at, c.bytes);
    }
    at += c.bytes;
  }
  return out + "\"";
}

bool is_id(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 100 && std::all_of(text.begin(), text.end(), allowed);
}

std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& words) {
  if (typed.empty() || typed.size() > 64) return std::nullopt;
  const std::string want = folded(typed);
  std::optional<std::string> best;
  std::size_t best_distance = typed.size() < 4 ? 2 : 3;  // must be less than this
  for (const auto& word : words) {
    const std::size_t distance = edit_distance(want, folded(word));
    if (distance < best_distance && distance * 2 < word.size() + 1) {
      best = word;
      best_distance = distance;
    }
  }
  if (best) return best;
  // "absent" for "absent_if"; only where one word alone begins so.
  for (const auto& word : words) {
    if (want.size() < 3 || !folded(word).starts_with(want)) continue;
    if (best) return std::nullopt;
    best = word;
  }
  return best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words) {
  const auto word = nearest(typed, words);
  return word ? "did you mean \"" + *word + "\"?" : "";
}

std::string listed(const std::vector<std::string>& words, std::string_view last_joint) {
  std::string s;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) s += i + 1 == words.size() ? last_joint : std::string_view{", "};
    s += words[i];
  }
  return s;
}

}  // namespace embargod

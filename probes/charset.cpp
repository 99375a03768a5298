#include "probes/charset.h"

#include <array>
#include <optional>

#include "probes/answer.h"

namespace embargod {
namespace {

enum class Charset : std::uint8_t { utf8, windows_1252, utf16_le, utf16_be };

constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::size_t kMetaWithin = 4096;

/// 0x80 to 0x9F; the rest of Windows-1252 is Latin-1.
constexpr std::array<std::uint16_t, 32> kHigh1252 = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                     0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                                     0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                     0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/// Labels as browsers read them: "latin1" means Windows-1252 on the web.
std::optional<Charset> charset_named(std::string_view label) {
  for (const char* name : {"utf-8", "utf8", "unicode-1-1-utf-8"})
    if (same_word(label, name)) return Charset::utf8;
  for (const char* name : {"windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1",
                           "latin-1", "l1", "us-ascii", "ascii"})
    if (same_word(label, name)) return Charset::windows_1252;
  if (same_word(label, "utf-16") || same_word(label, "utf-16le")) return Charset::utf16_le;
  if (same_word(label, "utf-16be")) return Charset::utf16_be;
  return std::nullopt;
}

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The value of "charset=" in a header or a tag.
std::optional<Charset> charset_in(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) c = lower_letter(c);
  auto at = lower.find("charset");
  if (at == std::string::npos) return std::nullopt;
  at = lower.find_first_not_of(" \t\r\n", at + 7);
  if (at == std::string::npos || lower[at] != '=') return std::nullopt;
  at = lower.find_first_not_of(" \t\r\n\"'", at + 1);
  if (at == std::string::npos) return std::nullopt;
  return charset_named(std::string_view{lower}.substr(at, lower.find_first_of(" \t\r\n\"';/>", at) - at));
}

std::optional<Charset> charset_by_meta(std::string_view bytes) {
  std::string head{bytes.substr(0, kMetaWithin)};
  for (char& c : head) c = lower_letter(c);
  for (auto at = head.find("<meta"); at != std::string::npos; at = head.find("<meta", at + 5)) {
    const auto found = charset_in(std::string_view{head}.substr(at, head.find('>', at) - at));
    // A page whose tags we could read as ASCII is not UTF-16, whatever it says.
    if (found) return *found == Charset::utf16_le || *found == Charset::utf16_be ? Charset::utf8 : *found;
  }
  return std::nullopt;
}

std::optional<Charset> charset_by_zeros(std::string_view b) {
  if (b.size() < 4) return std::nullopt;
  if (b[0] != '\0' && b[1] == '\0' && b[2] != '\0' && b[3] == '\0') return Charset::utf16_le;
  if (b[0] == '\0' && b[1] != '\0' && b[2] == '\0' && b[3] != '\0') return Charset::utf16_be;
  return std::nullopt;
}

/// Takes one code point from the front; kReplacement where the bytes are no UTF-8 (and one byte is taken).
std::uint32_t take_utf8(std::string_view& s) {
  const auto byte = [&s](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const std::uint32_t first = byte(0);
  std::size_t length = 0;
  std::uint32_t code = 0, least = 0;
  if (first < 0x80) {
    s.remove_prefix(1);
    return first;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2, code = first & 0x1FU, least = 0x80;
  } else if ((first & 0xF0U) == 0xE0) {
    length = 3, code = first & 0x0FU, least = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4, code = first & 0x07U, least = 0x10000;
  }
  bool good = length > 0 && s.size() >= length;
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xC0U) == 0x80;
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  good = good && code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  s.remove_prefix(good ? length : 1);
  return good ? code : kReplacement;
}

void append_readable(std::string& out, std::uint32_t c) {
  if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) c = ' ';
  if (c == 0xFFFE || c == 0xFFFF) c = kReplacement;  // no characters, and libxml2 stops at them
  append_utf8(out, c);
}

/// Bytes at the front that stand for themselves in ASCII and so in UTF-8 and Windows-1252.
std::size_t plain_run(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && ((s[n] >= ' ' && s[n] < 0x7F) || s[n] == '\n' || s[n] == '\t' || s[n] == '\r')) ++n;
  return n;
}

void take_plain(std::string& out, std::string_view& s) {
  const std::size_t n = plain_run(s);
  out += s.substr(0, n);
  s.remove_prefix(n);
}

std::string from_utf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (take_plain(out, s); !s.empty(); take_plain(out, s)) append_readable(out, take_utf8(s));
  return out;
}

bool is_valid_utf8(std::string_view s) {
  for (s.remove_prefix(plain_run(s)); !s.empty(); s.remove_prefix(plain_run(s))) {
    const bool written_so = s.starts_with("\xEF\xBF\xBD");
    if (take_utf8(s) == kReplacement && !written_so) return false;
  }
  return true;
}

std::string from_1252(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (take_plain(out, s); !s.empty(); take_plain(out, s)) {
    const auto b = static_cast<unsigned char>(s.front());
    append_readable(out, b >= 0x80 && b <= 0x9F ? kHigh1252[b - 0x80U] : b);
    s.remove_prefix(1);
  }
  return out;
}

std::string from_utf16(std::string_view s, bool low_first) {
  const auto unit = [&](std::size_t i) {
    const std::uint32_t a = static_cast<unsigned char>(s[i]), b = static_cast<unsigned char>(s[i + 1]);
    return low_first ? a | (b << 8U) : b | (a << 8U);
  };
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i + 1 < s.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (c >= 0xD800 && c <= 0xDBFF && i + 3 < s.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) <= 0xDFFF) {
      c = 0x10000 + ((c - 0xD800) << 10U) + (unit(i + 2) - 0xDC00);
      i += 2;
    } else if (c >= 0xD800 && c <= 0xDFFF) {
      c = kReplacement;
    }
    append_readable(out, c);
  }
  return out;
}

}  // namespace

void append_utf8(std::string& out, std::uint32_t c) {
  const auto tail = [&out, c](unsigned shift) { out += static_cast<char>(0x80U | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool has_utf16_mark(std::string_view s) { return s.starts_with("\xFF\xFE") || s.starts_with("\xFE\xFF"); }

std::string to_utf8(std::string_view bytes, std::string_view content_type) {
  if (has_utf16_mark(bytes)) return from_utf16(bytes.substr(2), bytes[0] == '\xFF');
  if (bytes.starts_with("\xEF\xBB\xBF")) return from_utf8(bytes.substr(3));
  auto charset = charset_in(content_type);
  if (!charset) charset = charset_by_meta(bytes);
  if (!charset) charset = charset_by_zeros(bytes);
  if (!charset) charset = is_valid_utf8(bytes) ? Charset::utf8 : Charset::windows_1252;
  switch (*charset) {
    case Charset::utf8:
      return from_utf8(bytes);
    case Charset::windows_1252:
      return from_1252(bytes);
    case Charset::utf16_le:
      return from_utf16(bytes, true);
    case Charset::utf16_be:
      return from_utf16(bytes, false);
  }
  return {};
}

}  // namespace embargod

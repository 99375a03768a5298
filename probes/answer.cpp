#include "probes/answer.h"

#include <curl/curl.h>

#include <algorithm>
#include <string>

#include "config/types/ascii.h"

namespace embargod {
namespace {

bool same_letter(char a, char b) { return ascii_lower(a) == ascii_lower(b); }

/// Digits alone, saturating at `cap`.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t cap) {
  if (text.empty()) return std::nullopt;
  std::int64_t n = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    n = std::min(cap, n * 10 + (c - '0'));
  }
  return n;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_letter);
}

bool contains_word(std::string_view text, std::string_view needle) {
  return std::search(text.begin(), text.end(), needle.begin(), needle.end(), same_letter) != text.end() ||
         needle.empty();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<Seconds> parse_age(std::string_view value) {
  constexpr std::int64_t kCap = std::int64_t{1} << 31U;  // RFC 9111 1.2.2
  const auto n = whole_number(trimmed(value), kCap);
  if (!n) return std::nullopt;
  return Seconds{*n};
}

std::optional<Instant> parse_http_date(std::string_view value) {
  const std::string text{trimmed(value)};
  // curl_getdate() also reads a bare number or a weekday; an HTTP date always has a comma or a year at its end.
  if (text.size() < 24 || text.find(':') == std::string::npos || text.find('\0') != std::string::npos)
    return std::nullopt;
  const std::time_t t = curl_getdate(text.c_str(), nullptr);
  if (t == -1) return std::nullopt;
  return Instant{Seconds{t}};
}

std::optional<Millis> parse_retry_after(std::string_view value, Instant now) {
  constexpr std::int64_t kCap = kLongestHold / Seconds{1};
  if (const auto n = whole_number(trimmed(value), kCap)) return Seconds{*n};
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  return std::clamp(*date - now, Millis{0}, kLongestHold);
}

void read_headers(Observation& o) {
  const auto value_of = [&o](std::string_view name) {
    const std::string* v = find_header(o, name);
    return v != nullptr ? *v : std::string{};
  };
  o.etag = value_of("ETag");
  o.last_modified = value_of("Last-Modified");
  o.content_type = value_of("Content-Type");
  o.date = parse_http_date(value_of("Date"));
  const auto ages =
      std::count_if(o.headers.begin(), o.headers.end(), [](const auto& h) { return same_word(h.first, "Age"); });
  o.age = ages == 1 ? parse_age(value_of("Age")) : std::nullopt;
}

}  // namespace embargod

#include "probes/discovery/url_tokens.h"

#include <charconv>
#include <chrono>

namespace embargod {
namespace {

bool is_url_hex(char c) { return is_url_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }

/// Where a run of letters goes on as another word.
bool begins_url_word(std::string_view s, std::size_t at) {
  if (!is_url_upper(s[at])) return false;
  if (!is_url_upper(s[at - 1])) return true;
  return at + 1 < s.size() && is_url_letter(s[at + 1]) && !is_url_upper(s[at + 1]);
}

std::chrono::year_month_day calendar_date(int year, int month, int day) {
  return {std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
          std::chrono::day{static_cast<unsigned>(day)}};
}

}  // namespace

std::string url_lower(std::string_view s) {
  std::string out{s};
  for (char& c : out)
    if (is_url_upper(c)) c = static_cast<char>(c - 'A' + 'a');
  return out;
}

int url_number(std::string_view digits) {
  int n = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  return digits.size() <= 9 && end.ec == std::errc{} ? n : -1;
}

std::vector<UrlToken> split_url_text(std::string_view s) {
  std::vector<UrlToken> out;
  for (std::size_t i = 0; i < s.size();) {
    std::size_t end = i + 1;
    if (s[i] == '%' && i + 2 < s.size() && is_url_hex(s[i + 1]) && is_url_hex(s[i + 2]))
      end = i + 3;
    else if (is_url_digit(s[i]))
      while (end < s.size() && is_url_digit(s[end])) ++end;
    else if (is_url_letter(s[i]))
      while (end < s.size() && is_url_letter(s[end]) && !begins_url_word(s, end)) ++end;
    out.push_back({UrlPart::text, std::string{s.substr(i, end - i)}});
    i = end;
  }
  return out;
}

bool is_calendar_date(int year, int month, int day) { return calendar_date(year, month, day).ok(); }

int calendar_days(int year, int month, int day) {
  return static_cast<int>(std::chrono::sys_days{calendar_date(year, month, day)}.time_since_epoch().count());
}

}  // namespace embargod

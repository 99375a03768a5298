#pragma once
// The words and numbers that a URL is made of. Inside probes/discovery; pure.

#include <string>
#include <string_view>
#include <vector>

#include "probes/discovery/url_dates.h"

namespace embargod {

[[nodiscard]] constexpr bool is_url_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_url_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_url_letter(char c) { return is_url_upper(c) || (c >= 'a' && c <= 'z'); }

[[nodiscard]] std::string url_lower(std::string_view s);

/// Of at most nine digits; -1 if there are more.
[[nodiscard]] int url_number(std::string_view digits);

/// Words ("EFOMarch" is two), runs of digits, and every other character, or escape such as %20, alone.
[[nodiscard]] std::vector<UrlToken> split_url_text(std::string_view s);

[[nodiscard]] bool is_calendar_date(int year, int month, int day);

/// Days since 1970 of a date of the calendar.
[[nodiscard]] int calendar_days(int year, int month, int day);

/// The first year of a financial year (April to March) that holds a month, counted as in EditionDay.
[[nodiscard]] constexpr int financial_year_of(int month) { return month / 12 - (month % 12 < 3 ? 1 : 0); }

}  // namespace embargod

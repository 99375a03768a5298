// The same URL for another edition: how far the dates move, and how they are written.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "probes/discovery/url_tokens.h"

namespace embargod {
namespace {

constexpr std::array<const char*, 12> kUrlMonths{"january", "february", "march",     "april",   "may",      "june",
                                                 "july",    "august",   "september", "october", "november", "december"};
constexpr double kDaysOfMonth = 30.4369;

std::string url_padded(int n, std::size_t width) {
  std::string s = std::to_string(n);
  return s.size() < width ? std::string(width - s.size(), '0') + s : s;
}

std::chrono::year_month_day url_date_of(int days) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{days}}};
}

int last_url_day(int month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year{month / 12},
      std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(month % 12 + 1)}}};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

int days_in_calendar(const EditionDay& d) { return calendar_days(d.month / 12, d.month % 12 + 1, d.day.value_or(15)); }

int rounded_shift(double x) { return static_cast<int>(std::lround(x)); }

/// A period as every kind of token may ask for it.
struct PeriodFields {
  int year = 0, month = 0, day = 1, quarter = 1, financial = 0;  // month 0 to 11
};

PeriodFields period_fields(const UrlPeriod& p) {
  PeriodFields f;
  const auto of_month = [&f](int month) {
    f.year = month / 12;
    f.month = month % 12;
    f.financial = financial_year_of(month);
  };
  switch (p.kind) {
    case UrlPeriod::Kind::date: {
      const auto date = url_date_of(p.value);
      of_month(12 * static_cast<int>(date.year()) + static_cast<int>(static_cast<unsigned>(date.month())) - 1);
      f.day = static_cast<int>(static_cast<unsigned>(date.day()));
      break;
    }
    case UrlPeriod::Kind::month:
    case UrlPeriod::Kind::folder:
      of_month(p.value);
      break;
    case UrlPeriod::Kind::quarter:
      f.year = f.financial = p.value / 4;
      f.quarter = p.value % 4 + 1;
      break;
    case UrlPeriod::Kind::year:
    case UrlPeriod::Kind::financial_year:
      f.year = f.financial = p.value;
      break;
  }
  return f;
}

/// Written as `old` is: as many digits, joined by the same.
std::string financial_words(int first, const std::string& old) {
  const int next = first + 1;
  if (old.size() == 6 && is_url_digit(old[4])) return std::to_string(first) + url_padded(next % 100, 2);
  const auto joint = std::find_if_not(old.begin(), old.end(), is_url_digit);
  if (joint == old.end()) return url_padded(first % 100, 2) + url_padded(next % 100, 2);
  const auto second =
      std::find_if(std::make_reverse_iterator(old.end()), std::make_reverse_iterator(joint), [](char c) {
        return !is_url_digit(c);
      }).base();
  const bool long_first = joint - old.begin() == 4;
  const bool long_second = old.end() - second == 4;
  return (long_first ? std::to_string(first) : url_padded(first % 100, 2)) + std::string{joint, second} +
         (long_second ? std::to_string(next) : url_padded(next % 100, 2));
}

MonthForm form_of_month(const std::string& word) {
  const auto month = month_of_word(word);
  if (!month || word.size() == month_word(*month, MonthForm::full).size()) {
    // "may" is both; a full name is by far the more usual.
    return MonthForm::full;
  }
  return word.size() == 4 ? MonthForm::four_letters : MonthForm::three_letters;
}

}  // namespace

std::string month_word(int month, MonthForm form) {
  std::string full = kUrlMonths.at(static_cast<std::size_t>(month));
  switch (form) {
    case MonthForm::full:
      return full;
    case MonthForm::four_letters:
      return month == 8 ? full.substr(0, 4) : month == 5 || month == 6 ? full : full.substr(0, 3);
    case MonthForm::three_letters:
      break;
  }
  return full.substr(0, 3);
}

std::optional<int> month_of_word(std::string_view word) {
  if (word.size() < 3 || word.size() > 9) return std::nullopt;
  const std::string small = url_lower(word);
  for (int m = 0; m < 12; ++m)
    for (const MonthForm form : {MonthForm::full, MonthForm::three_letters, MonthForm::four_letters})
      if (small == month_word(m, form)) return m;
  return std::nullopt;
}

std::string in_case_of(std::string word, std::string_view like) {
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  };
  if (like.size() < 2 || !is_url_upper(like[0])) return word;
  raise(word.at(0));
  if (is_url_upper(like[1])) std::for_each(word.begin(), word.end(), raise);
  return word;
}

std::vector<EditionShift> edition_shifts(const EditionDay& former, const EditionDay& coming) {
  EditionShift by_time;
  const int days = days_in_calendar(coming) - days_in_calendar(former);
  by_time.days = former.day && coming.day ? days : 0;
  by_time.months = rounded_shift(days / kDaysOfMonth);
  by_time.quarters = rounded_shift(by_time.months / 3.0);
  by_time.years = rounded_shift(by_time.months / 12.0);
  EditionShift by_calendar = by_time;
  by_calendar.months = coming.month - former.month;
  by_calendar.quarters = coming.month / 3 - former.month / 3;
  by_calendar.years = coming.month / 12 - former.month / 12;
  if (by_calendar == by_time) return {by_time};
  return {by_time, by_calendar};
}

UrlPeriod moved_by(const UrlPeriod& p, const EditionShift& shift) {
  UrlPeriod out = p;
  switch (p.kind) {
    case UrlPeriod::Kind::date: {
      const PeriodFields f = period_fields(p);
      const int month = 12 * f.year + f.month;
      const int there = month + shift.months;
      const bool is_last = f.day == last_url_day(month);
      if (shift.days != 0 && !(is_last && shift.months > 0))
        out.value = p.value + shift.days;
      else
        out.value = calendar_days(there / 12, there % 12 + 1,
                                  is_last ? last_url_day(there) : std::min(f.day, last_url_day(there)));
      break;
    }
    case UrlPeriod::Kind::month:
      out.value += shift.months;
      break;
    case UrlPeriod::Kind::quarter:
      out.value += shift.quarters;
      break;
    case UrlPeriod::Kind::year:
    case UrlPeriod::Kind::financial_year:
      out.value += shift.years;
      break;
    case UrlPeriod::Kind::folder:
      break;
  }
  return out;
}

void write_period(std::vector<UrlToken>& tokens, const UrlPeriod& p) {
  const PeriodFields f = period_fields(p);
  for (const std::size_t t : p.tokens) {
    std::string& text = tokens.at(t).text;
    switch (tokens[t].part) {
      case UrlPart::year:
        text = std::to_string(f.year);
        break;
      case UrlPart::short_year:
        text = url_padded(f.year % 100, 2);
        break;
      case UrlPart::month_name:
        text = in_case_of(month_word(f.month, form_of_month(text)), text);
        break;
      case UrlPart::month_number:
        text = url_padded(f.month + 1, text.size());
        break;
      case UrlPart::day:
        text = url_padded(f.day, text.size());
        break;
      case UrlPart::quarter:
        text = std::to_string(f.quarter);
        break;
      case UrlPart::financial_year:
        text = financial_words(f.financial, text);
        break;
      case UrlPart::year_month:
        text = std::to_string(f.year) + url_padded(f.month + 1, 2);
        break;
      case UrlPart::date_year_first:
        text = (text.size() == 8 ? std::to_string(f.year) : url_padded(f.year % 100, 2)) + url_padded(f.month + 1, 2) +
               url_padded(f.day, 2);
        break;
      case UrlPart::date_day_first:
        text = url_padded(f.day, 2) + url_padded(f.month + 1, 2) +
               (text.size() == 8 ? std::to_string(f.year) : url_padded(f.year % 100, 2));
        break;
      case UrlPart::version:
      case UrlPart::text:
        break;
    }
  }
}

std::string period_words(const UrlPeriod& p) {
  const PeriodFields f = period_fields(p);
  std::string year = std::to_string(f.year);
  switch (p.kind) {
    case UrlPeriod::Kind::date:
      return year + "-" + url_padded(f.month + 1, 2) + "-" + url_padded(f.day, 2);
    case UrlPeriod::Kind::month:
      return month_word(f.month, MonthForm::full) + " " + year;
    case UrlPeriod::Kind::quarter:
      return "q" + std::to_string(f.quarter) + " " + year;
    case UrlPeriod::Kind::year:
      return year;
    case UrlPeriod::Kind::financial_year:
      return year + "-" + url_padded((f.year + 1) % 100, 2);
    case UrlPeriod::Kind::folder:
      return year + "/" + url_padded(f.month + 1, 2);
  }
  return year;
}

const char* period_kind_words(UrlPeriod::Kind k) {
  switch (k) {
    case UrlPeriod::Kind::date:
      return "date";
    case UrlPeriod::Kind::month:
      return "month";
    case UrlPeriod::Kind::quarter:
      return "quarter";
    case UrlPeriod::Kind::year:
      return "year";
    case UrlPeriod::Kind::financial_year:
      return "financial year";
    case UrlPeriod::Kind::folder:
      return "folder";
  }
  return "year";
}

std::string joined_tokens(const std::vector<UrlToken>& tokens) {
  std::string out;
  for (const UrlToken& t : tokens) out += t.text;
  return out;
}

}  // namespace embargod

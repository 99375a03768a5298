#include "config/sources/spoken_dates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "config/text_checks.h"
#include "config/types/field_reader.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestDate = 100;  // bytes
constexpr std::array<std::string_view, 7> kDayNames{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> kMonthNames{"january",   "february", "march",    "april",
                                                       "may",       "june",     "july",     "august",
                                                       "september", "october",  "november", "december"};
constexpr const char* kSpokenForms =
    "write it like 2018-04-25 09:30, 25 April 2018 9:30am, 25 April 2018 (09:30 assumed) or April 2018";

tl::unexpected<Fault> refuse_date(std::string what, std::string to_do = kSpokenForms) {
  return fail(Errc::invalid_input, std::move(what), {}, std::move(to_do));
}

std::string small_letters(std::string_view text) {
  std::string s{text};
  std::transform(s.begin(), s.end(), s.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return s;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// From 1; 0 if `word` is neither a name of `names` nor its first three letters (or "sept", "tues", "thurs" ...).
template <std::size_t N>
int place_of(std::string_view word, const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i)
    if (word == names[i] || (word.size() >= 3 && word.size() <= 5 && names[i].starts_with(word)))
      return static_cast<int>(i) + 1;
  return 0;
}

struct SpokenDay {
  int year = 0, month = 0, day = 0;
};
struct SpokenClock {
  int hour = 0, minute = 0, second = 0;
};

/// One part of the text. The kinds of all parts in order make the shape of a date: "WDMYT".
struct SpokenPart {
  char kind = '?';  // W weekday, D day, M month, Y year, N day.month.year, T time, - to
  int value = 0;
  SpokenDay day{};
  SpokenClock clock{};
};

/// The numbers of "25.04.2018", "9:30" and the like, with what stands between them.
struct NumberRun {
  std::vector<int> numbers;
  std::vector<std::size_t> widths;
  std::string joints;
};

/// Takes a run from the front of `rest`; nullopt if a number is longer than four digits.
std::optional<NumberRun> take_numbers(std::string_view& rest) {
  NumberRun run;
  while (true) {
    const std::size_t n = std::min(rest.find_first_not_of("0123456789"), rest.size());
    int value = 0;
    FieldReader in{rest};
    if (n == 0 || n > 4 || run.numbers.size() > 3 || !in.digits(n, value)) return std::nullopt;
    run.numbers.push_back(value);
    run.widths.push_back(n);
    rest = in.rest;
    if (rest.size() < 2 || std::string_view{".:/-"}.find(rest[0]) == std::string_view::npos || !is_digit(rest[1]))
      return run;
    run.joints += rest[0];
    rest.remove_prefix(1);
  }
}

std::string ordinal_free(std::string_view word) {
  return word == "st" || word == "nd" || word == "rd" || word == "th" ? std::string{} : std::string{word};
}

std::string day_words(const SpokenDay& d) {
  std::string month{kMonthNames[static_cast<std::size_t>(d.month) - 1]};
  month[0] = static_cast<char>(month[0] - 'a' + 'A');
  return std::to_string(d.day) + " " + month + " " + std::to_string(d.year);
}

class SpokenReader {
 public:
  SpokenReader(std::string_view text, const std::string& zone) : text_{text}, zone_{zone} {}

  [[nodiscard]] Result<Due> read() {
    if (auto split = split_parts(); !split) return tl::unexpected<Fault>{split.error()};
    std::string shape;
    for (const SpokenPart& p : parts_) shape += p.kind;
    // A weekday may stand before the date, with the time before both.
    if (const std::size_t w = shape.find('W'); w != std::string::npos) {
      if (w > 1 || (w == 1 && shape[0] != 'T')) return not_a_date();
      weekday_ = parts_[w].value;
      parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(w));
      shape.erase(w, 1);
    }
    if (shape == "MY" || shape == "M-MY" || shape == "MY-MY") return weekday_ == 0 ? months() : not_a_date();
    if (shape.starts_with('T')) std::rotate(parts_.begin(), parts_.begin() + 1, parts_.end());
    for (const std::string_view date : {"DMY", "MDY", "N"})
      if (shape == date || shape == std::string{date} + "T" || shape == "T" + std::string{date}) return day();
    return not_a_date();
  }

 private:
  [[nodiscard]] tl::unexpected<Fault> not_a_date() const { return refuse_date(in_quotes(text_) + " is not a date"); }

  Result<void> split_parts() {
    std::string_view rest = text_;
    while (!rest.empty()) {
      const char c = rest.front();
      if (c == ' ' || c == ',') {
        rest.remove_prefix(1);
      } else if (rest.starts_with("\xC2\xA0")) {  // no-break space
        rest.remove_prefix(2);
      } else if (c == '-' || rest.starts_with("\xE2\x80\x93")) {  // en dash
        parts_.push_back({.kind = '-'});
        rest.remove_prefix(c == '-' ? 1 : 3);
      } else if (is_digit(c)) {
        if (auto taken = take_number(rest); !taken) return taken;
      } else if (is_letter(c)) {
        if (!take_word(rest)) return not_a_date();
      } else {
        return not_a_date();
      }
    }
    return {};
  }

  [[nodiscard]] static std::string next_word(std::string_view& rest) {
    std::size_t n = 0;
    while (n < rest.size() && is_letter(rest[n])) ++n;
    const std::string word = small_letters(rest.substr(0, n));
    rest.remove_prefix(n);
    return word;
  }

  [[nodiscard]] bool take_word(std::string_view& rest) {
    const std::string word = next_word(rest);
    if (rest.starts_with('.')) rest.remove_prefix(1);  // "Jan."
    if (word == "at" || word == "on" || word == "of" || word == "the") return true;
    if (word == "to") {
      parts_.push_back({.kind = '-'});
    } else if (const int month = place_of(word, kMonthNames)) {
      parts_.push_back({.kind = 'M', .value = month});
    } else if (const int weekday = place_of(word, kDayNames)) {
      parts_.push_back({.kind = 'W', .value = weekday});
    } else if (word == "noon" || word == "midday") {
      parts_.push_back({.kind = 'T', .clock = {.hour = 12}});
    } else {
      return false;
    }
    return true;
  }

  /// "am" or "pm" behind a number, perhaps with a blank and points: 1 or 2; 0 if there is none.
  [[nodiscard]] static int take_half(std::string_view& rest) {
    const std::string_view at = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
    for (const auto& [word, half] : {std::pair<std::string_view, int>{"a.m.", 1}, {"p.m.", 2}, {"am", 1}, {"pm", 2}}) {
      if (small_letters(at.substr(0, word.size())) != word) continue;
      if (at.size() > word.size() && is_letter(at[word.size()])) continue;
      rest = at.substr(word.size());
      return half;
    }
    return 0;
  }

  Result<void> take_number(std::string_view& rest) {
    auto run = take_numbers(rest);
    if (!run) return not_a_date();
    const std::string& joints = run->joints;
    if (joints == ".." || joints == "//" || joints == "--") return numeric_day(*run);
    const int half = take_half(rest);
    if (half != 0 || joints == ":" || joints == "::" || (joints == "." && run->widths[1] == 2))
      return clock(*run, half);
    if (!joints.empty()) return not_a_date();
    const int number = run->numbers[0];
    if (run->widths[0] == 4) {
      parts_.push_back({.kind = 'Y', .value = number});
      return {};
    }
    if (run->widths[0] > 2) return not_a_date();
    if (!rest.empty() && is_letter(rest.front())) {
      if (!ordinal_free(next_word(rest)).empty()) return not_a_date();
    }
    parts_.push_back({.kind = 'D', .value = number});
    return {};
  }

  Result<void> clock(const NumberRun& run, int half) {
    SpokenClock c;
    c.hour = run.numbers[0];
    if (run.numbers.size() > 1) c.minute = run.numbers[1];
    if (run.numbers.size() > 2) c.second = run.numbers[2];
    for (std::size_t i = 0; i < run.widths.size(); ++i)
      if (run.widths[i] > 2 || (i > 0 && run.widths[i] != 2)) return not_a_date();
    if (half != 0 && (c.hour < 1 || c.hour > 12)) return refuse_date(in_quotes(text_) + " has no hour from 1 to 12");
    if (half != 0) c.hour = c.hour % 12 + (half == 2 ? 12 : 0);
    if (c.hour > 23 || c.minute > 59 || c.second > 59)
      return refuse_date(in_quotes(text_) + " has no time from 00:00 to 23:59:59");
    parts_.push_back({.kind = 'T', .clock = c});
    return {};
  }

  /// Points mean day.month.year. Slashes and dashes may also mean month/day/year: only what cannot is taken.
  Result<void> numeric_day(const NumberRun& run) {
    SpokenPart part{.kind = 'N'};
    const auto& n = run.numbers;
    if (run.joints == "--" && run.widths[0] == 4) {
      part.day = {n[0], n[1], n[2]};
    } else {
      if (run.widths[2] != 4)
        return refuse_date(in_quotes(text_) + " has a year of two digits", "write the year with four digits");
      if (run.widths[0] > 2 || run.widths[1] > 2) return not_a_date();
      part.day = {n[2], n[1], n[0]};
      if (run.joints != ".." && n[0] != n[1] && is_month(n[0]) && is_month(n[1]))
        return refuse_date(in_quotes(text_) + " can be " + day_words(part.day) + " or " + day_words({n[2], n[0], n[1]}),
                           "write the month as a word, or the date like 2018-04-25");
      if (run.joints != ".." && !is_month(n[1]) && is_month(n[0])) part.day = {n[2], n[0], n[1]};
    }
    parts_.push_back(part);
    return {};
  }

  [[nodiscard]] static bool is_month(int n) { return n >= 1 && n <= 12; }

  [[nodiscard]] Result<Due> day() const {
    SpokenDay d;
    std::optional<SpokenClock> clock;
    for (const SpokenPart& p : parts_) {
      if (p.kind == 'N') d = p.day;
      if (p.kind == 'D') d.day = p.value;
      if (p.kind == 'M') d.month = p.value;
      if (p.kind == 'Y') d.year = p.value;
      if (p.kind == 'T') clock = p.clock;
    }
    const std::chrono::year_month_day date{std::chrono::year{d.year},
                                           std::chrono::month{static_cast<unsigned>(d.month)},
                                           std::chrono::day{static_cast<unsigned>(d.day)}};
    if (!is_month(d.month)) return refuse_date(in_quotes(text_) + " has no month from 1 to 12");
    if (!date.ok()) return refuse_date(in_quotes(text_) + ": " + day_words(d) + " is not a day of the calendar");
    if (weekday_ != 0) {
      const std::size_t real = std::chrono::weekday{std::chrono::sys_days{date}}.c_encoding();
      if (real + 1 != static_cast<std::size_t>(weekday_)) {
        std::string name{kDayNames[real]};
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        return refuse_date(in_quotes(text_) + ": " + day_words(d) + " is a " + name, "correct the weekday or the date");
      }
    }
    std::array<char, 64> iso{};
    if (clock)
      std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02d %02d:%02d:%02d", d.year, d.month, d.day, clock->hour,
                    clock->minute, clock->second);
    else
      std::snprintf(iso.data(), iso.size(), "%04d-%02d-%02d", d.year, d.month, d.day);
    return as_written(read_due(iso.data(), zone_));
  }

  [[nodiscard]] Result<Due> months() const {
    int last_year = parts_.back().value;
    int first_year = last_year;
    std::vector<int> months;
    for (const SpokenPart& p : parts_) {
      if (p.kind == 'M') months.push_back(p.value);
      if (p.kind == 'Y' && &p != &parts_.back()) first_year = p.value;
    }
    constexpr int kMostMonths = 12;
    const int span = (last_year - first_year) * 12 + months.back() - months.front();
    if (span < 0) return refuse_date(in_quotes(text_) + " ends before it begins");
    if (span >= kMostMonths) return refuse_date(in_quotes(text_) + " is longer than a year");
    auto first = month_due(first_year, months.front());
    if (!first) return as_written(std::move(first));
    const auto last = month_due(last_year, months.back());
    if (!last) return as_written(last);
    first->period_end = last->period_end;
    return as_written(std::move(first));
  }

  [[nodiscard]] Result<Due> month_due(int year, int month) const {
    std::array<char, 32> iso{};
    std::snprintf(iso.data(), iso.size(), "%04d-%02d", year, month);
    return read_due(iso.data(), zone_);
  }

  /// The text as it was given, in the due and in the fault.
  [[nodiscard]] Result<Due> as_written(Result<Due> due) const {
    if (!due) {
      due.error().what = in_quotes(text_) + ": " + due.error().what;
      return due;
    }
    due->as_given = text_;
    return due;
  }

  std::string_view text_;
  const std::string& zone_;
  std::vector<SpokenPart> parts_;
  int weekday_ = 0;  // from 1 = Sunday; 0 = none is given
};

/// "20260610", "20260610T0930", "20260610T083000Z" (ISO 8601 basic) in the extended form; "" if it is none of them.
std::string extended_iso(std::string_view text) {
  int ignored = 0;
  FieldReader in{text};
  if (!in.digits(8, ignored)) return {};
  std::string iso{text.substr(0, 4)};
  iso.append("-").append(text.substr(4, 2)).append("-").append(text.substr(6, 2));
  if (in.rest.empty()) return iso;
  if (!in.one_of("T")) return {};
  const std::string_view clock = in.rest.substr(0, std::min(in.rest.find_first_not_of("0123456789"), in.rest.size()));
  if (clock.size() != 4 && clock.size() != 6) return {};
  iso.append("T").append(clock.substr(0, 2)).append(":").append(clock.substr(2, 2));
  if (clock.size() == 6) iso.append(":").append(clock.substr(4));
  std::string_view offset = in.rest.substr(clock.size());
  if (offset.size() == 5 && offset.find(':') == std::string_view::npos && offset != "Z")
    return iso.append(offset.substr(0, 3)).append(":").append(offset.substr(3));
  return iso.append(offset);
}

bool is_iso_like(std::string_view text) {
  int ignored = 0;
  FieldReader in{text};
  return in.digits(4, ignored) && in.one_of("-") && in.digits(2, ignored) && (in.rest.empty() || in.one_of("-"));
}

}  // namespace

Result<Due> read_spoken_due(std::string_view text, const std::string& zone) {
  if (text.size() > kLongestDate)
    return refuse_date("a date is longer than " + std::to_string(kLongestDate) + " bytes");
  if (text.find_first_not_of(' ') == std::string_view::npos) return refuse_date("there is no date");
  if (const auto why = not_one_line(text)) return refuse_date("a date holds " + *why);
  if (const std::string iso = extended_iso(text); !iso.empty()) {
    auto due = read_due(iso, zone);
    if (due) due->as_given = text;
    return due;
  }
  if (!is_iso_like(text)) return SpokenReader{text, zone}.read();
  auto due = read_due(text, zone);
  if (due) return due;
  // "2026-06-10 9:30am": if that cannot be read either, the stricter reading's fault says more.
  auto spoken = SpokenReader{text, zone}.read();
  return spoken ? spoken : due;
}

Result<Due> partial_due(int year, std::optional<int> month, std::optional<int> day, const std::string& zone,
                        std::string as_given) {
  const std::string shown = in_quotes(as_given);
  if (year < 1000 || year > 9999) return refuse_date(shown + " has no year of four digits", "");
  if (month && (*month < 1 || *month > 12)) return refuse_date(shown + " has no month from 1 to 12", "");
  if (day && (*day < 1 || *day > 31)) return refuse_date(shown + " has no day from 1 to 31", "");
  if (day && !month) return refuse_date(shown + " has a day without a month", "");
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  std::string iso = std::to_string(year) + "-" + two(month.value_or(1));
  if (day) iso += "-" + two(*day);
  auto due = read_due(iso, zone);
  if (due && !month) {
    const auto december = read_due(std::to_string(year) + "-12", zone);
    if (!december) return december;
    due->period_end = december->period_end;
  }
  if (due) due->as_given = std::move(as_given);
  return due;
}

}  // namespace embargod

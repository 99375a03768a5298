#include "daemon/report/written_dates.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::weekday;
using std::chrono::year;

/// One match: the whole, then its groups. A group that took no part is empty.
struct Hit {
  std::array<re2::StringPiece, 8> groups;
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] std::string operator[](std::size_t k) const { return std::string{groups[k]}; }
  [[nodiscard]] bool has(std::size_t k) const { return !groups[k].empty(); }
};

std::vector<Hit> hits(const RE2& re, std::string_view text) {
  std::vector<Hit> found;
  const re2::StringPiece whole{text.data(), text.size()};
  const int count = std::min(re.NumberOfCapturingGroups() + 1, 8);
  for (std::size_t at = 0; at < text.size();) {
    Hit h;
    if (!re.Match(whole, at, text.size(), RE2::UNANCHORED, h.groups.data(), count)) break;
    h.begin = static_cast<std::size_t>(h.groups[0].data() - text.data());
    h.end = h.begin + h.groups[0].size();
    at = std::max(h.end, at + 1);
    found.push_back(h);
  }
  return found;
}

int number_in(const std::string& digits) { return std::atoi(digits.c_str()); }

std::string lower_ascii(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

const std::vector<std::string>& months() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (unsigned m = 1; m <= 12; ++m) all.push_back(lower_ascii(month_name(month{m})));
    return all;
  }();
  return names;
}

struct MonthRead {
  month value{0};
  bool is_spelt_well = true;
};

/// By its name, the first three letters of it, or what is near to it.
std::optional<MonthRead> month_read(const std::string& word) {
  const std::string w = lower_ascii(word);
  for (unsigned m = 1; m <= 12; ++m) {
    const std::string& name = months()[m - 1];
    if (w == name || w == name.substr(0, 3) || (w == "sept" && m == 9)) return MonthRead{month{m}, true};
  }
  if (w.size() < 4) return std::nullopt;
  const auto near = nearest(w, months());
  if (!near) return std::nullopt;
  const auto at = std::find(months().begin(), months().end(), *near) - months().begin();
  return MonthRead{month{static_cast<unsigned>(at) + 1}, false};
}

std::optional<weekday> weekday_read(const std::string& word) {
  const std::string w = lower_ascii(word);
  for (unsigned d = 0; d < 7; ++d) {
    const std::string name = lower_ascii(weekday_name(weekday{d}));
    if (w == name || w == name.substr(0, 3)) return weekday{d};
  }
  return std::nullopt;
}

constexpr const char* kWeekday = "(?:\\b(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\\s+)?";

std::optional<weekday> weekday_of(const Hit& h, std::size_t group) {
  return h.has(group) ? weekday_read(h[group].substr(0, 3)) : std::nullopt;
}

WrittenDate date_of(const Hit& h, int y, unsigned m, unsigned d, std::size_t weekday_group) {
  return {.at = {h.begin, h.end},
          .text = h[0],
          .day = year{y} / month{m} / day{d},
          .weekday = weekday_of(h, weekday_group),
          .misspelt = {}};
}

void add_numeric_dates(std::string_view text, std::vector<WrittenDate>& found) {
  static const RE2 kIso{"\\b(\\d{4})-(\\d{2})-(\\d{2})(?:\\b|T)"};
  // Two digits for a year only where all have two: "1.2.10" is a version.
  static const RE2 kBritish{std::string{"(?i)"} + kWeekday +
                            "\\b(?:(\\d{1,2})[./-](\\d{1,2})[./-](\\d{4})|(\\d{2})[./](\\d{2})[./](\\d{2}))\\b"};
  for (const Hit& h : hits(kIso, text)) {
    const bool is_part_of_a_name = h.begin > 0 && (text[h.begin - 1] == '-' || text[h.begin - 1] == '/');
    if (is_part_of_a_name) continue;
    found.push_back(
        date_of(h, number_in(h[1]), static_cast<unsigned>(number_in(h[2])), static_cast<unsigned>(number_in(h[3])), 7));
  }
  for (const Hit& h : hits(kBritish, text)) {
    const std::size_t k = h.has(2) ? 2 : 5;
    const int y = number_in(h[k + 2]) + (k == 5 ? 2'000 : 0);
    found.push_back(
        date_of(h, y, static_cast<unsigned>(number_in(h[k + 1])), static_cast<unsigned>(number_in(h[k])), 1));
  }
}

void add_dates_in_words(std::string_view text, std::vector<WrittenDate>& found) {
  static const RE2 kDayFirst{std::string{"(?i)"} + kWeekday +
                             "\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?([a-z]{3,10})\\.?(?:,?\\s+(\\d{4}))?\\b"};
  static const RE2 kMonthFirst{std::string{"(?i)"} + kWeekday +
                               "\\b([a-z]{3,10})\\s+(\\d{1,2})(?:st|nd|rd|th)?,\\s+(\\d{4})\\b"};
  const auto add = [&found](const Hit& h, std::size_t day_group, std::size_t month_group) {
    const auto m = month_read(h[month_group]);
    // Without a year any word may follow a number: only what is a month, spelt well, makes a date of it.
    if (!m || (!m->is_spelt_well && !h.has(4))) return;
    WrittenDate d = date_of(h, h.has(4) ? number_in(h[4]) : 0, unsigned{m->value},
                            static_cast<unsigned>(number_in(h[day_group])), 1);
    if (!m->is_spelt_well) d.misspelt = h[month_group];
    found.push_back(std::move(d));
  };
  for (const Hit& h : hits(kDayFirst, text)) add(h, 2, 3);
  for (const Hit& h : hits(kMonthFirst, text)) add(h, 3, 2);
}

constexpr const char* kCount = "(\\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen)";

int count_read(const std::string& word) {
  static const std::vector<std::string> words{"zero", "one",    "two",    "three",    "four",
                                              "five", "six",    "seven",  "eight",    "nine",
                                              "ten",  "eleven", "twelve", "thirteen", "fourteen"};
  const std::string w = lower_ascii(word);
  if (w == "a" || w == "an") return 1;
  const auto it = std::find(words.begin(), words.end(), w);
  return it == words.end() ? number_in(w) : static_cast<int>(it - words.begin());
}

Millis unit_read(const std::string& word) {
  const char first = lower_ascii(word).at(0);
  if (first == 'h') return Millis{3'600'000};
  return first == 'm' ? Millis{60'000} : Millis{1'000};
}

WrittenDuration::Claim claim_of(const std::string& words) {
  const std::string w = lower_ascii(words);
  for (const char* least : {"at least", "more than", "over", "no less", "not less", "longer than", "minimum"})
    if (w.starts_with(least)) return WrittenDuration::Claim::at_least;
  // "no more than", "not longer than" begin otherwise, and bound from above as all the others do.
  for (const char* point : {"about", "approximately", "around", "roughly", "exactly", "some", "for"})
    if (w.starts_with(point)) return WrittenDuration::Claim::point;
  return w.empty() ? WrittenDuration::Claim::point : WrittenDuration::Claim::at_most;
}

}  // namespace

std::vector<WrittenDate> written_dates(std::string_view text) {
  std::vector<WrittenDate> found;
  add_numeric_dates(text, found);
  add_dates_in_words(text, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const WrittenDate& a, const WrittenDate& b) { return a.at.begin < b.at.begin; });
  return found;
}

std::vector<WrittenTime> written_times(std::string_view text) {
  static const RE2 kColon{"\\b([01]?\\d|2[0-3]):([0-5]\\d)(?::[0-5]\\d(?:\\.\\d+)?)?\\b"};
  static const RE2 kDot{"(?i)\\b([01]?\\d|2[0-3])(?:\\.([0-5]\\d))?\\s*(am|pm|a\\.m\\.|p\\.m\\.|hrs|hours\\s+on)"};
  static const RE2 kAt{"(?i)\\bat\\s+([01]?\\d|2[0-3])\\.([0-5]\\d)\\b"};
  std::vector<WrittenTime> found;
  for (const RE2* re : {&kColon, &kDot, &kAt})
    for (const Hit& h : hits(*re, text)) {
      const bool is_noted = std::any_of(
          found.begin(), found.end(), [&h](const WrittenTime& t) { return t.at.begin < h.end && h.begin < t.at.end; });
      if (is_noted) continue;
      int hour = number_in(h[1]);
      if (re == &kDot && lower_ascii(h[3]).starts_with('p') && hour < 12) hour += 12;
      found.push_back({{h.begin, h.end}, hour, h.has(2) ? number_in(h[2]) : 0});
    }
  return found;
}

std::vector<WrittenLead> written_leads(std::string_view text) {
  static const RE2 kEarly{std::string{"(?i)\\b"} + kCount +
                          "\\s+(?:(working|business|calendar)\\s+)?(days?|weeks?)\\s+(?:ahead|early|earlier than|in "
                          "advance|too (?:early|soon)|prior to (?:its|their|the) (?:due|announced|planned|scheduled|"
                          "release|publication|official)|before (?:it|they|its|their|the) (?:was |were )?(?:due|"
                          "announced|planned|scheduled|release|publication|official))"};
  static const RE2 kLate{std::string{"(?i)\\b"} + kCount +
                         "\\s+(?:(working|business|calendar)\\s+)?(days?|weeks?)\\s+(?:late|overdue|behind)\\b"};
  std::vector<WrittenLead> found;
  for (const bool is_late : {false, true})
    for (const Hit& h : hits(is_late ? kLate : kEarly, text)) {
      const bool is_weeks = lower_ascii(h[3]).starts_with('w');
      const int days = count_read(h[1]) * (is_weeks ? 7 : 1);
      const std::string kind = lower_ascii(h[2]);
      found.push_back({{h.begin, h.end}, h[0], is_late ? -days : days, kind == "working" || kind == "business"});
    }
  return found;
}

std::vector<WrittenDuration> written_durations(std::string_view text) {
  static const RE2 kSpan{
      "(?i)(?:\\b(at least|at most|less than|more than|no (?:more|less|longer) than|not (?:more|less|longer) than|"
      "longer than|shorter than|fewer than|under|over|within|up to|maximum of|minimum of|about|approximately|around|"
      "roughly|exactly|some|for)\\s+)?\\b((?:\\d+(?:\\.\\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|"
      "twenty|thirty|an)[\\s-]*(?:h(?:ou)?rs?|h|min(?:ute)?s?|s(?:ec(?:ond)?s?)?)\\b(?:(?:,|\\s+and)?\\s+\\d+(?:\\.\\d+"
      ")?"
      "\\s*(?:h(?:ou)?rs?|h|min(?:ute)?s?|s(?:ec(?:ond)?s?)?)\\b)*)"};
  static const RE2 kPart{"(?i)(\\d+(?:\\.\\d+)?|[a-z]+)[\\s-]*(h(?:ou)?rs?|h|min(?:ute)?s?|s(?:ec(?:ond)?s?)?)\\b"};
  std::vector<WrittenDuration> found;
  for (const Hit& h : hits(kSpan, text)) {
    WrittenDuration d{.at = {h.begin, h.end}, .text = h[0], .claim = claim_of(h[1]), .length = {}, .unit = {}};
    const std::string parts = h[2];
    for (const Hit& p : hits(kPart, parts)) {
      const std::string number = lower_ascii(p[1]);
      static const std::vector<std::pair<std::string, int>> tens{{"fifteen", 15}, {"twenty", 20}, {"thirty", 30}};
      const auto ten = std::find_if(tens.begin(), tens.end(), [&](const auto& t) { return t.first == number; });
      const bool is_figure = number.front() >= '0' && number.front() <= '9';
      const double n = ten != tens.end() ? ten->second
                       : is_figure       ? std::strtod(number.c_str(), nullptr)
                                         : count_read(number);
      d.unit = unit_read(p[2]);
      if (n < 100'000) d.length += Millis{std::llround(n * static_cast<double>(d.unit.count()))};
      if (number.find('.') != std::string::npos) d.unit /= 10;
    }
    found.push_back(std::move(d));
  }
  return found;
}

std::string blanked(std::string text, WrittenAt at) {
  for (std::size_t k = at.begin; k < at.end && k < text.size(); ++k) text[k] = ' ';
  return text;
}

}  // namespace embargod

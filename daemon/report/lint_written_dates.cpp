// Dates of a written report: against each other, the calendar, and the lead that is stated.

#include <algorithm>
#include <cstdlib>
#include <set>

#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/report/written_passages.h"

namespace embargod {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

std::string day_words(sys_days d) {
  return weekday_name(std::chrono::weekday{d}) + " " + date_words(year_month_day{d});
}

std::string days_words(int n) { return std::to_string(n) + (n == 1 ? " day" : " days"); }

class DateRules {
 public:
  DateRules(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found)
      : passages_{passages}, facts_{facts}, found_{found}, occurred_{occurrences_of(passages)} {}

  void run() {
    for (const ReadPassage& p : passages_)
      for (const WrittenDate& d : p.dates) check_date(p, d);
    for (std::size_t k = 0; k < passages_.size(); ++k)
      for (const WrittenLead& l : written_leads(passages_[k].words)) check_lead(k, l);
    check_report_date();
    check_clock_times();
  }

 private:
  void add(const char* code, int line, std::string text, std::string to_do, LintLevel level = LintLevel::warning) {
    found_.push_back({level, code, line, std::move(text), std::move(to_do)});
  }

  [[nodiscard]] bool is_working_day(sys_days d) const {
    const std::chrono::weekday w{d};
    return w != std::chrono::Saturday && w != std::chrono::Sunday && facts_.holidays.on(facts_.nation, d) == nullptr;
  }

  /// The day as a real one, in the year of the occurrence where none is written.
  [[nodiscard]] std::optional<sys_days> real_day(const WrittenDate& d) const {
    year_month_day day = d.day;
    if (static_cast<int>(day.year()) == 0) {
      if (occurred_.empty()) return std::nullopt;
      day = year_month_day{occurred_.front()}.year() / day.month() / day.day();
    }
    return day.ok() ? std::optional{sys_days{day}} : std::nullopt;
  }

  void check_date(const ReadPassage& p, const WrittenDate& d) {
    const int line = p.source->line_at(d.at.begin);
    if (!d.misspelt.empty())
      add("month", line, in_quotes(d.misspelt) + " is no month",
          "write " + month_name(d.day.month()) + " if that is meant");
    const bool has_year = static_cast<int>(d.day.year()) != 0;
    if (has_year && !d.day.ok()) {
      add("no-such-date", line, "there is no " + in_quotes(d.text), "check the day and the month");
      return;
    }
    const auto day = real_day(d);
    if (!day) return;
    if (has_year && d.weekday && *d.weekday != std::chrono::weekday{*day})
      add("weekday", line, in_quotes(d.text) + " was a " + weekday_name(std::chrono::weekday{*day}),
          "check the date and the weekday");
    if (has_year) check_year(p, d, *day, line);
    if (p.source->field != WrittenField::report_date && is_due_date(p, d)) check_due(*day, line);
  }

  void check_year(const ReadPassage& p, const WrittenDate& d, sys_days day, int line) {
    static const RE2 kElsewhen{"(?i)\\b(?:earlier|previous|former|last year|since|in force|edition|came into)\\b"};
    constexpr days kFar{180};
    constexpr days kNear{60};
    if (occurred_.empty()) return;
    const sys_days base = occurred_.front();
    if (std::chrono::abs(day - base) <= kFar) return;
    if (has_match(kElsewhen, cut(p.words, sentence_at(p.words, d.at.begin)))) return;
    for (int shift = -1; shift <= 1; ++shift) {
      const year_month_day other =
          (year_month_day{base}.year() + std::chrono::years{shift}) / d.day.month() / d.day.day();
      if (!other.ok() || std::chrono::abs(sys_days{other} - base) > kNear) continue;
      add("year", line,
          in_quotes(d.text) + " is " + days_words(std::abs(static_cast<int>((day - base).count()))) +
              " from the day of the breach, " + date_words(year_month_day{base}),
          "the year " + std::to_string(static_cast<int>(other.year())) + " would fit");
      return;
    }
  }

  void check_due(sys_days day, int line) {
    if (!due_noted_.insert({day, line}).second) return;
    const std::chrono::weekday w{day};
    if (w == std::chrono::Saturday || w == std::chrono::Sunday)
      add("due-weekend", line,
          "the release date " + day_words(day) + " is on a weekend, and releases are due on weekdays",
          "check the day and the month");
    else if (const std::string* holiday = facts_.holidays.on(facts_.nation, day))
      add("due-holiday", line,
          "the release date " + day_words(day) + " is a bank holiday in " + nation_name(facts_.nation) + " (" +
              *holiday + ")",
          "check the day and the month");
    dues_.push_back({day, line});
  }

  struct Due {
    sys_days day;
    int line;
  };

  /// The announced date that a lead is about: what it names ("ahead of 26.05.2018"), else the nearest in its passage,
  /// else the last one before it.
  [[nodiscard]] std::optional<Due> due_of(std::size_t k, const WrittenLead& l) const {
    constexpr std::size_t kNamed = 45;
    std::optional<Due> best;
    std::size_t best_distance = 0;
    const ReadPassage& p = passages_[k];
    for (const WrittenDate& d : p.dates) {
      const auto day = real_day(d);
      if (!day || !is_due_date(p, d)) continue;
      const bool follows = d.at.begin >= l.at.end;
      std::size_t distance = follows ? d.at.begin - l.at.end : l.at.begin - std::min(d.at.end, l.at.begin);
      const bool is_named = follows && distance <= kNamed && p.words.compare(l.at.end, 3, " of") == 0;
      if (is_named) distance = 0;
      if (best && distance >= best_distance) continue;
      best = Due{*day, p.source->line_at(d.at.begin)};
      best_distance = distance;
    }
    for (std::size_t before = k; !best && before-- > 0;)
      for (const WrittenDate& d : passages_[before].dates) {
        const auto day = real_day(d);
        if (day && is_due_date(passages_[before], d)) best = Due{*day, passages_[before].source->line_at(d.at.begin)};
      }
    return best;
  }

  [[nodiscard]] int days_ahead(sys_days from, sys_days to, bool is_working_days) const {
    if (!is_working_days) return static_cast<int>((to - from).count());
    int n = 0;
    const int step = to < from ? -1 : 1;
    for (sys_days d = from; d != to && std::abs(n) < 400;) {
      d += days{step};
      if (is_working_day(d)) n += step;
    }
    return n;
  }

  /// The same day of another month or year, on which all that is stated agrees.
  [[nodiscard]] std::optional<sys_days> agreeing(sys_days due, const WrittenLead& l) const {
    const year_month_day typed{due};
    std::vector<sys_days> all;
    for (const sys_days from : occurred_) {
      for (unsigned m = 1; m <= 12; ++m) try_day(typed.year() / std::chrono::month{m} / typed.day(), from, l, all);
      for (const int shift : {-1, 1})
        try_day((typed.year() + std::chrono::years{shift}) / typed.month() / typed.day(), from, l, all);
    }
    return all.size() == 1 ? std::optional{all.front()} : std::nullopt;
  }
  void try_day(year_month_day d, sys_days from, const WrittenLead& l, std::vector<sys_days>& all) const {
    if (d.ok() && is_working_day(d) && days_ahead(from, d, l.is_working_days) == l.days) all.emplace_back(d);
  }

  void check_lead(std::size_t k, const WrittenLead& l) {
    const auto due = due_of(k, l);
    if (!due || occurred_.empty()) return;
    for (const sys_days from : occurred_)
      if (days_ahead(from, due->day, l.is_working_days) == l.days) return;
    const sys_days from = occurred_.front();
    const int actual = days_ahead(from, due->day, l.is_working_days);
    std::string text = "it says " + in_quotes(l.text) + ", but from " + date_words(year_month_day{from}) + " to " +
                       day_words(due->day) + " there are " + days_words(actual);
    const int line = passages_[k].source->line_at(l.at.begin);
    const auto right = agreeing(due->day, l);
    if (!right) {
      const std::string leads_to = l.is_working_days ? "" : ": it leads to " + day_words(from + days{l.days});
      add("lead-days", line, text + leads_to, "one of the two dates or the lead is wrong");
      return;
    }
    corrected_.push_back({*right, line});
    const year_month_day typed{due->day};
    const year_month_day meant{*right};
    const bool is_month = typed.month() != meant.month();
    text += is_month ? ": with " + month_name(meant.month()) + " in place of " + month_name(typed.month())
                     : ": with " + std::to_string(static_cast<int>(meant.year())) + " in place of " +
                           std::to_string(static_cast<int>(typed.year()));
    add("lead-days", line, text + " all of it agrees", "write " + day_words(*right) + " if that is what was announced");
  }

  void check_report_date() {
    for (const ReadPassage& p : passages_) {
      if (p.source->field != WrittenField::report_date || p.source->is_label || p.dates.empty()) continue;
      const auto day = real_day(p.dates.front());
      if (!day) continue;
      const int line = p.source->line_at(p.dates.front().at.begin);
      const std::string dated = "the report is dated " + day_words(*day);
      if (!occurred_.empty() && *day < occurred_.front())
        add("report-date", line,
            dated + ", which is before the breach of " + date_words(year_month_day{occurred_.front()}),
            "check both dates");
      else if (const auto due = released_by(*day))
        add("report-on-due", line,
            dated +
                (*due == *day ? ", the very day of a release that it is about"
                              : ", after a release that it is about, due ") +
                (*due == *day ? "" : day_words(*due)),
            "say whether that release then went out as announced, and what users were told before it", LintLevel::note);
      return;
    }
  }

  /// The first announced date, as corrected, that had come by then.
  [[nodiscard]] std::optional<sys_days> released_by(sys_days day) const {
    std::vector<sys_days> all;
    for (const Due& d : corrected_.empty() ? dues_ : corrected_)
      if (d.day <= day) all.push_back(d.day);
    return all.empty() ? std::nullopt : std::optional{*std::min_element(all.begin(), all.end())};
  }

  void check_clock_times() {
    int line = 0;
    for (const ReadPassage& p : passages_) {
      if (line == 0 && p.source->field == WrittenField::occurrence) line = p.source->line_at(0);
      for (const WrittenTime& t : written_times(p.undated)) {
        const bool is_time_of_release = t.hour == 9 && t.minute == 30;
        if (!is_time_of_release) return;
      }
    }
    add("no-clock-time", line, "no clock time is given for going live, discovery or taking down",
        "give each with its time zone, as bounds where it is not known to the minute");
  }

  const std::vector<ReadPassage>& passages_;
  const WrittenFacts& facts_;
  WrittenFindings& found_;
  std::vector<sys_days> occurred_;
  std::set<std::pair<sys_days, int>> due_noted_;
  std::vector<Due> dues_;       // as written
  std::vector<Due> corrected_;  // as the stated leads have them
};

}  // namespace

void lint_written_dates(const std::vector<ReadPassage>& passages, const WrittenFacts& facts, WrittenFindings& found) {
  DateRules{passages, facts, found}.run();
}

}  // namespace embargod

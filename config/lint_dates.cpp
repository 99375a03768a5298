#include "config/lint_dates.h"

#include <cstdlib>

#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

std::string lint_day_and_date(const year_month_day& d) {
  return weekday_name(std::chrono::weekday{sys_days{d}}) + " " + date_words(d);
}

/// The date that the stated lead leads to.
year_month_day stated_day(const Release& r) {
  return sys_days{local_day(r.stated.lead->from, r.due.zone)} + std::chrono::days{r.stated.lead->days};
}

bool is_lint_working_day(const year_month_day& d, const LintFacts& facts) {
  const auto weekday = std::chrono::weekday{sys_days{d}};
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday &&
         facts.holidays.on(facts.nation, sys_days{d}) == nullptr;
}

std::string lint_days_text(int n) { return std::to_string(n) + (n == 1 ? " day" : " days"); }

/// How many bytes of a due text are its date and time, where an offset like +01:00 (not Z) follows; 0 if none does.
std::size_t bytes_before_offset(std::string_view text) {
  if (text.size() < 22 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':') return 0;
  const std::size_t sign = text.size() - 6;
  if ((text[sign] != '+' && text[sign] != '-') || text[sign + 3] != ':') return 0;
  return text.find_last_not_of(' ', sign - 1) + 1;
}

}  // namespace

std::string lint_day_words(Instant t, const std::string& zone) { return lint_day_and_date(local_day(t, zone)); }

bool is_change_of_date(const Due& before, const Due& now) {
  if (before.at && now.at) return *before.at != *now.at;
  if (before.at) return true;  // the exact date was taken back
  if (!before.period_begin || !before.period_end) return false;
  if (now.at) return *now.at < *before.period_begin || *now.at >= *before.period_end;
  // A narrower period keeps the promise of a wider one.
  return now.period_begin && now.period_end &&
         (*now.period_begin < *before.period_begin || *now.period_end > *before.period_end);
}

std::optional<OtherReading> other_reading(const Due& due) {
  const std::size_t size = bytes_before_offset(due.as_given);
  if (size == 0 || !due.at) return std::nullopt;
  const std::string written = due.as_given.substr(0, size);
  const auto local = read_due(written, due.zone);
  const std::string there = local_time(*due.at, due.zone) + " on " + local_date(*due.at, due.zone);
  if (local && local->at == due.at) return std::nullopt;
  if (!local) {
    // A time that comes twice is what offsets are for.
    if (comes_twice(*due.at, due.zone)) return std::nullopt;
    return OtherReading{true, local.error().what + ", and " + in_quotes(due.as_given) + " is " + there + " there"};
  }
  return OtherReading{false, in_quotes(due.as_given) + " has an offset that " + due.zone +
                                 " does not have on that day: it is " + there + " there"};
}

LeadSlips::LeadSlips(const Schedule& schedule, const LintFacts& facts) : facts_{facts} {
  for (const Release& r : schedule.releases)
    if (const auto c = correction_of(r)) ids_[*c].push_back(r.id);
}

std::optional<LeadSlips::Correction> LeadSlips::correction_of(const Release& r) const {
  if (!r.due.at || !r.stated.lead) return std::nullopt;
  const year_month_day typed = local_day(*r.due.at, r.due.zone);
  const year_month_day stated = stated_day(r);
  const bool is_one_part = (typed.month() == stated.month()) != (typed.year() == stated.year());
  if (typed.day() != stated.day() || !is_one_part || !is_lint_working_day(stated, facts_)) return std::nullopt;
  return Correction{typed.year() / typed.month(), stated.year() / stated.month()};
}

std::optional<LeadSlips::Words> LeadSlips::of(const Release& r) const {
  if (!r.stated.lead) return std::nullopt;
  const StatedLead& lead = *r.stated.lead;
  const year_month_day typed = local_day(*r.due.at, r.due.zone);
  const year_month_day stated = stated_day(r);
  if (typed == stated) return std::nullopt;
  const int days = days_between(lead.from, *r.due.at, r.due.zone);
  std::string text = lint_day_and_date(typed) + " is " + lint_days_text(std::abs(days)) +
                     (days < 0 ? " before " : " after ") + local_date(lead.from, r.due.zone) + ", but a lead of " +
                     lint_days_text(lead.days) + " is stated";
  const auto correction = correction_of(r);
  if (!correction)
    return Words{text + ", which leads to " + lint_day_and_date(stated), "one of the two dates or the lead is wrong"};
  const bool is_month = typed.month() != stated.month();
  const std::string wrong = is_month ? "the month " + month_name(typed.month())
                                     : "the year " + std::to_string(static_cast<int>(typed.year()));
  const std::string right = is_month ? month_name(stated.month()) : std::to_string(static_cast<int>(stated.year()));
  text += ": " + wrong + " is wrong, with " + right + " all of it agrees (" + lint_day_and_date(stated) + ")";
  std::vector<std::string> others;
  for (const std::string& id : ids_.at(*correction))
    if (id != r.id && others.size() < 3) others.push_back(in_quotes(id));
  if (!others.empty()) text += ", as it does for release " + listed(others);
  return Words{text,
               "write due: " + rfc3339(Instant{sys_days{stated}}).substr(0, 10) + " if that is what was announced"};
}

}  // namespace embargod

#include "config/outgoing/outgoing_schedule.h"

#include "config/zone_time.h"

namespace embargod {
namespace {

std::string iso_day(Instant t, const std::string& zone) { return local_rfc3339(t, zone).substr(0, 10); }

std::string period_text(const Due& due) {
  if (!due.period_begin || !due.period_end) return due.as_given;
  const DayRange days = days_of_period(due);
  if (days.first.substr(0, 7) == days.last.substr(0, 7)) return days.first.substr(0, 7);
  std::string first = month_words(*due.period_begin, due.zone);
  const std::string last = month_words(*due.period_end - Millis{1}, due.zone);
  const std::size_t blank = first.find(' ');
  if (last.ends_with(first.substr(blank))) first.resize(blank);
  return first + " to " + last;
}

}  // namespace

std::string due_text(const Due& due) {
  switch (due.precision) {
    case DuePrecision::instant:
      return due.at ? local_rfc3339(*due.at, due.zone) : due.as_given;
    case DuePrecision::time_assumed:
      return due.at ? iso_day(*due.at, due.zone) : due.as_given;
    case DuePrecision::month:
      return period_text(due);
  }
  return due.as_given;
}

DayRange days_of_period(const Due& due) {
  if (!due.period_begin || !due.period_end) return {};
  return {.first = iso_day(*due.period_begin, due.zone),
          .last = iso_day(*due.period_end - Millis{1}, due.zone),
          .after = iso_day(*due.period_end, due.zone)};
}

std::string_view target_name(const Target& target) {
  const std::string_view id = target.id;
  return id.substr(id.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace embargod

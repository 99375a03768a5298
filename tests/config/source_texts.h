#pragma once
// Calendars as text, one line for each record, so that a test shows all of it at once.

#include <initializer_list>
#include <string>

#include "config/settings_reader.h"
#include "config/sources/source.h"
#include "tests/config/golden_faults.h"

namespace embargod {

inline std::string due_record(const Due& due) {
  std::string s;
  if (due.precision == DuePrecision::instant) s = "at";
  if (due.precision == DuePrecision::time_assumed) s = "assumed";
  if (due.precision == DuePrecision::month) s = "months";
  if (due.at) s += " " + rfc3339(*due.at);
  if (due.period_begin) s += " " + rfc3339(*due.period_begin);
  if (due.period_end) s += " to " + rfc3339(*due.period_end);
  return s + " zone=" + due.zone + " given=\"" + due.as_given + "\"";
}

inline std::string item_record(const CalendarItem& item) {
  std::string s = to_string(item.where) + " " + item.path + ": key=" + item.key + " title=\"" + item.title +
                  "\" status=" + to_string(item.status) + " due=[" + due_record(item.due) + "]";
  if (!item.url.empty()) s += " url=" + item.url;
  if (!item.release.empty()) s += " release=" + item.release;
  if (item.former) s += " former=[" + due_record(*item.former) + "]";
  if (!item.reason.empty()) s += " reason=\"" + item.reason + "\"";
  if (item.changed) s += " changed=" + rfc3339(*item.changed);
  return s + "\n";
}

inline std::string calendar_records(const Calendar& calendar) {
  std::string s;
  for (const auto& item : calendar.items) s += item_record(item);
  for (const auto& release : calendar.releases) {
    s += "release " + release.id + " of " + release.source + ": \"" + release.title + "\" " +
         to_string(release.status) + " [" + due_record(release.due) + "]\n";
    for (const auto& target : release.targets)
      s += "  " + target.id + " " + to_string(target.role) + " " + target.profile + " " + target.url.text +
           (target.edition.empty() ? "" : " edition=" + target.edition) + "\n";
  }
  for (const auto& note : calendar.notes) s += "note " + note + "\n";
  return s;
}

using SourceMaker = std::unique_ptr<SourceReader> (*)(SourceContext);

/// All of a source of one page.
inline Checked<Calendar> read_calendar(SourceMaker make, std::string_view bytes, const std::string& where,
                                       const std::string& zone = "Europe/London") {
  static const std::vector<Profile> kProfiles = shipped_profiles();
  const auto reader = make(SourceContext{"planned", where, zone, kProfiles});
  const auto more = reader->take(where, bytes);
  if (!more) return tl::unexpected<Faults>{more.error()};
  return reader->finish();
}

/// The records, or the faults.
inline std::string calendar_lines(SourceMaker make, std::string_view bytes, const std::string& where,
                                  const std::string& zone = "Europe/London") {
  const auto calendar = read_calendar(make, bytes, where, zone);
  return calendar ? calendar_records(*calendar) : fault_lines(calendar.error());
}

}  // namespace embargod

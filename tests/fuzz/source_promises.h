#pragma once
// What every reader of a calendar promises, whatever the bytes.

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "config/settings_reader.h"
#include "config/sources/source.h"
#include "config/text_checks.h"

namespace embargod {

inline void check_source_faults(const Faults& faults) {
  if (faults.empty()) std::abort();
  for (const auto& fault : faults)
    if (fault.where.empty() || fault.what.empty() || not_one_line(to_string(fault))) std::abort();
}

inline void check_source_due(const Due& due) {
  if ((due.precision == DuePrecision::month) == due.at.has_value()) std::abort();
  if (due.precision == DuePrecision::month && !(due.period_begin < due.period_end)) std::abort();
  if (due.as_given.empty() || due.zone.empty()) std::abort();
}

inline void check_source_promises(std::unique_ptr<SourceReader> (*make)(SourceContext), const std::string& where,
                                  std::string_view bytes) {
  static const std::vector<Profile> kProfiles = shipped_profiles();
  const auto reader = make(SourceContext{"fuzzed", where, "Europe/London", kProfiles});
  if (const auto more = reader->take(where, bytes); !more) return check_source_faults(more.error());
  const auto calendar = reader->finish();
  if (!calendar) return check_source_faults(calendar.error());
  std::unordered_set<std::string> keys;
  for (const CalendarItem& item : calendar->items) {
    if (item.key.empty() || !keys.insert(item.key).second) std::abort();
    if (not_one_line(item.title) || not_one_line(item.key) || not_one_line(item.reason)) std::abort();
    if (item.status == ItemStatus::provisional && item.due.at) std::abort();
    if (item.where.line < 1 || item.path.empty()) std::abort();
    if (!item.url.empty() && !parse_url(item.url)) std::abort();
    if (!item.release.empty() && !is_id(item.release)) std::abort();
    check_source_due(item.due);
  }
  for (const Release& release : calendar->releases) {
    if (!keys.contains(release.id) || release.source != "fuzzed") std::abort();
    if (release.status == ReleaseStatus::provisional && release.due.at) std::abort();
    check_source_due(release.due);
  }
}

}  // namespace embargod

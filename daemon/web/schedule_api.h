#pragma once
// The API's replies about where dates come from. Pure: values in, JSON out.

#include <string>
#include <vector>

#include "config/types/result.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/discovery_watch.h"
#include "daemon/watch/store.h"

namespace embargod {

/// Borrowed for the call.
struct ScheduleSourcesView {
  const std::vector<CalendarState>& calendars;
  const std::vector<StoredRelease>& releases;
  Instant now{};
};

/// {"items":[...],"next":null}: the operator's own files (`own`: what they say holds) and then every calendar with its
/// newest good reading, each with its rows and how they were taken. Only `source`, unless it is empty: Error not_found.
/// An entry's address leaves only where the calendar is a public service: in an office's own file it may be embargoed.
[[nodiscard]] Result<std::string> schedule_sources_json(const ScheduleSourcesView& view, const std::string& source);

/// {"items":[...],"next":null}: how the listings are read. Numbers, and no address of what they show.
[[nodiscard]] std::string listings_json(const std::vector<ListingStatus>& listings);

/// {"items":[...],"next":null}, each with its number, oldest first.
[[nodiscard]] std::string revisions_json(const std::vector<DueRevision>& revisions);

}  // namespace embargod

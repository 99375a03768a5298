#include <algorithm>

#include "daemon/watch/drift_words.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"

namespace embargod {
namespace {

constexpr int kCalendarsRefresh = 60;           // seconds
constexpr std::size_t kMostCalendarRows = 500;  // of a kind: a page that opens at once; the API has them all

/// In the words of what is told to people on call.
std::string drift_words_of(DriftKind k) {
  switch (k) {
    case DriftKind::earlier:
      return "an earlier date";
    case DriftKind::later:
      return "a later date";
    case DriftKind::published:
      return "said to be published already";
    case DriftKind::cancelled:
      return "said to be cancelled";
    case DriftKind::vanished:
      return "no longer shown";
    case DriftKind::provisional:
      return "its exact date was taken back";
  }
  return {};
}

/// Where it stands, without the address of a calendar: its path may be a key to it.
std::string place_of_row(const CalendarState& s, const CalendarRow& r) {
  Drift d;
  d.source = s.source;
  d.where = r.where;
  return place_in_calendar(d);
}

PageData calendar_row(const CalendarState& s, const CalendarRow& r, const std::string& zone) {
  PageData d = page_object();
  d.set("title", r.title.empty() ? r.release : r.title);
  d.set("release", r.release);
  d.set("by", r.matched_by);
  d.set("status", to_string(r.status));
  d.set("where", place_of_row(s, r));
  d.set("drift", r.drift ? drift_words_of(*r.drift) : "");
  const bool has_date = r.due.at || r.due.period_begin;
  set_if(d, "shows", has_date ? date_shown(r.due, zone) : "");
  return d;
}

Light calendar_light(const CalendarState& s, std::size_t drifting, std::size_t matched) {
  if (!s.fault.empty()) return {"bad", s.last_success ? "Could not be read" : "Could never be read"};
  if (!s.last_success) return {"warn", "Not read yet"};
  if (drifting > 0) return {"warn", "Says otherwise in " + std::to_string(drifting)};
  if (matched == 0) return {"quiet", "Read; nothing in it is matched to a release"};
  return {"good", "Read, and in agreement"};
}

PageData calendar_card(const CalendarState& s, const PageFrame& frame) {
  PageData d = page_object();
  std::size_t shown = 0;
  const auto shelf = [&](const std::string& name, auto test) {
    PageData list = page_list();
    std::size_t count = 0;
    for (const CalendarRow& r : s.rows)
      if (test(r) && ++count <= kMostCalendarRows) list.push_back(calendar_row(s, r, frame.zone));
    d.set(name, list);
    d.set(name + "_count", std::to_string(count));
    set_flag(d, "has_" + name, count > 0);
    shown += count;
    return count;
  };
  const std::size_t drifting = shelf("drifting", [](const CalendarRow& r) { return r.drift.has_value(); });
  shelf("unmatched", [](const CalendarRow& r) { return !r.drift && !r.gone && r.release.empty(); });
  const std::size_t matched =
      shelf("matched", [](const CalendarRow& r) { return !r.drift && !r.gone && !r.release.empty(); });
  const Light light = calendar_light(s, drifting, matched);
  d.set("css", light.css);
  d.set("light", light.words);
  d.set("source", calendar_name({.release = {}, .source = s.source, .says = {}, .where = {}}));
  d.set("format", to_string(s.format));
  set_if(d, "read", s.last_success ? words(std::max(Millis{0}, frame.now - *s.last_success)) + " ago" : "");
  d.set("entries", std::to_string(shown) + (shown == 1 ? " entry" : " entries"));
  set_if(d, "fault", s.fault);
  return d;
}

}  // namespace

std::string calendars_page(const PageFrame& frame, const std::vector<CalendarState>& calendars) {
  PageData d = page_object();
  PageData list = page_list();
  for (const CalendarState& s : calendars) list.push_back(calendar_card(s, frame));
  d.set("calendars", list);
  set_flag(d, "nothing", calendars.empty());
  return render_page("calendars.mustache", "Where dates come from", frame, {kCalendarsRefresh}, d);
}

}  // namespace embargod

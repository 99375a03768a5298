#include "daemon/web/schedule_api.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/text_checks.h"

namespace embargod {
namespace {

using SourcesJson = nlohmann::ordered_json;

SourcesJson instant_or_null(const std::optional<Instant>& t) {
  return t ? SourcesJson(rfc3339(*t)) : SourcesJson(nullptr);
}

SourcesJson word_or_null(const std::string& text) { return text.empty() ? SourcesJson(nullptr) : SourcesJson(text); }

std::string list_of_sources(SourcesJson items) {
  if (items.is_null()) items = SourcesJson::array();
  const SourcesJson list{{"items", std::move(items)}, {"next", nullptr}};
  return list.dump(-1, ' ', false, SourcesJson::error_handler_t::replace);
}

const char* word_of_precision(DuePrecision p) {
  switch (p) {
    case DuePrecision::instant:
      return "instant";
    case DuePrecision::time_assumed:
      return "time_assumed";
    case DuePrecision::month:
      return "month";
  }
  return "instant";
}

SourcesJson due_in_full(const Due& due) {
  SourcesJson j;
  j["as_given"] = due.as_given;
  j["at"] = instant_or_null(due.at);
  j["precision"] = word_of_precision(due.precision);
  j["zone"] = due.zone;
  j["period"] = due.period_begin && due.period_end
                    ? SourcesJson{{"begin", rfc3339(*due.period_begin)}, {"end", rfc3339(*due.period_end)}}
                    : SourcesJson(nullptr);
  return j;
}

/// What these say is public on their own sites.
bool is_public_service(SourceFormat f) {
  switch (f) {
    case SourceFormat::ons:
    case SourceFormat::govuk:
    case SourceFormat::ees:
      return true;
    case SourceFormat::yaml:
    case SourceFormat::csv:
    case SourceFormat::ics:
    case SourceFormat::json:
      return false;
  }
  return false;
}

SourcesJson row_of_calendar(const CalendarRow& r, SourceFormat format) {
  const bool is_open = is_public_service(format);
  SourcesJson j;
  // A calendar may use addresses as its keys.
  j["key"] = is_open || r.key.find("://") == std::string::npos ? r.key : r.where;
  j["title"] = r.title;
  if (is_open && !r.url.empty()) j["url"] = r.url;
  j["status"] = to_string(r.status);
  j["due"] = due_in_full(r.due);
  j["reason"] = word_or_null(r.reason);
  j["where"] = r.where;
  j["release"] = word_or_null(r.release);
  j["matched_by"] = word_or_null(r.matched_by);
  j["drift"] = r.drift ? SourcesJson(to_string(*r.drift)) : SourcesJson(nullptr);
  j["gone"] = r.gone;
  return j;
}

SourcesJson source_in_full(const CalendarState& s, Instant now) {
  const auto count = [&s](auto is_counted) { return std::count_if(s.rows.begin(), s.rows.end(), is_counted); };
  SourcesJson j;
  j["source"] = s.source;
  j["own"] = false;
  j["format"] = to_string(s.format);
  j["where"] = s.where;
  j["last_try"] = instant_or_null(s.last_try);
  j["last_success"] = instant_or_null(s.last_success);
  j["age_seconds"] = s.last_success ? SourcesJson(to_seconds(std::max(Millis{0}, now - *s.last_success))) : nullptr;
  j["fault"] = word_or_null(s.fault);
  j["items"] = count([](const CalendarRow& r) { return !r.gone; });
  j["unmatched"] = count([](const CalendarRow& r) { return !r.gone && r.release.empty(); });
  j["drifting"] = count([](const CalendarRow& r) { return r.drift.has_value(); });
  j["rows"] = SourcesJson::array();
  for (const auto& r : s.rows) j["rows"].push_back(row_of_calendar(r, s.format));
  return j;
}

ItemStatus status_of_own(ReleaseStatus s) {
  switch (s) {
    case ReleaseStatus::provisional:
      return ItemStatus::provisional;
    case ReleaseStatus::confirmed:
      return ItemStatus::confirmed;
    case ReleaseStatus::cancelled:
      return ItemStatus::cancelled;
  }
  return ItemStatus::confirmed;
}

/// The operator's own files, in schedule order, as far as releases name them; no calendar's.
std::vector<CalendarState> own_files(const ScheduleSourcesView& view) {
  std::vector<CalendarState> out;
  for (const auto& stored : view.releases) {
    const Release& r = stored.release;
    const auto is_source = [&r](const CalendarState& s) { return s.source == r.source; };
    if (!stored.current || std::any_of(view.calendars.begin(), view.calendars.end(), is_source)) continue;
    auto file = std::find_if(out.begin(), out.end(), is_source);
    if (file == out.end()) {
      file = out.emplace(out.end());
      file->source = file->where = r.source;
    }
    CalendarRow row;
    row.key = row.release = r.id;
    row.title = r.title;
    row.status = status_of_own(r.status);
    row.due = r.due;
    row.where = r.source;
    row.matched_by = "id";
    file->rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Result<std::string> schedule_sources_json(const ScheduleSourcesView& view, const std::string& source) {
  SourcesJson items = SourcesJson::array();
  std::vector<std::string> names;
  const auto take = [&](const CalendarState& s) -> SourcesJson* {
    names.push_back(s.source);
    if (!source.empty() && s.source != source) return nullptr;
    items.push_back(source_in_full(s, view.now));
    return &items.back();
  };
  for (const auto& file : own_files(view)) {
    if (SourcesJson* j = take(file); j != nullptr) (*j)["own"] = true;
  }
  for (const auto& calendar : view.calendars) take(calendar);
  if (!source.empty() && items.empty())
    return fail(Errc::not_found, "no schedule source has this name", in_quotes(source), did_you_mean(source, names));
  return list_of_sources(std::move(items));
}

std::string listings_json(const std::vector<ListingStatus>& listings) {
  SourcesJson items = SourcesJson::array();
  for (const auto& s : listings) {
    SourcesJson j;
    j["listing"] = s.listing;
    j["kind"] = to_string(s.kind);
    j["interval_seconds"] = to_seconds(s.interval);
    j["last_success"] = instant_or_null(s.last_success);
    j["fault"] = word_or_null(s.fault);
    j["known"] = s.known;
    j["matches"] = s.matches;
    items.push_back(std::move(j));
  }
  return list_of_sources(std::move(items));
}

std::string revisions_json(const std::vector<DueRevision>& revisions) {
  SourcesJson items = SourcesJson::array();
  int number = 0;
  for (const auto& r : revisions) {
    SourcesJson j;
    j["revision"] = ++number;
    j["release"] = r.release;
    j["before"] = r.before ? due_in_full(*r.before) : SourcesJson(nullptr);
    j["now"] = due_in_full(r.now);
    j["status"] = to_string(r.status);
    j["seen"] = rfc3339(r.seen);
    j["source"] = r.source;
    j["reason"] = word_or_null(r.reason);
    items.push_back(std::move(j));
  }
  return list_of_sources(std::move(items));
}

}  // namespace embargod

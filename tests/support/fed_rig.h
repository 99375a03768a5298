#pragma once
// An engine with a calendar that others keep: ten releases in one of its forms, good at first. What comes then is the
// test's.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/watch_rig.h"

namespace embargod {

inline constexpr int kReleases = 10;
inline constexpr const char* kSite = "https://stats.example.org";
inline constexpr const char* kTeam = "team";

inline std::string id_of(int k) { return (k < 10 ? "widgets-0" : "widgets-") + std::to_string(k); }
inline std::string page_of(int k) { return std::string{kSite} + "/" + id_of(k) + "/page"; }
inline std::string title_of(int k) { return "Widget output, edition " + std::to_string(k); }

// ---- the calendar as it should be ----

struct FeedRow {
  std::string id, title, due = "2018-04-25 09:30", status = "confirmed", url, role = "page";
};

inline std::vector<FeedRow> good_rows() {
  std::vector<FeedRow> rows;
  for (int k = 1; k <= kReleases; ++k) rows.push_back({.id = id_of(k), .title = title_of(k), .url = page_of(k)});
  return rows;
}

inline std::string csv_of(const std::vector<FeedRow>& rows,
                          const std::string& header = "id,title,due,status,url,role") {
  std::string out = header + "\n";
  for (const FeedRow& r : rows)
    out += r.id + ",\"" + r.title + "\"," + r.due + "," + r.status + "," + r.url + "," + r.role + "\n";
  return out;
}

inline std::string json_of(const std::vector<FeedRow>& rows) {
  nlohmann::json releases = nlohmann::json::array();
  for (const FeedRow& r : rows)
    releases.push_back({{"id", r.id},
                        {"title", r.title},
                        {"due", r.due},
                        {"status", r.status},
                        {"urls", {{{"url", r.url}, {"role", r.role}}}}});
  return nlohmann::json{{"releases", releases}}.dump(1);
}

inline std::string yaml_of(const std::vector<FeedRow>& rows) {
  std::string out = "releases:\n";
  for (const FeedRow& r : rows)
    out += "  - id: " + r.id + "\n    title: \"" + r.title + "\"\n    due: " + r.due + "\n    status: " + r.status +
           "\n    urls: [{url: \"" + r.url + "\", role: " + r.role + "}]\n";
  return out;
}

inline std::string event_of(const FeedRow& r, const std::string& start = "20180425T093000") {
  return "BEGIN:VEVENT\r\nUID:" + r.id + "@cal.example.org\r\nSUMMARY:" + r.title +
         "\r\nDTSTART;TZID=Europe/London:" + start + "\r\nEND:VEVENT\r\n";
}

inline std::string ics_of(const std::vector<FeedRow>& rows) {
  std::string out = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n";
  for (const FeedRow& r : rows) out += event_of(r);
  return out + "END:VCALENDAR\r\n";
}

inline nlohmann::json ons_entry(const FeedRow& r) {
  return {{"uri", "/releases/" + r.id},
          {"description",
           {{"title", r.title},
            {"release_date", "2018-04-25T08:30:00.000Z"},
            {"published", false},
            {"cancelled", false},
            {"finalised", true},
            {"postponed", false},
            {"provisional_date", ""}}}};
}

inline std::string ons_of(const std::vector<FeedRow>& rows, std::size_t total) {
  nlohmann::json releases = nlohmann::json::array();
  for (const FeedRow& r : rows) releases.push_back(ons_entry(r));
  return nlohmann::json{{"breakdown", {{"total", total}}}, {"releases", releases}}.dump(1);
}

inline std::string good_text(SourceFormat f) {
  switch (f) {
    case SourceFormat::yaml:
      return yaml_of(good_rows());
    case SourceFormat::csv:
      return csv_of(good_rows());
    case SourceFormat::ics:
      return ics_of(good_rows());
    case SourceFormat::json:
      return json_of(good_rows());
    case SourceFormat::ons:
    case SourceFormat::govuk:
    case SourceFormat::ees:
      return ons_of(good_rows(), kReleases);
  }
  return {};
}

/// Such a calendar says of each release where to look; the others only of entries, and the releases are the operator's.
inline bool defines_releases(SourceFormat f) {
  return f == SourceFormat::yaml || f == SourceFormat::csv || f == SourceFormat::json;
}

inline ScriptedAnswer served(std::string body) { return {.status = 200, .body = std::move(body)}; }

inline std::string calendar_url(SourceFormat f) {
  return f == SourceFormat::ons ? "https://cal.example.org/v1/search/releases" : "https://cal.example.org/calendar";
}

inline Schedule operators_releases() {
  Schedule s;
  for (int k = 1; k <= kReleases; ++k) {
    Release r = release_with({"page"});
    r.id = id_of(k);
    r.title = title_of(k);
    r.source = "releases.yml";
    r.targets[0].id = r.id + "/page";
    r.targets[0].release = r.id;
    r.targets[0].url = *parse_url(page_of(k));
    s.releases.push_back(std::move(r));
  }
  return s;
}

/// An engine that has read a good calendar and watches what it announces.
struct FedRig {
  explicit FedRig(SourceFormat f)
      : format{f},
        rig{kDue - std::chrono::hours{80}, defines_releases(f) ? Schedule{} : operators_releases()},
        url{calendar_url(f)} {
    ScheduleSource s;
    s.name = kTeam;
    s.url = *parse_url(url);
    s.format = format;
    s.interval = std::chrono::minutes{15};
    rig.settings.schedules.push_back(std::move(s));
    rig.prober.answer(url, kDue - std::chrono::hours{81}, served(good_text(format)));
    rig.run_until(kDue - std::chrono::minutes{79 * 60 + 30});
  }

  void restart() {
    rig.engine.reset();  // kill -9
    rig.start();
  }

  [[nodiscard]] CalendarState state() {
    auto states = got(rig.store.calendars());
    return states.empty() ? CalendarState{} : states.front();
  }

  [[nodiscard]] std::map<std::string, Release> in_schedule() {
    std::map<std::string, Release> out;
    for (const StoredRelease& r : got(rig.store.releases()))
      if (r.current) out.emplace(r.release.id, r.release);
    return out;
  }

  [[nodiscard]] bool was_asked_since(const std::string& page, Instant since) const {
    return std::any_of(rig.prober.asked.begin(), rig.prober.asked.end(),
                       [&](const auto& a) { return a.url == page && a.at >= since; });
  }

  /// Releases of which a page was seen public before due.
  [[nodiscard]] std::set<std::string> early() {
    std::set<std::string> out;
    for (const Incident& i : rig.incidents(IncidentKind::early)) out.insert(i.release);
    return out;
  }

  SourceFormat format;
  WatchRig rig;
  std::string url;
};

}  // namespace embargod

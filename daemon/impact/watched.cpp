#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "config/release.h"
#include "daemon/impact/count.h"

namespace embargod {
namespace {

using Json = nlohmann::json;

constexpr const char* kWhere = "incident";
constexpr const char* kToDo = "give the incident as GET /api/v1/incidents/ID answers it";

std::string text_in(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::optional<Instant> instant_in(const Json& j, const char* key) {
  const auto t = parse_rfc3339(text_in(j, key));
  return t ? std::optional{*t} : std::nullopt;
}

/// Of a span as it was served; nothing for one at the origin, which says the same by other means.
std::optional<ImpactWindow> window_of(const Json& span, Instant now) {
  if (!span.is_object() || text_in(span, "basis") != "as_served" || !span.contains("went_live")) return std::nullopt;
  const Json& live = span.at("went_live");
  if (!live.is_object()) return std::nullopt;
  const auto latest = instant_in(live, "latest");
  if (!latest) return std::nullopt;
  ImpactWindow w;
  w.from = instant_in(live, "earliest");
  w.to = std::max(now, *latest);
  if (span.contains("went_down") && span.at("went_down").is_object())
    w.to = instant_in(span.at("went_down"), "latest").value_or(w.to);
  if (!span.contains("time_up") || !span.at("time_up").is_object()) return w;
  const Json& up = span.at("time_up");
  const auto shortest = up.find("shortest_seconds");
  if (shortest == up.end() || !shortest->is_number() || shortest->get<double>() <= 0) return w;
  w.sure_from = latest;
  w.sure_to = *latest + Millis{std::llround(shortest->get<double>() * 1000.0)};
  return w;
}

WatchedUrl watched_url(const Json& target, Instant now) {
  WatchedUrl u;
  u.target = text_in(target, "target");
  u.url = text_in(target, "url");
  const std::string role = text_in(target, "role");
  u.is_download = role == to_string(Role::file) || role == to_string(Role::api);
  if (const auto spans = target.find("spans"); spans != target.end() && spans->is_array())
    for (const Json& span : *spans)
      if (auto w = window_of(span, now)) u.windows.push_back(*w);
  std::sort(u.windows.begin(), u.windows.end(),
            [](const ImpactWindow& a, const ImpactWindow& b) { return a.to < b.to; });
  return u;
}

}  // namespace

Result<WatchedIncident> watched_incident(std::string_view incident_json, Instant now) {
  constexpr int kDeepest = 16;
  bool is_deep = false;
  const Json j = Json::parse(
      incident_json,
      [&is_deep](int depth, Json::parse_event_t /*event*/, const Json& /*value*/) {
        is_deep = is_deep || depth > kDeepest;
        return !is_deep;
      },
      false);
  if (is_deep || !j.is_object() || text_in(j, "id").empty() || !j.contains("targets") || !j.at("targets").is_array())
    return fail(Errc::invalid_input, "this is no incident", kWhere, kToDo);
  WatchedIncident out{text_in(j, "id"), text_in(j, "kind"), text_in(j, "title"), {}};
  for (const Json& target : j.at("targets")) {
    if (!target.is_object()) return fail(Errc::invalid_input, "a target of it is no object", kWhere, kToDo);
    WatchedUrl u = watched_url(target, now);
    if (!u.url.empty() && !u.windows.empty()) out.urls.push_back(std::move(u));
  }
  if (out.urls.empty())
    return fail(Errc::not_found, "nothing of it was seen public, so there is nothing to count", "incident " + out.id);
  return out;
}

}  // namespace embargod

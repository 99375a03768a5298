#include "daemon/watch/incident_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/watch/drift_words.h"
#include "daemon/watch/exposure.h"

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

Json json_instant(const std::optional<Instant>& t) { return t ? Json(rfc3339(*t)) : Json(nullptr); }

Json json_bounds(const InstantBounds& b) {
  return Json{{"earliest", json_instant(b.earliest)}, {"latest", rfc3339(b.latest)}};
}

Json json_seconds(const std::optional<Millis>& d) { return d ? Json(to_seconds(*d)) : Json(nullptr); }

Json json_span(const InstantBounds& live, const std::optional<InstantBounds>& down, const std::optional<EndedBy>& ended,
               Basis basis, const Result<SpanBounds>& up) {
  Json j;
  j["went_live"] = json_bounds(live);
  j["went_down"] = down ? json_bounds(*down) : Json(nullptr);
  j["time_up"] =
      up ? Json{{"shortest_seconds", to_seconds(up->shortest)}, {"longest_seconds", json_seconds(up->longest)}}
         : Json(nullptr);
  j["basis"] = to_string(basis);
  j["ended_by"] = ended ? Json(to_string(*ended)) : Json(nullptr);
  return j;
}

Json json_target(const TargetExposure& t, Instant now) {
  Json j;
  j["target"] = t.target;
  // A URL that was not seen live tells where the release will be: only its id may leave (design.md 5.5).
  j["url"] = t.seen_live ? Json(t.url) : Json(nullptr);
  j["spans"] = Json::array();
  for (const ExposureSpan& s : t.spans) {
    j["spans"].push_back(json_span(s.went_live, s.went_down, s.ended_by, Basis::as_served, time_up(s, now)));
    if (!s.origin_live) continue;
    // Bounded like the one as served while it is up: nobody knows more of the origin than was seen of it.
    const InstantBounds end =
        s.origin_down.value_or(InstantBounds{std::min(s.last_live_sent - s.last_live_error, now), now});
    j["spans"].push_back(json_span(*s.origin_live, s.origin_down, s.ended_by, Basis::at_origin,
                                   time_up(*s.origin_live, end, end.latest)));
  }
  j["role"] = to_string(t.role);
  j["routes"] = Json::array();
  for (const RouteView& r : t.routes) {
    j["routes"].push_back({{"path", r.path},
                           {"liveness", to_string(r.liveness)},
                           {"seen", rfc3339(r.done)},
                           {"from_cache", r.from_cache}});
  }
  if (t.seen_live && !t.candidate_rule.empty()) j["candidate"] = t.candidate_rule;
  j["cached_by"] = t.cached_by.empty() ? Json(nullptr) : Json(t.cached_by);
  return j;
}

const char* json_precision(DuePrecision p) {
  switch (p) {
    case DuePrecision::instant:
      return "instant";
    case DuePrecision::time_assumed:
      return "time_assumed";
    case DuePrecision::month:
      return "month";
  }
  return "?";
}

Json json_drift(const Drift& d) {
  return Json{{"source", calendar_name(d)},
              {"kind", to_string(d.kind)},
              {"says",
               {{"as_given", d.says.as_given},
                {"at", json_instant(d.says.at)},
                {"precision", json_precision(d.says.precision)}}},
              {"where", place_in_calendar(d)},
              {"seen", rfc3339(d.seen)}};
}

Millis blind_now(const Incident& i, Instant now) {
  if (i.kind != IncidentKind::blind || is_over(i)) return blind_of(i);
  Millis most{0};
  for (const TargetExposure& t : i.targets) most = std::max(most, now - t.first.sent);
  return most;
}

}  // namespace

std::string incident_json(const Incident& i, Instant now) {
  Json j;
  j["id"] = i.id;
  j["kind"] = to_string(i.kind);
  j["state"] = to_string(i.state);
  j["confidence"] = to_string(i.confidence);
  j["release"] = i.release.empty() ? Json(nullptr) : Json(i.release);
  j["title"] = i.title;
  j["due"] = json_instant(i.due);
  j["targets"] = Json::array();
  for (const TargetExposure& t : i.targets) j["targets"].push_back(json_target(t, now));
  const auto lead = lead_of(i);
  j["lead"] =
      lead ? Json{{"shortest_seconds", to_seconds(lead->shortest)}, {"longest_seconds", json_seconds(lead->longest)}}
           : Json(nullptr);
  j["acknowledged"] =
      i.acknowledged
          ? Json{{"by", i.acknowledged->by}, {"at", rfc3339(i.acknowledged->at)}, {"note", i.acknowledged->note}}
          : Json(nullptr);
  if (i.acknowledged && i.acknowledged->expires) j["acknowledged"]["expires"] = rfc3339(*i.acknowledged->expires);
  j["evidence"] = i.evidence;
  j["blind_seconds"] = to_seconds(blind_now(i, now));
  j["decision"] = i.ruling ? Json{{"by", i.ruling->by},
                                  {"at", rfc3339(i.ruling->at)},
                                  {"decision", to_string(i.ruling->choice)},
                                  {"reason", i.ruling->reason}}
                           : Json(nullptr);
  if (i.rehearsal) {
    const RehearsalMark& r = *i.rehearsal;
    j["rehearsal"] = {{"id", r.id},
                      {"by", r.by},
                      {"reason", r.reason},
                      {"from", rfc3339(r.from)},
                      {"until", rfc3339(r.until)},
                      {"over", json_instant(r.over)}};
    if (r.over) j["rehearsal"]["why_over"] = r.why_over;
  }
  if (i.kind == IncidentKind::blind) {
    j["site"] = i.site;
    j["affected"] = i.affected;
  }
  if (i.kind == IncidentKind::drift) {
    j["drifts"] = Json::array();
    for (const Drift& d : i.drifts) j["drifts"].push_back(json_drift(d));
  }
  return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace embargod

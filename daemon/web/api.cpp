#include "daemon/web/api.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/watch/incident_json.h"

namespace embargod {
namespace {

using ApiJson = nlohmann::ordered_json;

std::string bytes(const ApiJson& j) { return j.dump(-1, ' ', false, ApiJson::error_handler_t::replace); }

ApiJson instant_json(const std::optional<Instant>& t) { return t ? ApiJson(rfc3339(*t)) : ApiJson(nullptr); }

ApiJson bounds_json(const std::optional<InstantBounds>& b) {
  if (!b) return nullptr;
  return {{"earliest", instant_json(b->earliest)}, {"latest", rfc3339(b->latest)}};
}

ApiJson list_json(ApiJson items) {
  if (items.is_null()) items = ApiJson::array();
  return {{"items", std::move(items)}, {"next", nullptr}};
}

const char* precision_word(DuePrecision p) {
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

/// What several releases share.
struct Surroundings {
  std::map<std::string, const TargetTrack*> tracks;
  std::set<std::string> seen_live;  // target ids

  Surroundings(const std::vector<TargetTrack>& all, const std::vector<Incident>& incidents) {
    for (const auto& t : all) tracks[t.target] = &t;
    for (const auto& i : incidents) {
      for (const auto& t : i.targets) {
        if (t.seen_live) seen_live.insert(t.target);
      }
    }
  }
};

ApiJson target_json(const Target& target, const Surroundings& around) {
  const auto found = around.tracks.find(target.id);
  const TargetTrack* track = found == around.tracks.end() ? nullptr : found->second;
  const bool out = track != nullptr && track->released.has_value();
  ApiJson j;
  j["target"] = target.id;
  if (out || around.seen_live.contains(target.id)) j["url"] = target.url.text;
  j["role"] = to_string(target.role);
  j["state"] = to_string(track == nullptr ? Liveness::unknown : track->liveness);
  j["last_conclusive"] = instant_json(track == nullptr ? std::nullopt : track->last_conclusive);
  j["released"] = bounds_json(track == nullptr ? std::nullopt : track->released);
  return j;
}

/// When the first of its targets came out.
std::optional<InstantBounds> released(const Release& r, const Surroundings& around) {
  std::optional<InstantBounds> first;
  for (const auto& t : r.targets) {
    const auto found = around.tracks.find(t.id);
    if (found == around.tracks.end() || !found->second->released) continue;
    if (!first || found->second->released->latest < first->latest) first = found->second->released;
  }
  return first;
}

ApiJson item_json(const StoredRelease& stored, const Surroundings& around) {
  const Release& r = stored.release;
  ApiJson j;
  j["id"] = r.id;
  j["title"] = r.title;
  j["status"] = to_string(r.status);
  j["due"] = instant_json(r.due.at);
  j["due_precision"] = precision_word(r.due.precision);
  j["due_as_given"] = r.due.as_given;
  j["zone"] = r.due.zone;
  j["released"] = bounds_json(released(r, around));
  j["lift"] = stored.lift
                  ? ApiJson{{"at", rfc3339(stored.lift->at)}, {"by", stored.lift->by}, {"reason", stored.lift->reason}}
                  : ApiJson(nullptr);
  j["current"] = stored.current;
  j["revision"] = stored.revision;
  j["targets"] = ApiJson::array();
  for (const auto& t : r.targets) j["targets"].push_back(target_json(t, around));
  return j;
}

}  // namespace

std::string releases_json(const std::vector<StoredRelease>& releases, const std::vector<TargetTrack>& tracks,
                          const std::vector<Incident>& incidents) {
  const Surroundings around{tracks, incidents};
  ApiJson items = ApiJson::array();
  for (const auto& r : releases) items.push_back(item_json(r, around));
  return bytes(list_json(std::move(items)));
}

std::string release_json(const std::string& id, const std::vector<StoredRelease>& releases,
                         const std::vector<TargetTrack>& tracks, const std::vector<Incident>& incidents) {
  const auto found =
      std::find_if(releases.begin(), releases.end(), [&id](const StoredRelease& r) { return r.release.id == id; });
  return found == releases.end() ? "null" : bytes(item_json(*found, Surroundings{tracks, incidents}));
}

std::string incidents_json(const std::vector<Incident>& incidents, Instant now) {
  std::string s = R"({"items":[)";
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    if (i > 0) s += ',';
    s += incident_json(incidents[i], now);
  }
  return s + R"(],"next":null})";
}

std::string targets_json(const std::vector<TargetTrack>& tracks) {
  ApiJson items = ApiJson::array();
  for (const auto& t : tracks) {
    ApiJson j;
    j["target"] = t.target;
    j["release"] = t.release;
    j["state"] = to_string(t.liveness);
    j["cause"] = t.cause == Cause::none ? ApiJson(nullptr) : ApiJson(to_string(t.cause));
    j["last_look"] = instant_json(t.last_look);
    j["last_conclusive"] = instant_json(t.last_conclusive);
    j["blind_since"] = t.blind ? ApiJson(rfc3339(t.blind->from)) : ApiJson(nullptr);
    items.push_back(std::move(j));
  }
  return bytes(list_json(std::move(items)));
}

std::string blind_json(const std::vector<BlindSpan>& spans, Instant now) {
  ApiJson items = ApiJson::array();
  for (const auto& b : spans) {
    ApiJson j;
    j["target"] = b.target;
    j["release"] = b.release;
    j["site"] = b.site;
    j["from"] = rfc3339(b.from);
    j["to"] = instant_json(b.to);
    j["seconds"] = to_seconds(std::max(Millis{0}, b.to.value_or(now) - b.from));
    j["cause"] = to_string(b.cause);
    items.push_back(std::move(j));
  }
  return bytes(list_json(std::move(items)));
}

}  // namespace embargod

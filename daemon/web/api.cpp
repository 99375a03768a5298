#include "daemon/web/api.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/watch/incident_json.h"

namespace embargod {
namespace {

using ApiJson = nlohmann::ordered_json;

// Where we look from. One daemon looks from one place; the member is there for those that will tell several apart.
constexpr const char* kVantage = "main";

std::string bytes(const ApiJson& j) { return j.dump(-1, ' ', false, ApiJson::error_handler_t::replace); }

ApiJson instant_json(const std::optional<Instant>& t) { return t ? ApiJson(rfc3339(*t)) : ApiJson(nullptr); }

ApiJson bounds_json(const std::optional<InstantBounds>& b) {
  if (!b) return nullptr;
  return {{"earliest", instant_json(b->earliest)}, {"latest", rfc3339(b->latest)}};
}

ApiJson text_or_null(const std::string& text) { return text.empty() ? ApiJson(nullptr) : ApiJson(text); }

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
struct Known {
  std::map<std::string, const TargetTrack*> tracks;
  std::set<std::string> seen_live;  // target ids

  Known(const std::vector<TargetTrack>& all, const std::vector<Incident>& incidents) {
    for (const auto& t : all) tracks[t.target] = &t;
    for (const auto& i : incidents) {
      for (const auto& t : i.targets) {
        if (t.seen_live) seen_live.insert(t.target);
      }
    }
  }
};

ApiJson brief_json(const Target& target, const Known& around) {
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
std::optional<InstantBounds> released(const Release& r, const Known& around) {
  std::optional<InstantBounds> first;
  for (const auto& t : r.targets) {
    const auto found = around.tracks.find(t.id);
    if (found == around.tracks.end() || !found->second->released) continue;
    if (!first || found->second->released->latest < first->latest) first = found->second->released;
  }
  return first;
}

ApiJson item_json(const StoredRelease& stored, const Known& around) {
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
  for (const auto& t : r.targets) j["targets"].push_back(brief_json(t, around));
  return j;
}

using BlindByCause = std::map<std::string, Millis>;

/// A view by target id.
struct KnownTargets {
  std::map<std::string, const Target*> announced;
  std::map<std::string, const Baseline*> baselines;
  std::map<std::string, BlindByCause> blind;
  Known record;

  explicit KnownTargets(const TargetsView& view) : record{view.tracks, view.incidents} {
    for (const auto& r : view.releases) {
      for (const auto& t : r.release.targets) announced[t.id] = &t;
    }
    for (const auto& b : view.baselines) baselines[b.target] = &b;
    const Instant since = view.now - kBlindWindow;
    for (const auto& b : view.blind) {
      const Millis within = std::min(b.to.value_or(view.now), view.now) - std::max(b.from, since);
      if (within > Millis{0}) blind[b.target][to_string(b.cause)] += within;
    }
  }
};

ApiJson baseline_json(const Baseline& b, const std::string& url) {
  ApiJson j;
  j["fingerprint"] = b.fingerprint;
  j["edition"] = text_or_null(b.edition);
  j["seen"] = rfc3339(b.seen);
  j["approved"] = rfc3339(b.approved);
  j["by"] = b.by;
  j["applies"] = b.url == url;
  return j;
}

ApiJson track_json(const TargetTrack& t, const KnownTargets& known) {
  const auto at = known.announced.find(t.target);
  const Target* target = at == known.announced.end() ? nullptr : at->second;
  const auto baseline = known.baselines.find(t.target);
  const auto blind = known.blind.find(t.target);
  ApiJson j;
  j["target"] = t.target;
  j["release"] = t.release;
  if (t.released || known.record.seen_live.contains(t.target)) j["url"] = t.url;
  j["state"] = to_string(t.liveness);
  j["cause"] = t.cause == Cause::none ? ApiJson(nullptr) : ApiJson(to_string(t.cause));
  j["last_look"] = instant_json(t.last_look);
  j["last_conclusive"] = instant_json(t.last_conclusive);
  j["blind_since"] = t.blind ? ApiJson(rfc3339(t.blind->from)) : ApiJson(nullptr);
  j["role"] = target == nullptr ? ApiJson(nullptr) : ApiJson(to_string(target->role));
  j["profile"] = target == nullptr ? ApiJson(nullptr) : ApiJson(target->profile);
  j["rule"] = text_or_null(t.rule);
  j["vantage"] = kVantage;
  j["edition"] = text_or_null(t.edition);
  j["announced_edition"] = target == nullptr ? ApiJson(nullptr) : text_or_null(target->edition);
  j["fingerprint"] = text_or_null(t.fingerprint);
  j["fingerprint_seen"] = instant_json(t.fingerprint_seen);
  j["size"] = t.fingerprint.empty() ? ApiJson(nullptr) : ApiJson(t.size);
  j["blind_seconds_24h"] = ApiJson::object();
  if (blind != known.blind.end()) {
    for (const auto& [cause, time] : blind->second) j["blind_seconds_24h"][cause] = to_seconds(time);
  }
  j["baseline"] = baseline == known.baselines.end()
                      ? ApiJson(nullptr)
                      : baseline_json(*baseline->second, target == nullptr ? t.url : target->url.text);
  return j;
}

}  // namespace

std::string releases_json(const std::vector<StoredRelease>& releases, const std::vector<TargetTrack>& tracks,
                          const std::vector<Incident>& incidents) {
  const Known around{tracks, incidents};
  ApiJson items = ApiJson::array();
  for (const auto& r : releases) items.push_back(item_json(r, around));
  return bytes(list_json(std::move(items)));
}

std::string release_json(const std::string& id, const std::vector<StoredRelease>& releases,
                         const std::vector<TargetTrack>& tracks, const std::vector<Incident>& incidents) {
  const auto found =
      std::find_if(releases.begin(), releases.end(), [&id](const StoredRelease& r) { return r.release.id == id; });
  return found == releases.end() ? "null" : bytes(item_json(*found, Known{tracks, incidents}));
}

std::string incidents_json(const std::vector<Incident>& incidents, Instant now) {
  std::string s = R"({"items":[)";
  for (std::size_t i = 0; i < incidents.size(); ++i) {
    if (i > 0) s += ',';
    s += incident_json(incidents[i], now);
  }
  return s + R"(],"next":null})";
}

std::string targets_json(const TargetsView& view) {
  const KnownTargets known{view};
  ApiJson items = ApiJson::array();
  for (const auto& t : view.tracks) items.push_back(track_json(t, known));
  return bytes(list_json(std::move(items)));
}

std::string target_json(const std::string& id, const TargetsView& view) {
  const auto found =
      std::find_if(view.tracks.begin(), view.tracks.end(), [&id](const TargetTrack& t) { return t.target == id; });
  return found == view.tracks.end() ? "null" : bytes(track_json(*found, KnownTargets{view}));
}

OutgoingSchedule outgoing_schedule(const std::vector<StoredRelease>& releases, const std::string& producer) {
  OutgoingSchedule out{.producer = producer, .releases = {}};
  for (const auto& r : releases) {
    if (r.current) out.releases.push_back({.release = r.release, .revision = r.revision, .changed = r.revision_seen});
  }
  return out;
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
    j["vantage"] = kVantage;
    items.push_back(std::move(j));
  }
  return bytes(list_json(std::move(items)));
}

}  // namespace embargod

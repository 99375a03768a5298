#pragma once
// The API's replies (design.md 5.3). Pure: values in, JSON out.

#include <string>
#include <vector>

#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"
#include "daemon/watch/track.h"

namespace embargod {

/// {"items":[...],"next":null}. `incidents` decide which URLs may be shown: only of targets that were released or seen
/// live.
[[nodiscard]] std::string releases_json(const std::vector<StoredRelease>& releases,
                                        const std::vector<TargetTrack>& tracks, const std::vector<Incident>& incidents);

/// One item of releases_json; "null" if there is no such release.
[[nodiscard]] std::string release_json(const std::string& id, const std::vector<StoredRelease>& releases,
                                       const std::vector<TargetTrack>& tracks, const std::vector<Incident>& incidents);

/// Each item is incident_json(), byte for byte.
[[nodiscard]] std::string incidents_json(const std::vector<Incident>& incidents, Instant now);

[[nodiscard]] std::string targets_json(const std::vector<TargetTrack>& tracks);

/// `seconds` is the whole stretch, until `now` where it lasts.
[[nodiscard]] std::string blind_json(const std::vector<BlindSpan>& spans, Instant now);

}  // namespace embargod

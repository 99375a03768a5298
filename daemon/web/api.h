#pragma once
// The API's replies (design.md 5.3). Pure: values in, JSON out.

#include <cstdint>
#include <string>
#include <vector>

#include "config/outgoing/outgoing_schedule.h"
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

/// Borrowed for the call. `blind` holds at least the stretches of the last `kBlindWindow` before `now`.
struct TargetsView {
  const std::vector<StoredRelease>& releases;
  const std::vector<TargetTrack>& tracks;
  const std::vector<Incident>& incidents;
  const std::vector<BlindSpan>& blind;
  const std::vector<Baseline>& baselines;
  Instant now{};
};
inline constexpr Millis kBlindWindow{std::int64_t{24} * 3'600'000};

/// What is known of each URL that was ever looked at: how it was read, what it showed, how long nothing was known and
/// why, and what a person approved as its former edition. The URL itself only if it was released or seen live.
[[nodiscard]] std::string targets_json(const TargetsView& view);

/// One item of targets_json; "null" if there is no such target.
[[nodiscard]] std::string target_json(const std::string& id, const TargetsView& view);

/// What is announced now, for other programs: the current releases with their revisions. Not those that left the
/// schedule.
[[nodiscard]] OutgoingSchedule outgoing_schedule(const std::vector<StoredRelease>& releases,
                                                 const std::string& producer);

/// `seconds` is the whole stretch, until `now` where it lasts.
[[nodiscard]] std::string blind_json(const std::vector<BlindSpan>& spans, Instant now);

}  // namespace embargod

#pragma once
// How often to look: by nearness to due, faster while something is live early. Pure.

#include <optional>

#include "config/settings.h"
#include "config/types/time.h"
#include "probes/prober.h"

namespace embargod {

struct CadenceInput {
  Instant now{};
  std::optional<Instant> due;   // end of the embargo, if there is one
  bool live_early = false;      // the release has an active incident
  bool just_contained = false;  // ... or had one within the last 15 minutes
  bool released = false;        // this target went live at or after due
};

struct Cadence {
  std::optional<Millis> interval;  // until the next look; unset: the watch of this target is over
  Urgency urgency = Urgency::routine;
};

/// The interval never jumps over the start of the next, faster phase.
[[nodiscard]] Cadence cadence(const CadenceInput& in, const Polling& polling);

/// Of a guessed URL; `live_early`: it is that URL that is live. Near due each `interval`, before that ten times as
/// long; over once the window after due is.
[[nodiscard]] Cadence candidate_cadence(const CadenceInput& in, const Polling& polling, Millis interval);

}  // namespace embargod

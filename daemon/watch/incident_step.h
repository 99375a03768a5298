#pragma once
// What an incident does next. Pure: a step returns the next incident and its effects as data; the engine commits both.

#include <string>
#include <vector>

#include "alerts/alert.h"
#include "config/release.h"
#include "daemon/watch/command.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"
#include "daemon/watch/track.h"

namespace embargod {

/// A judged look at one target of a release, and what was known before it.
struct Sight {
  const Release& release;
  const Target& target;
  const TargetTrack& before;  // as it was before this look
  const Look& look;
  Verdict verdict = Verdict::inconclusive;
  std::optional<BlindSpan> blind_ended;  // by this look
  bool clock_verified = true;
};

struct Step {
  Incident incident;
  std::vector<Notice> notices;
  std::vector<Event> events;
  bool new_exposure = false;  // this look begins a span: keep its response
};

/// The kind that a verdict opens; unset for held, on_time, inconclusive.
[[nodiscard]] std::optional<IncidentKind> kind_of(Verdict v);

/// First sight.
[[nodiscard]] Step open_incident(IncidentKind kind, const Sight& s, int ordinal);

/// One more look at a release that has an unclosed incident.
[[nodiscard]] Step step(Incident incident, const Sight& s);

/// The embargo ended (due or lift): what is still up is no exposure from there on.
[[nodiscard]] Step end_embargo(Incident incident, Instant end, EndedBy by, Instant now);

/// The trouble is superseded (a suspect page turned out live) or its time is over.
[[nodiscard]] Step close_by_itself(Incident incident, Instant now, const std::string& reason);

/// A person acknowledges, notes, closes or dismisses. Error: conflict, invalid_input.
[[nodiscard]] Result<Step> apply(Incident incident, const Command& c, Instant now);

/// 24 h after due (or, without one, after it was contained) a contained incident closes by itself.
[[nodiscard]] bool may_close(const Incident& i, Instant now);

}  // namespace embargod

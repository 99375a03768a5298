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
  const Rehearsal* rehearsal = nullptr;  // that what is first seen live now belongs to; null: none
};

struct Step {
  Incident incident;
  std::vector<Notice> notices;
  std::vector<Event> events;
  bool new_exposure = false;    // this look begins a span: keep its response
  bool rehearsal_over = false;  // EmbargoRehearsal ends, whatever the notices of EmbargoEarly say
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

/// The rehearsal that it belongs to is over, because `why`. Still public: from `now` on a breach, told to everybody
/// anew whoever acknowledged the rehearsal. Dark: it closes, so that a later breach is an incident of its own. Dark at
/// the newest look, which others have yet to confirm: nothing yet. In that case, and of no rehearsal: without events.
[[nodiscard]] Step end_rehearsal(Incident incident, const std::string& why, Instant now);

/// A person acknowledges, notes, decides, closes or dismisses. Error: conflict, invalid_input.
[[nodiscard]] Result<Step> apply(Incident incident, const Command& c, Instant now);

/// Something of it is, or was, public that should not be: a person decides whether it stays.
[[nodiscard]] bool can_be_taken_down(IncidentKind k);

/// 24 h after due (or, without one, after it was contained) a contained incident closes by itself.
[[nodiscard]] bool may_close(const Incident& i, Instant now);

}  // namespace embargod

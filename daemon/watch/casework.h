#pragma once
// The unclosed incidents and what each look, each passing due time and each person does to them. Engine thread only.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/watch/blind_watch.h"
#include "daemon/watch/drift_watch.h"
#include "daemon/watch/escalation.h"
#include "daemon/watch/incident_step.h"
#include "daemon/watch/ledger.h"
#include "daemon/watch/meter.h"
#include "daemon/watch/plan.h"
#include "daemon/watch/rehearsal_watch.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {

class Casework {
 public:
  Casework(Ledger& ledger, Meter& meter, Log& log, RehearsalWatch& rehearsals)
      : ledger_{ledger}, meter_{meter}, log_{log}, rehearsals_{rehearsals} {}

  void load(const StoredState& state);
  void use(std::shared_ptr<const Plan> plan) { plan_ = std::move(plan); }

  /// What one look did: the incidents in which it begins a span, whose response is to be kept; and whether one was
  /// opened.
  struct Outcome {
    std::vector<std::string> keep_for;
    bool opened = false;
  };
  Outcome look(const Sight& s, Instant now);

  /// Due times that have come (clock error included), incidents whose time is over. `due_of` = end of a release's
  /// embargo now.
  void pass_time(Instant now, Millis error, const std::map<std::string, std::optional<Instant>>& due_of);

  /// `clock_verified`, here and below: as of now, where no look brings it along.
  void blind(const std::string& site, const std::vector<BlindSight>& sights, Instant now, bool clock_verified);

  /// What the calendars contradict: all releases with drifts, each once. An open drift incident of a release that is
  /// not among them, or is without drifts, ends. What a person dismissed opens no other while the due stays the same.
  void drift(const std::vector<DriftSight>& sights, Instant now, bool clock_verified);

  /// What a listing shows that no schedule names. Returns the incident whose response is to be kept; empty: none.
  std::string strangers(const StrangerSight& sight, Instant now);
  /// Unclosed ones of that kind: what of them is still listed matters.
  [[nodiscard]] std::vector<Incident> strangers_told() const;

  /// Ack, dismiss, close, note. `muted` receives the targets that were up when a person closed it, with the mark for
  /// their tracks.
  [[nodiscard]] Result<void> decide(const Command& c, Instant now, std::map<std::string, std::string>& muted);
  void lift(const std::string& release, Instant now);

  /// Early incidents whose rehearsal is over: breaches where they are still public. Of one release, or of all with
  /// `release` empty.
  void end_rehearsals(const std::string& release, Instant now);
  /// An early incident of it is active that is no rehearsal, or none any more.
  [[nodiscard]] bool in_breach(const std::string& release) const;

  /// Whether accepted() will be called: without, nothing is taken for undelivered.
  void knows_deliveries(bool knows) { knows_deliveries_ = knows; }
  void accepted(const std::vector<AcceptedDelivery>& news);

  /// Who is to be told by now beside the incidents' own steps: the next tier, reminders, what waited for its hours, and
  /// that an acknowledgement is over.
  void escalate(Instant now);

  /// Wall time was stepped: what was seen before is less certain by so much.
  void widen(Millis by);

  [[nodiscard]] bool empty() const { return unclosed_.empty(); }
  [[nodiscard]] bool live_early(const std::string& release) const;
  [[nodiscard]] bool just_contained(const std::string& release, Instant now) const;
  [[nodiscard]] std::set<std::string> watched_targets() const;  // of unclosed exposure incidents

 private:
  void drift_of(const DriftSight& sight, Instant now, bool clock_verified);
  void settle(Step s, Instant now);
  void tell(Incident& i, Notice n, Instant now);
  void tell_near_due(Incident& i, Notice n, Instant now);
  void tell_rehearsal_over(Incident& i, Instant now);
  void tell_acknowledged(Incident& i, Instant now);
  void queue(Alert a, std::vector<std::string> plain, Instant now);
  // rehearsal_casework.cpp
  [[nodiscard]] const Release* announced(const std::string& release) const;
  [[nodiscard]] const Rehearsal* rehearsal_of(const Sight& s) const;
  void count_rehearsal_over(Step& next, Instant now) const;
  // telling_casework.cpp
  [[nodiscard]] TellingRules rules() const;
  [[nodiscard]] std::vector<std::string> plain_receivers(Incident& i, const Alert& a, Instant now);
  bool escalate(Incident& i, AlertThread& thread, Instant now);
  bool end_acknowledgement(Incident& i, Instant now);
  [[nodiscard]] Incident* unclosed(const std::string& release, IncidentKind kind);
  [[nodiscard]] bool may_open(IncidentKind kind, const Sight& s);

  Ledger& ledger_;
  Meter& meter_;
  Log& log_;
  RehearsalWatch& rehearsals_;
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, Incident> unclosed_;  // by id
  std::map<std::string, int> ordinals_;
  bool knows_deliveries_ = false;
  std::map<std::string, Incident> dismissed_drifts_;  // by release, the newest
};

/// A page of it fires: who acknowledges that is asked again after a while.
[[nodiscard]] bool escalates(const Incident& i);

/// The mark in TargetTrack::muted_by: no new incident of that kind until the target was dark.
[[nodiscard]] std::string mute_mark(const Incident& i);

}  // namespace embargod

#pragma once
// The unclosed incidents and what each look, each passing due time and each person does to them. Engine thread only.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/watch/blind_watch.h"
#include "daemon/watch/drift_watch.h"
#include "daemon/watch/incident_step.h"
#include "daemon/watch/ledger.h"
#include "daemon/watch/meter.h"
#include "daemon/watch/plan.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {

class Casework {
 public:
  Casework(Ledger& ledger, Meter& meter, Log& log) : ledger_{ledger}, meter_{meter}, log_{log} {}

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

  void blind(const std::string& site, const std::vector<BlindSight>& sights, Instant now);

  /// What the calendars contradict: all releases with drifts, each once. An open drift incident of a release that is
  /// not among them, or is without drifts, ends. What a person dismissed opens no other while the due stays the same.
  void drift(const std::vector<DriftSight>& sights, Instant now);

  /// What a listing shows that no schedule names. Returns the incident whose response is to be kept; empty: none.
  std::string strangers(const StrangerSight& sight, Instant now);
  /// Unclosed ones of that kind: what of them is still listed matters.
  [[nodiscard]] std::vector<Incident> strangers_told() const;

  /// Ack, dismiss, close, note. `muted` receives the targets that were up when a person closed it, with the mark for
  /// their tracks.
  [[nodiscard]] Result<void> decide(const Command& c, Instant now, std::map<std::string, std::string>& muted);
  void lift(const std::string& release, Instant now);

  /// Wall time was stepped: what was seen before is less certain by so much.
  void widen(Millis by);

  [[nodiscard]] bool empty() const { return unclosed_.empty(); }
  [[nodiscard]] bool live_early(const std::string& release) const;
  [[nodiscard]] bool just_contained(const std::string& release, Instant now) const;
  [[nodiscard]] std::set<std::string> watched_targets() const;  // of unclosed exposure incidents

 private:
  void drift_of(const DriftSight& sight, Instant now);
  void settle(Step s, Instant now);
  void tell(Incident& i, Notice n, Instant now);
  void tell_near_due(Incident& i, Notice n, Instant now);
  void queue(Alert a);
  [[nodiscard]] Incident* unclosed(const std::string& release, IncidentKind kind);
  [[nodiscard]] bool may_open(IncidentKind kind, const Sight& s);

  Ledger& ledger_;
  Meter& meter_;
  Log& log_;
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, Incident> unclosed_;  // by id
  std::map<std::string, int> ordinals_;
  std::map<std::string, Incident> dismissed_drifts_;  // by release, the newest
};

/// The mark in TargetTrack::muted_by: no new incident of that kind until the target was dark.
[[nodiscard]] std::string mute_mark(const Incident& i);

}  // namespace embargod

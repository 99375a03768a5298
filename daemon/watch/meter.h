#pragma once

#include <string>

#include "alerts/notifier.h"
#include "config/lint_report.h"
#include "config/release.h"
#include "config/types/time.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/track.h"

namespace embargod {

struct ListingStatus;  // discovery_watch.h

/// Counts for Prometheus (design.md 5.4). Any thread.
class Meter {
 public:
  virtual ~Meter() = default;
  virtual void reloaded(bool ok, Instant at) = 0;
  virtual void schedule(const Schedule& s, Instant at) = 0;  // makes and drops series; known ones exist with 0
  /// The schedule sources that others keep, before schedule(): what they announce is taken when they are read, not when
  /// the config is. Their counts exist from now on with 0; those of others go.
  virtual void calendars(const std::vector<std::string>& names) = 0;
  virtual void source(const std::string& name, Instant last_success) = 0;
  /// Entries of its newest good reading, those that belong to no release, and those that contradict the due in force.
  virtual void calendar(const std::string& name, std::int64_t items, std::int64_t unmatched, std::int64_t drifting) = 0;
  /// What lint says of all that is watched, and how old its list of bank holidays is.
  virtual void lint(const LintReport& r) = 0;
  /// The listings of the config, by name: their series exist from now on, those of others go.
  virtual void listings(const std::vector<std::string>& names) = 0;
  virtual void listing(const ListingStatus& s) = 0;
  virtual void receivers(const std::vector<std::string>& names) = 0;
  virtual void probe(Liveness outcome, Millis duration) = 0;
  virtual void target(const TargetTrack& t) = 0;
  virtual void incident(const Incident& i, bool is_new) = 0;  // active gauge, total counter
  virtual void blind(const std::string& release, Millis added) = 0;
  virtual void blind_target(const TargetTrack& t, Millis added) = 0;  // the same by target and cause
  /// The releases that may be public now because a rehearsal covers them; all others may not.
  virtual void rehearsals(const std::vector<std::string>& releases) = 0;
  virtual void scheduler_lag(Millis lag) = 0;
  virtual void clock_error(Millis e) = 0;
  virtual void heartbeat(Instant at) = 0;
  virtual void outbox_pending(std::int64_t rows) = 0;
  virtual void notification(const std::string& receiver, Outcome outcome) = 0;
};

}  // namespace embargod

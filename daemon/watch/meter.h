#pragma once

#include <string>

#include "alerts/notifier.h"
#include "config/release.h"
#include "config/types/time.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/track.h"

namespace embargod {

/// Counts for Prometheus (design.md 5.4). Any thread.
class Meter {
 public:
  virtual ~Meter() = default;
  virtual void reloaded(bool ok, Instant at) = 0;
  virtual void schedule(const Schedule& s, Instant at) = 0;  // makes and drops series; known ones exist with 0
  virtual void receivers(const std::vector<std::string>& names) = 0;
  virtual void probe(Liveness outcome, Millis duration) = 0;
  virtual void target(const TargetTrack& t) = 0;
  virtual void incident(const Incident& i, bool is_new) = 0;  // active gauge, total counter
  virtual void blind(const std::string& release, Millis added) = 0;
  virtual void blind_target(const TargetTrack& t, Millis added) = 0;  // the same by target and cause
  virtual void scheduler_lag(Millis lag) = 0;
  virtual void clock_error(Millis e) = 0;
  virtual void heartbeat(Instant at) = 0;
  virtual void outbox_pending(std::int64_t rows) = 0;
  virtual void notification(const std::string& receiver, Outcome outcome) = 0;
};

}  // namespace embargod

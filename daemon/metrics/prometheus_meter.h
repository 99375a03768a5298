#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/watch/drills.h"
#include "daemon/watch/meter.h"

namespace embargod {

/// The metrics of daemon/metrics/METRICS.md. Known series exist from the start with 0, time stamps only once they
/// happened; what belongs to a release leaves with it. Any thread.
class PrometheusMeter final : public Meter {
 public:
  explicit PrometheusMeter(const std::string& version);
  ~PrometheusMeter() override;

  /// The text format 0.0.4: serve it as "text/plain; version=0.0.4; charset=utf-8".
  [[nodiscard]] std::string expose() const;

  /// Whether the host's zone data passed the self-check.
  void tzdata(bool ok);

  /// How often each source that is read again and again is read: what is old is told by this. Others have no series.
  void source_intervals(const std::map<std::string, Millis>& every);

  /// When the dead man's switch last accepted that all is well.
  void dead_man_success(Instant at);
  /// A flight of the canary came through, or did not.
  void canary_success(Instant at);
  void canary_failure();

  /// Leaves of the evidence log, whether it goes on from its newest signed head, and when that was signed.
  void evidence_log(std::uint64_t leaves, bool sound, std::optional<Instant> signed_at);

  /// A drill ended; at start those of former runs, oldest first.
  void drill(const DrillRecord& r);

  void reloaded(bool ok, Instant at) override;
  void schedule(const Schedule& s, Instant at) override;
  void calendars(const std::vector<std::string>& names) override;
  void source(const std::string& name, Instant last_success) override;
  void calendar(const std::string& name, std::int64_t items, std::int64_t unmatched, std::int64_t drifting) override;
  void lint(const LintReport& r) override;
  void listings(const std::vector<std::string>& names) override;
  void listing(const ListingStatus& s) override;
  void receivers(const std::vector<std::string>& names) override;
  void probe(Liveness outcome, Millis duration) override;
  void target(const TargetTrack& t) override;
  void incident(const Incident& i, bool is_new) override;
  void blind(const std::string& release, Millis added) override;
  void blind_target(const TargetTrack& t, Millis added) override;
  void rehearsals(const std::vector<std::string>& releases) override;
  void scheduler_lag(Millis lag) override;
  void clock_error(Millis e) override;
  void heartbeat(Instant at) override;
  void outbox_pending(std::int64_t rows) override;
  void notification(const std::string& receiver, Outcome outcome) override;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace embargod

#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/watch/store.h"

namespace embargod {

/// The same doors as SqliteState with nothing on disk, for `embargoctl simulate` and tests: days of virtual time in
/// milliseconds. Any thread. Living on over a load() is what a restart is to the other one.
class MemoryStore final : public Store, public StoreReader, public Outbox {
 public:
  // Store
  [[nodiscard]] Result<StoredState> load() override;
  [[nodiscard]] Result<void> commit(const Commit& c) override;
  [[nodiscard]] Result<std::vector<std::string>> adopt_schedule(const Schedule& s, Instant seen) override;
  [[nodiscard]] Result<void> beat(Instant at) override;
  [[nodiscard]] Result<void> stopped(Instant at) override;
  [[nodiscard]] Result<std::vector<std::string>> retire(Instant before) override;

  // StoreReader
  [[nodiscard]] Result<std::vector<StoredRelease>> releases() override;
  [[nodiscard]] Result<std::vector<TargetTrack>> tracks() override;
  [[nodiscard]] Result<std::vector<Incident>> incidents(int limit) override;
  [[nodiscard]] Result<std::optional<Incident>> incident(const std::string& id) override;
  [[nodiscard]] Result<std::vector<BlindSpan>> blind(Instant from, Instant to) override;
  [[nodiscard]] Result<std::vector<ObservationSpan>> spans(const std::string& target, Instant from,
                                                           Instant to) override;
  [[nodiscard]] Result<std::vector<Event>> events(const std::string& incident) override;
  [[nodiscard]] Result<std::vector<DeliveryRow>> deliveries(const std::string& incident) override;
  [[nodiscard]] Result<std::vector<Baseline>> baselines() override;
  [[nodiscard]] Result<std::vector<EvidenceRow>> evidence(const std::string& incident) override;
  [[nodiscard]] Result<std::vector<CalendarState>> calendars() override;
  [[nodiscard]] Result<std::vector<DueRevision>> due_revisions(const std::string& release) override;
  [[nodiscard]] Result<std::vector<DrillRecord>> drills(int limit) override;
  [[nodiscard]] Result<std::vector<Rehearsal>> rehearsals(int limit) override;
  [[nodiscard]] Result<std::vector<ImpactRecord>> impacts(const std::string& incident) override;
  [[nodiscard]] Result<std::vector<ReportEntry>> entries(const std::string& incident) override;
  [[nodiscard]] Result<std::vector<ReportMark>> marks(const std::string& report) override;

  // Outbox
  [[nodiscard]] Result<std::vector<Delivery>> pending(const std::string& receiver, int limit) override;
  [[nodiscard]] Result<std::vector<Delivery>> standing(const std::string& receiver, Instant resolved_since) override;
  [[nodiscard]] Result<std::optional<Instant>> first_accepted(const std::string& receiver, const Alert& alert) override;
  [[nodiscard]] Result<void> mark_accepted(std::int64_t id, Instant at, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_retry(std::int64_t id, Instant next_try, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_superseded(std::int64_t id) override;
  [[nodiscard]] Result<std::vector<Delivery>> untold(int limit) override;
  [[nodiscard]] Result<std::int64_t> pending_count() override;

 private:
  using TargetInstant = std::pair<std::string, Instant>;
  struct KnownRelease {
    StoredRelease newest;
    std::size_t position = 0;
  };

  void enqueue(const Outgoing& out);
  void commit_calendars(const Commit& c);
  void load_calendars(StoredState& out) const;
  [[nodiscard]] std::vector<const KnownRelease*> in_schedule_order() const;
  void beat_locked(Instant at, bool clean_stop);
  Result<void> mark(std::int64_t id, DeliveryState to, const Delivery& with);

  std::mutex mutex_;
  std::map<std::string, TargetTrack> tracks_;
  std::map<TargetInstant, ObservationSpan> spans_;
  std::map<TargetInstant, BlindSpan> blind_;
  std::map<std::string, Incident> incidents_;
  std::map<std::string, int> ordinals_;
  std::map<std::int64_t, Delivery> deliveries_;
  std::set<std::pair<std::string, std::string>> delivery_keys_;  // key, receiver
  std::set<std::pair<std::string, std::int64_t>> pending_;       // receiver, id
  std::int64_t last_delivery_ = 0;
  std::vector<Event> events_;
  std::map<std::string, Lift> lifts_;
  std::map<std::string, Baseline> baselines_;  // the newest of each target: nobody reads former ones of a simulation
  std::vector<EvidenceRow> evidence_;
  std::map<std::string, KnownRelease> releases_;
  std::map<std::pair<std::string, Instant>, SourceReading> readings_;  // by source and when it was fetched
  std::map<std::string, CalendarState> calendars_;
  std::vector<DueRevision> due_revisions_;
  std::map<std::string, KnownListing> known_;
  std::map<std::string, DrillRecord> drills_;    // by id
  std::map<std::string, Rehearsal> rehearsals_;  // by id
  std::vector<ImpactRecord> impacts_;
  std::vector<ReportEntry> entries_;
  std::vector<ReportMark> marks_;
  std::optional<Instant> last_beat_;
  bool stopped_cleanly_ = false;
};

}  // namespace embargod

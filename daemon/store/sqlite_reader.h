#pragma once
// The readers' door to SQLite: a connection that cannot write. Internal to daemon/store.

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/store.h"

namespace embargod {

/// Any thread; one call at a time, each on one snapshot. Never waits for a writer nor makes one wait.
class SqliteReader final : public StoreReader {
 public:
  explicit SqliteReader(std::string file) : connection_{std::move(file), SqliteConnection::Mode::read_only} {}

  [[nodiscard]] Result<void> open() { return connection_.open(); }

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

 private:
  SqliteConnection connection_;
};

}  // namespace embargod

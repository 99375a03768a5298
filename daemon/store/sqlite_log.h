#pragma once
// The evidence log in SQLite. Internal to daemon/store.

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/evidence_log.h"

namespace embargod {

class SqliteLog final : public EvidenceLog {
 public:
  explicit SqliteLog(std::string file) : connection_{std::move(file), SqliteConnection::Mode::read_write} {}

  [[nodiscard]] Result<void> open() { return connection_.open(); }

  [[nodiscard]] Result<std::int64_t> size() override;
  [[nodiscard]] Result<std::vector<LogLeaf>> leaves(std::int64_t from, int limit) override;
  [[nodiscard]] Result<std::vector<LogLeaf>> leaves_of(const std::string& incident, const std::string& release,
                                                       const std::vector<std::string>& targets) override;
  [[nodiscard]] Result<void> append(const std::string& kind, Instant at, const std::string& incident,
                                    const std::string& record) override;
  [[nodiscard]] Result<void> append_state(const std::string& incident, Instant at) override;
  [[nodiscard]] Result<void> keep_checkpoint(const KeptCheckpoint& c) override;
  [[nodiscard]] Result<std::vector<KeptCheckpoint>> checkpoints() override;

 private:
  SqliteConnection connection_;
};

}  // namespace embargod

#pragma once

#include <memory>
#include <string>

#include "daemon/watch/evidence_log.h"
#include "daemon/watch/store.h"

namespace embargod {

/// What lasts of one daemon: `embargod.db` in its state folder, which it alone holds. Four connections: the engine's,
/// the outbox's (any thread, one call at a time), the evidence log's and a read-only one (likewise). The doors live as
/// long as this.
class SqliteState {
 public:
  virtual ~SqliteState() = default;
  [[nodiscard]] virtual Store& store() = 0;         // engine thread
  [[nodiscard]] virtual Outbox& outbox() = 0;       // any thread
  [[nodiscard]] virtual StoreReader& reader() = 0;  // any thread
  [[nodiscard]] virtual EvidenceLog& log() = 0;     // any thread
};

/// Makes the folder (0700) if need be, takes its lock, checks every page, backs up and migrates an older schema.
/// Errors: busy (another daemon works there, or a tool holds the database), io (missing, read-only, full, or open to
/// others), corrupt, conflict (somebody else's database), unsupported (written by a newer embargod).
[[nodiscard]] Result<std::unique_ptr<SqliteState>> open_sqlite(const std::string& folder);

}  // namespace embargod

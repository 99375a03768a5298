#pragma once
// The outbox worker's door to SQLite. Internal to daemon/store.

#include "alerts/outbox.h"
#include "daemon/store/sqlite_connection.h"

namespace embargod {

/// Any thread; one call at a time.
class SqliteOutbox final : public Outbox {
 public:
  explicit SqliteOutbox(std::string file) : connection_{std::move(file), SqliteConnection::Mode::read_write} {}

  [[nodiscard]] Result<void> open() { return connection_.open(); }

  [[nodiscard]] Result<std::vector<Delivery>> pending(const std::string& receiver, int limit) override;
  [[nodiscard]] Result<std::vector<Delivery>> standing(const std::string& receiver, Instant resolved_since) override;
  [[nodiscard]] Result<std::optional<Instant>> first_accepted(const std::string& receiver, const Alert& alert) override;
  [[nodiscard]] Result<void> mark_accepted(std::int64_t id, Instant at, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_retry(std::int64_t id, Instant next_try, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_superseded(std::int64_t id) override;
  [[nodiscard]] Result<std::vector<Delivery>> untold(int limit) override;
  [[nodiscard]] Result<std::int64_t> pending_count() override;

 private:
  SqliteConnection connection_;
};

}  // namespace embargod

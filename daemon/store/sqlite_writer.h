#pragma once
// The engine's door to SQLite. Internal to daemon/store.

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/store.h"

namespace embargod {

class SqliteWriter final : public Store {
 public:
  explicit SqliteWriter(std::string file) : connection_{std::move(file), SqliteConnection::Mode::read_write} {}

  [[nodiscard]] Result<void> open() { return connection_.open(); }

  [[nodiscard]] Result<StoredState> load() override;
  [[nodiscard]] Result<void> commit(const Commit& c) override;
  [[nodiscard]] Result<std::vector<std::string>> adopt_schedule(const Schedule& s, Instant seen) override;
  [[nodiscard]] Result<void> beat(Instant at) override;
  [[nodiscard]] Result<void> stopped(Instant at) override;
  [[nodiscard]] Result<std::vector<std::string>> retire(Instant before) override;

 private:
  SqliteConnection connection_;
};

}  // namespace embargod

#include "daemon/store/sqlite_store.h"

#include "daemon/store/migrations.h"
#include "daemon/store/sqlite_connection.h"
#include "daemon/store/sqlite_log.h"
#include "daemon/store/sqlite_outbox.h"
#include "daemon/store/sqlite_reader.h"
#include "daemon/store/sqlite_writer.h"
#include "daemon/store/state_folder.h"

namespace embargod {
namespace {

class OpenSqlite final : public SqliteState {
 public:
  OpenSqlite(StateFolder folder, const std::string& file)
      : folder_{std::move(folder)}, writer_{file}, outbox_{file}, reader_{file}, log_{file} {}

  [[nodiscard]] Result<void> open() {
    if (auto opened = writer_.open(); !opened) return opened;
    if (auto opened = outbox_.open(); !opened) return opened;
    if (auto opened = log_.open(); !opened) return opened;
    return reader_.open();
  }

  [[nodiscard]] Store& store() override { return writer_; }
  [[nodiscard]] Outbox& outbox() override { return outbox_; }
  [[nodiscard]] StoreReader& reader() override { return reader_; }
  [[nodiscard]] EvidenceLog& log() override { return log_; }

 private:
  StateFolder folder_;  // let go last
  SqliteWriter writer_;
  SqliteOutbox outbox_;
  SqliteReader reader_;
  SqliteLog log_;
};

/// WAL lets readers and the writer pass each other; it stays on in the file.
Result<void> prepare_database(const std::string& file) {
  try {
    SQLite::Database db{file, SQLite::OPEN_READWRITE, kBusyTimeoutMs};
    set_up_connection(db);
    const std::string mode = db.execAndGet("PRAGMA journal_mode = WAL").getString();
    if (mode != "wal") {
      return fail(Errc::io, "the file system cannot carry a write-ahead log (journal mode is " + mode + ")", file,
                  "put the state folder on a local disk");
    }
    check_every_page(db, file);
    return migrate(db, file);
  } catch (const SQLite::Exception& e) {
    return tl::unexpected<Fault>{sqlite_fault(e, file)};
  } catch (FaultThrown& f) {
    return tl::unexpected<Fault>{std::move(f.fault)};
  }
}

}  // namespace

Result<std::unique_ptr<SqliteState>> open_sqlite(const std::string& folder) {
  auto taken = StateFolder::take(folder);
  if (!taken) return tl::unexpected<Fault>{std::move(taken.error())};
  const auto file = taken->private_file("embargod.db");
  if (!file) return tl::unexpected<Fault>{file.error()};
  if (auto ready = prepare_database(*file); !ready) return tl::unexpected<Fault>{std::move(ready.error())};
  auto state = std::make_unique<OpenSqlite>(std::move(*taken), *file);
  if (auto opened = state->open(); !opened) return tl::unexpected<Fault>{std::move(opened.error())};
  return state;
}

}  // namespace embargod

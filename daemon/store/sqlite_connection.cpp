#include "daemon/store/sqlite_connection.h"

#include <sqlite3.h>

namespace embargod {

Fault sqlite_fault(const SQLite::Exception& e, const std::string& file) {
  const int code = e.getErrorCode() & 0xFF;
  const auto fault = [&](Errc errc, const char* to_do) {
    std::string what = e.what();
    const int extended = e.getExtendedErrorCode();
    if (extended > 0 && extended != code) what += " (SQLite " + std::to_string(extended) + ")";
    return Fault{errc, file, std::move(what), to_do};
  };
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return fault(Errc::busy, "another program holds the database; end it");
    case SQLITE_FULL:
      return fault(Errc::io, "make room on the disk");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return fault(Errc::io, "check that the folder exists and is writable for embargod");
    case SQLITE_IOERR:
      return fault(Errc::io, "check the disk and the kernel's log");
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
      return fault(Errc::unavailable, "");
    default:
      // CORRUPT and NOTADB; also whatever only a schema that is not ours can cause.
      return fault(Errc::corrupt, "keep the file for inspection and restore a backup");
  }
}

void set_up_connection(SQLite::Database& db) {
  db.setBusyTimeout(kBusyTimeoutMs);
  db.exec("PRAGMA foreign_keys = ON");
  db.exec("PRAGMA trusted_schema = OFF");
  db.exec("PRAGMA cell_size_check = ON");
  db.exec("PRAGMA temp_store = MEMORY");
  db.exec("PRAGMA synchronous = FULL");             // only FULL keeps what was acknowledged through a power cut
  db.exec("PRAGMA journal_size_limit = 67108864");  // a WAL that once grew gives the room back
}

void check_every_page(SQLite::Database& db, const std::string& file) {
  SQLite::Statement check{db, "PRAGMA quick_check(1)"};
  std::string verdict = "no answer";
  if (check.executeStep()) verdict = check.getColumn(0).getString();
  if (verdict != "ok")
    throw FaultThrown{Fault{Errc::corrupt, file, "the database is damaged: " + verdict.substr(0, 200),
                            "keep the file for inspection and restore a backup"}};
}

Result<void> SqliteConnection::open() {
  return transaction([](SqliteConnection&) {});
}

void SqliteConnection::connect() {
  const int flags = mode_ == Mode::read_write ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY;
  auto db = std::make_unique<SQLite::Database>(file_, flags, kBusyTimeoutMs);
  set_up_connection(*db);
  if (mode_ == Mode::read_only) db->exec("PRAGMA query_only = ON");
  if (verify_) check_every_page(*db, file_);
  verify_ = false;
  db_ = std::move(db);
}

void SqliteConnection::disconnect() {
  statements_.clear();
  db_.reset();
}

Fault SqliteConnection::failed(const SQLite::Exception& e) {
  Fault fault = sqlite_fault(e, file_);
  if ((e.getErrorCode() & 0xFF) == SQLITE_IOERR || fault.code == Errc::corrupt) disconnect();
  if (e.getExtendedErrorCode() == SQLITE_IOERR_FSYNC || e.getExtendedErrorCode() == SQLITE_IOERR_DIR_FSYNC)
    verify_ = true;
  return fault;
}

BoundStatement SqliteConnection::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(*db_, sql);
  return BoundStatement{*statement};
}

}  // namespace embargod

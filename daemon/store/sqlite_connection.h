#pragma once
// One connection to the database: statements kept prepared, library exceptions turned into Faults, reopened after an
// I/O error. Internal to daemon/store.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// SQLITE_BUSY and LOCKED -> busy; FULL, IOERR, READONLY, CANTOPEN, PERM -> io; CORRUPT, NOTADB -> corrupt.
[[nodiscard]] Fault sqlite_fault(const SQLite::Exception& e, const std::string& file);

/// A Fault on its way out of a unit of work, so that its transaction is rolled back.
struct FaultThrown {
  Fault fault;
};

/// Bytes that are no text; borrowed until the row is made.
struct StoredBytes {
  const std::string& bytes;
};

/// Binds values in order; kept while the row is being made.
class BoundStatement {
 public:
  explicit BoundStatement(SQLite::Statement& s) : s_{s} {}
  ~BoundStatement() {
    s_.tryReset();
    try {
      s_.clearBindings();
    } catch (const SQLite::Exception&) {  // NOLINT(bugprone-empty-catch): the next bind() says so
    }
  }
  BoundStatement(const BoundStatement&) = delete;
  BoundStatement& operator=(const BoundStatement&) = delete;

  template <class... Args>
  BoundStatement& bind(const Args&... args) {
    (put(args), ...);
    return *this;
  }
  [[nodiscard]] bool step() { return s_.executeStep(); }
  /// Runs to the end; rows changed.
  int run() { return s_.exec(); }

  [[nodiscard]] std::string text(int column) const { return s_.getColumn(column).getString(); }
  [[nodiscard]] std::int64_t number(int column) const { return s_.getColumn(column).getInt64(); }
  [[nodiscard]] Instant instant(int column) const { return Instant{Millis{number(column)}}; }
  /// Error corrupt, out of the unit of work, if the number is none of the words 0 to `highest`.
  template <class Enum>
  [[nodiscard]] Enum word(int column, Enum highest) const {
    const std::int64_t n = number(column);
    if (n < 0 || n > static_cast<std::int64_t>(highest)) throw FaultThrown{unknown_word(n)};
    return static_cast<Enum>(n);
  }
  [[nodiscard]] bool is_null(int column) const { return s_.getColumn(column).isNull(); }
  [[nodiscard]] std::optional<Instant> maybe_instant(int column) const {
    return is_null(column) ? std::nullopt : std::optional{instant(column)};
  }

 private:
  [[nodiscard]] static Fault unknown_word(std::int64_t number) {
    return {Errc::corrupt, {}, "a row says " + std::to_string(number) + " where that is no word", {}};
  }
  void put(const std::string& v) { s_.bind(++n_, v); }
  void put(const char* v) { s_.bind(++n_, v); }
  void put(const StoredBytes& v) { s_.bind(++n_, v.bytes.data(), static_cast<int>(v.bytes.size())); }
  void put(Instant v) { put(v.time_since_epoch()); }
  template <class R, class P>
  void put(std::chrono::duration<R, P> v) {
    s_.bind(++n_, static_cast<std::int64_t>(v.count()));
  }
  template <class T>
  void put(const std::optional<T>& v) {
    if (v) {
      put(*v);
    } else {
      s_.bind(++n_);
    }
  }
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  void put(T v) {
    s_.bind(++n_, static_cast<std::int64_t>(v));
  }

  SQLite::Statement& s_;
  int n_ = 0;
};

class SqliteConnection {
 public:
  enum class Mode { read_write, read_only };

  SqliteConnection(std::string file, Mode mode) : file_{std::move(file)}, mode_{mode} {}

  /// Opens now instead of at first use, and checks every page if `verify`.
  [[nodiscard]] Result<void> open();

  /// Runs `work(*this)` in one BEGIN IMMEDIATE transaction (read-only connections: one snapshot). Any thread; one at a
  /// time. After an I/O error the connection is closed and the next call opens it anew: a failed fsync is never retried
  /// as if fine (P5).
  template <class F>
  auto transaction(F&& work) -> Result<std::invoke_result_t<F, SqliteConnection&>> {
    using T = std::invoke_result_t<F, SqliteConnection&>;
    const std::lock_guard lock{mutex_};
    try {
      if (!db_) connect();
      SQLite::Transaction t{*db_, mode_ == Mode::read_write ? SQLite::TransactionBehavior::IMMEDIATE
                                                            : SQLite::TransactionBehavior::DEFERRED};
      if constexpr (std::is_void_v<T>) {
        work(*this);
        t.commit();
        return {};
      } else {
        T value = work(*this);
        t.commit();
        return value;
      }
    } catch (const SQLite::Exception& e) {
      return tl::unexpected<Fault>{failed(e)};
    } catch (FaultThrown& f) {
      return tl::unexpected<Fault>{std::move(f.fault)};
    }
  }

  /// Inside transaction() only. `sql` is a literal: it is also the key of the prepared statement.
  [[nodiscard]] BoundStatement prepared(const char* sql);

 private:
  void connect();
  void disconnect();
  Fault failed(const SQLite::Exception& e);

  const std::string file_;
  const Mode mode_;
  std::mutex mutex_;
  bool verify_ = false;  // the last failure was an fsync: look at every page before going on
  std::unique_ptr<SQLite::Database> db_;
  std::map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
};

inline constexpr int kBusyTimeoutMs = 250;

/// Settings that every connection needs; `db` just opened.
void set_up_connection(SQLite::Database& db);

/// Throws FaultThrown (corrupt) unless every page and index is sound.
void check_every_page(SQLite::Database& db, const std::string& file);

/// The value, or its fault out of the unit of work.
template <class T>
T or_throw(Result<T>&& r) {
  if (!r) throw FaultThrown{std::move(r.error())};
  return std::move(*r);
}

}  // namespace embargod

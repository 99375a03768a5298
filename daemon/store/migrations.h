#pragma once
// The schema, step by step. Internal to daemon/store.

#include <span>
#include <string>

#include "config/types/result.h"

namespace SQLite {  // NOLINT(readability-identifier-naming): the library's
class Database;
}

namespace embargod {

struct Migration {
  int number = 0;        // 1, 2, 3, ... without gaps; becomes PRAGMA user_version
  const char* sql = "";  // any number of statements
};

/// All steps, in order. A step that was ever released is never changed: what follows is a new one.
[[nodiscard]] std::span<const Migration> all_migrations();

/// Brings `db` (opened read-write from `file`) to the newest schema. Each step is one transaction with its number.
/// Before the first step on a database that has data, an online backup is written and synced as "<file>.v<N>.backup"
/// (0600). Errors: unsupported (the schema is newer than we know), conflict (somebody else's database), and the
/// store's. Throws nothing.
[[nodiscard]] Result<void> migrate(SQLite::Database& db, const std::string& file,
                                   std::span<const Migration> steps = all_migrations());

}  // namespace embargod

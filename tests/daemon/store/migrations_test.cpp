#include "daemon/store/migrations.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "daemon/store/sqlite_store.h"
#include "tests/contract/sample_state.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;

constexpr Migration kFirst{1, "CREATE TABLE a(x INTEGER NOT NULL) STRICT; INSERT INTO a VALUES(7)"};
constexpr Migration kSecond{2, "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1"};
constexpr Migration kThirdFails{3, "CREATE TABLE b(x); INSERT INTO nowhere VALUES(1)"};

class Migrations : public testing::Test {
 protected:
  Result<void> run(const std::vector<Migration>& steps) {
    SQLite::Database db{file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    return migrate(db, file_, steps);
  }
  int number(const std::string& sql, const std::string& file = "") {
    SQLite::Database db{file.empty() ? file_ : file, SQLite::OPEN_READONLY};
    return db.execAndGet(sql).getInt();
  }

  TempFolder folder_;
  std::string file_ = folder_.path() + "/some.db";
  std::string backup_ = file_ + ".v1.backup";
};

TEST_F(Migrations, NumbersAreConsecutiveFromOne) {
  int expected = 0;
  for (const auto& m : all_migrations()) EXPECT_EQ(m.number, ++expected);
  EXPECT_GE(expected, 1);
}

TEST_F(Migrations, ANewDatabaseGetsAllStepsAndNoBackup) {
  ASSERT_TRUE(run({kFirst, kSecond}));
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_EQ(number("SELECT y FROM a"), 8);
  EXPECT_FALSE(fs::exists(backup_));
}

TEST_F(Migrations, AnOlderDatabaseIsBackedUpFirst) {
  ASSERT_TRUE(run({kFirst}));
  ASSERT_TRUE(run({kFirst, kSecond}));
  EXPECT_EQ(number("SELECT y FROM a"), 8);
  EXPECT_EQ(number("PRAGMA user_version", backup_), 1);
  EXPECT_EQ(number("SELECT x FROM a", backup_), 7);
  EXPECT_EQ(static_cast<unsigned>(fs::status(backup_).permissions()), 0600U);
  EXPECT_FALSE(fs::exists(backup_ + ".part"));
  ASSERT_TRUE(run({kFirst, kSecond})) << "a second start has nothing to do";
}

TEST_F(Migrations, AStepThatFailsLeavesTheSchemaBeforeIt) {
  ASSERT_TRUE(run({kFirst}));
  const auto refused = run({kFirst, kSecond, kThirdFails});
  ASSERT_FALSE(refused);
  EXPECT_EQ(number("PRAGMA user_version"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master WHERE name = 'b'"), 0);
  EXPECT_EQ(number("SELECT x FROM a", backup_), 7);
}

TEST_F(Migrations, ANewerSchemaIsRefusedUntouched) {
  ASSERT_TRUE(run({kFirst, kSecond}));
  const auto refused = run({kFirst});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
  EXPECT_THAT(to_string(refused.error()), testing::HasSubstr("the database has schema 2, this embargod knows up to 1"));
  EXPECT_EQ(number("SELECT y FROM a"), 8);
}

TEST_F(Migrations, SomebodyElsesDatabaseIsRefused) {
  {
    SQLite::Database db{file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    db.exec("CREATE TABLE theirs(x)");
  }
  EXPECT_EQ(run({kFirst}).error().code, Errc::conflict);
  {
    SQLite::Database db{file_, SQLite::OPEN_READWRITE};
    db.exec("PRAGMA user_version = 1");
  }
  EXPECT_EQ(run({kFirst}).error().code, Errc::conflict);
}

TEST_F(Migrations, ABackupThatCannotBeWrittenStopsTheMigration) {
  ASSERT_TRUE(run({kFirst}));
  fs::create_directories(backup_ + ".part/in-the-way");
  EXPECT_EQ(run({kFirst, kSecond}).error().code, Errc::io);
  EXPECT_EQ(number("PRAGMA user_version"), 1);
}

TEST_F(Migrations, OpenSqliteRefusesANewerSchema) {
  const std::string state = folder_.path() + "/state";
  ASSERT_TRUE(open_sqlite(state));
  {
    SQLite::Database db{state + "/embargod.db", SQLite::OPEN_READWRITE};
    db.exec("PRAGMA user_version = 99");
  }
  const auto refused = open_sqlite(state);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::unsupported);
}

// Every query of a turn must find its rows by an index: no full scans as tables grow.
TEST_F(Migrations, TheQueriesOfATurnUseIndices) {
  const std::string state = folder_.path() + "/state";
  ASSERT_TRUE(open_sqlite(state));
  const SQLite::Database db{state + "/embargod.db", SQLite::OPEN_READONLY};
  for (const char* sql :
       {"SELECT id FROM deliveries WHERE receiver = 'a' AND state = 0 ORDER BY id",
        "SELECT max(id) FROM deliveries WHERE receiver = 'a' AND state = 1 GROUP BY incident, alertname",
        "SELECT count(*) FROM deliveries WHERE state = 0",
        "SELECT doc FROM incidents WHERE over_at IS NULL ORDER BY detected, id",
        "SELECT doc FROM incidents ORDER BY detected DESC, id DESC LIMIT 5",
        "SELECT at FROM events WHERE incident = 'a' ORDER BY id", "SELECT 1 FROM evidence WHERE path = 'x'",
        "SELECT rule FROM observation_spans WHERE target = 'a' AND first_sent <= 5 AND last_done >= 1"}) {
    SQLite::Statement plan{db, std::string{"EXPLAIN QUERY PLAN "} + sql};
    std::string text;
    while (plan.executeStep()) text += plan.getColumn(3).getString() + "; ";
    EXPECT_THAT(text, testing::ContainsRegex("USING (COVERING )?(INDEX|PRIMARY KEY)")) << sql;
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("TEMP B-TREE"))) << sql;
  }
}

}  // namespace
}  // namespace embargod

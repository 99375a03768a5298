#include "daemon/store/migrations.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "daemon/store/sqlite_store.h"
#include "tests/contract/sample_state.h"
#include "tests/daemon/store/form1_documents.h"
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

/// A state folder as the first embargod left it.
void leave_schema_1(const std::string& state) {
  fs::create_directory(state);
  fs::permissions(state, fs::perms::owner_all);
  const std::string file = state + "/embargod.db";
  SQLite::Database db{file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
  ASSERT_TRUE(migrate(db, file, all_migrations().first(1)));
  const auto insert = [&db](const char* sql, const char* doc) {
    SQLite::Statement row{db, sql};
    row.bind(1, doc);
    row.exec();
  };
  insert("INSERT INTO tracks(target, doc) VALUES('therapies/page', ?)", kForm1Track);
  insert(
      "INSERT INTO incidents(id, kind, state, release, site, due, detected, over_at, doc)"
      " VALUES('01CBR0000000000000000000AB', 0, 2, 'therapies', 'stats.example.org', 1524657600000, 1524484800000,"
      " NULL, ?)",
      kForm1Incident);
  insert("INSERT INTO release_revisions(release, revision, seen, doc) VALUES('therapies', 1, 1524484000000, ?)",
         kForm1Release);
  db.exec("INSERT INTO releases(id, revision, position) VALUES('therapies', 1, 0)");
}

TEST_F(Migrations, WhatSchema1HeldGoesOn) {
  const std::string state = folder_.path() + "/state";
  ASSERT_NO_FATAL_FAILURE(leave_schema_1(state));
  auto opened = open_sqlite(state);
  ASSERT_TRUE(opened) << to_string(opened.error());
  EXPECT_EQ(number("PRAGMA user_version", state + "/embargod.db.v1.backup"), 1);
  const auto loaded = (*opened)->store().load();
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->unclosed.size(), 1U);
  EXPECT_EQ(loaded->unclosed[0].targets.at(0).spans.size(), 1U);
  ASSERT_EQ(loaded->tracks.size(), 1U);
  EXPECT_EQ(loaded->tracks[0].dark_streak, 4);
  EXPECT_THAT(loaded->baselines, testing::IsEmpty());
  EXPECT_EQ((*opened)->reader().releases().value().at(0).release, stored_release("therapies"));
  Schedule same;
  same.releases = {stored_release("therapies")};
  EXPECT_THAT((*opened)->store().adopt_schedule(same, noon_plus(0)).value(), testing::IsEmpty())
      << "a newer program is no news of the release";
}

TEST_F(Migrations, FormerBaselinesStayInTheDatabase) {
  const std::string state = folder_.path() + "/state";
  {
    auto opened = open_sqlite(state);
    ASSERT_TRUE(opened) << to_string(opened.error());
    for (const char* fingerprint : {"first", "second"}) {
      Commit c = at_noon_plus(0);
      c.baselines = {stored_baseline("therapies/latest", fingerprint)};
      ASSERT_TRUE((*opened)->store().commit(c));
    }
  }
  EXPECT_EQ(number("SELECT count(*) FROM baselines", state + "/embargod.db"), 2);
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
        "SELECT max(id) FROM baselines GROUP BY target", "SELECT at FROM events WHERE incident = 'a' ORDER BY id",
        "SELECT 1 FROM evidence WHERE path = 'x'", "SELECT key FROM calendar_rows WHERE source = 'a' ORDER BY position",
        "SELECT url, bytes FROM source_pages WHERE source = 'a' AND fetched = 1 ORDER BY id",
        "SELECT seen FROM due_revisions WHERE release = 'a' ORDER BY id",
        "SELECT doc FROM incidents WHERE kind = 8 AND state = 4 ORDER BY detected, id",
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

// A database of schema 2 goes on with what it held, and takes what schema 3 is for.

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "daemon/store/migrations.h"
#include "daemon/store/sqlite_store.h"
#include "tests/contract/sample_state.h"
#include "tests/daemon/store/schema2_state.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class CalendarMigration : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(state_);
    fs::permissions(state_, fs::perms::owner_all);
    SQLite::Database db{file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    const auto done = migrate(db, file_, all_migrations().first(2));
    ASSERT_TRUE(done) << to_string(done.error());
    db.exec(kSchema2Rows);
  }
  std::unique_ptr<SqliteState> opened() {
    auto state = open_sqlite(state_);
    EXPECT_TRUE(state) << to_string(state.error());
    return state ? std::move(*state) : nullptr;
  }
  static int number(const std::string& file, const char* sql) {
    SQLite::Database db{file, SQLite::OPEN_READONLY};
    return db.execAndGet(sql).getInt();
  }

  TempFolder folder_;
  std::string state_ = folder_.path() + "/state";
  std::string file_ = state_ + "/embargod.db";
};

TEST_F(CalendarMigration, WhatSchema2HeldGoesOn) {
  const auto state = opened();
  ASSERT_TRUE(state);
  EXPECT_EQ(number(file_, "PRAGMA user_version"), 7);
  const auto s = state->store().load();
  ASSERT_TRUE(s) << to_string(s.error());
  ASSERT_THAT(s->unclosed, SizeIs(1));
  EXPECT_EQ(s->unclosed[0].targets.at(0).cached_by, "Fastly");
  EXPECT_THAT(s->unclosed[0].parts, ElementsAre("therapies/page"));
  EXPECT_THAT(s->unclosed[0].drifts, IsEmpty());
  ASSERT_THAT(s->tracks, SizeIs(1));
  EXPECT_EQ(s->tracks[0].fingerprint, "page:0a");
  ASSERT_THAT(s->baselines, SizeIs(1));
  EXPECT_EQ(s->baselines[0].edition, "December 2017");
  EXPECT_THAT(s->lifts, SizeIs(1));
  EXPECT_EQ(s->last_beat, noon_plus(1));
  EXPECT_TRUE(s->stopped_cleanly);
  EXPECT_THAT(s->dismissed_drifts, IsEmpty()) << "what was dismissed is of another kind";
  EXPECT_EQ(state->reader().incident("01CBYASDG02FSM5XNP9W7N4XT9").value()->closed_reason, "a test page");
  EXPECT_EQ(state->outbox().pending_count().value(), 1);
}

TEST_F(CalendarMigration, TheReleasesOfSchema2AreInForceAndNoNews) {
  const auto state = opened();
  ASSERT_TRUE(state);
  const auto in_force = state->store().load().value().releases;
  ASSERT_THAT(in_force, SizeIs(2));
  EXPECT_EQ(in_force[0].id, "maternity");
  EXPECT_EQ(in_force[0].due.as_given, "2018-05");
  EXPECT_EQ(in_force[1].targets.at(0).edition, "January 2018");
  Schedule same;
  same.releases = in_force;
  EXPECT_THAT(state->store().adopt_schedule(same, noon_plus(9)).value(), IsEmpty());
}

TEST_F(CalendarMigration, TheFormerDatabaseIsKeptBesideIt) {
  ASSERT_TRUE(opened());
  const std::string backup = file_ + ".v2.backup";
  EXPECT_EQ(number(backup, "PRAGMA user_version"), 2);
  EXPECT_EQ(number(backup, "SELECT count(*) FROM incidents"), 2);
  EXPECT_EQ(number(backup, "SELECT count(*) FROM sqlite_master WHERE name = 'due_revisions'"), 0);
}

TEST_F(CalendarMigration, TakesWhatSchema3IsFor) {
  Commit c = at_noon_plus(2);
  CalendarState calendar;
  calendar.source = "ons";
  calendar.rows.resize(2);
  calendar.rows[0].key = "a";
  calendar.rows[1].key = "b";
  c.calendars = {calendar};
  c.readings = {{"ons", noon_plus(2), {{"https://api.example.org/", "{}"}}}};
  c.due_revisions = {
      {.release = "therapies", .before = {}, .now = {}, .seen = noon_plus(2), .source = "ons", .reason = {}}};
  c.known = {{"sitemap", "x"}};
  {
    const auto state = opened();
    ASSERT_TRUE(state);
    const auto done = state->store().commit(c);
    ASSERT_TRUE(done) << to_string(done.error());
  }
  const auto again = opened();
  ASSERT_TRUE(again);
  EXPECT_THAT(again->store().load().value().readings, ElementsAre(c.readings[0]));
  EXPECT_THAT(again->reader().calendars().value(), ElementsAre(calendar));
  EXPECT_THAT(again->reader().due_revisions("therapies").value(), ElementsAre(c.due_revisions[0]));
  EXPECT_EQ(number(file_, "SELECT count(*) FROM calendar_rows"), 2);
}

TEST_F(CalendarMigration, RowsThatAreTheSameAreNotWrittenAgain) {
  Commit c = at_noon_plus(0);
  CalendarState calendar;
  calendar.source = "ons";
  calendar.rows.resize(3);
  c.calendars = {calendar};
  const auto state = opened();
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->store().commit(c));
  {
    // Says whether the rows were written.
    SQLite::Database db{file_, SQLite::OPEN_READWRITE};
    db.exec("CREATE TRIGGER no_rewrite BEFORE DELETE ON calendar_rows BEGIN SELECT RAISE(ABORT, 'rewritten'); END");
  }
  c.calendars[0].last_try = noon_plus(60);
  const auto same = state->store().commit(c);
  EXPECT_TRUE(same) << to_string(same.error());
  c.calendars[0].rows.pop_back();
  EXPECT_FALSE(state->store().commit(c)) << "the trigger tells a rewrite";
}

TEST_F(CalendarMigration, AWordThatNobodyKnowsIsAFault) {
  {
    const auto state = opened();
    ASSERT_TRUE(state);
    Commit c = at_noon_plus(0);
    c.due_revisions.resize(1);
    ASSERT_TRUE(state->store().commit(c));
  }
  {
    SQLite::Database db{file_, SQLite::OPEN_READWRITE};
    db.exec("UPDATE due_revisions SET status = 7");
  }
  const auto state = opened();
  ASSERT_TRUE(state);
  const auto read = state->reader().due_revisions("");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace embargod

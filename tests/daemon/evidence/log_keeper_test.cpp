#include "daemon/evidence/log_keeper.h"

#include <SQLiteCpp/Database.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "daemon/store/sqlite_store.h"
#include "tests/daemon/evidence/captured.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class NotedLog final : public Log {
 public:
  void write(LogLevel, std::string_view msg, std::initializer_list<Field> fields) override {
    text += msg;
    for (const Field& f : fields) text += " " + f.second;
    text += "\n";
  }
  std::string text;
};

Event event_of(const std::string& incident, const std::string& text) {
  return {.at = Instant{Millis{1'524'474'000'000}},
          .incident = incident,
          .release = "therapies",
          .what = "note",
          .by = "A. Person",
          .text = text};
}

class LogKeeperTest : public testing::Test {
 protected:
  void open() {
    keeper_.reset();
    store_.reset();
    auto state = open_sqlite(state_);
    ASSERT_TRUE(state) << to_string(state.error());
    store_ = std::move(*state);
    auto keeper = LogKeeper::open(state_, {.log = store_->log(), .clock = clock_, .say = say_});
    ASSERT_TRUE(keeper) << to_string(keeper.error());
    keeper_ = std::move(*keeper);
  }
  void close() {
    keeper_.reset();
    store_.reset();
  }
  void note(const std::string& incident, const std::string& text = "x") {
    Commit c;
    c.at = clock_.now();
    c.events = {event_of(incident, text)};
    ASSERT_TRUE(store_->store().commit(c));
  }
  void change(const std::string& sql) {
    close();
    SQLite::Database{state_ + "/embargod.db", SQLite::OPEN_READWRITE}.exec(sql);
    say_.text.clear();
    open();
  }

  TempFolder folder_;
  std::string state_ = folder_.path() + "/state";
  FakeClock clock_{Instant{Millis{1'524'474'000'000}}};
  NotedLog say_;
  std::unique_ptr<SqliteState> store_;
  std::unique_ptr<LogKeeper> keeper_;
};

TEST_F(LogKeeperTest, SignsAtEachStepOfAnIncidentAndEveryTenMinutes) {
  open();
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 0U) << "an empty log has a head too";
  note("");
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 0U) << "nothing of an incident";
  note(kCase);
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 2U);
  note("");
  clock_.advance(Millis{599'000});
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 2U);
  clock_.advance(Millis{1'000});
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 3U);
  EXPECT_EQ(newest_checkpoint(state_, keeper_->key().verifier()).value(), keeper_->state().newest);
  EXPECT_EQ(store_->log().checkpoints()->size(), 3U);
  EXPECT_EQ(say_.text, "");
}

TEST_F(LogKeeperTest, GoesOnAfterARestartAndACrashBeforeTheHead) {
  open();
  note(kCase);
  keeper_->keep();
  note(kCase, "committed, and then the process was killed");
  open();
  EXPECT_TRUE(keeper_->state().sound);
  EXPECT_EQ(keeper_->state().newest->size, 1U);
  keeper_->keep();
  EXPECT_EQ(keeper_->state().newest->size, 2U);
  const auto heads = store_->log().checkpoints().value();
  const auto first = read_checkpoint(heads[0].note, keeper_->key().verifier()).value();
  const auto second = read_checkpoint(heads[1].note, keeper_->key().verifier()).value();
  EXPECT_TRUE(is_consistent({first.size, second.size, first.root, second.root}, keeper_->tree().consistency(1, 2)));
}

TEST_F(LogKeeperTest, ADatabaseThatIsRolledBackIsNoticed) {
  open();
  note(kCase);
  keeper_->keep();
  close();
  const std::string snapshot = folder_.path() + "/snapshot.db";
  fs::copy_file(state_ + "/embargod.db", snapshot);
  open();
  note(kCase, "what somebody would rather not have recorded");
  keeper_->keep();
  const auto newest = keeper_->state().newest;
  close();
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(state_ + "/embargod.db" + ending);
  fs::copy_file(snapshot, state_ + "/embargod.db");
  open();
  EXPECT_FALSE(keeper_->state().sound);
  EXPECT_THAT(say_.text, HasSubstr("rolled back or changed"));
  note(kCase, "another history");
  note(kCase, "of more leaves than the first");
  keeper_->keep();
  EXPECT_EQ(keeper_->sign_now().error().code, Errc::conflict);
  open();
  EXPECT_THAT(keeper_->state().why, HasSubstr("is not the one whose head was signed"));
  keeper_->keep();
  EXPECT_EQ(newest_checkpoint(state_, keeper_->key().verifier()).value(), newest) << "nothing is signed";
}

TEST_F(LogKeeperTest, WhateverIsChangedInTheLogIsNoticed) {
  open();
  for (int n = 0; n < 5; ++n) note(kCase, std::to_string(n));
  keeper_->keep();
  close();
  const std::string good = folder_.path() + "/good.db";
  fs::copy_file(state_ + "/embargod.db", good);
  for (const char* sql :
       {"UPDATE evidence_log SET record = replace(record, 'A. Person', 'B. Person') WHERE idx = 2",
        "UPDATE evidence_log SET salt = randomblob(32) WHERE idx = 2",
        "UPDATE evidence_log SET salt = NULL, record = NULL, hash = randomblob(32) WHERE idx = 2",
        "DELETE FROM evidence_log WHERE idx = 2", "DELETE FROM evidence_log WHERE idx = 4",
        "UPDATE evidence_log SET idx = idx + 1 WHERE idx = 4", "DELETE FROM evidence_log",
        R"(UPDATE evidence_log SET idx = -1 WHERE idx = 1; UPDATE evidence_log SET idx = 1 WHERE idx = 2;
            UPDATE evidence_log SET idx = 2 WHERE idx = -1)"}) {
    fs::copy_file(good, state_ + "/embargod.db", fs::copy_options::overwrite_existing);
    change(sql);
    EXPECT_FALSE(keeper_->state().sound) << sql;
    close();
  }
  fs::copy_file(good, state_ + "/embargod.db", fs::copy_options::overwrite_existing);
  change("UPDATE evidence_log SET salt = NULL, record = NULL WHERE idx = 2");
  EXPECT_TRUE(keeper_->state().sound) << "what is retired leaves its hash";
}

TEST_F(LogKeeperTest, AHeadThatIsGoneOrAnothersIsNoticed) {
  open();
  note(kCase);
  keeper_->keep();
  close();
  const std::string file = state_ + "/checkpoint";
  const std::string text = file_text(file);
  fs::remove(file);
  open();
  EXPECT_THAT(keeper_->state().why, HasSubstr("is gone"));
  std::ofstream{file} << checkpoint_note({.size = 1, .root = {}, .at = {}}, SigningKey::fresh());
  open();
  EXPECT_THAT(keeper_->state().why, HasSubstr("not signed by the key"));
  std::ofstream{file, std::ios::trunc} << text;
  open();
  EXPECT_TRUE(keeper_->state().sound);
}

/// What is committed has its leaf in the same transaction; of what was refused there is none.
TEST_F(LogKeeperTest, ACommitHasItsLeaves) {
  open();
  Commit c;
  c.at = clock_.now();
  Incident i;
  i.id = kCase;
  i.release = "therapies";
  i.targets.emplace_back();
  i.targets[0].target = "therapies/page";
  c.incidents = {i};
  c.events = {event_of(kCase, "first sight")};
  c.evidence = {{.incident = kCase,
                 .target = "therapies/page",
                 .url = "https://stats.example.org/pub",
                 .digest = "sha256:00",
                 .path = "evidence/x.warc.gz#0",
                 .size = 1,
                 .status = 200,
                 .sent = c.at,
                 .done = c.at}};
  c.lifts = {{.release = "therapies", .at = c.at, .by = "A. Person", .reason = "agreed"}};
  ObservationSpan dark;
  dark.target = "therapies/page";
  dark.liveness = Liveness::absent;
  dark.first_sent = c.at;
  c.spans = {dark};
  ASSERT_TRUE(store_->store().commit(c));
  const auto kinds = [this] {
    std::vector<std::string> out;
    const auto leaves = store_->log().leaves(0, 1000).value();
    for (const LogLeaf& leaf : leaves) {
      EXPECT_EQ(leaf_hash(leaf.salt, leaf.record), leaf.hash);
      EXPECT_EQ(leaf.salt.size(), kSaltSize);
      EXPECT_EQ(nlohmann::json::parse(leaf.record).dump(), leaf.record) << "canonical";
      out.push_back(leaf.kind);
    }
    return out;
  };
  EXPECT_THAT(kinds(), ElementsAre("incident", "event", "lift", "evidence"));
  // One more look at the same: nothing new to say of the incident, and the span still grows.
  Commit again;
  again.at = c.at + Millis{2'000};
  again.incidents = {i};
  dark.last_sent = again.at;
  again.spans = {dark};
  ASSERT_TRUE(store_->store().commit(again));
  EXPECT_EQ(kinds().size(), 4U);
  Commit live;
  live.at = c.at + Millis{4'000};
  ObservationSpan up = dark;
  up.liveness = Liveness::live;
  up.first_sent = live.at;
  live.spans = {up};
  i.state = IncidentState::open;
  live.incidents = {i};
  ASSERT_TRUE(store_->store().commit(live));
  EXPECT_THAT(kinds(), ElementsAre("incident", "event", "lift", "evidence", "span", "incident"));
  const auto span = nlohmann::json::parse(store_->log().leaves(4, 1)->at(0).record);
  EXPECT_EQ(span["liveness"], "absent");
  EXPECT_EQ(span["last"]["sent"], rfc3339(again.at));
}

TEST_F(LogKeeperTest, WhatPeopleCountWriteAndApproveHasItsLeaf) {
  open();
  Commit c;
  c.at = *parse_rfc3339("2018-04-24T09:00:00Z");
  Impact counted;
  counted.incident = "01A";
  c.impacts = {{"01A", c.at, "Web team", counted}};
  c.entries = {{"01A", "cause", "A wrong click.", c.at, "Duty officer"}};
  c.marks = {{"R-1", "01A", "v1", ReportMark::Kind::final, "HoP", "Head of Profession", c.at}};
  ASSERT_TRUE(store_->store().commit(c));
  std::map<std::string, nlohmann::json> records;
  const auto leaves = store_->log().leaves(0, 100).value();
  for (const LogLeaf& leaf : leaves) {
    EXPECT_EQ(leaf.incident, "01A");
    records[leaf.kind] = nlohmann::json::parse(leaf.record);
  }
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records["impact"]["by"], "Web team");
  EXPECT_EQ(records["written"]["text"], "A wrong click.");
  EXPECT_EQ(records["mark"]["mark"], "final");
}

TEST_F(LogKeeperTest, ARetiredIncidentLeavesHashesOnly) {
  open();
  Commit c;
  c.at = clock_.now();
  Incident i;
  i.id = kCase;
  i.state = IncidentState::closed;
  i.closed = c.at;
  c.incidents = {i};
  c.events = {event_of(kCase, "secret"), event_of("", "of nobody's")};
  ASSERT_TRUE(store_->store().commit(c));
  keeper_->keep();
  ASSERT_TRUE(store_->store().retire(c.at + Millis{1}));
  std::string all;
  const auto leaves = store_->log().leaves(0, 100).value();
  for (const LogLeaf& leaf : leaves) all += leaf.kind + " " + leaf.record + "\n";
  EXPECT_THAT(all, testing::Not(HasSubstr("secret")));
  EXPECT_THAT(all, HasSubstr("\"retired\":\"" + std::string{kCase}));
  open();
  EXPECT_TRUE(keeper_->state().sound);
}

}  // namespace
}  // namespace embargod

#include "daemon/store/file_journal.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "daemon/store/incident_codec.h"
#include "daemon/store/memory_store.h"
#include "tests/contract/sample_state.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

constexpr std::size_t kSmallSlot = std::size_t{64} << 10U;

/// A refused commit as the ledger holds it: an incident, what it tells, how it came, a person's word, what was caught.
Commit refused_commit(const std::string& release = "therapies", int steps = 1) {
  Commit c = at_noon_plus(0);
  Incident i = stored_incident(release);
  i.steps = steps;
  c.incidents = {i};
  c.alerts = {{stored_alert(i, steps), {"webhook-1", "email-1"}}};
  c.events = {{noon_plus(0), i.id, release, "first_sight", "embargod", "public before due"}};
  c.lifts = {{"another", noon_plus(1), "head of profession", "let it stand: \xFF"}};
  c.evidence = {{i.id, release + "/page", "https://stats.example.org/a", "sha256:ab", "evidence/1", 12, 200,
                 noon_plus(0), noon_plus(1)}};
  return c;
}

std::unique_ptr<FileJournal> opened(const std::string& folder, std::size_t slot = kSmallSlot) {
  auto journal = FileJournal::open(folder, slot);
  EXPECT_TRUE(journal) << to_string(journal.error());
  return std::move(*journal);
}

TEST(FileJournal, GivesBackWhatWasRefusedAfterARestart) {
  const TempFolder folder;
  const Commit c = refused_commit();
  ASSERT_TRUE(opened(folder.path())->keep(c));
  const auto left = opened(folder.path())->left();
  ASSERT_TRUE(left && *left);
  EXPECT_EQ((*left)->incidents, c.incidents);
  ASSERT_EQ((*left)->alerts.size(), 1U);
  EXPECT_EQ((*left)->alerts[0].alert, c.alerts[0].alert);
  EXPECT_EQ((*left)->alerts[0].receivers, c.alerts[0].receivers);
  EXPECT_EQ((*left)->events, c.events);
  ASSERT_EQ((*left)->lifts.size(), 1U);
  EXPECT_EQ((*left)->lifts[0].reason, "let it stand: \xEF\xBF\xBD") << "what is no UTF-8 is mended";
  ASSERT_EQ((*left)->evidence.size(), 1U);
  EXPECT_EQ((*left)->evidence[0].path, "evidence/1");
  EXPECT_EQ((*left)->evidence[0].done, noon_plus(1));
}

TEST(FileJournal, HoldsNothingOnceCleared) {
  const TempFolder folder;
  const auto journal = opened(folder.path());
  ASSERT_TRUE(journal->keep(refused_commit()));
  journal->clear();
  EXPECT_EQ(opened(folder.path())->left().value(), std::nullopt);
}

TEST(FileJournal, IsReadByItsOwnerOnly) {
  const TempFolder folder;
  const auto journal = opened(folder.path());
  struct stat s{};
  ASSERT_EQ(::stat((folder / "emergency.journal").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777U, 0600U);
}

// Whichever byte of the newest slot did not get to the disk: the one before it is whole.
TEST(FileJournal, ATornWriteLeavesTheOneBefore) {
  const TempFolder folder;
  std::size_t size = 0;
  {
    const auto journal = opened(folder.path());
    ASSERT_TRUE(journal->keep(refused_commit("first")));   // number 1: the second slot
    ASSERT_TRUE(journal->keep(refused_commit("second")));  // number 2: the first slot
    size = std::filesystem::file_size(folder / "emergency.journal");
  }
  ASSERT_EQ(size, 2 * kSmallSlot);
  for (const std::size_t torn :
       {std::size_t{0}, std::size_t{9}, std::size_t{17}, std::size_t{30}, std::size_t{100}, std::size_t{700}}) {
    std::fstream file{folder / "emergency.journal", std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(static_cast<std::streamoff>(torn));
    const int was = file.get();
    file.seekp(static_cast<std::streamoff>(torn));
    file.put(static_cast<char>(was ^ 0x55));
    file.flush();
    const auto left = opened(folder.path())->left();
    ASSERT_TRUE(left && *left) << torn;
    EXPECT_EQ((*left)->incidents.at(0).release, "first") << torn;
    file.seekp(static_cast<std::streamoff>(torn));
    file.put(static_cast<char>(was));
  }
  EXPECT_EQ(opened(folder.path())->left().value().value().incidents.at(0).release, "second");
}

TEST(FileJournal, WhatIsTooLargeLeavesTheOneBefore) {
  const TempFolder folder;
  const auto journal = opened(folder.path(), 16'384);
  ASSERT_TRUE(journal->keep(refused_commit("first")));
  Commit large = refused_commit("second");
  large.events[0].text = std::string(20'000, 'x');
  const auto kept = journal->keep(large);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, Errc::unavailable);
  EXPECT_EQ(opened(folder.path(), 16'384)->left().value().value().incidents.at(0).release, "first");
}

TEST(FileJournal, TakesWhatAFullDiskRefuses) {
  const TempFolder folder;
  const SmallDisk disk{folder.path(), std::size_t{1} << 20U};
  const auto journal = opened(folder.path());
  std::ofstream filler{folder / "filler", std::ios::binary};
  for (const std::size_t size : {std::size_t{4096}, std::size_t{1}})
    while (filler.write(std::string(size, 'x').data(), static_cast<std::streamsize>(size)).flush()) continue;
  EXPECT_FALSE(std::ofstream{folder / "one more"} << std::string(8192, 'x') << std::flush) << "the disk is not full";
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(journal->keep(refused_commit("a", n))) << n;
  EXPECT_EQ(opened(folder.path())->left().value().value().incidents.at(0).steps, 2);
}

TEST(FileJournal, ADiskWithoutRoomIsSaidAtOnce) {
  const TempFolder folder;
  const SmallDisk disk{folder.path(), std::size_t{32} << 10U};
  const auto journal = FileJournal::open(folder.path(), kSmallSlot);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().to_do, "make room on the disk");
}

TEST(ReplayJournal, BringsInWhatTheStoreNeverHad) {
  const TempFolder folder;
  ASSERT_TRUE(opened(folder.path())->keep(refused_commit()));
  const auto journal = opened(folder.path());
  MemoryStore store;
  EXPECT_EQ(replay(*journal, store, store).value(), 1U);
  EXPECT_EQ(store.load().value().unclosed.at(0).release, "therapies");
  EXPECT_EQ(store.pending("webhook-1", 9).value().size(), 1U);
  EXPECT_EQ(store.pending("email-1", 9).value().size(), 1U);
  EXPECT_EQ(store.load().value().lifts.size(), 1U);
  EXPECT_EQ(opened(folder.path())->left().value(), std::nullopt) << "and only once";
}

// The commit went through, the process ended before the journal was cleared.
TEST(ReplayJournal, LeavesAloneWhatTheStoreHas) {
  const TempFolder folder;
  const Commit c = refused_commit();
  ASSERT_TRUE(opened(folder.path())->keep(c));
  MemoryStore store;
  ASSERT_TRUE(store.commit(c));
  Incident later = c.incidents[0];
  later.state = IncidentState::closed;
  later.steps = 3;
  Commit next = at_noon_plus(60);
  next.incidents = {later};
  ASSERT_TRUE(store.commit(next));
  const auto journal = opened(folder.path());
  EXPECT_EQ(replay(*journal, store, store).value(), 0U);
  EXPECT_EQ(store.incident(later.id).value().value().state, IncidentState::closed) << "nothing gets older";
  EXPECT_EQ(store.events(later.id).value().size(), 1U) << "and no line comes twice";
}

TEST(ReplayJournal, WhileTheStoreRefusesTheJournalKeepsIt) {
  class Refusing final : public Store {
   public:
    [[nodiscard]] Result<StoredState> load() override { return StoredState{}; }
    [[nodiscard]] Result<void> commit(const Commit&) override { return fail(Errc::io, "disk is full"); }
    [[nodiscard]] Result<std::vector<std::string>> adopt_schedule(const Schedule&, Instant) override {
      return std::vector<std::string>{};
    }
    [[nodiscard]] Result<void> beat(Instant) override { return {}; }
    [[nodiscard]] Result<void> stopped(Instant) override { return {}; }
    [[nodiscard]] Result<std::vector<std::string>> retire(Instant) override { return std::vector<std::string>{}; }
  };
  const TempFolder folder;
  ASSERT_TRUE(opened(folder.path())->keep(refused_commit()));
  Refusing store;
  MemoryStore reader;
  EXPECT_FALSE(replay(*opened(folder.path()), store, reader));
  EXPECT_TRUE(opened(folder.path())->left().value().has_value());
}

TEST(StartJournal, SetsAsideWhatCannotBeReadAndGoesOn) {
  class Said final : public Log {
   public:
    void write(LogLevel, std::string_view msg, std::initializer_list<Field>) override { text += msg; }
    std::string text;
  };
  const TempFolder folder;
  auto state = open_sqlite(folder.path());
  ASSERT_TRUE(state) << to_string(state.error());
  {
    const auto journal = FileJournal::open(folder.path());
    ASSERT_TRUE(journal);
    ASSERT_TRUE((*journal)->keep_text(R"({"v":99})"));
  }
  Said log;
  auto started = start_journal(folder.path(), **state, log);
  ASSERT_TRUE(started && *started);
  EXPECT_THAT(log.text, testing::HasSubstr("was set aside"));
  EXPECT_TRUE(std::filesystem::exists(folder / "emergency.journal.unreadable-1"));
  EXPECT_TRUE((*started)->keep(refused_commit())) << "and there is a new one";
}

}  // namespace
}  // namespace embargod

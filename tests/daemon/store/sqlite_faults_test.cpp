// What disks and other programs do to a database, and what must still hold: acknowledged is there, refused is not.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>

#include "daemon/store/sqlite_store.h"
#include "tests/contract/sample_state.h"
#include "tests/daemon/store/sqlite_hooks.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<SqliteState> opened_state(const std::string& folder) {
  auto state = open_sqlite(folder);
  EXPECT_TRUE(state) << to_string(state.error());
  return state ? std::move(*state) : nullptr;
}

/// An incident, an event and a delivery that all carry one number.
Commit numbered_commit(int n, std::size_t padding = 0) {
  const Incident i = stored_incident("release-" + std::to_string(n));
  Commit c = at_noon_plus(n);
  c.incidents = {i};
  c.alerts = {{stored_alert(i, 1), {"am"}}};
  c.events = {{noon_plus(n), "", "", "note", "test", std::to_string(n) + std::string(padding, ' ')}};
  return c;
}

/// The numbers that are there; each must be there in full.
std::set<int> present_numbers(SqliteState& state) {
  std::set<int> by_event;
  std::set<int> by_incident;
  std::set<int> by_delivery;
  const auto number_in = [](const std::string& release) { return std::stoi(release.substr(release.find('-') + 1)); };
  const auto events = state.reader().events("").value();
  for (const auto& e : events) by_event.insert(std::stoi(e.text));
  const auto incidents = state.reader().incidents(100'000).value();
  for (const auto& i : incidents) by_incident.insert(number_in(i.release));
  const auto rows = state.outbox().pending("am", 100'000).value();
  for (const auto& d : rows) by_delivery.insert(number_in(d.alert.labels.at("release")));
  EXPECT_EQ(by_event, by_incident) << "a transaction came apart";
  EXPECT_EQ(by_event, by_delivery) << "a transaction came apart";
  return by_event;
}

class OtherConnection {
 public:
  explicit OtherConnection(const std::string& folder) { sqlite3_open((folder + "/embargod.db").c_str(), &db_); }
  ~OtherConnection() { sqlite3_close(db_); }
  OtherConnection(const OtherConnection&) = delete;
  OtherConnection& operator=(const OtherConnection&) = delete;
  void exec(const char* sql) const {
    EXPECT_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db_);
  }

 private:
  sqlite3* db_ = nullptr;
};

TEST(SqliteFaults, AFullDiskRefusesWholeCommitsAndWorksAgainWhenThereIsRoom) {
  const TempFolder folder;
  const SmallDisk disk{folder.path(), std::size_t{3} << 20U};
  auto state = opened_state(folder.path());
  ASSERT_TRUE(state);
  const std::string ballast = folder.path() + "/ballast";
  std::ofstream{ballast} << std::string(std::size_t{1} << 20U, 'x');
  std::set<int> acked;
  int n = 0;
  std::optional<Fault> refused;
  for (; n < 5'000 && !refused; ++n) {
    const auto done = state->store().commit(numbered_commit(n, 1'000));
    if (done) {
      acked.insert(n);
    } else {
      refused = done.error();
    }
  }
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, Errc::io) << to_string(*refused);
  EXPECT_GT(acked.size(), 10U);
  EXPECT_EQ(present_numbers(*state), acked);
  EXPECT_FALSE(state->store().commit(numbered_commit(n++, 100'000))) << "still full";
  fs::remove(ballast);
  ASSERT_TRUE(state->store().commit(numbered_commit(n, 1'000)));
  acked.insert(n);
  EXPECT_EQ(present_numbers(*state), acked);
  state.reset();
  state = opened_state(folder.path());
  EXPECT_EQ(present_numbers(*state), acked);
}

TEST(SqliteFaults, ALockedDatabaseIsBusyAfterAQuarterSecondAndReadersGoOn) {
  const TempFolder folder;
  auto state = opened_state(folder.path());
  ASSERT_TRUE(state->store().commit(numbered_commit(1)));
  const OtherConnection other{folder.path()};
  other.exec("BEGIN IMMEDIATE");
  const auto began = std::chrono::steady_clock::now();
  const auto refused = state->store().commit(numbered_commit(2));
  const auto took = std::chrono::steady_clock::now() - began;
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::busy) << to_string(refused.error());
  EXPECT_GE(took, std::chrono::milliseconds{200});
  EXPECT_LT(took, std::chrono::milliseconds{2'000});
  EXPECT_EQ(state->outbox().mark_retry(1, noon_plus(1), "").error().code, Errc::busy);
  EXPECT_EQ(state->reader().incidents(10).value().size(), 1U);
  other.exec("ROLLBACK");
  EXPECT_TRUE(state->store().commit(numbered_commit(2)));
}

TEST(SqliteFaults, ADatabaseHeldExclusivelyRefusesToOpen) {
  const TempFolder folder;
  opened_state(folder.path()).reset();
  const OtherConnection other{folder.path()};
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE t(x); COMMIT");
  const auto refused = open_sqlite(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::busy) << to_string(refused.error());
}

void damage_file(const std::string& file, std::streamoff at, std::size_t bytes) {
  std::fstream f{file, std::ios::in | std::ios::out | std::ios::binary};
  f.seekp(at);
  f << std::string(bytes, '\x5A');
}

TEST(SqliteFaults, ADamagedHeaderIsCorrupt) {
  const TempFolder folder;
  opened_state(folder.path()).reset();
  damage_file(folder.path() + "/embargod.db", 0, 100);
  const auto refused = open_sqlite(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::corrupt) << to_string(refused.error());
  EXPECT_THAT(refused.error().where, testing::HasSubstr("embargod.db"));
}

TEST(SqliteFaults, ADamagedPageIsFoundAtStart) {
  const TempFolder folder;
  auto state = opened_state(folder.path());
  for (int n = 0; n < 200; ++n) ASSERT_TRUE(state->store().commit(numbered_commit(n)));
  state.reset();
  const std::string file = folder.path() + "/embargod.db";
  damage_file(file, static_cast<std::streamoff>(fs::file_size(file) / 2), 20'000);
  const auto refused = open_sqlite(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::corrupt) << to_string(refused.error());
}

TEST(SqliteFaults, AReadOnlyFolderRefusesToOpen) {
  const TempFolder folder;
  const SmallDisk disk{folder.path(), std::size_t{4} << 20U};
  opened_state(folder.path()).reset();
  disk.remount_read_only();
  const auto refused = open_sqlite(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io) << to_string(refused.error());
  EXPECT_THAT(to_string(refused.error()), testing::HasSubstr("Read-only file system"));
}

class FailingWritesTest : public testing::TestWithParam<int> {};

TEST_P(FailingWritesTest, WhicheverWriteFailsAcknowledgedIsThereAndRefusedIsNot) {
  int refused_runs = 0;
  bool reached_the_end = false;
  const TempFolder memory;
  const SmallDisk disk{memory.path(), std::size_t{256} << 20U};  // hundreds of databases: syncs must cost nothing
  for (int nth = 1; nth < 400 && !reached_the_end; ++nth) {
    const std::string folder = memory.path() + "/" + std::to_string(nth);
    FailingWrites faults;
    auto state = opened_state(folder);
    ASSERT_TRUE(state);
    std::set<int> acked;
    const auto try_commit = [&](int n) {
      if (const auto done = state->store().commit(numbered_commit(n, 3'000)); done) {
        acked.insert(n);
      } else {
        EXPECT_EQ(done.error().code, Errc::io) << to_string(done.error());
      }
    };
    for (int n = 0; n < 3; ++n) try_commit(n);
    faults.arm(nth, GetParam());
    for (int n = 3; n < 9; ++n) try_commit(n);
    reached_the_end = !faults.disarm();
    if (acked.size() < 9) ++refused_runs;
    try_commit(9);
    EXPECT_TRUE(acked.contains(9)) << "nothing is wrong any more, fault at write " << nth;
    EXPECT_EQ(present_numbers(*state), acked) << "fault at write " << nth;
    state.reset();
    state = opened_state(folder);
    ASSERT_TRUE(state);
    EXPECT_EQ(present_numbers(*state), acked) << "after a restart, fault at write " << nth;
    state.reset();
    fs::remove_all(folder);
  }
  EXPECT_TRUE(reached_the_end);
  EXPECT_GT(refused_runs, 10) << "the faults did not strike where it matters";
}

INSTANTIATE_TEST_SUITE_P(With, FailingWritesTest, testing::Values(ENOSPC, EIO, EROFS), [](const auto& p) {
  return p.param == ENOSPC ? "NoSpace" : p.param == EIO ? "IoError" : "ReadOnly";
});

TEST(SqliteFaults, AFailedSyncIsNotAcknowledgedAndTheNextCommitStartsAfresh) {
  FailingSync faults;
  const TempFolder folder;
  auto state = opened_state(folder.path());
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->store().commit(numbered_commit(1)));
  const int before = faults.syncs();
  ASSERT_TRUE(state->store().commit(numbered_commit(2)));
  EXPECT_GT(faults.syncs(), before) << "a commit that is not synced is not durable";
  faults.fail_next(1);
  const auto refused = state->store().commit(numbered_commit(3));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io) << to_string(refused.error());
  EXPECT_EQ(present_numbers(*state), (std::set<int>{1, 2}));
  ASSERT_TRUE(state->store().commit(numbered_commit(3)));
  EXPECT_EQ(present_numbers(*state), (std::set<int>{1, 2, 3}));
  state.reset();
  state = opened_state(folder.path());
  EXPECT_EQ(present_numbers(*state), (std::set<int>{1, 2, 3}));
}

TEST(SqliteFaults, AKillAtAnyMomentLosesNothingThatWasAcknowledged) {
  const TempFolder folder;
  int next = 0;
  std::set<int> acked;
  for (int round = 0; round < 12; ++round) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe(pipe_ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe_ends[0]);
      auto state = open_sqlite(folder.path());
      if (!state) ::_exit(3);
      for (int n = next;; ++n) {
        if (!(*state)->store().commit(numbered_commit(n))) ::_exit(4);
        if (::write(pipe_ends[1], &n, sizeof n) != sizeof n) ::_exit(5);
      }
    }
    ::close(pipe_ends[1]);
    const int kill_after = 1 + (round * 7) % 23;  // acknowledgements; then at once, in the midst of the next commits
    int n = 0;
    for (int seen = 0; seen < kill_after && ::read(pipe_ends[0], &n, sizeof n) == sizeof n; ++seen) acked.insert(n);
    ::kill(child, SIGKILL);
    while (::read(pipe_ends[0], &n, sizeof n) == sizeof n) acked.insert(n);
    ::close(pipe_ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    auto state = opened_state(folder.path());
    ASSERT_TRUE(state);
    const auto present = present_numbers(*state);
    EXPECT_TRUE(std::includes(present.begin(), present.end(), acked.begin(), acked.end())) << "round " << round;
    EXPECT_LE(present.size(), acked.size() + 1) << "at most the commit in flight";
    acked = present;
    next = present.empty() ? 0 : *present.rbegin() + 1;
  }
  EXPECT_GT(acked.size(), 50U);
}

TEST(SqliteFolder, ASecondOpenerIsRefusedUntilTheFirstIsGone) {
  const TempFolder folder;
  auto state = opened_state(folder.path());
  const auto refused = open_sqlite(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::busy);
  EXPECT_THAT(to_string(refused.error()),
              testing::AllOf(testing::HasSubstr("another embargod (process " + std::to_string(::getpid()) + ")"),
                             testing::HasSubstr("--storage.path")));
  EXPECT_TRUE(state->store().commit(numbered_commit(1))) << "the first one is not disturbed";
  state.reset();
  EXPECT_TRUE(open_sqlite(folder.path()));
}

TEST(SqliteFolder, FilesAreClosedToOthersWhateverTheUmask) {
  const TempFolder parent;
  const std::string folder = parent.path() + "/state";
  const mode_t before = ::umask(0);
  auto state = opened_state(folder);
  EXPECT_TRUE(state->store().commit(numbered_commit(1)));
  ::umask(before);
  const auto mode_of = [](const fs::path& p) { return static_cast<unsigned>(fs::status(p).permissions()); };
  EXPECT_EQ(mode_of(folder), 0700U);
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder}) {
    names.insert(entry.path().filename());
    EXPECT_EQ(mode_of(entry.path()), 0600U) << entry.path();
  }
  EXPECT_EQ(names, (std::set<std::string>{"embargod.db", "embargod.db-shm", "embargod.db-wal", "embargod.lock"}));
}

TEST(SqliteFolder, AnOpenFolderIsClosedIfItIsOursAndRefusedIfNot) {
  const TempFolder parent;
  const std::string ours = parent.path() + "/ours";
  const std::string shared = parent.path() + "/shared";
  for (const auto& f : {ours, shared}) fs::create_directory(f);
  std::ofstream{shared + "/letter.txt"} << "of somebody else";
  for (const auto& f : {ours, shared}) ASSERT_EQ(::chmod(f.c_str(), 0755), 0);
  EXPECT_TRUE(open_sqlite(ours));
  EXPECT_EQ(static_cast<unsigned>(fs::status(ours).permissions()), 0700U);
  const auto refused = open_sqlite(shared);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_EQ(static_cast<unsigned>(fs::status(shared).permissions()), 0755U);
}

TEST(SqliteFolder, AMissingParentIsSaid) {
  const TempFolder parent;
  const auto refused = open_sqlite(parent.path() + "/a/b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_THAT(to_string(refused.error()),
              testing::HasSubstr("/a/b: cannot make the state folder: No such file or directory"));
}

}  // namespace
}  // namespace embargod

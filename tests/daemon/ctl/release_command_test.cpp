#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/file_edit.h"
#include "tests/support/fake_clock.h"
#include "tests/support/http_sink.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string bytes_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}
void put_bytes(const std::string& path, const std::string& bytes) { std::ofstream{path, std::ios::binary} << bytes; }

std::string one_release(const std::string& id) {
  return "# schedule of " + id + "\nreleases:\n  - id: " + id +
         "  # stable\n    title: T\n    due: 2030-04-17 09:30\n" + "    urls: [{url: \"https://stats.example.org/" +
         id + "\", role: page}]\n";
}

class ChangeReleaseTest : public testing::Test {
 protected:
  ChangeReleaseTest() {
    put_bytes(path("a.yml"), one_release("a-1"));
    put_bytes(path("b.yml"), one_release("b-1"));
    put_bytes(path("embargod.yml"), "producer: {name: Example}\nschedules: [{file: a.yml}, {file: b.yml}]\n");
    change_.config_file = path("embargod.yml");
    change_.by = "Release manager";
    change_.reason = "more time";
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

  int run(const std::string& verb, const std::string& id, const std::string& due = "") {
    change_.verb = verb;
    change_.release.id = id;
    change_.release.due = due;
    out_.str("");
    err_.str("");
    return change_release(change_, clock_, {out_, err_});
  }
  int add(const std::string& id) {
    change_.release.title = "New";
    change_.release.targets = {
        {.url = "https://stats.example.org/new", .role = "page", .name = "", .profile = "", .edition = ""}};
    return run("add", id, "2030-06-12 09:30");
  }

  TempFolder folder_;
  FakeClock clock_{parse_rfc3339("2030-01-02T09:00:00Z").value()};
  ReleaseChange change_;
  std::ostringstream out_, err_;
};

TEST_F(ChangeReleaseTest, FindsTheFileThatHasTheRelease) {
  EXPECT_EQ(run("move", "b-1", "2030-04-24 09:30"), kExitFine) << err_.str();
  EXPECT_EQ(bytes_of(path("a.yml")), one_release("a-1"));
  EXPECT_THAT(
      bytes_of(path("b.yml")),
      AllOf(HasSubstr("  # 2030-01-02T09:00Z moved by Release manager from 2030-04-17 09:30 to 2030-04-24 09:30: "
                      "more time\n  - id: b-1  # stable\n"),
            HasSubstr("    due: 2030-04-24 09:30\n")));
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("due Wednesday 24 April 2030, 09:30 BST\n"), HasSubstr("written to"),
                                HasSubstr("systemctl reload embargod")));
  EXPECT_EQ(run("move", "c-1", "2030-04-24 09:30"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("there is no release \"c-1\" in a.yml and b.yml"));
}

TEST_F(ChangeReleaseTest, ANewReleaseNeedsAFileAndAnIdOfItsOwn) {
  EXPECT_EQ(add("n-1"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("choose one with --file: a.yml or b.yml"));
  change_.file = "c.yml";
  EXPECT_EQ(add("n-1"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("\"c.yml\" is not a schedule"));
  change_.file = "a.yml";
  EXPECT_EQ(add("b-1"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("b.yml: release \"b-1\" is there already"));
  EXPECT_EQ(add("n-1"), kExitFine) << err_.str();
  EXPECT_TRUE(bytes_of(path("a.yml")).starts_with(one_release("a-1")));
  EXPECT_THAT(bytes_of(path("a.yml")), HasSubstr("  - id: n-1\n"));
}

TEST_F(ChangeReleaseTest, AnEarlierEndNeedsAYes) {
  EXPECT_EQ(run("move", "a-1", "2030-04-16 09:30"), kExitFault);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("nothing was changed: this ends the embargo of a-1 1 day earlier"),
                                HasSubstr("add --yes if that is meant")));
  EXPECT_EQ(bytes_of(path("a.yml")), one_release("a-1"));
  change_.is_agreed = true;
  EXPECT_EQ(run("move", "a-1", "2030-04-16 09:30"), kExitFine) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("this ends the embargo of a-1 1 day earlier"));
}

TEST_F(ChangeReleaseTest, SaysThatADueIsPast) {
  change_.is_agreed = true;
  EXPECT_EQ(run("move", "a-1", "2029-12-31 09:30"), kExitFine) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("which is past: nothing is embargoed any more"));
}

TEST_F(ChangeReleaseTest, AFaultyResultChangesNothing) {
  change_.file = "a.yml";
  change_.release.targets = {
      {.url = "https://stats.example.org/new", .role = "latest", .name = "", .profile = "ees", .edition = "next"}};
  change_.release.title = "New";
  EXPECT_EQ(run("add", "n-1", "2030-06-12 09:30"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("the edition \"next\" names no period"));
  change_.file.clear();
  put_bytes(path("b.yml"), one_release("b-1") + "    titel: x\n");
  EXPECT_EQ(run("move", "b-1", "2030-04-24 09:30"), kExitFault);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("b.yml:7:5:"), HasSubstr("did you mean \"title\"?")));
  EXPECT_EQ(bytes_of(path("a.yml")), one_release("a-1"));
  EXPECT_EQ(bytes_of(path("b.yml")), one_release("b-1") + "    titel: x\n");
}

TEST_F(ChangeReleaseTest, TellsTheDaemonWhereOneIsNamed) {
  HttpSink daemon;
  change_.daemon_url = daemon.url("");
  EXPECT_EQ(run("cancel", "a-1"), kExitFine) << err_.str();
  ASSERT_EQ(daemon.requests().size(), 1U);
  EXPECT_EQ(daemon.requests()[0].method, "POST");
  EXPECT_EQ(daemon.requests()[0].path, "/-/reload");
  EXPECT_THAT(out_.str(), HasSubstr("the daemon has taken it up"));
}

TEST_F(ChangeReleaseTest, SaysThatTheFileIsChangedThoughTheDaemonRefused) {
  HttpSink daemon;
  SinkAnswer refused;
  refused.status = 500;
  refused.headers = "Content-Type: application/problem+json\r\n";
  refused.body =
      R"({"title":"The configuration was not reloaded","status":500,"detail":"one fault","faults":["embargod.yml:3:1: x"]})";
  daemon.always(refused);
  change_.daemon_url = daemon.url("");
  EXPECT_EQ(run("cancel", "a-1"), kExitFault);
  EXPECT_THAT(err_.str(), AllOf(HasSubstr("the file is changed, but the daemon keeps the former schedule"),
                                HasSubstr("embargod.yml:3:1: x")));
  EXPECT_THAT(bytes_of(path("a.yml")), HasSubstr("status: cancelled"));
  change_.daemon_url = "http://127.0.0.1:1";
  EXPECT_EQ(run("cancel", "b-1"), kExitFault);
  EXPECT_THAT(err_.str(), HasSubstr("the file is changed, but the daemon does not know it yet"));
}

TEST_F(ChangeReleaseTest, KeepsModeAndLinks) {
  std::filesystem::rename(path("a.yml"), path("real.yml"));
  std::filesystem::create_symlink("real.yml", path("a.yml"));
  ASSERT_EQ(::chmod(path("real.yml").c_str(), 0640), 0);
  EXPECT_EQ(run("cancel", "a-1"), kExitFine) << err_.str();
  EXPECT_TRUE(std::filesystem::is_symlink(path("a.yml")));
  struct stat s{};
  ASSERT_EQ(::stat(path("real.yml").c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 07777U, 0640U);
  EXPECT_THAT(bytes_of(path("real.yml")), HasSubstr("status: cancelled"));
  std::size_t files = 0;
  for (const auto& e : std::filesystem::directory_iterator{folder_.path()}) files += e.exists() ? 1 : 0;
  EXPECT_EQ(files, 4U) << "no temporary file stays";
}

TEST(FileEdit, IsForOneAtATime) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x";
  put_bytes(path, "old");
  const auto first = FileEdit::open(path, 100);
  ASSERT_TRUE(first);
  const auto second = FileEdit::open(path, 100);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
  EXPECT_TRUE(first->replace("new"));
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(FileEdit, LeavesAloneWhatAnEditorChangedMeanwhile) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x";
  put_bytes(path, "old");
  const auto in_place = FileEdit::open(path, 100);
  ASSERT_TRUE(in_place);
  put_bytes(path, "edited");
  EXPECT_EQ(in_place->replace("new").error().code, Errc::busy);
  EXPECT_EQ(bytes_of(path), "edited");
  const auto exchanged = FileEdit::open(path, 100);
  EXPECT_FALSE(exchanged) << "the first still holds the lock";
}

TEST(FileEdit, LeavesAloneAFileThatWasExchanged) {
  const TempFolder folder;
  const std::string path = folder.path() + "/x";
  put_bytes(path, "old");
  const auto held = FileEdit::open(path, 100);
  ASSERT_TRUE(held);
  put_bytes(path + "2", "old");
  std::filesystem::rename(path + "2", path);
  EXPECT_EQ(held->replace("new").error().code, Errc::busy);
  EXPECT_EQ(bytes_of(path), "old");
}

TEST(FileEdit, SaysWhatCannotBeRead) {
  const TempFolder folder;
  EXPECT_THAT(to_string(FileEdit::open(folder.path() + "/none", 100).error()), HasSubstr("No such file"));
  put_bytes(folder.path() + "/x", std::string(101, 'x'));
  EXPECT_EQ(FileEdit::open(folder.path() + "/x", 100).error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace embargod

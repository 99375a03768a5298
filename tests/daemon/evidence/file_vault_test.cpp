#include "daemon/evidence/file_vault.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "config/types/digest.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCase = "01CBYASDG0KJQ1Z0D0TAS2BEEZ";

Observation caught_page(const std::string& body) {
  Observation o;
  o.target = "therapies/page";
  o.url = "https://stats.example.org/pub/therapies";
  o.final_url = o.url;
  o.sent = Instant{Millis{1'524'474'000'000}};
  o.done = o.sent + Millis{80};
  o.status = 200;
  o.http_version = "1.1";
  o.headers = {{"Content-Type", "text/html"}, {"Age", "12"}};
  o.remote_ip = "192.0.2.7";
  o.body = body;
  o.size = body.size();
  o.digest = "sha256:" + hex(sha256(body));
  return o;
}

std::string file_text(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

unsigned mode_of_path(const fs::path& p) { return static_cast<unsigned>(fs::status(p).permissions()); }

class FileVaultTest : public testing::Test {
 protected:
  std::vector<std::string> names_in(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& e : fs::directory_iterator{folder_.path() + "/" + folder}) names.push_back(e.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  TempFolder folder_;
  FileVault vault_{folder_.path()};
};

TEST_F(FileVaultTest, KeepsHeadersAndBodyAndNamesTheFile) {
  const Observation o = caught_page("<html>full \0page</html>");
  const auto row = vault_.keep(kCase, o);
  ASSERT_TRUE(row) << to_string(row.error());
  EXPECT_EQ(row->path, std::string{"evidence/"} + kCase + "/1-" + o.digest.substr(7, 12) + ".http");
  EXPECT_EQ(*row, (EvidenceRow{kCase, o.target, o.url, o.digest, row->path, o.size, 200, o.sent, o.done}));
  EXPECT_EQ(file_text(folder_.path() + "/" + row->path),
            "embargod url=https://stats.example.org/pub/therapies final_url=https://stats.example.org/pub/therapies"
            " sent=2018-04-23T09:00:00.000Z done=2018-04-23T09:00:00.080Z remote_ip=192.0.2.7 size=" +
                std::to_string(o.size) + " truncated=no\r\nHTTP/1.1 200\r\nContent-Type: text/html\r\nAge: 12\r\n\r\n" +
                o.body);
}

TEST_F(FileVaultTest, IsClosedToOthersWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const auto row = vault_.keep(kCase, caught_page("x"));
  ::umask(before);
  ASSERT_TRUE(row);
  EXPECT_EQ(mode_of_path(folder_.path() + "/evidence"), 0700U);
  EXPECT_EQ(mode_of_path(folder_.path() + "/evidence/" + kCase), 0700U);
  EXPECT_EQ(mode_of_path(folder_.path() + "/" + row->path), 0600U);
}

TEST_F(FileVaultTest, NumbersTheFilesOfAnIncidentAndGoesOnAfterARestart) {
  const Observation o = caught_page("same page");
  const auto first = vault_.keep(kCase, o)->path;
  const auto second = vault_.keep(kCase, o)->path;
  EXPECT_THAT(second, testing::HasSubstr("/2-"));
  vault_.discard(first);
  FileVault again{folder_.path()};
  EXPECT_THAT(again.keep(kCase, o)->path, testing::HasSubstr("/3-"));
  EXPECT_EQ(names_in(std::string{"evidence/"} + kCase).size(), 2U);
}

TEST_F(FileVaultTest, CutsABodyAtItsCapAndSaysSo) {
  FileVault small{folder_.path(), 10};
  const Observation o = caught_page("0123456789ABC");
  const auto row = small.keep(kCase, o);
  ASSERT_TRUE(row);
  const std::string text = file_text(folder_.path() + "/" + row->path);
  EXPECT_THAT(text, testing::HasSubstr("truncated=yes"));
  EXPECT_TRUE(text.ends_with("\r\n\r\n0123456789"));
  EXPECT_EQ(row->digest, o.digest) << "the digest is of the body that was judged";
  Observation cut = caught_page("abc");
  cut.failure = Cause::truncated;
  EXPECT_THAT(file_text(folder_.path() + "/" + vault_.keep(kCase, cut)->path), testing::HasSubstr("truncated=yes"));
}

TEST_F(FileVaultTest, OutsideTextForgesNeitherLinesNorNames) {
  Observation o = caught_page("x");
  o.url = "https://stats.example.org/a\r\nX: y \xFF";
  o.headers = {{"X-Bad", "a\r\nSet-Cookie: b"}};
  o.target = "../../etc/passwd";
  o.remote_ip = "::1\n";
  const auto row = vault_.keep(kCase, o);
  ASSERT_TRUE(row);
  const std::string text = file_text(folder_.path() + "/" + row->path);
  EXPECT_THAT(text, testing::HasSubstr("url=https://stats.example.org/a%0D%0AX:%20y%20%FF "));
  EXPECT_THAT(text, testing::HasSubstr("X-Bad: a  Set-Cookie: b\r\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

TEST_F(FileVaultTest, RefusesIdsAndDigestsThatAreNotOurs) {
  for (const char* id : {"", "..", "../x", "a/b", "A B", "lower", "A\n"}) {
    const auto refused = vault_.keep(id, caught_page("x"));
    ASSERT_FALSE(refused) << id;
    EXPECT_EQ(refused.error().code, Errc::invalid_input);
  }
  Observation o = caught_page("x");
  o.digest = "sha256:../../../../etc/passwd";
  EXPECT_FALSE(vault_.keep(kCase, o));
  EXPECT_FALSE(fs::exists(folder_.path() + "/evidence"));
}

TEST_F(FileVaultTest, MakesADigestWhereNothingWasReceived) {
  Observation o = caught_page("");
  o.digest.clear();
  EXPECT_EQ(vault_.keep(kCase, o)->digest, "sha256:" + hex(sha256("")));
}

TEST_F(FileVaultTest, DiscardsItsOwnFilesAndNothingElse) {
  const auto path = vault_.keep(kCase, caught_page("x"))->path;
  const std::string outside = folder_.path() + "/precious.http";
  std::ofstream{outside} << "x";
  const std::string odd = folder_.path() + "/evidence/" + kCase + "/notes.txt";
  std::ofstream{odd} << "x";
  const std::string base = std::string{"evidence/"} + kCase;
  for (const std::string& p :
       {std::string{"precious.http"}, outside, std::string{"evidence/../precious.http"}, base + "/../../precious.http",
        base + "/notes.txt", base, std::string{"evidence"}, std::string{}, base + "/1-000000000000.http"})
    vault_.discard(p);
  EXPECT_TRUE(fs::exists(outside));
  EXPECT_TRUE(fs::exists(odd));
  EXPECT_TRUE(fs::exists(folder_.path() + "/" + path));
  vault_.discard(path);
  EXPECT_FALSE(fs::exists(folder_.path() + "/" + path));
  EXPECT_TRUE(fs::exists(odd));
  fs::remove(odd);
  vault_.discard(vault_.keep(kCase, caught_page("y"))->path);
  EXPECT_FALSE(fs::exists(folder_.path() + "/evidence/" + kCase)) << "the folder goes with its last file";
}

TEST_F(FileVaultTest, FollowsNoSymbolicLink) {
  const TempFolder elsewhere;
  fs::create_directory(folder_.path() + "/evidence");
  fs::create_directory_symlink(elsewhere.path(), folder_.path() + "/evidence/" + kCase);
  const auto refused = vault_.keep(kCase, caught_page("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
}

TEST_F(FileVaultTest, AFullDiskLeavesNoHalfFile) {
  const SmallDisk disk{folder_.path(), std::size_t{256} << 10U};
  const auto refused = vault_.keep(kCase, caught_page(std::string(std::size_t{1} << 20U, 'x')));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_THAT(to_string(refused.error()), testing::HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::is_empty(folder_.path() + "/evidence/" + kCase));
  EXPECT_TRUE(vault_.keep(kCase, caught_page("small")));
}

TEST_F(FileVaultTest, OverwritesWhatACrashLeft) {
  ASSERT_TRUE(vault_.keep(kCase, caught_page("x")));
  std::ofstream{folder_.path() + "/evidence/" + kCase + "/.part"} << std::string(100'000, 'z');
  const auto row = vault_.keep(kCase, caught_page("y"));
  ASSERT_TRUE(row);
  EXPECT_TRUE(file_text(folder_.path() + "/" + row->path).ends_with("\r\n\r\ny"));
  EXPECT_EQ(names_in(std::string{"evidence/"} + kCase).size(), 2U);
}

}  // namespace
}  // namespace embargod

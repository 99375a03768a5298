#include "daemon/evidence/warc_vault.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/daemon/evidence/captured.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kFile = std::string{"evidence/"} + kCase + ".warc.gz";
const std::string kSecond = std::string{"evidence/"} + kCase + "-2.warc.gz";

unsigned mode_of_path(const fs::path& p) { return static_cast<unsigned>(fs::status(p).permissions()); }

/// Keeps what is told.
class TextLog final : public Log {
 public:
  void write(LogLevel, std::string_view msg, std::initializer_list<Field> fields) override {
    text += msg;
    for (const Field& f : fields) text += " " + std::string{f.first} + "=" + f.second;
    text += "\n";
  }
  std::string text;
};

class WarcVaultTest : public testing::Test {
 protected:
  static WarcVault vault_in(const std::string& folder, Log& log, std::size_t max_body = 1U << 20U,
                            std::uint64_t max_file = 1U << 30U) {
    return WarcVault{{.state_folder = folder,
                      .by =
                          [] {
                            return CapturedBy{.software = "embargod/9",
                                              .operator_name = "Example Agency",
                                              .user_agent = "embargod/9 (+mailto:a@example.org)"};
                          },
                      .max_body = max_body,
                      .max_file = max_file},
                     log};
  }
  Result<EvidenceRow> keep(const Observation& o) { return vault_.keep(kCase, o, taken_for_early()); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  [[nodiscard]] std::vector<PlacedRecord> kept(const std::string& name = kFile) const {
    return records_in(file_text(path(name)));
  }
  [[nodiscard]] static std::vector<std::string> types(const std::vector<PlacedRecord>& records) {
    std::vector<std::string> out;
    out.reserve(records.size());
    for (const auto& r : records) out.push_back(r.record.type);
    return out;
  }
  static std::string field(const WarcRecord& r, const char* name) {
    const std::string* v = r.field(name);
    return v == nullptr ? "(none)" : *v;
  }

  TempFolder folder_;
  TextLog log_;
  WarcVault vault_ = vault_in(folder_.path(), log_);
};

TEST_F(WarcVaultTest, KeepsTheAnswerAndNamesFileAndPlace) {
  Observation o = caught_page("<html>full page</html>");
  o.hops = {{301, "/pub/therapies"}};
  const auto row = keep(o);
  ASSERT_TRUE(row) << to_string(row.error());
  const auto records = kept();
  ASSERT_EQ(types(records), (std::vector<std::string>{"warcinfo", "response", "request", "metadata"}));
  EXPECT_EQ(row->path, kFile + "#" + std::to_string(records[1].offset));
  EXPECT_EQ(*row, (EvidenceRow{kCase, o.target, o.url, o.digest, row->path, o.size, 200, o.sent, o.done}));

  const WarcRecord& response = records[1].record;
  EXPECT_EQ(response.block, "HTTP/1.1 200 \r\nContent-Type: text/html\r\nAge: 12\r\n\r\n" + o.body);
  EXPECT_EQ(field(response, "WARC-Date"), "2018-04-23T09:00:00.000Z");
  EXPECT_EQ(field(response, "WARC-Target-URI"), o.url);
  EXPECT_EQ(field(response, "WARC-IP-Address"), "192.0.2.7");
  EXPECT_EQ(field(response, "WARC-Payload-Digest"), o.digest);
  EXPECT_EQ(field(response, "WARC-Truncated"), "(none)");
  EXPECT_EQ(field(records[2].record, "WARC-Concurrent-To"), field(response, "WARC-Record-ID"));
  EXPECT_EQ(records[2].record.block,
            "GET /pub/therapies HTTP/1.1\r\nHost: stats.example.org\r\nUser-Agent: embargod/9 (+mailto:a@example.org)"
            "\r\n\r\n");
  EXPECT_THAT(records[0].record.block, HasSubstr("software: embargod/9\r\noperator: Example Agency\r\n"));

  const auto j = nlohmann::json::parse(records[3].record.block);
  EXPECT_EQ(j["taken_for"]["verdict"], "early");
  EXPECT_EQ(j["taken_for"]["rule"], "generic live_if[0]: text");
  EXPECT_EQ(j["redirects"][0]["status"], 301);
  EXPECT_EQ(j["clock"]["verified"], true);
  EXPECT_THAT(j["form"]["request"].get<std::string>(), HasSubstr("not the bytes sent"));
}

TEST_F(WarcVaultTest, SaysThatTheContentCodingIsGone) {
  Observation o = caught_page("decoded");
  o.http_version = "2";
  o.headers = {{"content-encoding", "gzip"}, {"Content-Length", "31"}, {"Transfer-Encoding", "chunked"}};
  ASSERT_TRUE(keep(o));
  const auto records = kept();
  const WarcRecord& response = records[1].record;
  EXPECT_EQ(response.block,
            "HTTP/1.1 200 \r\nX-Orig-content-encoding: gzip\r\nX-Orig-Content-Length: 31\r\n"
            "X-Orig-Transfer-Encoding: chunked\r\n\r\ndecoded");
  EXPECT_EQ(field(response, "WARC-Protocol"), "h2");
}

TEST_F(WarcVaultTest, IsClosedToOthersWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const auto row = keep(caught_page("x"));
  ::umask(before);
  ASSERT_TRUE(row);
  EXPECT_EQ(mode_of_path(path("evidence")), 0700U);
  EXPECT_EQ(mode_of_path(path(kFile)), 0600U);
}

TEST_F(WarcVaultTest, KeepsAnIdenticalPayloadOnceAlsoAfterARestart) {
  const std::string body(50'000, 'p');
  ASSERT_TRUE(keep(caught_page(body)));
  Observation later = caught_page(body);
  later.sent += Millis{5'000};
  later.target = "therapies/tables";
  ASSERT_TRUE(keep(later));
  WarcVault again = vault_in(folder_.path(), log_);
  const auto third = again.keep(kCase, later, taken_for_early());
  ASSERT_TRUE(third);
  ASSERT_TRUE(again.keep(kCase, caught_page("another"), taken_for_early()));
  const auto records = kept();
  EXPECT_EQ(types(records),
            (std::vector<std::string>{"warcinfo", "response", "request", "metadata", "revisit", "request", "metadata",
                                      "revisit", "request", "metadata", "response", "request", "metadata"}));
  const WarcRecord& revisit = records[4].record;
  EXPECT_EQ(field(revisit, "WARC-Profile"), kRevisitProfile);
  EXPECT_EQ(field(revisit, "WARC-Refers-To"), field(records[1].record, "WARC-Record-ID"));
  EXPECT_EQ(field(revisit, "WARC-Refers-To-Date"), "2018-04-23T09:00:00.000Z");
  EXPECT_EQ(field(revisit, "WARC-Payload-Digest"), later.digest);
  EXPECT_TRUE(revisit.block.ends_with("\r\n\r\n"));
  EXPECT_EQ(third->path, kFile + "#" + std::to_string(records[7].offset));
  EXPECT_EQ(log_.text, "");
}

TEST_F(WarcVaultTest, CutsABodyAtItsCapAndSaysSo) {
  WarcVault small = vault_in(folder_.path(), log_, 10);
  const Observation o = caught_page("0123456789ABC");
  const auto row = small.keep(kCase, o, taken_for_early());
  ASSERT_TRUE(row);
  ASSERT_TRUE(small.keep(kCase, o, taken_for_early()));
  const auto records = kept();
  EXPECT_EQ(field(records[1].record, "WARC-Truncated"), "length");
  EXPECT_TRUE(records[1].record.block.ends_with("\r\n\r\n0123456789"));
  EXPECT_EQ(records[4].record.type, "response") << "what is not whole is no payload to refer to";
  EXPECT_EQ(row->digest, o.digest) << "the digest is of the body that was judged";
  struct Row {
    Cause failure;
    const char* says;
  };
  std::size_t at = 7;
  for (const Row& r : {Row{Cause::truncated, "disconnect"}, Row{Cause::reset, "disconnect"},
                       Row{Cause::timeout, "time"}, Row{Cause::too_large, "length"}}) {
    Observation cut = caught_page("abc");
    cut.failure = r.failure;
    ASSERT_TRUE(small.keep(kCase, cut, taken_for_early()));
    EXPECT_EQ(field(kept()[at].record, "WARC-Truncated"), r.says);
    at += 3;
  }
}

TEST_F(WarcVaultTest, OutsideTextForgesNeitherLinesNorNames) {
  Observation o = caught_page("x");
  o.url = "https://stats.example.org/a\r\nX: y \xFF";
  o.final_url = o.url;
  o.headers = {{"X-Bad", "a\r\nSet-Cookie: b"}};
  o.target = "../../etc/passwd";
  o.remote_ip = "::1\n";
  ASSERT_TRUE(keep(o));
  const auto records = kept();
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(field(records[1].record, "WARC-Target-URI"), "https://stats.example.org/a%0D%0AX:%20y%20%FF");
  EXPECT_EQ(field(records[1].record, "WARC-IP-Address"), "::1%0A");
  EXPECT_EQ(records[1].record.block, "HTTP/1.1 200 \r\nX-Bad: a  Set-Cookie: b\r\n\r\nx");
}

TEST_F(WarcVaultTest, RefusesIdsAndDigestsThatAreNotOurs) {
  for (const char* id : {"", "..", "../x", "a/b", "A B", "lower", "A\n"}) {
    const auto refused = vault_.keep(id, caught_page("x"), taken_for_early());
    ASSERT_FALSE(refused) << id;
    EXPECT_EQ(refused.error().code, Errc::invalid_input);
  }
  Observation o = caught_page("x");
  o.digest = "sha256:../../../../etc/passwd";
  EXPECT_FALSE(keep(o));
  EXPECT_FALSE(fs::exists(path("evidence")));
}

TEST_F(WarcVaultTest, MakesADigestWhereNothingWasReceived) {
  Observation o = caught_page("");
  o.digest.clear();
  EXPECT_EQ(keep(o)->digest, "sha256:" + hex(sha256("")));
  o.status = 0;
  ASSERT_TRUE(keep(o));
  EXPECT_EQ(types(kept()),
            (std::vector<std::string>{"warcinfo", "response", "request", "metadata", "request", "metadata"}));
}

TEST_F(WarcVaultTest, DiscardsItsOwnFilesAndNothingElse) {
  const auto row = keep(caught_page("x"));
  const std::string folder = path(std::string{"evidence/"} + kCase);
  fs::create_directory(folder);
  std::ofstream{path("precious.warc.gz")} << "x";
  std::ofstream{folder + "/1-0123456789ab.http"} << "as version 0.1 kept it";
  std::ofstream{folder + "/notes.txt"} << "x";
  const std::string old = std::string{"evidence/"} + kCase + "/1-0123456789ab.http";
  for (const std::string& p :
       {std::string{"precious.warc.gz"}, path("precious.warc.gz"), std::string{"evidence/../precious.warc.gz#0"},
        std::string{"precious.warc.gz#0"}, kFile, std::string{"evidence/#0"}, std::string{"evidence"}, std::string{},
        std::string{"evidence/"} + kCase + "-0.warc.gz#0", std::string{"evidence/"} + kCase + "/notes.txt",
        std::string{"evidence/"} + kCase + "/../" + kCase + ".warc.gz#0"})
    vault_.discard(p);
  for (const std::string& name : {std::string{"precious.warc.gz"}, kFile, old})
    EXPECT_TRUE(fs::exists(path(name))) << name;
  vault_.discard(row->path);
  EXPECT_FALSE(fs::exists(path(kFile)));
  vault_.discard(old);
  EXPECT_FALSE(fs::exists(path(old)));
  EXPECT_TRUE(fs::exists(folder + "/notes.txt"));
  fs::remove(folder + "/notes.txt");
  std::ofstream{path(old)} << "x";
  vault_.discard(old);
  EXPECT_FALSE(fs::exists(folder)) << "the folder of an earlier version goes with its last file";
  ASSERT_TRUE(keep(caught_page("again")));
  EXPECT_EQ(kept().size(), 4U);
}

TEST_F(WarcVaultTest, FollowsNoSymbolicLink) {
  const TempFolder elsewhere;
  fs::create_directory(path("evidence"));
  std::ofstream{elsewhere.path() + "/file"} << "";
  fs::create_symlink(elsewhere.path() + "/file", path(kFile));
  const auto refused = keep(caught_page("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_EQ(fs::file_size(elsewhere.path() + "/file"), 0U);
}

/// Bytes that do not compress.
std::string noise(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) {
    const Digest d = sha256(std::to_string(i));
    out.append(reinterpret_cast<const char*>(d.data()), d.size());
  }
  return out;
}

TEST_F(WarcVaultTest, AFullDiskLeavesNoHalfRecord) {
  const SmallDisk disk{folder_.path(), std::size_t{256} << 10U};
  for (int round = 0; round < 2; ++round) {
    const auto refused = keep(caught_page(noise(std::size_t{1} << 20U)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::io);
    EXPECT_THAT(to_string(refused.error()), HasSubstr("No space left on device"));
    EXPECT_TRUE(keep(caught_page("small"))) << "what is there goes on, and there is room again";
    EXPECT_EQ(kept().size(), 4U + 3U * static_cast<unsigned>(round));
  }
  EXPECT_EQ(log_.text, "");
}

/// As a crash in the middle of a write leaves it: every possible cut of the last capture.
TEST_F(WarcVaultTest, CutsOffWhatACrashLeftHalfWritten) {
  ASSERT_TRUE(keep(caught_page("first")));
  const std::string before = file_text(path(kFile));
  ASSERT_TRUE(keep(caught_page("second")));
  const std::string after = file_text(path(kFile));
  std::set<std::size_t> ends, sizes;
  for (const auto& r : kept()) ends.insert(r.offset + r.size);
  for (const std::size_t end : ends) sizes.insert({end - 1, end, end + 1});
  for (std::size_t size = before.size(); size <= after.size(); size += 13) sizes.insert(size);
  for (const std::size_t size : sizes) {
    if (size < before.size() || size > after.size()) continue;
    std::ofstream{path(kFile), std::ios::binary | std::ios::trunc} << after.substr(0, size);
    TextLog log;
    WarcVault again = vault_in(folder_.path(), log);
    const auto row = again.keep(kCase, caught_page("third"), taken_for_early());
    ASSERT_TRUE(row) << size;
    const auto records = kept();
    EXPECT_EQ(records[1].record.block.substr(records[1].record.block.size() - 5), "first");
    EXPECT_THAT(records[records.size() - 3].record.block, HasSubstr("\r\n\r\nthird"));
    EXPECT_EQ(row->path, kFile + "#" + std::to_string(records[records.size() - 3].offset));
    EXPECT_EQ(log.text.empty(), ends.contains(size)) << size;
  }
}

TEST_F(WarcVaultTest, SaysWhatItCutOff) {
  ASSERT_TRUE(keep(caught_page("first")));
  const auto size = fs::file_size(path(kFile));
  std::ofstream{path(kFile), std::ios::binary | std::ios::app} << std::string(4096, '\0');  // a file system's own way
  ASSERT_TRUE(keep(caught_page("second")));
  EXPECT_EQ(kept().size(), 7U);
  EXPECT_EQ(log_.text, "a record that a crash left half written was cut off file=" + std::string{kCase} +
                           ".warc.gz bytes=4096 left=" + std::to_string(size) + "\n");
}

TEST_F(WarcVaultTest, LeavesADamagedFileAloneAndGoesOnInAnother) {
  ASSERT_TRUE(keep(caught_page("first")));
  std::string bytes = file_text(path(kFile));
  bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
  std::ofstream{path(kFile), std::ios::binary | std::ios::trunc} << bytes;
  WarcVault again = vault_in(folder_.path(), log_);
  const auto row = again.keep(kCase, caught_page("second"), taken_for_early());
  ASSERT_TRUE(row);
  EXPECT_TRUE(row->path.starts_with(kSecond + "#")) << row->path;
  EXPECT_EQ(file_text(path(kFile)), bytes);
  EXPECT_EQ(kept(kSecond).size(), 4U);
  EXPECT_THAT(log_.text, HasSubstr("an evidence file is damaged; the incident goes on in another"));
  ASSERT_TRUE(again.keep(kCase, caught_page("third"), taken_for_early()));
  EXPECT_EQ(kept(kSecond).size(), 7U);
  again.discard(row->path);
  EXPECT_FALSE(fs::exists(path(kSecond)));
}

TEST_F(WarcVaultTest, BeginsAnotherFileWhenOneIsFull) {
  WarcVault small = vault_in(folder_.path(), log_, 1U << 20U, 1000);
  ASSERT_TRUE(small.keep(kCase, caught_page("first"), taken_for_early()));
  const auto row = small.keep(kCase, caught_page("second"), taken_for_early());
  ASSERT_TRUE(row);
  EXPECT_TRUE(row->path.starts_with(kSecond + "#"));
  EXPECT_EQ(kept().size(), 4U);
}

TEST_F(WarcVaultTest, AFolderThatIsGoneIsMadeAnew) {
  ASSERT_TRUE(keep(caught_page("first")));
  fs::remove_all(path("evidence"));
  ASSERT_TRUE(keep(caught_page("second")));
  EXPECT_EQ(kept().size(), 4U);
}

}  // namespace
}  // namespace embargod

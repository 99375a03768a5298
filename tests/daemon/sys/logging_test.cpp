#include "daemon/sys/logging.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/fake_clock.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant kLogInstant{Millis{1'524'484'800'678}};
constexpr const char* kForgery =
    "a\"b\\c\nts=2026-01-01T00:00:00.000Z level=error msg=forged\r\t\x1B[31m\xE2\x80\xAE\xC2\x9B \xFF end";

TEST(LogLine, Logfmt) {
  EXPECT_EQ(format_line(LogFormat::logfmt, kLogInstant, LogLevel::info, "listening", {{"address", "127.0.0.1:9750"}}),
            "ts=2018-04-23T12:00:00.678Z level=info msg=listening address=127.0.0.1:9750");
  EXPECT_EQ(format_line(LogFormat::logfmt, kLogInstant, LogLevel::warn, "two words",
                        {{"empty", ""}, {"eq", "a=b"}, {"title", "Pr\xC3\xADomh \xE2\x80\x94 x"}}),
            "ts=2018-04-23T12:00:00.678Z level=warn msg=\"two words\" empty=\"\" eq=\"a=b\" title=\"Pr\xC3\xADomh "
            "\xE2\x80\x94 x\"");
}

TEST(LogLine, Json) {
  EXPECT_EQ(format_line(LogFormat::json, kLogInstant, LogLevel::error, "listening", {{"address", "a\"b"}}),
            R"({"ts":"2018-04-23T12:00:00.678Z","level":"error","msg":"listening","address":"a\"b"})");
}

class LogInjection : public testing::TestWithParam<LogFormat> {};

TEST_P(LogInjection, OutsideTextStaysOneEscapedValue) {
  const std::string line =
      format_line(GetParam(), kLogInstant, LogLevel::info, kForgery, {{"title", kForgery}, {"odd key\n=\"", "v"}});
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    EXPECT_TRUE(byte >= 0x20 && byte < 0x7F) << "byte " << int{byte} << " in " << line;
  }
  const char* escaped =
      R"("a\"b\\c\nts=2026-01-01T00:00:00.000Z level=error msg=forged\r\t\u001b[31m\u202e\u009b \ufffd end")";
  EXPECT_THAT(line, HasSubstr(escaped));
  if (GetParam() == LogFormat::json) {
    const auto parsed = nlohmann::json::parse(line);
    EXPECT_EQ(parsed.size(), 5U);
    EXPECT_EQ(parsed.at("level"), "info");
  } else {
    EXPECT_THAT(line, testing::StartsWith(std::string{"ts=2018-04-23T12:00:00.678Z level=info msg="} + escaped +
                                          " title=" + escaped));
    EXPECT_THAT(line, testing::EndsWith(" odd_key___=v"));
  }
}

INSTANTIATE_TEST_SUITE_P(In, LogInjection, testing::Values(LogFormat::logfmt, LogFormat::json),
                         [](const auto& p) { return p.param == LogFormat::json ? "Json" : "Logfmt"; });

TEST(LogJournal, CarriesFieldsAndMessageIds) {
  EXPECT_THAT(journal_items(LogLevel::error, "incident opened", {{"release", "gdp q1"}, {"due-at", "x\ny"}}),
              testing::ElementsAre("MESSAGE=incident opened release=\"gdp q1\" due-at=\"x\\ny\"", "PRIORITY=3",
                                   "SYSLOG_IDENTIFIER=embargod", "MESSAGE_ID=" + std::string{kIncidentOpenedMessageId},
                                   "EMBARGOD_RELEASE=gdp q1", "EMBARGOD_DUE_AT=x\\ny"));
  EXPECT_THAT(journal_items(LogLevel::info, "incident closed", {}),
              testing::Contains("MESSAGE_ID=" + std::string{kIncidentClosedMessageId}));
  EXPECT_THAT(journal_items(LogLevel::info, "listening", {}),
              Not(testing::Contains(testing::StartsWith("MESSAGE_ID"))));
  for (const auto& item : journal_items(LogLevel::debug, kForgery, {{"k", kForgery}}))
    EXPECT_THAT(item, Not(HasSubstr("\n")));
}

TEST(LogWords, AreReadStrictly) {
  EXPECT_EQ(log_level_from("warn"), LogLevel::warn);
  EXPECT_FALSE(log_level_from("warning").has_value());
  EXPECT_EQ(log_format_from("json"), LogFormat::json);
  EXPECT_FALSE(log_format_from("JSON").has_value());
}

class StderrLog : public testing::Test {
 protected:
  StderrLog() { ::unsetenv("JOURNAL_STREAM"); }
  FakeClock clock_{kLogInstant};
};

TEST_F(StderrLog, WritesLinesFromItsLevelOn) {
  const auto log = make_log({LogLevel::info, LogFormat::logfmt}, clock_);
  testing::internal::CaptureStderr();
  log->debug("not shown", {{"url", "https://unpublished.example.org"}});
  log->info("listening", {{"address", "127.0.0.1:9750"}});
  log->warn("{} %s %v", {{"pattern", "%v{}"}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "ts=2018-04-23T12:00:00.678Z level=info msg=listening address=127.0.0.1:9750\n"
            "ts=2018-04-23T12:00:00.678Z level=warn msg=\"{} %s %v\" pattern=%v{}\n");
}

TEST_F(StderrLog, AJournalStreamThatIsNotStderrIsIgnored) {
  ::setenv("JOURNAL_STREAM", "1:1", 1);
  testing::internal::CaptureStderr();
  make_log({LogLevel::debug, LogFormat::json}, clock_)->debug("x");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "{\"ts\":\"2018-04-23T12:00:00.678Z\",\"level\":\"debug\",\"msg\":\"x\"}\n");
}

TEST_F(StderrLog, LinesOfSeveralThreadsStayWhole) {
  const auto log = make_log({}, clock_);
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&log] {
      for (int k = 0; k < 100; ++k) log->info("line", {{"filler", std::string(200, 'x')}});
    });
  }
  for (auto& t : threads) t.join();
  const std::string whole = "ts=2018-04-23T12:00:00.678Z level=info msg=line filler=" + std::string(200, 'x') + "\n";
  std::string expected;
  for (int n = 0; n < 400; ++n) expected += whole;
  EXPECT_EQ(testing::internal::GetCapturedStderr(), expected);
}

/// In a process of its own, with a /run of its own: stands in for journald at its socket and prints what arrives.
int journal_stand_in(int report) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return 10;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 11;
  if (::mount("tmpfs", "/run", "tmpfs", 0, nullptr) != 0) return 12;
  if (::mkdir("/run/systemd", 0755) != 0 || ::mkdir("/run/systemd/journal", 0755) != 0) return 13;
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un a{};
  a.sun_family = AF_UNIX;
  std::string{"/run/systemd/journal/socket"}.copy(a.sun_path, sizeof a.sun_path - 1);
  if (::bind(socket, reinterpret_cast<sockaddr*>(&a), sizeof a) != 0) return 14;
  struct stat s{};
  if (::fstat(STDERR_FILENO, &s) != 0) return 15;
  ::setenv("JOURNAL_STREAM", (std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino)).c_str(), 1);
  FakeClock clock{kLogInstant};
  make_log({}, clock)->error("incident opened", {{"release", "gdp-q1"}});
  std::array<char, 4'096> buffer{};
  const ssize_t n = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n <= 0) return 16;
  return ::write(report, buffer.data(), static_cast<std::size_t>(n)) == n ? 0 : 17;
}

TEST(LogJournal, SendsNativeEntriesWhereStderrIsTheJournals) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(journal_stand_in(ends[1]));
  ::close(ends[1]);
  std::string entry;
  std::array<char, 4'096> buffer{};
  for (ssize_t n = 0; (n = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    entry.append(buffer.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 0) << "10 to 13: the test needs the right to mount";
  for (const auto& field :
       {std::string{"MESSAGE=incident opened release=gdp-q1\n"}, std::string{"PRIORITY=3\n"},
        std::string{"EMBARGOD_RELEASE=gdp-q1\n"}, "MESSAGE_ID=" + std::string{kIncidentOpenedMessageId} + "\n"})
    EXPECT_THAT(entry, HasSubstr(field));
}

}  // namespace
}  // namespace embargod

#include "alerts/channels/exec.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "alerts/channels/webhook.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

class ExecTest : public testing::Test {
 protected:
  /// Runs a shell script as the receiver's program.
  Receipt run(const std::string& script, std::vector<std::string> arguments = {}, Millis timeout = 10s) {
    return notifier(script, std::move(arguments), timeout)->deliver({alert_}, kNoon);
  }

  std::unique_ptr<ExecNotifier> notifier(const std::string& script, std::vector<std::string> arguments = {},
                                         Millis timeout = 10s) {
    const std::string program = folder_ / "program";
    std::ofstream{program} << "#!/bin/sh\n" << script << "\n";
    ::chmod(program.c_str(), 0700);
    ExecSettings settings{.command = {program}, .timeout = timeout, .severities = {Severity::page}, .name = {}};
    for (std::string& a : arguments) settings.command.push_back(std::move(a));
    return std::make_unique<ExecNotifier>("exec-1", std::move(settings));
  }

  [[nodiscard]] std::string file(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream{folder_ / name}.rdbuf();
    return out.str();
  }

  /// Waits until the process that wrote its number into `name` is gone, or dead and not reaped yet.
  [[nodiscard]] bool dies(const std::string& name) const {
    const std::string pid = file(name).substr(0, file(name).find('\n'));
    for (const auto until = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < until;) {
      std::ifstream stat{"/proc/" + pid + "/stat"};
      std::string line;
      if (!std::getline(stat, line) || line.find(") Z ") != std::string::npos) return true;
      std::this_thread::yield();
    }
    return false;
  }

  TempFolder folder_;
  Alert alert_ = sample_alert("01J", 1, Notice::opened);
};

struct ExitCase {
  const char* name;
  const char* script;
  Outcome want;
  const char* detail;
};

class ExecExitTest : public ExecTest, public testing::WithParamInterface<ExitCase> {};
TEST_P(ExecExitTest, SaysWhetherTryingAgainHelps) {
  const Receipt r = run(GetParam().script);
  EXPECT_EQ(r.outcome, GetParam().want);
  EXPECT_EQ(r.detail, GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    Table, ExecExitTest,
    testing::Values(ExitCase{"Taken", "cat > /dev/null; echo sent", Outcome::accepted, "exit 0"},
                    ExitCase{"TakenUnread", "exit 0", Outcome::accepted, "exit 0"},
                    ExitCase{"Later", "echo busy >&2; exit 75", Outcome::retry, "exit 75: busy"},
                    ExitCase{"Failed", "exit 1", Outcome::retry, "exit 1"},
                    ExitCase{"Never", "echo no such number; exit 65", Outcome::rejected, "exit 65: no such number"},
                    ExitCase{"NotFound", "no-such-command 2> /dev/null", Outcome::retry, "exit 127"},
                    ExitCase{"Killed", "kill -9 $$", Outcome::retry, "ended by signal 9"},
                    ExitCase{"Unprintable", "printf 'a\\033[31m\\nb\\342\\200\\256c'; exit 1", Outcome::retry,
                             "exit 1: a [31m bc"}),
    [](const auto& c) { return c.param.name; });

TEST_F(ExecTest, StandardInputIsTheBodyOfTheWebhook) {
  ASSERT_EQ(run("cat > \"$1\"; cat /dev/stdin > \"$1.again\"", {folder_ / "input"}).outcome, Outcome::accepted);
  EXPECT_EQ(file("input"), webhook_body(alert_));
}

TEST_F(ExecTest, AProgramThatReadsNothingOfALongBodyIsNoFault) {
  alert_.annotations["description"] = std::string(1'000'000, 'x');
  EXPECT_EQ(run("exit 0").outcome, Outcome::accepted);
}

TEST_F(ExecTest, ThereIsNoShellBetween) {
  const std::vector<std::string> arguments{folder_ / "arguments", "$HOME; touch /tmp/x", "", "a b\"'"};
  ASSERT_EQ(run("printf '%s|' \"$@\" > \"$1\"", arguments).outcome, Outcome::accepted);
  EXPECT_EQ(file("arguments"), arguments[0] + "|$HOME; touch /tmp/x||a b\"'|");
}

TEST_F(ExecTest, TheProgramHasACleanWorld) {
  ::setenv("EMBARGOD_TEST_SECRET", "s3cret", 1);
  const Receipt r =
      run("env > \"$1\"; pwd > \"$1.pwd\"; ls /proc/self/fd > \"$1.fds\"; grep SigBlk /proc/self/status > \"$1.mask\"",
          {folder_ / "env"});
  ::unsetenv("EMBARGOD_TEST_SECRET");
  ASSERT_EQ(r.outcome, Outcome::accepted) << r.detail;
  EXPECT_EQ(file("env").find("s3cret"), std::string::npos);
  EXPECT_NE(file("env").find("EMBARGOD_RECEIVER=exec-1\n"), std::string::npos) << file("env");
  EXPECT_EQ(file("env.pwd"), "/\n");
  EXPECT_EQ(file("env.fds"), "0\n1\n2\n3\n") << "3 is the folder that ls reads";
  EXPECT_EQ(file("env.mask"), "SigBlk:\t0000000000000000\n");
}

TEST_F(ExecTest, AtTheTimeLimitTheWholeGroupIsKilled) {
  const auto begin = std::chrono::steady_clock::now();
  const Receipt r = run("sleep 1000 & echo $! > \"$1\"; echo $$ > \"$1.leader\"; wait", {folder_ / "child"}, 500ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.detail, "not done within 500ms, killed");
  EXPECT_TRUE(dies("child"));
  EXPECT_TRUE(dies("child.leader"));
}

TEST_F(ExecTest, WhatItLeavesBehindIsKilled) {
  ASSERT_EQ(run("sleep 1000 & echo $! > \"$1\"; exit 0", {folder_ / "child"}).outcome, Outcome::accepted);
  EXPECT_TRUE(dies("child"));
}

TEST_F(ExecTest, EndlessOutputIsCutAndEndsAtTheTimeLimit) {
  const Receipt r = run("exec yes", {}, 500ms);
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_LE(r.detail.size(), 300U);
}

TEST_F(ExecTest, ClosedOutputIsNoEnd) { EXPECT_EQ(run("exec >&- 2>&-; sleep 0.1; exit 75").detail, "exit 75"); }

TEST_F(ExecTest, AProgramThatIsNotThereIsRetried) {
  ExecNotifier n{"exec-1", {.command = {"/no/such/program"}, .severities = {}, .name = {}}};
  const Receipt r = n.deliver({alert_}, kNoon);
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.detail, "the program cannot be started: /no/such/program: No such file or directory");
}

TEST_F(ExecTest, CancelEndsAProgramUnderWay) {
  const auto n = notifier("echo $$ > \"$1\"; sleep 1000", {folder_ / "leader"}, 10s);
  Receipt r;
  {
    const std::jthread delivery{[&] { r = n->deliver({alert_}, kNoon); }};
    while (file("leader").find('\n') == std::string::npos) std::this_thread::yield();
    n->cancel();
  }
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.detail, "stopped");
  EXPECT_TRUE(dies("leader"));
}

}  // namespace
}  // namespace embargod

#include "daemon/sys/signals.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace embargod {
namespace {

using namespace std::chrono_literals;

TEST(Signals, BecomeValues) {
  auto signals = Signals::take();
  ASSERT_TRUE(signals);
  EXPECT_FALSE(signals->wait(0ms).has_value());
  for (const auto& [number, kind] :
       {std::pair{SIGTERM, SignalKind::stop}, {SIGINT, SignalKind::stop}, {SIGHUP, SignalKind::reload}}) {
    ::kill(::getpid(), number);
    EXPECT_EQ(signals->wait(10s), kind) << number;
  }
  EXPECT_FALSE(signals->wait(0ms).has_value());
}

TEST(Signals, ReachMainWhicheverThreadIsHit) {
  auto signals = Signals::take();
  ASSERT_TRUE(signals);
  std::thread{[] { ::kill(::getpid(), SIGHUP); }}.join();
  EXPECT_EQ(signals->wait(10s), SignalKind::reload);
}

TEST(Signals, AWakeEndsTheWait) {
  auto signals = Signals::take();
  ASSERT_TRUE(signals);
  std::thread waker{[&signals] { signals->wake(); }};
  EXPECT_FALSE(signals->wait(60s).has_value());
  waker.join();
}

TEST(Signals, ABrokenPipeDoesNotKill) {
  const auto signals = Signals::take();
  ASSERT_TRUE(signals);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
}

TEST(Signals, AreAsBeforeWhenItIsGone) {
  sigset_t mask;
  {
    const auto signals = Signals::take();
  }
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

}  // namespace
}  // namespace embargod

#include "daemon/sys/system_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace embargod {
namespace {

using namespace std::chrono_literals;

TEST(ClockBound, IsAssumedUntilAServerAnswered) {
  ClockBound b{1s};
  EXPECT_EQ(b.at(0ms, 0ms), 1s);
  b.unanswered(10s);
  EXPECT_EQ(b.at(24h, 5s), 1s);
  EXPECT_FALSE(b.verified());
}

TEST(ClockBound, GrowsBy15PpmAndBy500WhenUnanswered) {
  ClockBound b{1s};
  b.measured(2'000us, 1'000s, 7s);
  EXPECT_TRUE(b.verified());
  EXPECT_EQ(b.at(1'000s, 7s), 2ms);
  EXPECT_EQ(b.at(1'900s, 7s), 16ms) << "2 ms and 15 ppm of 15 min, rounded up";
  b.unanswered(1'900s);
  EXPECT_FALSE(b.verified());
  EXPECT_EQ(b.at(1'900s, 7s), 16ms);
  b.unanswered(2'000s);  // the second miss does not start anew
  EXPECT_EQ(b.at(2'900s, 7s), 516ms) << "and 500 ppm of 1,000 s";
  b.measured(1'000us, 3'000s, 7s);
  EXPECT_TRUE(b.verified());
  EXPECT_EQ(b.at(3'000s, 7s), 1ms);
}

TEST(ClockBound, AStepOfTheWallClockWidensIt) {
  ClockBound b{1s};
  b.measured(2'000us, 0s, 100s);
  EXPECT_EQ(b.at(0s, 100s + 1ms), 2ms) << "reading two clocks is not a step";
  EXPECT_EQ(b.at(0s, 100s - 1'800s), 1'800s + 2ms);
  EXPECT_EQ(b.step_since(100s - 1'800s), 1'800s);
  EXPECT_EQ(b.step_since(103s), 3s);
  b.measured(2'000us, 1s, 103s);
  EXPECT_EQ(b.at(1s, 103s), 2ms) << "the next answer knows of it";
}

TEST(SystemClock, ReadsTheHostsClocks) {
  const SystemClock clock{250ms};
  const auto before = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  const Instant now = clock.now();
  const auto after = std::chrono::ceil<Millis>(std::chrono::system_clock::now());
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
  const Millis first = clock.ticks();
  EXPECT_GE(clock.ticks(), first);
  EXPECT_GT(first, 0ms);
  EXPECT_EQ(clock.uncertainty(), 250ms);
}

TEST(SystemClock, MeasuresAndForgets) {
  SystemClock clock{1s};
  clock.measured(5'000us);
  EXPECT_TRUE(clock.verified());
  EXPECT_LT(clock.uncertainty(), 500ms);
  clock.unanswered();
  EXPECT_FALSE(clock.verified());
  clock.contradicted(4s);
  EXPECT_FALSE(clock.verified());
  EXPECT_GE(clock.uncertainty(), 4s);
}

}  // namespace
}  // namespace embargod

#include "alerts/backoff.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

constexpr BackoffRange kBackoffRange{Millis{1'000}, Millis{300'000}};

struct BackoffCase {
  const char* name;
  int failures;
  double random;
  Millis want;
};

class BackoffTest : public testing::TestWithParam<BackoffCase> {};
TEST_P(BackoffTest, GrowsByAThirdWithFullJitterUpToTheCap) {
  const auto& c = GetParam();
  EXPECT_EQ(backoff(c.failures, c.random, kBackoffRange), c.want);
}
INSTANTIATE_TEST_SUITE_P(Table, BackoffTest,
                         testing::Values(BackoffCase{"First", 1, 0.999999, Millis{1'000}},
                                         BackoffCase{"FirstHalf", 1, 0.5, Millis{500}},
                                         BackoffCase{"NeverNothing", 1, 0.0, Millis{250}},
                                         BackoffCase{"Third", 3, 0.5, Millis{889}},
                                         BackoffCase{"BelowCap", 9, 0.999999, Millis{9'989}},
                                         BackoffCase{"AtCap", 21, 0.999999, Millis{300'000}},
                                         BackoffCase{"YearsOfFailures", 2'000'000, 0.999999, Millis{300'000}},
                                         BackoffCase{"NoFailureYet", 0, 0.5, Millis{500}}),
                         [](const auto& c) { return c.param.name; });

TEST(Backoff, WhoeverWasAwayIsTriedAgainWithinTwoThirdsOfThatTime) {
  Millis away{0};
  for (int n = 1; away < Millis{400'000}; ++n) {
    const Millis longest = backoff(n + 1, 0.999999, kBackoffRange);
    away += backoff(n, 0.5, kBackoffRange);  // the mean
    EXPECT_LE(longest, 2 * away / 3 + Millis{1'100}) << n;
  }
}

TEST(BackoffRetryAfter, IsHonouredUpToTheCap) {
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{7'000}), Millis{7'000});
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{100}), Millis{500}) << "never sooner than our own";
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{86'400'000}), Millis{300'000})
      << "a receiver must not put us off for a day";
}

}  // namespace
}  // namespace embargod

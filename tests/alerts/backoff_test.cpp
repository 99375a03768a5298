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
TEST_P(BackoffTest, DoublesWithFullJitterUpToTheCap) {
  const auto& c = GetParam();
  EXPECT_EQ(backoff(c.failures, c.random, kBackoffRange), c.want);
}
INSTANTIATE_TEST_SUITE_P(Table, BackoffTest,
                         testing::Values(BackoffCase{"First", 1, 0.999999, Millis{1'000}},
                                         BackoffCase{"FirstHalf", 1, 0.5, Millis{500}},
                                         BackoffCase{"NeverNothing", 1, 0.0, Millis{250}},
                                         BackoffCase{"Third", 3, 0.5, Millis{2'000}},
                                         BackoffCase{"BelowCap", 9, 0.999999, Millis{256'000}},
                                         BackoffCase{"AtCap", 10, 0.999999, Millis{300'000}},
                                         BackoffCase{"YearsOfFailures", 2'000'000, 0.999999, Millis{300'000}},
                                         BackoffCase{"NoFailureYet", 0, 0.5, Millis{500}}),
                         [](const auto& c) { return c.param.name; });

TEST(BackoffRetryAfter, IsHonouredUpToTheCap) {
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{7'000}), Millis{7'000});
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{100}), Millis{500}) << "never sooner than our own";
  EXPECT_EQ(backoff(1, 0.5, kBackoffRange, Millis{86'400'000}), Millis{300'000})
      << "a receiver must not put us off for a day";
}

}  // namespace
}  // namespace embargod

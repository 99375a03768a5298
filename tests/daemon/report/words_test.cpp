#include "daemon/report/report_words.h"

#include <gtest/gtest.h>

#include "config/types/time.h"

namespace embargod {
namespace {

struct RoundCase {
  const char* name;
  Millis d;
  const char* down;
  const char* up;
};
class ExactWordsTest : public testing::TestWithParam<RoundCase> {};
TEST_P(ExactWordsTest, NeverRoundsAcrossTheBound) {
  EXPECT_EQ(exact_words(GetParam().d, Rounding::down), GetParam().down);
  EXPECT_EQ(exact_words(GetParam().d, Rounding::up), GetParam().up);
}
INSTANTIATE_TEST_SUITE_P(
    Durations, ExactWordsTest,
    testing::Values(RoundCase{"Zero", Millis{0}, "0.0 s", "0.0 s"}, RoundCase{"OneMilli", Millis{1}, "0.0 s", "0.1 s"},
                    RoundCase{"UnderAMinute", Millis{59'999}, "59.9 s", "1 min 0.0 s"},
                    RoundCase{"Even", Millis{900'000}, "15 min 0.0 s", "15 min 0.0 s"},
                    RoundCase{"UnderFifteenMinutes", Millis{899'950}, "14 min 59.9 s", "15 min 0.0 s"},
                    RoundCase{"Days", Millis{2 * 86'400'000 + 1}, "2 days 0 h 0 min 0.0 s", "2 days 0 h 0 min 0.1 s"},
                    RoundCase{"Negative", Millis{-1'250}, "-1.3 s", "-1.2 s"}),
    [](const auto& c) { return c.param.name; });

TEST(BetweenWords, RoundsLocalSecondsOutwardsAndNamesBothDaysAcrossMidnight) {
  const auto t = [](const char* s) { return parse_rfc3339(s).value(); };
  EXPECT_EQ(between_words({t("2018-04-23T22:59:59.900Z"), t("2018-04-23T23:00:00.100Z")}, "Europe/London"),
            "after 22:59:59.900 UTC and at or before 23:00:00.100 UTC on 23 April 2018 (23:59:59 on 23 April 2018 to "
            "00:00:01 on 24 April 2018 "
            "Europe/London)");
}

TEST(LeadDaysWords, SaysBothDaysIfTheBoundsLieAroundMidnight) {
  EXPECT_EQ(lead_days_words(2, 2), "2 days ahead");
  EXPECT_EQ(lead_days_words(1, 1), "1 day ahead");
  EXPECT_EQ(lead_days_words(1, 2), "1 or 2 days ahead");
  EXPECT_EQ(lead_days_words(0, 0), "on the due date itself");
  EXPECT_EQ(lead_days_words(2, std::nullopt), "2 days or more ahead");
}

}  // namespace
}  // namespace embargod

#include "daemon/impact/log_time.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct TimeCase {
  const char* name;
  const char* text;
  const char* want;  // empty: unreadable
  int resolution_ms;
};
class LogTimeTest : public testing::TestWithParam<TimeCase> {};
TEST_P(LogTimeTest, IsReadWithItsResolution) {
  const auto t = log_time(GetParam().text);
  ASSERT_EQ(t.has_value(), *GetParam().want != '\0');
  if (!t) return;
  EXPECT_EQ(rfc3339(t->at), GetParam().want);
  EXPECT_EQ(t->resolution.count(), GetParam().resolution_ms);
}
INSTANTIATE_TEST_SUITE_P(
    Texts, LogTimeTest,
    testing::Values(TimeCase{"Summer", "23/Apr/2018:11:12:08 +0100", "2018-04-23T10:12:08.000Z", 1'000},
                    TimeCase{"WestOfGreenwich", "22/Apr/2018:23:42:08 -1030", "2018-04-23T10:12:08.000Z", 1'000},
                    TimeCase{"LeapSecond", "31/Dec/2016:23:59:60 +0000", "2017-01-01T00:00:00.000Z", 1'000},
                    TimeCase{"NoSuchDay", "29/Feb/2018:11:12:08 +0100", "", 0},
                    TimeCase{"NoSuchMonth", "23/Abc/2018:11:12:08 +0100", "", 0},
                    TimeCase{"NoZone", "23/Apr/2018:11:12:08", "", 0},
                    TimeCase{"IsoWithOffset", "2018-04-23T11:12:08+01:00", "2018-04-23T10:12:08.000Z", 1'000},
                    TimeCase{"IsoWithFraction", "2018-04-23T10:12:08.25Z", "2018-04-23T10:12:08.250Z", 10},
                    TimeCase{"IsoToTheMicrosecond", "2018-04-23 10:12:08.123456 +0000", "2018-04-23T10:12:08.123Z", 1},
                    TimeCase{"IsoWithoutZone", "2018-04-23T10:12:08", "", 0},
                    TimeCase{"EpochSeconds", "1524478328", "2018-04-23T10:12:08.000Z", 1'000},
                    TimeCase{"EpochFraction", "1524478328.5", "2018-04-23T10:12:08.500Z", 100},
                    TimeCase{"EpochMillis", "1524478328250", "2018-04-23T10:12:08.250Z", 1},
                    TimeCase{"EpochMicros", "1524478328250000", "2018-04-23T10:12:08.250Z", 1},
                    TimeCase{"EpochNanos", "1524478328250000000", "2018-04-23T10:12:08.250Z", 1},
                    TimeCase{"Negative", "-5", "", 0}, TimeCase{"Words", "yesterday", "", 0},
                    TimeCase{"Empty", "", "", 0}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod

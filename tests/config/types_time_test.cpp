#include "config/types/time.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>

namespace embargod {
namespace {

Instant at_ms(std::int64_t ms) { return Instant{Millis{ms}}; }

struct InstantCase {
  const char* name;
  const char* text;
  std::int64_t ms;
};
void PrintTo(const InstantCase& c, std::ostream* out) { *out << c.name; }

class ParseRfc3339Test : public testing::TestWithParam<InstantCase> {};
TEST_P(ParseRfc3339Test, ReadsTheInstant) {
  const auto got = parse_rfc3339(GetParam().text);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->time_since_epoch().count(), GetParam().ms);
}
INSTANTIATE_TEST_SUITE_P(Forms, ParseRfc3339Test,
                         testing::Values(InstantCase{"Zulu", "2018-04-25T08:30:00Z", 1'524'645'000'000},
                                         InstantCase{"Offset", "2018-04-25T09:30:00+01:00", 1'524'645'000'000},
                                         InstantCase{"NegativeOffset", "2018-04-25T03:00:00-05:30", 1'524'645'000'000},
                                         InstantCase{"Milliseconds", "2018-04-25T08:30:00.123Z", 1'524'645'000'123},
                                         InstantCase{"OneDigit", "2018-04-25T08:30:00.5Z", 1'524'645'000'500},
                                         InstantCase{"NanosecondsAreCut", "2018-04-25T08:30:00.123999999Z",
                                                     1'524'645'000'123},
                                         InstantCase{"LowerCase", "2018-04-25t08:30:00z", 1'524'645'000'000},
                                         InstantCase{"LeapDay", "2020-02-29T00:00:00Z", 1'582'934'400'000},
                                         InstantCase{"BeforeTheEpoch", "1969-12-31T23:59:59.999Z", -1}),
                         [](const auto& c) { return c.param.name; });

struct RefusedText {
  const char* name;
  const char* text;
};
void PrintTo(const RefusedText& c, std::ostream* out) { *out << c.name; }

class RefusedRfc3339Test : public testing::TestWithParam<RefusedText> {};
TEST_P(RefusedRfc3339Test, IsAFaultThatSaysWhatToWrite) {
  const auto got = parse_rfc3339(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::invalid_input);
  EXPECT_EQ(to_string(got.error()), "not an RFC 3339 instant; write it like 2018-04-25T08:30:00Z");
}
INSTANTIATE_TEST_SUITE_P(
    Forms, RefusedRfc3339Test,
    testing::Values(RefusedText{"Empty", ""}, RefusedText{"NoZone", "2018-04-25T08:30:00"},
                    RefusedText{"DateOnly", "2018-04-25"}, RefusedText{"Space", "2018-04-25 08:30:00Z"},
                    RefusedText{"NoSeconds", "2018-04-25T08:30Z"}, RefusedText{"NoSuchDay", "2018-02-29T00:00:00Z"},
                    RefusedText{"Hour24", "2018-04-25T24:00:00Z"}, RefusedText{"LeapSecond", "2016-12-31T23:59:60Z"},
                    RefusedText{"EmptyFraction", "2018-04-25T08:30:00.Z"},
                    RefusedText{"BadOffset", "2018-04-25T08:30:00+0100"},
                    RefusedText{"OffsetTooLarge", "2018-04-25T08:30:00+24:00"},
                    RefusedText{"Tail", "2018-04-25T08:30:00Z "}, RefusedText{"TwoZones", "2018-04-25T08:30:00Z+01:00"},
                    RefusedText{"Sign", "+018-04-25T08:30:00Z"}),
    [](const auto& c) { return c.param.name; });

TEST(Rfc3339, AlwaysShowsMilliseconds) {
  EXPECT_EQ(rfc3339(at_ms(1'524'645'000'000)), "2018-04-25T08:30:00.000Z");
  EXPECT_EQ(rfc3339(at_ms(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, KeepsToFourDigitYears) {
  EXPECT_EQ(rfc3339(Instant::max()), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(Instant::min()), "0000-01-01T00:00:00.000Z");
}

TEST(Rfc3339, RoundTripsAnyInstant) {
  std::mt19937_64 random{20180423};
  std::uniform_int_distribution<std::int64_t> ms{-62'167'219'200'000, 253'402'300'799'999};
  for (int i = 0; i < 5'000; ++i) {
    const Instant t = at_ms(ms(random));
    ASSERT_EQ(parse_rfc3339(rfc3339(t)), t) << rfc3339(t);
  }
}

struct DurationCase {
  const char* name;
  const char* text;
  std::int64_t ms;
};
void PrintTo(const DurationCase& c, std::ostream* out) { *out << c.name; }

class ParseDurationTest : public testing::TestWithParam<DurationCase> {};
TEST_P(ParseDurationTest, ReadsIt) {
  const auto got = parse_duration(GetParam().text);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->count(), GetParam().ms);
}
INSTANTIATE_TEST_SUITE_P(Forms, ParseDurationTest,
                         testing::Values(DurationCase{"Milliseconds", "500ms", 500},
                                         DurationCase{"Seconds", "30s", 30'000}, DurationCase{"Minutes", "5m", 300'000},
                                         DurationCase{"Hours", "1h", 3'600'000},
                                         DurationCase{"HoursAndMinutes", "1h12m", 4'320'000},
                                         DurationCase{"Days", "400d", 34'560'000'000},
                                         DurationCase{"All", "1d2h3m4s5ms", 93'784'005}, DurationCase{"Zero", "0s", 0},
                                         DurationCase{"MoreThanTheNextUnit", "90m", 5'400'000}),
                         [](const auto& c) { return c.param.name; });

class RefusedDurationTest : public testing::TestWithParam<RefusedText> {};
TEST_P(RefusedDurationTest, IsAFault) {
  const auto got = parse_duration(GetParam().text);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::invalid_input);
  EXPECT_FALSE(got.error().to_do.empty());
}
INSTANTIATE_TEST_SUITE_P(Forms, RefusedDurationTest,
                         testing::Values(RefusedText{"Empty", ""}, RefusedText{"NoUnit", "30"},
                                         RefusedText{"NoNumber", "s"}, RefusedText{"Negative", "-3s"},
                                         RefusedText{"Plus", "+3s"}, RefusedText{"Space", "30 s"},
                                         RefusedText{"Fraction", "1.5h"}, RefusedText{"Weeks", "2w"},
                                         RefusedText{"UpperCase", "5M"}, RefusedText{"SmallerFirst", "5s1m"},
                                         RefusedText{"UnitTwice", "1h2h"},
                                         RefusedText{"Overflow", "99999999999999999999d"},
                                         RefusedText{"TooLong", "36601d"}, RefusedText{"Tail", "5m3"}),
                         [](const auto& c) { return c.param.name; });

TEST(FormatDuration, IsTheShortTextThatReadsBack) {
  EXPECT_EQ(format_duration(Millis{90'000}), "1m30s");
  EXPECT_EQ(format_duration(Millis{0}), "0s");
  EXPECT_EQ(format_duration(Millis{86'400'000}), "1d");
  EXPECT_EQ(format_duration(Millis{2'500}), "2s500ms");
  EXPECT_EQ(format_duration(Millis{-90'000}), "-1m30s");
}

TEST(FormatDuration, RoundTrips) {
  std::mt19937_64 random{1};
  std::uniform_int_distribution<int> bits{0, 41};
  for (int i = 0; i < 5'000; ++i) {
    const Millis d{static_cast<std::int64_t>(random() % (std::uint64_t{1} << static_cast<unsigned>(bits(random))))};
    ASSERT_EQ(parse_duration(format_duration(d)), d) << format_duration(d);
  }
}

struct WordsCase {
  const char* name;
  std::int64_t ms;
  const char* want;
};
void PrintTo(const WordsCase& c, std::ostream* out) { *out << c.name; }

class WordsTest : public testing::TestWithParam<WordsCase> {};
TEST_P(WordsTest, RoundsToWhatMatters) { EXPECT_EQ(words(Millis{GetParam().ms}), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Sizes, WordsTest,
    testing::Values(WordsCase{"Zero", 0, "0 s"}, WordsCase{"Milliseconds", 40, "40 ms"},
                    WordsCase{"Tenths", 400, "0.4 s"}, WordsCase{"WholeSecond", 3'000, "3 s"},
                    WordsCase{"Negative", -3'000, "-3 s"}, WordsCase{"JustBelowTen", 9'949, "9.9 s"},
                    WordsCase{"RoundsUpToTen", 9'960, "10 s"}, WordsCase{"Seconds", 59'400, "59 s"},
                    WordsCase{"RoundsUpToAMinute", 59'600, "1 min"}, WordsCase{"Minutes", 851'200, "14 min 11 s"},
                    WordsCase{"RoundsUpToAnHour", 3'599'700, "1 h"}, WordsCase{"Hours", 4'320'000, "1 h 12 min"},
                    WordsCase{"Days", 171'660'000, "1 day 23 h 41 min"},
                    WordsCase{"RoundsUpToTwoDays", 172'799'000, "2 days"},
                    WordsCase{"ManyDays", 3'459'600'000, "40 days 1 h"},
                    WordsCase{"NegativeDays", -171'660'000, "-1 day 23 h 41 min"}),
    [](const auto& c) { return c.param.name; });

TEST(Words, SurvivesTheExtremes) {
  EXPECT_FALSE(words(Millis::max()).empty());
  EXPECT_EQ(words(Millis::min()).front(), '-');
}

}  // namespace
}  // namespace embargod

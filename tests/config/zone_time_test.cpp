#include "config/zone_time.h"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "config/zone_check.h"

namespace embargod {
namespace {

Instant instant_of(const char* text) { return parse_rfc3339(text).value(); }

struct DueCase {
  const char* name;
  const char* text;
  const char* zone;
  const char* want;
};
void PrintTo(const DueCase& c, std::ostream* out) { *out << c.name; }

class ReadDueTest : public testing::TestWithParam<DueCase> {};
TEST_P(ReadDueTest, GivesTheInstantOrSaysWhyNot) {
  const auto due = read_due(GetParam().text, GetParam().zone);
  EXPECT_EQ(due ? rfc3339(*due->at) : to_string(due.error()), GetParam().want);
  if (due) {
    EXPECT_EQ(due->as_given, GetParam().text);
  }
}

constexpr const char* kForms =
    "; write it like 2018-04-25 09:30, 2018-04-25T09:30+01:00, 2018-04-25 (09:30 assumed) or 2018-04";
const std::string kNotADate = std::string{"\"25/04/2018\" is not a date and time"} + kForms;
const std::string kAbbreviation =
    std::string{"\"2018-04-25 09:30 BST\" has something behind the time that is neither Z nor an offset like +01:00"} +
    kForms;

INSTANTIATE_TEST_SUITE_P(
    Forms, ReadDueTest,
    testing::Values(
        DueCase{"Summer", "2018-04-25 09:30", "Europe/London", "2018-04-25T08:30:00.000Z"},
        DueCase{"Winter", "2018-12-05 09:30", "Europe/London", "2018-12-05T09:30:00.000Z"},
        DueCase{"LetterT", "2018-04-25T09:30", "Europe/London", "2018-04-25T08:30:00.000Z"},
        DueCase{"Seconds", "2018-04-25 09:30:15", "Europe/London", "2018-04-25T08:30:15.000Z"},
        DueCase{"Fraction", "2018-04-25 09:30:15.250", "Europe/London", "2018-04-25T08:30:15.250Z"},
        DueCase{"Zulu", "2018-04-25T08:30:00Z", "Europe/London", "2018-04-25T08:30:00.000Z"},
        DueCase{"Offset", "2018-04-25 09:30+01:00", "America/New_York", "2018-04-25T08:30:00.000Z"},
        DueCase{"OffsetBehindASpace", "2018-04-25 09:30 +01:00", "Europe/London", "2018-04-25T08:30:00.000Z"},
        DueCase{"DateAlone", "2018-04-25", "Europe/London", "2018-04-25T08:30:00.000Z"},
        DueCase{"NewYork", "2018-04-25 08:30", "America/New_York", "2018-04-25T12:30:00.000Z"},
        DueCase{"Sydney", "2018-01-25 11:30", "Australia/Sydney", "2018-01-25T00:30:00.000Z"},
        DueCase{"QuarterHourZone", "2018-04-25 09:30", "Asia/Kathmandu", "2018-04-25T03:45:00.000Z"},
        DueCase{"LastDay", "2037-12-31 23:59", "Europe/London", "2037-12-31T23:59:00.000Z"},
        DueCase{"FirstDay", "1990-01-01 00:00", "Europe/London", "1990-01-01T00:00:00.000Z"},
        DueCase{"JustBeforeTheGap", "2018-03-25 00:59:59", "Europe/London", "2018-03-25T00:59:59.000Z"},
        DueCase{"JustAfterTheGap", "2018-03-25 02:00", "Europe/London", "2018-03-25T01:00:00.000Z"},
        DueCase{"JustBeforeTheDoubledHour", "2018-10-28 00:59:59", "Europe/London", "2018-10-27T23:59:59.000Z"},
        DueCase{"JustAfterTheDoubledHour", "2018-10-28 02:00", "Europe/London", "2018-10-28T02:00:00.000Z"},
        DueCase{"DoubledHourWithOffset", "2018-10-28 01:30+01:00", "Europe/London", "2018-10-28T00:30:00.000Z"},
        DueCase{"German", "25/04/2018", "Europe/London", kNotADate.c_str()},
        DueCase{"Abbreviation", "2018-04-25 09:30 BST", "Europe/London", kAbbreviation.c_str()}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    ClockChanges, ReadDueTest,
    testing::Values(
        DueCase{"MissingHour", "2030-03-31 01:30", "Europe/London",
                "01:30 does not exist on 2030-03-31 in Europe/London, because the clocks go forward then; "
                "write 2030-03-31 01:30+00:00 (01:30 UTC) or 2030-03-31 01:30+01:00 (00:30 UTC)"},
        DueCase{"MissingHourBegins", "2030-03-31 01:00", "Europe/London",
                "01:00 does not exist on 2030-03-31 in Europe/London, because the clocks go forward then; "
                "write 2030-03-31 01:00+00:00 (01:00 UTC) or 2030-03-31 01:00+01:00 (00:00 UTC)"},
        DueCase{"DoubledHour", "2018-10-28 01:30", "Europe/London",
                "01:30 comes twice on 2018-10-28 in Europe/London: 00:30 UTC (BST) and 01:30 UTC (GMT); "
                "write 2018-10-28 01:30+01:00 (00:30 UTC) or 2018-10-28 01:30+00:00 (01:30 UTC)"},
        DueCase{"DoubledHourWithSeconds", "2018-10-28T01:30:05", "Europe/London",
                "01:30:05 comes twice on 2018-10-28 in Europe/London: 00:30:05 UTC (BST) and 01:30:05 UTC (GMT); "
                "write 2018-10-28T01:30:05+01:00 (00:30:05 UTC) or 2018-10-28T01:30:05+00:00 (01:30:05 UTC)"},
        DueCase{"DoubledHourInSydney", "2018-04-01 02:15", "Australia/Sydney",
                "02:15 comes twice on 2018-04-01 in Australia/Sydney: 15:15 UTC (AEDT) and 16:15 UTC (AEST); "
                "write 2018-04-01 02:15+11:00 (15:15 UTC) or 2018-04-01 02:15+10:00 (16:15 UTC)"},
        DueCase{"TooEarly", "1989-12-31 09:30", "Europe/London",
                "\"1989-12-31 09:30\" is not in the years 1990 to 2037"},
        DueCase{"TooLate", "2038-01-01", "Europe/London", "\"2038-01-01\" is not in the years 1990 to 2037"},
        DueCase{"TooLateByOffset", "2037-12-31 23:30-01:00", "Europe/London",
                "\"2037-12-31 23:30-01:00\" lies after 2037 in UTC"},
        DueCase{"NoSuchZone", "2018-04-25", "Europe/Lodnon",
                "\"Europe/Lodnon\" is not a time zone that this host knows; write an IANA name such as Europe/London "
                "or UTC"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadDue, WhatTheFaultSaysToWriteCanBeRead) {
  EXPECT_EQ(*read_due("2030-03-31 01:30+01:00", "Europe/London")->at, instant_of("2030-03-31T00:30:00Z"));
  EXPECT_EQ(*read_due("2018-10-28 01:30+00:00", "Europe/London")->at, instant_of("2018-10-28T01:30:00Z"));
}

TEST(ReadDue, AMonthIsTheLocalOne) {
  const auto october = read_due("2018-10", "Europe/London");
  ASSERT_TRUE(october);
  EXPECT_EQ(october->period_begin, instant_of("2018-09-30T23:00:00Z"));
  EXPECT_EQ(october->period_end, instant_of("2018-11-01T00:00:00Z"));
  EXPECT_EQ(read_due("2037-12", "Europe/London")->period_end, instant_of("2038-01-01T00:00:00Z"));
  EXPECT_EQ(read_due("2018-12", "Europe/London")->period_end, instant_of("2019-01-01T00:00:00Z"));
}

TEST(ReadDue, AMonthThatBeginsInAMissingHourBeginsAtTheChange) {
  // Asuncion put its clocks forward at midnight on 1 October 2017.
  EXPECT_EQ(read_due("2017-10", "America/Asuncion")->period_begin, instant_of("2017-10-01T04:00:00Z"));
}

TEST(LocalWords, SayWhatPeopleRead) {
  const Instant due = instant_of("2018-04-25T08:30:00Z");
  EXPECT_EQ(local_words(due, "Europe/London"), "Wednesday 25 April 2018, 09:30 BST");
  EXPECT_EQ(local_words(instant_of("2018-12-05T09:30:12.400Z"), "Europe/London"),
            "Wednesday 5 December 2018, 09:30:12 GMT");
  EXPECT_EQ(local_words(due, "America/Sao_Paulo"), "Wednesday 25 April 2018, 05:30 UTC-03");
  EXPECT_EQ(local_words(due, "No/Where"), "Wednesday 25 April 2018, 08:30 UTC");
  EXPECT_EQ(local_words(instant_of("1969-12-31T23:59:59Z"), "UTC"), "Wednesday 31 December 1969, 23:59:59 UTC");
  EXPECT_EQ(local_date(instant_of("2018-04-25T23:30:00Z"), "Europe/London"), "26 April 2018");
  EXPECT_EQ(local_time(due, "Europe/London"), "09:30");
  EXPECT_EQ(local_time(due + Millis{12'000}, "Europe/London"), "09:30:12");
  EXPECT_EQ(local_weekday(instant_of("2018-05-26T09:00:00Z"), "Europe/London"), 6);
  EXPECT_EQ(local_weekday(instant_of("2018-05-26T23:00:00Z"), "Europe/London"), 0);
}

TEST(DaysBetween, CountsLocalDatesNotHours) {
  const Instant due = instant_of("2018-04-25T08:30:00Z");
  EXPECT_EQ(days_between(instant_of("2018-04-23T09:19:00Z"), due, "Europe/London"), 2);
  EXPECT_EQ(days_between(instant_of("2018-04-22T22:59:00Z"), due, "Europe/London"), 3);
  EXPECT_EQ(days_between(instant_of("2018-04-22T23:01:00Z"), due, "Europe/London"), 2);
  EXPECT_EQ(days_between(due, due, "Europe/London"), 0);
  EXPECT_EQ(days_between(due, instant_of("2018-04-23T09:19:00Z"), "Europe/London"), -2);
}

TEST(CheckZoneData, ThisHostIsRight) {
  const auto good = check_zone_data();
  EXPECT_TRUE(good) << to_string(good.error());
}

TEST(CheckZoneData, NoticesSummerTimeForEver) {
  const auto slim = [](Instant t) -> std::optional<std::chrono::minutes> {
    return std::chrono::minutes{t > instant_of("1996-03-31T01:00:00Z") ? 60 : 0};
  };
  const auto good = check_london(slim);
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().code, Errc::unavailable);
  EXPECT_EQ(to_string(good.error()),
            "the host's time zone data is wrong: Europe/London at 2018-10-28T01:00:00.000Z is +00:00, but the data "
            "says +01:00; "
            "install the distribution's tzdata package, whose files are complete (zic -b fat)");
}

TEST(CheckZoneData, NoticesDataThatEndsEarly) {
  const auto ends_in_2030 = [](Instant t) -> std::optional<std::chrono::minutes> {
    absl::TimeZone zone;
    absl::LoadTimeZone("Europe/London", &zone);
    if (t >= instant_of("2031-01-01T00:00:00Z")) return std::chrono::minutes{0};
    return std::chrono::minutes{zone.At(absl::FromChrono(t)).offset / 60};
  };
  EXPECT_EQ(check_london(ends_in_2030).error().what,
            "the host's time zone data is wrong: Europe/London at 2036-03-30T01:00:00.000Z is +01:00, but the data "
            "says +00:00");
}

TEST(CheckZoneData, NoticesThatThereIsNone) {
  EXPECT_EQ(check_london([](Instant) { return std::optional<std::chrono::minutes>{}; }).error().what,
            "the host has no time zone data for Europe/London");
}

// A second implementation (abseil's cctz, which also reads the rule behind the table) must agree on every hour around
// both clock changes and on every release time in between.
TEST(LondonAgainstCctz, AgreesFrom2018To2037) {
  absl::TimeZone london;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london));
  int compared = 0;
  int missing = 0;
  int doubled = 0;
  const absl::CivilDay end{2038, 1, 1};
  for (absl::CivilDay day{2018, 1, 1}; day < end; ++day) {
    const bool may_change = (day.month() == 3 || day.month() == 10) && day.day() > 24;
    for (int minute = 0; minute < 24 * 60; minute += may_change ? 15 : 570) {
      const absl::CivilMinute local = absl::CivilMinute{day} + minute;
      const std::string text = absl::FormatCivilTime(local);  // 2018-04-25T09:30
      const auto want = london.At(absl::CivilSecond{local});
      const auto due = read_due(text, "Europe/London");
      ++compared;
      if (want.kind == absl::TimeZone::TimeInfo::UNIQUE) {
        ASSERT_TRUE(due) << text << ": " << due.error().what;
        ASSERT_EQ(absl::FromChrono(*due->at), want.pre) << text;
      } else {
        const bool is_missing = want.kind == absl::TimeZone::TimeInfo::SKIPPED;
        (is_missing ? missing : doubled) += 1;
        ASSERT_FALSE(due) << text;
        ASSERT_NE(due.error().what.find(is_missing ? "does not exist" : "comes twice"), std::string::npos)
            << due.error().what;
      }
    }
  }
  EXPECT_GT(compared, 20'000);
  EXPECT_EQ(missing, 20 * 4);  // 01:00 to 01:45, once a year
  EXPECT_EQ(doubled, 20 * 4);
}

}  // namespace
}  // namespace embargod

#include "config/sources/spoken_dates.h"

#include <gtest/gtest.h>

#include "tests/config/source_texts.h"

namespace embargod {
namespace {

struct SpokenCase {
  const char* name;
  const char* text;
  const char* want;  // what due_record() shows without zone and text, or the fault without what to do
};
void PrintTo(const SpokenCase& c, std::ostream* out) { *out << c.name; }

class SpokenDueTest : public testing::TestWithParam<SpokenCase> {};
TEST_P(SpokenDueTest, IsReadOrRefusedWithTheReason) {
  const auto due = read_spoken_due(GetParam().text, "Europe/London");
  if (!due) {
    EXPECT_EQ(due.error().what, GetParam().want);
    EXPECT_EQ(due.error().code, Errc::invalid_input);
    return;
  }
  const std::string record = due_record(*due);
  EXPECT_EQ(record.substr(0, record.find(" zone=")), GetParam().want);
  EXPECT_EQ(due->as_given, GetParam().text);
  EXPECT_EQ(due->zone, "Europe/London");
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SpokenDueTest,
    testing::Values(
        SpokenCase{"Native", "2026-06-10 09:30", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"NativeOffset", "2026-06-10T09:30:00+01:00", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"NativeMonth", "2026-06", "months 2026-05-31T23:00:00.000Z to 2026-06-30T23:00:00.000Z"},
        SpokenCase{"GovUk", "10 June 2026 9:30am", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"Short", "10 Jun 2026 at 09:30", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"Weekday", "Wednesday 10 June 2026", "assumed 2026-06-10T08:30:00.000Z"},
        SpokenCase{"ShortWeekday", "Wed, 10 June 2026 at 7am", "at 2026-06-10T06:00:00.000Z"},
        SpokenCase{"TimeFirst", "9.30am on Wednesday, 10th June 2026", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"American", "June 10, 2026 1:15 p.m.", "at 2026-06-10T12:15:00.000Z"},
        SpokenCase{"Noon", "10 June 2026 at noon", "at 2026-06-10T11:00:00.000Z"},
        SpokenCase{"TwelveAm", "10 January 2026 12:05am", "at 2026-01-10T00:05:00.000Z"},
        SpokenCase{"TwelvePm", "10 January 2026 12pm", "at 2026-01-10T12:00:00.000Z"},
        SpokenCase{"SpokenTimeBehindIso", "2026-06-10 9:30am", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"Points", "10.06.2026 09:30", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"PointsAreDayFirst", "03.04.2026", "assumed 2026-04-03T08:30:00.000Z"},
        SpokenCase{"SlashesThatCanOnlyBeDayFirst", "25/04/2018 09:30", "at 2018-04-25T08:30:00.000Z"},
        SpokenCase{"SlashesThatCanOnlyBeMonthFirst", "04/25/2018", "assumed 2018-04-25T08:30:00.000Z"},
        SpokenCase{"SlashesWithOneReading", "04/04/2018", "assumed 2018-04-04T08:30:00.000Z"},
        SpokenCase{"Basic", "20260610T083000Z", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"BasicLocal", "20260610T093000", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"BasicOffset", "20260610T0930+0100", "at 2026-06-10T08:30:00.000Z"},
        SpokenCase{"BasicDay", "20260610", "assumed 2026-06-10T08:30:00.000Z"},
        SpokenCase{"NoBreakSpace",
                   "10\xC2\xA0June\xC2\xA0"
                   "2026",
                   "assumed 2026-06-10T08:30:00.000Z"},
        SpokenCase{"Month", "June 2026", "months 2026-05-31T23:00:00.000Z to 2026-06-30T23:00:00.000Z"},
        SpokenCase{"TwoMonths", "May to June 2026", "months 2026-04-30T23:00:00.000Z to 2026-06-30T23:00:00.000Z"},
        SpokenCase{"TwoMonthsDash", "May-June 2026", "months 2026-04-30T23:00:00.000Z to 2026-06-30T23:00:00.000Z"},
        SpokenCase{"AcrossTheYear", "December 2026 to January 2027",
                   "months 2026-12-01T00:00:00.000Z to 2027-02-01T00:00:00.000Z"}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Refused, SpokenDueTest,
    testing::Values(
        SpokenCase{"Ambiguous", "03/04/2026", "\"03/04/2026\" can be 3 April 2026 or 4 March 2026"},
        SpokenCase{"AmbiguousWithTime", "3/4/2026 9:30", "\"3/4/2026 9:30\" can be 3 April 2026 or 4 March 2026"},
        SpokenCase{"AmbiguousDashes", "03-04-2026", "\"03-04-2026\" can be 3 April 2026 or 4 March 2026"},
        SpokenCase{"TwoDigitYear", "10/06/26", "\"10/06/26\" has a year of two digits"},
        SpokenCase{"February30", "30 February 2026",
                   "\"30 February 2026\": 30 February 2026 is not a day of the calendar"},
        SpokenCase{"February30Native", "2026-02-30", "2026-02-30 is not a day of the calendar"},
        SpokenCase{"February29", "29.02.2026", "\"29.02.2026\": 29 February 2026 is not a day of the calendar"},
        SpokenCase{"Month13", "13.13.2026", "\"13.13.2026\" has no month from 1 to 12"},
        SpokenCase{"Hour25", "10 June 2026 25:00", "\"10 June 2026 25:00\" has no time from 00:00 to 23:59:59"},
        SpokenCase{"Hour25Native", "2026-06-10 25:00", "\"2026-06-10 25:00\" has no time from 00:00 to 23:59:59"},
        SpokenCase{"Hour13Pm", "10 June 2026 13:30pm", "\"10 June 2026 13:30pm\" has no hour from 1 to 12"},
        SpokenCase{"WrongWeekday", "Monday 10 June 2026", "\"Monday 10 June 2026\": 10 June 2026 is a Wednesday"},
        SpokenCase{"MissingHour", "31 March 2030 1:30am",
                   "\"31 March 2030 1:30am\": 01:30 does not exist on 2030-03-31 in Europe/London, because the clocks "
                   "go forward then"},
        SpokenCase{"DoubledHour", "20181028T013000",
                   "01:30 comes twice on 2018-10-28 in Europe/London: 00:30 UTC (BST) and 01:30 UTC (GMT)"},
        SpokenCase{"Backwards", "June to May 2026", "\"June to May 2026\" ends before it begins"},
        SpokenCase{"TooLongASpan", "May 2026 to June 2027", "\"May 2026 to June 2027\" is longer than a year"},
        SpokenCase{"Abbreviation", "10 June 2026 09:30 BST", "\"10 June 2026 09:30 BST\" is not a date"},
        SpokenCase{"DayWithoutYear", "10 June", "\"10 June\" is not a date"},
        SpokenCase{"TwoDays", "10 11 June 2026", "\"10 11 June 2026\" is not a date"},
        SpokenCase{"SpreadsheetNumber", "46183", "\"46183\" is not a date"},
        SpokenCase{"Words", "to be confirmed", "\"to be confirmed\" is not a date"},
        SpokenCase{"TooEarly", "10 June 1926", "\"10 June 1926\": \"1926-06-10\" is not in the years 1990 to 2037"},
        SpokenCase{"Empty", " ", "there is no date"},
        SpokenCase{"Reversing", "10 June\xE2\x80\xAE 2026",
                   "a date holds a character that turns the direction of text (U+202E)"}),
    [](const auto& c) { return c.param.name; });

TEST(SpokenDue, LongTextIsRefusedAtOnce) {
  EXPECT_EQ(read_spoken_due(std::string(100'000, '1'), "Europe/London").error().what,
            "a date is longer than 100 bytes");
}

TEST(SpokenDue, AnUnknownZoneIsAFault) { EXPECT_FALSE(read_spoken_due("10 June 2026", "Europe/Lodnon")); }

TEST(PartialDue, ADayIs0930AssumedAndAMonthOrAYearHasNoInstant) {
  const auto shown = [](const Result<Due>& due) { return due ? due_record(*due) : due.error().what; };
  EXPECT_EQ(shown(partial_due(2026, 6, 10, "Europe/London", "2026-6-10")),
            "assumed 2026-06-10T08:30:00.000Z zone=Europe/London given=\"2026-6-10\"");
  EXPECT_EQ(shown(partial_due(2026, 6, std::nullopt, "Europe/London", "x")),
            "months 2026-05-31T23:00:00.000Z to 2026-06-30T23:00:00.000Z zone=Europe/London given=\"x\"");
  EXPECT_EQ(shown(partial_due(2026, std::nullopt, std::nullopt, "Europe/London", "x")),
            "months 2026-01-01T00:00:00.000Z to 2027-01-01T00:00:00.000Z zone=Europe/London given=\"x\"");
}

TEST(PartialDue, WhatCannotBeADateIsRefused) {
  EXPECT_EQ(partial_due(2026, std::nullopt, 3, "Europe/London", "x").error().what, "\"x\" has a day without a month");
  EXPECT_EQ(partial_due(2026, 13, std::nullopt, "Europe/London", "x").error().what, "\"x\" has no month from 1 to 12");
  EXPECT_EQ(partial_due(2026, 2, 30, "Europe/London", "x").error().what, "2026-02-30 is not a day of the calendar");
  EXPECT_EQ(partial_due(2026, 2, -1, "Europe/London", "x").error().what, "\"x\" has no day from 1 to 31");
  EXPECT_FALSE(partial_due(99999, 2, 3, "Europe/London", "x"));
}

}  // namespace
}  // namespace embargod

#include "config/lint.h"

#include <gmock/gmock.h>

#include <set>

#include "config/zone_time.h"
#include "tests/config/lint_lines.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// ---- one row for each side of each rule; now is noon on 1 March 2018 ----

struct LintRow {
  const char* name;
  const char* keys;   // of the release, beside id, title and two sound URLs
  const char* codes;  // what is found
};
class LintRowTest : public testing::TestWithParam<LintRow> {};
TEST_P(LintRowTest, FindsExactlyThis) {
  const auto schedule = lint_schedule_from("releases:\n" + sound_release("x", GetParam().keys));
  const auto findings = lint_schedule(schedule, lint_facts_at("2018-03-01T12:00:00Z"));
  EXPECT_EQ(lint_codes_text(findings), GetParam().codes);
  for (const LintFinding& f : findings) {
    EXPECT_EQ(f.where.file, "releases.yml");
    EXPECT_GT(f.where.line, 1) << f.code;
    EXPECT_FALSE(f.practice.empty()) << f.code;
    EXPECT_TRUE(f.practice.starts_with(f.practice_number) || f.practice_number == "T3") << f.practice;
    EXPECT_THAT(lint_codes(), testing::Contains(f.code));
  }
}

#define KEYS(due) "due: " due "\n    announced: 2018-02-20"

INSTANTIATE_TEST_SUITE_P(
    Day, LintRowTest,
    testing::Values(
        LintRow{"HalfPastNineOnAWednesday", KEYS("2018-04-25 09:30"), ""},
        LintRow{"HalfPastNineInWinter", "due: 2018-11-14 09:30", ""},
        LintRow{"HalfPastNineWithAnOffset", KEYS("2018-04-25T09:30+01:00"), ""},
        LintRow{"HalfPastNineAsZ", KEYS("2018-04-25T08:30Z"), ""}, LintRow{"Friday", KEYS("2018-05-25 09:30"), ""},
        LintRow{"Saturday", KEYS("2018-05-26 09:30"), "weekend"},
        LintRow{"Sunday", KEYS("2018-05-27 09:30"), "weekend"},
        LintRow{"SaturdayInLondonOnly", KEYS("2018-05-25T23:30Z"), "weekend, time"},
        LintRow{"SaturdayWithAReason", KEYS("2018-05-26 09:30") "\n    alternative_time: \"Agreed for the census\"",
                ""},
        LintRow{"Seven", KEYS("2018-04-25 07:00"), "time"},
        LintRow{"SevenWithAReason", KEYS("2018-04-25 07:00") "\n    alternative_time: \"Market-sensitive\"", ""},
        LintRow{"NineThirtyAndASecond", KEYS("2018-04-25 09:30:01"), "time"},
        LintRow{"HalfPastNineUtcInSummer", KEYS("2018-04-25T09:30Z"), "time"},
        LintRow{"DateAlone", KEYS("2018-04-25"), "time-assumed note"},
        LintRow{"SpringBankHoliday", KEYS("2018-05-28 09:30"), "bank-holiday"},
        LintRow{"DayAfterIt", KEYS("2018-05-29 09:30"), ""},
        LintRow{"BankHolidayWithAReason", KEYS("2018-05-28 09:30") "\n    alternative_time: \"Agreed\"", ""},
        LintRow{"ScotlandsHoliday", "due: 2018-11-30 09:30", "bank-holiday-elsewhere note"},
        LintRow{"YearNotInTheList", "due: 2019-04-24 09:30", "bank-holidays-unknown note"},
        LintRow{"CancelledOnASaturday", "due: 2018-05-26\n    status: cancelled\n    reason: Merged", ""},
        LintRow{"AlreadyDue", "due: 2018-02-24 10:00\n    announced: 2018-02-20", ""}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Clock, LintRowTest,
    testing::Values(
        LintRow{"FirstOfTheDoubledHour", "due: 2018-10-28T01:30+01:00\n    alternative_time: Agreed", "clock-change"},
        LintRow{"SecondOfTheDoubledHour", "due: 2018-10-28T01:30+00:00\n    alternative_time: Agreed", "clock-change"},
        LintRow{"JustBeforeTheDoubledHour", "due: 2018-10-28T00:59:59+01:00\n    alternative_time: Agreed", ""},
        LintRow{"JustAfterTheDoubledHour", "due: 2018-10-28T02:00+00:00\n    alternative_time: Agreed", ""},
        LintRow{"InTheMissingHour", "due: 2018-03-25T01:30+00:00\n    alternative_time: Agreed", "clock-change"},
        LintRow{"AfterTheMissingHour", "due: 2018-03-25T02:00+01:00\n    alternative_time: Agreed", ""},
        LintRow{"SummersOffsetInWinter", "due: 2018-11-14T09:30+01:00\n    alternative_time: Agreed", "offset"},
        LintRow{"WintersOffsetInSummer", KEYS("2018-04-25T09:30+00:00"), "time, offset"},
        LintRow{"OffsetBehindABlank", "due: 2018-11-14 09:30:00 +00:00", ""}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Notice, LintRowTest,
    testing::Values(LintRow{"FourWeeksToTheDay", "due: 2018-03-28 09:30\n    announced: 2018-02-28", ""},
                    LintRow{"OneDayLess", "due: 2018-03-28 09:30\n    announced: 2018-03-01", "notice"},
                    LintRow{"CountedInDaysNotHours", "due: 2018-03-28 09:30\n    announced: 2018-02-28 17:00", ""},
                    LintRow{"CountedInLocalDays", "due: 2018-05-23 09:30\n    announced: 2018-03-01", ""},
                    LintRow{"AnnouncedAfterDue", "due: 2018-03-28 09:30\n    announced: 2019-02-28", "announced-order"},
                    LintRow{"AnnouncedAfterDueThatIsPast", "due: 2018-02-28 09:30\n    announced: 2019-01-28",
                            "announced-order"},
                    LintRow{"AnnouncedTomorrow", "due: 2018-04-25 09:30\n    announced: 2018-03-02", "announced-order"},
                    LintRow{"AnnouncedTodayLater", "due: 2018-04-25 09:30\n    announced: 2018-03-01 17:00", ""},
                    LintRow{"MonthThatIsOver", "due: 2018-02\n    status: provisional", "provisional-past"},
                    LintRow{"MonthThatHasBegun", "due: 2018-03\n    status: provisional", ""},
                    LintRow{"NextMonth", "due: 2018-04\n    status: provisional", ""}),
    [](const auto& c) { return c.param.name; });

TEST(LintSchedule, AProvisionalMonthNeedsItsDateFourWeeksBeforeItsLastWorkingDay) {
  const std::string march = sound_release("x", "due: 2018-03\n    status: provisional");
  EXPECT_THAT(lint_lines(march, lint_facts_at("2018-03-02T00:00:00Z")),
              ElementsAre("warning: releases.yml:7:10: [notice] release \"x\": no exact date is announced, and four "
                          "weeks' notice of a day in March 2018 can no longer be given; announce the date, or move it "
                          "to a later month; T3.1"));
  // Good Friday and the weekend leave Thursday 29 March; without the holidays it would be the 30th.
  EXPECT_THAT(lint_lines(march, lint_facts_at("2018-03-01T23:59:59Z")), IsEmpty());
  LintFacts no_holidays = lint_facts_at("2018-03-02T00:00:00Z");
  no_holidays.holidays = {};
  EXPECT_THAT(lint_lines(march, no_holidays), IsEmpty());
  EXPECT_THAT(lint_lines(march, lint_facts_at("2018-03-31T22:59:59Z")), ElementsAre(HasSubstr("[notice]")));
  EXPECT_THAT(lint_lines(march, lint_facts_at("2018-03-31T23:00:00Z")),
              ElementsAre("warning: releases.yml:7:10: [provisional-past] release \"x\": it was announced for March "
                          "2018, which is over, and is still provisional; write the date that it has, or status: "
                          "cancelled with a reason; T3.2"));
}

TEST(LintSchedule, WhatIsAlreadyDueIsHeldToTheRulesOnlyIfAsked) {
  LintFacts facts = lint_facts_at("2018-06-01T12:00:00Z");
  const std::string saturday = sound_release("x", "due: 2018-05-26 09:30");
  EXPECT_THAT(lint_lines(saturday, facts), IsEmpty());
  facts.past = LintFacts::Past::check;
  EXPECT_THAT(lint_lines(saturday, facts), ElementsAre(HasSubstr("[weekend]")));
}

TEST(LintSchedule, TakesTheAlternativeTimesOfTheConfig) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  facts.alternative_times = {"07:00", "12:00"};
  EXPECT_THAT(lint_lines(sound_release("x", KEYS("2018-04-25 07:00")), facts), IsEmpty());
  EXPECT_THAT(lint_lines(sound_release("x", KEYS("2018-04-25 12:00")), facts), IsEmpty());
  EXPECT_THAT(
      lint_lines(sound_release("x", KEYS("2018-04-25 14:00")), facts),
      ElementsAre("warning: releases.yml:7:10: [time] release \"x\": it is due at 14:00 Europe/London, which is "
                  "neither 09:30 nor one of lint.alternative_times; check the time, or write "
                  "alternative_time: and why this one was agreed; T3.6"));
  // They are times, not days.
  EXPECT_THAT(lint_lines(sound_release("x", KEYS("2018-05-26 07:00")), facts), ElementsAre(HasSubstr("[weekend]")));
}

TEST(LintSchedule, HoldsADayToTheHolidaysOfTheConfiguredNation) {
  const std::string andrew = sound_release("x", "due: 2018-11-30 09:30");
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  EXPECT_THAT(
      lint_lines(andrew, facts),
      ElementsAre("note: releases.yml:7:10: [bank-holiday-elsewhere] release \"x\": Friday 30 November 2018 is a "
                  "bank holiday in Scotland; see that nobody is missed there; T3.6"));
  facts.nation = Nation::scotland;
  EXPECT_THAT(lint_lines(andrew, facts),
              ElementsAre("warning: releases.yml:7:10: [bank-holiday] release \"x\": Friday 30 November 2018 is a bank "
                          "holiday in Scotland (St Andrew's Day); move it to a working day, or write "
                          "alternative_time: and why this day was agreed; T3.6"));
  facts.nation = Nation::northern_ireland;
  EXPECT_THAT(lint_lines(sound_release("x", "due: 2018-07-12 09:30"), facts),
              ElementsAre(HasSubstr("Northern Ireland (Battle of the Boyne)")));
}

TEST(LintSchedule, SaysOnceWhichYearsHaveNoKnownBankHolidays) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  const std::string two = sound_release("a", "due: 2020-01-08 09:30") + sound_release("b", "due: 2019-01-09 09:30");
  const char* words =
      "are not known for 2019 and 2020, so days of it are not held against them; name a list with "
      "lint.bank_holidays_file, or bring it up to date; T3.6";
  EXPECT_THAT(lint_lines(two, facts), ElementsAre(HasSubstr(words)));
  facts.holidays = {};
  EXPECT_THAT(lint_lines(sound_release("a", "due: 2018-04-25 09:30"), facts),
              ElementsAre(HasSubstr("note: releases.yml:7:10: [bank-holidays-unknown] the bank holidays of England and "
                                    "Wales are not known for 2018")));
}

// ---- what is on record ----

std::vector<std::string> with_change(const char* before, const char* now, const std::string& reason,
                                     const std::string& keys = {}) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  facts.releases["x"].changes = {
      {recorded_due(before), recorded_due(now), lint_instant("2018-02-27T10:00:00Z"), reason}};
  return lint_lines(sound_release("x", std::string{"due: "} + now + keys), facts);
}

TEST(LintSchedule, AChangeOfDateNeedsAReason) {
  EXPECT_THAT(
      with_change("2018-04-24 09:30", "2018-04-25 09:30", ""),
      ElementsAre("warning: releases.yml:7:10: [change-reason] release \"x\": its date was changed from Tuesday "
                  "24 April 2018, 09:30 BST to Wednesday 25 April 2018, 09:30 BST (known here since 27 "
                  "February 2018), and no reason is given; write reason: as it was announced; T3.2"));
  EXPECT_THAT(with_change("2018-04-24 09:30", "2018-04-25 09:30", "More time for quality assurance"), IsEmpty());
  EXPECT_THAT(with_change("2018-04-24 09:30", "2018-04-25 09:30", "", "\n    reason: Later source data"), IsEmpty());
}

TEST(LintSchedule, AFirstExactDateInItsMonthIsNoChange) {
  EXPECT_THAT(with_change("2018-04", "2018-04-25 09:30", ""), IsEmpty());
  EXPECT_THAT(with_change("2018-04", "2018-04-30 09:30", ""), IsEmpty());
  EXPECT_THAT(with_change("2018-04", "2018-05-01 09:30", ""),
              ElementsAre(HasSubstr("from April 2018 to Tuesday 1 May")));
  EXPECT_THAT(with_change("2018-04-25 09:30", "2018-04-25T08:30Z", ""), IsEmpty());
}

TEST(LintSchedule, TheReasonInTheScheduleIsThatOfTheNewestChange) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  facts.releases["x"].changes = {
      {recorded_due("2018-04-23 09:30"), recorded_due("2018-04-24 09:30"), lint_instant("2018-02-26T10:00:00Z"), ""},
      {recorded_due("2018-04-24 09:30"), recorded_due("2018-04-25 09:30"), lint_instant("2018-02-27T10:00:00Z"), ""}};
  EXPECT_THAT(lint_lines(sound_release("x", "due: 2018-04-25 09:30\n    reason: Later data"), facts),
              ElementsAre(HasSubstr("from Monday 23 April 2018, 09:30 BST to Tuesday 24 April")));
}

TEST(LintSchedule, ACancellationWithoutAReasonIsNoted) {
  EXPECT_THAT(
      lint_lines(sound_release("x", "due: 2018-04-25\n    status: cancelled"), lint_facts_at("2018-03-01T12:00:00Z")),
      ElementsAre("note: releases.yml:2:9: [change-reason] release \"x\": it is cancelled, and no reason is "
                  "given; write reason:; T3.2"));
}

TEST(LintSchedule, AFirstSightOfLessThanFourWeeksIsOnlyNoted) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  facts.releases["x"].first_seen = lint_instant("2018-03-01T08:00:00Z");
  EXPECT_THAT(lint_lines(sound_release("x", "due: 2018-03-28 09:30"), facts),
              ElementsAre("note: releases.yml:7:10: [notice] release \"x\": its exact date is known here since 1 March "
                          "2018, 27 days ahead: whether it was announced four weeks ahead is not known; write "
                          "announced: and the day on which it was; T3.1"));
  EXPECT_THAT(lint_lines(sound_release("x", "due: 2018-03-29 09:30"), facts), IsEmpty());
  EXPECT_THAT(lint_lines(sound_release("x", "due: 2018-03-28 09:30\n    announced: 2018-02-20"), facts), IsEmpty());
}

// ---- addresses ----

TEST(LintSchedule, NothingButListingsIsAMissingAddress) {
  const LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  EXPECT_THAT(
      lint_lines(release_with_urls("x", url_line("calendar", "listing")), facts),
      ElementsAre("warning: releases.yml:2:10: [url-missing] release \"x\": only listings and announcements are "
                  "watched, none of what is under embargo itself; add the address of its page, file or API; "
                  "T3.3",
                  HasSubstr("[no-file]")));
  EXPECT_THAT(
      lint_lines(release_with_urls("x", "{url: \"https://stats.example.org/c\", role: listing, title_counts: true}"),
                 facts),
      ElementsAre(HasSubstr("note: releases.yml:2:10: [url-missing]"), HasSubstr("[no-file]")));
  EXPECT_THAT(lint_lines("  - {id: x, title: T, due: 2018-06, status: provisional}\n", facts),
              ElementsAre("note: releases.yml:2:10: [url-missing] release \"x\": no address is known, so nothing of it "
                          "is watched; write the addresses under urls:; T3.3"));
  Schedule bare = lint_schedule_from("releases:\n" + release_with_urls("x", url_line("x", "page")));
  bare.releases[0].targets.clear();  // as a calendar gives it
  EXPECT_EQ(lint_codes_text(lint_schedule(bare, facts)), "url-missing");
}

TEST(LintSchedule, AReleaseWithoutAnyFileIsNoted) {
  const LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  EXPECT_THAT(
      lint_lines(release_with_urls("x", url_line("x", "page")), facts),
      ElementsAre("note: releases.yml:2:10: [no-file] release \"x\": no file is watched, and files can be public "
                  "before their page is; add the addresses of its files, if it has any; T3"));
  EXPECT_THAT(lint_lines(release_with_urls("x", url_line("x", "page") + ", " + url_line("x.csv", "file")), facts),
              IsEmpty());
  EXPECT_THAT(lint_lines(release_with_urls("x", url_line("x", "page") + ", " + url_line("x.json", "api")), facts),
              IsEmpty());
}

TEST(LintSchedule, AnAddressOfTwoReleasesIsFound) {
  const LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  const std::string own_file = ", " + url_line("a.csv", "file");
  const std::string b = ", {url: \"HTTPS://Stats.example.org/a\", role: page}";
  EXPECT_THAT(
      lint_lines(release_with_urls("a", url_line("a", "page") + own_file) +
                     release_with_urls("b", url_line("b.csv", "file") + b, "2018-04-26 09:30"),
                 facts),
      ElementsAre("warning: releases.yml:3:107: [duplicate-url] release \"b\": target \"b/page\" has the address "
                  "of target \"a/page\", and each is judged by its own due time there; give each release its "
                  "own address, or use role latest and an edition; T3.3"));
  for (const char* shared : {"latest", "listing"})
    EXPECT_THAT(lint_lines(release_with_urls("a", url_line("a.csv", "file") + ", " + url_line("a", "page") + ", " +
                                                      url_line("all", shared)) +
                               release_with_urls("b", url_line("b.csv", "file") + ", " + url_line("b", "page") + ", " +
                                                          url_line("all", shared)),
                           facts),
                IsEmpty())
        << shared;
}

TEST(LintSchedule, NoFindingShowsAnAddress) {
  const std::string x =
      release_with_urls("a", url_line("secret", "page")) + release_with_urls("b", url_line("secret", "page"));
  for (const std::string& line : lint_lines(x, lint_facts_at("2018-03-01T12:00:00Z")))
    EXPECT_THAT(line, testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace embargod

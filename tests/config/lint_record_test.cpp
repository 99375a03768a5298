// Lint on the record: the dates of the reference report, and the practices of each edition of the Code.

#include <gmock/gmock.h>

#include <set>

#include "config/zone_time.h"
#include "tests/config/lint_lines.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// ---- the reference report ----

/// "25.05.2018", as the report of 2018 has its dates, as a schedule writes them.
std::string iso(const std::string& dotted) {
  return dotted.substr(6, 4) + "-" + dotted.substr(3, 2) + "-" + dotted.substr(0, 2);
}

TEST(LintSchedule, NamesTheWrongMonthOfTheReferenceReport) {
  // It was written on 25.04.2018: live on 23.04.2018, "2 days" and "3 days ahead" of the due dates that it prints.
  const std::string live = iso("23.04.2018");
  const std::string typed =
      sound_release("therapies", "due: " + iso("25.05.2018") + " 09:30\n    lead: {days: 2, from: " + live + "}") +
      sound_release("maternity", "due: " + iso("26.05.2018") + " 09:30\n    lead: {days: 3, from: " + live + "}");
  EXPECT_THAT(
      lint_lines(typed, lint_facts_at("2018-04-25T15:00:00Z")),
      ElementsAre("warning: releases.yml:7:10: [lead] release \"therapies\": Friday 25 May 2018 is 32 days after 23 "
                  "April 2018, but a lead of 2 days is stated: the month May is wrong, with April all of it agrees "
                  "(Wednesday 25 April 2018), as it does for release \"maternity\"; write due: 2018-04-25 if that is "
                  "what was announced; T3.1",
                  "warning: releases.yml:14:10: [weekend] release \"maternity\": Saturday 26 May 2018 is on a weekend; "
                  "check the day and the month, or write alternative_time: and why this day was agreed; T3.6",
                  "warning: releases.yml:14:10: [lead] release \"maternity\": Saturday 26 May 2018 is 33 days after 23 "
                  "April 2018, but a lead of 3 days is stated: the month May is wrong, with April all of it agrees "
                  "(Thursday 26 April 2018), as it does for release \"therapies\"; write due: 2018-04-26 if that is "
                  "what was announced; T3.1"));
  const std::string mended =
      sound_release("therapies", "due: " + iso("25.04.2018") + " 09:30\n    lead: {days: 2, from: " + live + "}") +
      sound_release("maternity", "due: " + iso("26.04.2018") + " 09:30\n    lead: {days: 3, from: " + live + "}");
  EXPECT_THAT(lint_lines(mended, lint_facts_at("2018-04-23T09:00:00Z")), IsEmpty());
}

std::vector<std::string> with_lead(const char* due, const char* lead) {
  return lint_lines(sound_release("x", std::string{"due: "} + due + " 09:30\n    lead: " + lead),
                    lint_facts_at("2018-03-01T12:00:00Z"));
}

TEST(LintSchedule, BlamesOneMonthOrYearOnlyIfItExplainsAll) {
  EXPECT_THAT(with_lead("2018-04-25", "{days: 2, from: 2018-04-23}"), IsEmpty());
  EXPECT_THAT(with_lead("2018-04-25", "{days: 3, from: 2018-04-23}"),
              ElementsAre(HasSubstr("is 2 days after 23 April 2018, but a lead of 3 days is stated, which leads to "
                                    "Thursday 26 April 2018; one of the two dates or the lead is wrong; T3.1")));
  EXPECT_THAT(with_lead("2018-04-20", "{days: 2, from: 2018-04-23}"),
              ElementsAre(HasSubstr("Friday 20 April 2018 is 3 days before 23 April 2018")));
  // Neither of these days would do: a Saturday, and a bank holiday.
  EXPECT_THAT(with_lead("2018-05-21", "{days: 2, from: 2018-04-19}"), ElementsAre(HasSubstr("one of the two dates")));
  EXPECT_THAT(with_lead("2018-05-02", "{days: 2, from: 2018-03-31}"), ElementsAre(HasSubstr("one of the two dates")));
  EXPECT_THAT(
      with_lead("2018-12-27", "{days: 2, from: 2017-12-25}"),
      ElementsAre(HasSubstr("the year 2018 is wrong, with 2017 all of it agrees (Wednesday 27 December 2017)")));
}

// ---- practices ----

TEST(LintSchedule, NamesThePracticeOfTheConfiguredEdition) {
  struct {
    const char* edition;
    const char* number;
    const char* practice;
  } const rows[] = {
      {"2.0", "T3.6", "T3.6: statistics are released at 09:30 on a weekday"},
      {"2.1", "T3.6",
       "T3.6: statistics are released at 09:30 on a weekday, or at an alternative time agreed with the regulator"},
      {"3.0", "Standard 3",
       "Standard 3, the standard release time (usually 09:30 on a weekday) that the producer's release practice policy "
       "states"}};
  const auto schedule = lint_schedule_from("releases:\n" + sound_release("x", "due: 2018-05-26 09:30"));
  for (const auto& row : rows) {
    LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
    facts.code_edition = row.edition;
    const auto findings = lint_schedule(schedule, facts);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].practice_number, row.number);
    EXPECT_EQ(findings[0].practice, row.practice);
  }
}

TEST(LintSchedule, CanFindEveryCodeThatIsDocumented) {
  LintFacts facts = lint_facts_at("2018-03-01T12:00:00Z");
  facts.releases["changed"].changes = {
      {recorded_due("2018-04-24 09:30"), recorded_due("2018-04-25 09:30"), lint_instant("2018-02-27T10:00:00Z"), ""}};
  const std::string all =
      sound_release("changed", "due: 2018-04-25 09:30") + sound_release("a", "due: 2018-05-26 07:00") +
      sound_release("b", "due: 2018-05-28") + sound_release("c", "due: 2018-11-30 09:30") +
      sound_release("d", "due: 2019-01-09 09:30") + sound_release("e", "due: 2018-10-28T01:30+01:00") +
      sound_release("f", "due: 2018-11-14T09:30+01:00") +
      sound_release("g", "due: 2018-03-20 09:30\n    announced: 2018-02-28") +
      sound_release("h", "due: 2018-04-25 09:30\n    announced: 2018-03-28") +
      sound_release("i", "due: 2018-02\n    status: provisional") +
      sound_release("j", "due: 2018-05-25 09:30\n    lead: {days: 2, from: 2018-04-23}") +
      release_with_urls("k", url_line("a", "page")) + "  - {id: l, title: T, due: 2018-06, status: provisional}\n";
  std::set<std::string> found;
  for (const LintFinding& f : lint_schedule(lint_schedule_from("releases:\n" + all), facts)) found.insert(f.code);
  EXPECT_THAT(found, testing::ElementsAreArray(lint_codes()));
  const auto page = read_file("config/CONFIGURATION.md", 1U << 20U);
  ASSERT_TRUE(page);
  for (const std::string& code : lint_codes()) EXPECT_THAT(*page, HasSubstr("\n| " + code + " |"));
}

TEST(LintFacts, AreWhatTheConfigSays) {
  Settings s;
  s.code_edition = "2.1";
  s.lint.alternative_times = {"07:00"};
  s.lint.nation = Nation::scotland;
  const LintFacts f = lint_facts(s, sample_holidays(), lint_instant("2018-03-01T12:00:00Z"));
  EXPECT_EQ(f.code_edition, "2.1");
  EXPECT_EQ(f.alternative_times, s.lint.alternative_times);
  EXPECT_EQ(f.nation, Nation::scotland);
  EXPECT_EQ(f.holidays.count(Nation::scotland), 4U);
}

}  // namespace
}  // namespace embargod

// Reports as people finish them: each slip that lint must find, and what looks like one and is none.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "daemon/report/lint_written.h"
#include "daemon/report/render_text.h"
#include "tests/daemon/report/sample_record.h"

namespace embargod {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// Finished well: lint says nothing of it.
constexpr const char* kFinished = R"(Breach report
=============

Title and link of output:
Example therapies, January 2018 final: https://digital.example.org/therapies
Name of producer: Example Statistics Agency
Person dealing with the report: Publication team, publications@example.org, 020 7946 0000
Link to published statement: https://digital.example.org/statement
Date of report: 24 April 2018

Circumstances

Relevant principles and practices: Code of Practice for Statistics, edition 2.0: T3.6, T3.3
Date of occurrence: Monday 23 April 2018

Account

The page https://digital.example.org/therapies was due on Wednesday 25 April 2018 at 09:30 and went
live 2 days ahead, at 11:12 local time. A monitor discovered it at 11:12. The page was visible for
at least 13 min 54.0 s and at most 14 min 26.4 s, until 11:26.

Impact

Web analytics counted 8 views of the page and 2 downloads of the file between 11:12 and 11:27.
Whether readers were internal or external is not established.
The CDN was purged at 11:30; search engines, archives, e-mail alerts and feeds did not have it.

Corrective actions

Short term: The approval step shows the date of release.
Longer term: Training is repeated by 1 June 2018.
)";

WrittenFacts facts_of_2018() {
  using namespace std::chrono;
  WrittenFacts facts;
  facts.holidays.add(Nation::england_and_wales, sys_days{year{2018} / 4 / 2}, "Easter Monday");
  facts.holidays.add(Nation::england_and_wales, sys_days{year{2018} / 5 / 7}, "Early May bank holiday");
  return facts;
}

IncidentRecord record_of_therapies() {
  return {.id = "01CBXYRWT04ADMGD0S8249T4YG",
          .title = "Example therapies, January 2018 final",
          .due = at_utc("2018-04-25T08:30:00Z"),
          .time_up = {{.shortest = Millis{834'000}, .longest = Millis{866'400}}}};
}

std::vector<WrittenFinding> findings_in(const std::string& text, const WrittenFacts& facts,
                                        const std::string& file = "report.txt") {
  const auto report = read_written_report(text, file);
  if (!report) ADD_FAILURE() << to_string(report.error());
  return report ? lint_written(*report, facts) : std::vector<WrittenFinding>{};
}

std::string as_text(const std::vector<WrittenFinding>& found) {
  std::string s;
  for (const WrittenFinding& f : found) s += to_string(f, "report.txt") + "\n";
  return s;
}

struct Seeded {
  const char* name;
  const char* from;  // of kFinished
  const char* to;
  const char* code;  // empty: nothing may be found
  const char* says = "";
  bool has_record = false;
};

std::string seeded_text(const Seeded& s) {
  std::string text = kFinished;
  const auto at = text.find(s.from);
  EXPECT_NE(at, std::string::npos) << s.from;
  return text.replace(at, std::string_view{s.from}.size(), s.to);
}

WrittenFacts facts_for(const Seeded& s) {
  WrittenFacts facts = facts_of_2018();
  if (s.has_record) facts.records = {record_of_therapies()};
  return facts;
}

TEST(LintWritten, SaysNothingOfAReportThatIsFinishedWell) {
  WrittenFacts facts = facts_of_2018();
  EXPECT_EQ(as_text(findings_in(kFinished, facts)), "");
  facts.records = {record_of_therapies()};
  facts.code_edition = "2.0";
  EXPECT_EQ(as_text(findings_in(kFinished, facts)), "");
}

constexpr const char* kDue = "Wednesday 25 April 2018";
constexpr const char* kTimeUp = "at least 13 min 54.0 s and at most 14 min 26.4 s";
constexpr const char* kReaders = "Whether readers were internal or external is not established.";
constexpr const char* kAction = "The approval step shows the date of release.";
constexpr const char* kCounts = "8 views of the page and 2 downloads of the file";
// The line wrap of kFinished lies within.
constexpr const char* kDueAndLead = "Wednesday 25 April 2018 at 09:30 and went\nlive 2 days ahead";

class SeededMistakeTest : public testing::TestWithParam<Seeded> {};
TEST_P(SeededMistakeTest, IsFound) {
  const auto found = findings_in(seeded_text(GetParam()), facts_for(GetParam()));
  const std::string text = as_text(found);
  EXPECT_THAT(text, HasSubstr(std::string{"["} + GetParam().code + "]"));
  EXPECT_THAT(text, HasSubstr(GetParam().says));
  for (const WrittenFinding& f : found) {
    EXPECT_THAT(written_lint_codes(), Contains(f.code));
    EXPECT_FALSE(f.text.empty() || f.to_do.empty()) << f.code;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Slips, SeededMistakeTest,
    testing::Values(
        Seeded{"MonthTypo", kDue, "25 May 2018", "lead-days", "with April in place of May all of it agrees"},
        Seeded{"MonthTypoInFigures", kDue, "25.05.2018", "lead-days", "write Wednesday 25 April 2018"},
        Seeded{"YearTypoOfTheDueDate", kDue, "25 April 2019", "lead-days", "with 2018 in place of 2019"},
        Seeded{"LeadOfThreeDays", "2 days ahead", "3 days ahead", "lead-days", "leads to Thursday 26 April 2018"},
        Seeded{"LeadInWords", "2 days ahead", "one day early", "lead-days", "there are 2 days"},
        Seeded{"LeadInWeeks", "2 days ahead", "a week ahead", "lead-days", "leads to Monday 30 April 2018"},
        Seeded{"LateInsteadOfEarly", "2 days ahead", "2 days late", "lead-days", "there are 2 days"},
        Seeded{"WorkingDays", kDueAndLead, "30 April 2018 and went live 7 working days ahead", "lead-days",
               "there are 5 days"},
        Seeded{"DueOnASaturday", kDueAndLead, "28 April 2018 and went live 5 days ahead", "due-weekend",
               "Saturday 28 April 2018"},
        Seeded{"DueOnASunday", kDueAndLead, "29 April 2018 and went live 6 days ahead", "due-weekend"},
        Seeded{"DueOnABankHoliday", kDueAndLead, "7 May 2018 and went live 14 days ahead", "due-holiday",
               "Early May bank holiday"},
        Seeded{"WrongWeekday", kDue, "Tuesday 25 April 2018", "weekday", "was a Wednesday"},
        Seeded{"MisspeltMonth", kDue, "25 Arpil 2018", "month", "write April"},
        Seeded{"NoSuchDate", "1 June 2018", "31 June 2018", "no-such-date"},
        Seeded{"NoSuchDateInFigures", "1 June 2018", "30.02.2018", "no-such-date"},
        Seeded{"WrongYear", "24 April 2018", "24 April 2017", "year", "the year 2018 would fit"},
        Seeded{"ReportBeforeTheBreach", "24 April 2018", "20 April 2018", "report-date"},
        Seeded{"ReportOnTheReleaseDay", "24 April 2018", "25 April 2018", "report-on-due"},
        Seeded{"TitleOfTheOldCode", "Code of Practice for Statistics, edition 2.0",
               "Code of Practice for Official Statistics", "edition", "\"T3.6\" belongs to edition 2.0"},
        Seeded{"NumberOfANewerEdition", "T3.6, T3.3", "Standard 3", "edition", "edition 3.0 (2025)"},
        Seeded{"EditionNotYetInForce", "edition 2.0: T3.6, T3.3", "edition 3.0: Standard 3", "edition-date"},
        Seeded{"OldCodeAlone", "Code of Practice for Statistics, edition 2.0: T3.6, T3.3",
               "Code of Practice for Official Statistics, Protocol 2", "edition-date"},
        Seeded{"BlankLeft", kAction, "[TO COMPLETE: what was done, by which role, and when]", "blank", "by which role"},
        Seeded{"BlankOfPeople", kAction, "[insert action]", "blank"}, Seeded{"ToBeConfirmed", kAction, "TBC", "blank"},
        Seeded{"ViewsPlusDownloads", kCounts, "10 views and downloads", "count-sum"},
        Seeded{"ViewsPlusDownloadsInTotal", kCounts, "8 views and 2 downloads, 10 altogether", "count-sum"},
        Seeded{"MoreDownloadsThanViews", kCounts, "3 views and 14 downloads", "count-compare"},
        Seeded{"ViewsComparedInWords", kReaders, "There were fewer views than downloads.", "count-compare"},
        Seeded{"CountWithoutSource", "Web analytics counted", "There were", "count-source"},
        Seeded{"MostLikelyInternal", kReaders, "The views were most likely by internal users.", "internal"},
        Seeded{"UnlikelyExternal", kReaders, "It is highly unlikely that anyone external saw it.", "internal"},
        Seeded{"AllWereStaff", kReaders, "All views were by staff.", "internal"},
        Seeded{"MailAddress", kAction, "Ask sam.example@example.org.", "personal-data", "e-mail"},
        Seeded{"MobileNumber", kAction, "Call 07700 900123.", "personal-data", "telephone"},
        Seeded{"NumberAbroad", kAction, "Call +44 (0)20 7946 0958.", "personal-data", "telephone"},
        Seeded{"Address4", kAction, "Read from 192.0.2.17.", "personal-data", "192.0.2.17"},
        Seeded{"Address6", kAction, "Read from 2001:db8::17 once.", "personal-data", "2001:db8::17"},
        Seeded{"AddressInLogs", kAction, "The server logs show 192.0.2.17.", "personal-data"},
        Seeded{"Tag", kAction, "The approval<br/> step.", "markup"},
        Seeded{"Entity", kAction, "The approval&nbsp;step.", "markup"},
        Seeded{"Yesterday", kAction, "Done yesterday.", "relative-time"},
        Seeded{"ThisWeek", kAction, "In use for the first time this week.", "relative-time"},
        Seeded{"NoStatement", "https://digital.example.org/statement", "N/A", "no-statement"},
        Seeded{"TwoOutputsOneAccount", "final: https://digital.example.org/therapies",
               "final: https://digital.example.org/a and https://digital.example.org/b", "outputs-shared"},
        Seeded{"NothingOfArchives", "search engines, archives,", "search engines,", "not-addressed", "archives"},
        Seeded{"AnotherTitle", "Example therapies, January 2018 final", "Therapies of January", "title", "", true},
        Seeded{"NotTheDueDateOnRecord", kDueAndLead, "Thursday 26 April 2018 and went live 3 days ahead", "due-record",
               "Wednesday 25 April 2018", true},
        Seeded{"ShorterThanOnRecord", kTimeUp, "less than 10 minutes", "duration", "13 min 54.0 s", true},
        Seeded{"LongerThanOnRecord", kTimeUp, "at least 15 minutes", "duration", "", true},
        Seeded{"AnotherDuration", kTimeUp, "20 minutes", "duration", "", true},
        Seeded{"DurationWithinTheBounds", kTimeUp, "less than 14 minutes", "duration-unproven", "", true},
        Seeded{"DurationAsAPoint", kTimeUp, "about 14 minutes", "duration-unproven", "", true}),
    [](const auto& c) { return c.param.name; });

class NearMissTest : public testing::TestWithParam<Seeded> {};
TEST_P(NearMissTest, IsNoFinding) {
  EXPECT_EQ(as_text(findings_in(seeded_text(GetParam()), facts_for(GetParam()))), "");
}
INSTANTIATE_TEST_SUITE_P(
    Negatives, NearMissTest,
    testing::Values(
        Seeded{"DateInFigures", kDue, "25.04.2018", ""}, Seeded{"DateOfIso", kDue, "2018-04-25", ""},
        Seeded{"DateWithOrdinal", kDue, "Wed 25th April 2018", ""}, Seeded{"DateWithoutYear", kDue, "25 April", ""},
        Seeded{"ShortMonth", kDue, "25 Apr 2018", ""}, Seeded{"LeadInWords", "2 days ahead", "two days early", ""},
        Seeded{"WorkingDays", kDueAndLead, "30 April 2018 and went live 5 working days ahead", ""},
        Seeded{"WorkingDaysOverAHoliday", kDueAndLead, "8 May 2018 and went live 10 working days ahead", ""},
        Seeded{"DayAfterABankHoliday", kDueAndLead, "Tuesday 8 May 2018 and went live 15 days ahead", ""},
        Seeded{"DueOnAFriday", kDueAndLead, "Friday 27 April 2018 and went live 4 days ahead", ""},
        Seeded{"AnotherEventEarlier", kAction, "Two days before the breach a new system came into use.", ""},
        Seeded{"SentTwoDaysAfter", kAction, "The file was sent again 2 days after the breach.", ""},
        Seeded{"SaturdayOfNoRelease", kAction, "Training is on Saturday 5 May 2018.", ""},
        Seeded{"FirstInstantOfAMonth", kAction, "It was announced for April. Its first instant is Sunday 1 April 2018.",
               ""},
        Seeded{"LastDayOfJune", "1 June 2018", "30 June 2018", ""},
        Seeded{"EarlierBreach", kAction, "An earlier breach, of 24 April 2016, had another cause.", ""},
        Seeded{"AnotherPractice", "T3.6, T3.3", "T3.6, T2.7", ""},
        Seeded{"MoreViews", kCounts, "14 views and 3 downloads", ""},
        Seeded{"OtherSource", "Web analytics counted", "According to the server logs there were", ""},
        Seeded{"RuleForReaders", kReaders, "All requests were internal by this rule: from the office network range.",
               ""},
        Seeded{"InternalProcess", kAction, "An internal process was probably at fault.", ""},
        Seeded{"StaffTold", kAction, "Staff were told of the new approval step.", ""},
        Seeded{"AddressOfTheContact", kAction, "Ask publications@example.org.", ""},
        Seeded{"AddressOfTheSite", kAction, "Ways to it: address 192.0.2.20: not live.", ""},
        Seeded{"Version", kAction, "The system is at version 1.2.3.4.", ""},
        Seeded{"Digest", kAction, "Its digest is sha256:00112233445566778899aabbccddeeff0011.", ""},
        Seeded{"ClockTimeIsNoAddress", kAction, "Done at 10:14:07 UTC.", ""},
        Seeded{"LongNumber", kAction, "Case 4711 0815 was opened.", ""},
        Seeded{"LessThan", kAction, "Done where a < b and c > d.", ""},
        Seeded{"WeekWithItsDate", kAction, "Done in the week of 23 April 2018.", ""},
        Seeded{"NoStatementAndWhy", "https://digital.example.org/statement", "None, since nobody outside had read it",
               ""},
        Seeded{"BracketsOfAQuote", kAction, "It read \"immediate publicaton [sic]\".", ""},
        Seeded{"DurationProvenFromAbove", kTimeUp, "less than 15 minutes", "", "", true},
        Seeded{"DurationProvenFromBelow", kTimeUp, "at least 13 minutes", "", "", true},
        Seeded{"DurationOfAnotherThing", kAction, "The meeting took 45 minutes.", "", "", true},
        Seeded{"TitleOverTwoLines", "Example therapies, January 2018 final", "Example therapies,\nJanuary 2018 final",
               "", "", true}),
    [](const auto& c) { return c.param.name; });

TEST(LintWritten, WantsClockTimes) {
  std::string text = kFinished;
  for (const char* time : {"11:12", "11:26", "11:27", "11:30"})
    for (auto at = text.find(time); at != std::string::npos; at = text.find(time)) text.replace(at, 5, "noon");
  EXPECT_THAT(as_text(findings_in(text, facts_of_2018())), HasSubstr("report.txt:14: [no-clock-time]"));
  for (const char* written : {"2.15pm", "at 14.15", "2 pm", "14:15"})
    EXPECT_EQ(as_text(findings_in(text + "It was seen " + written + ".\n", facts_of_2018())), "") << written;
}

TEST(LintWritten, HasEveryCodeInTheManual) {
  std::ifstream in{"deploy/OPERATIONS.md"};
  std::ostringstream manual;
  manual << in.rdbuf();
  std::string rows;
  std::istringstream lines{manual.str().substr(manual.str().find("## Before a report is sent"))};
  for (std::string line; std::getline(lines, line) && !line.starts_with("## Install");)
    if (line.starts_with("| ")) rows += line.substr(0, line.find('|', 1)) + ",";
  for (const std::string& code : written_lint_codes())
    EXPECT_TRUE(rows.find(" " + code + " ") != std::string::npos || rows.find(" " + code + ",") != std::string::npos)
        << code;
  EXPECT_TRUE(std::is_sorted(written_lint_codes().begin(), written_lint_codes().end()));
}

TEST(LintWritten, GoesByTheEditionOfTheConfig) {
  WrittenFacts facts = facts_of_2018();
  facts.code_edition = "2.1";
  EXPECT_THAT(as_text(findings_in(kFinished, facts)), HasSubstr("goes by edition 2.1 (2022)"));
}

TEST(LintWritten, NamesTheLineOfAWrappedParagraph) {
  const auto found = findings_in(seeded_text({"", "2 days ahead", "3 days ahead", ""}), facts_of_2018());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].line, 19);
}

TEST(LintWritten, FindsWhatIsOddInTheReportOf2018) {
  std::ifstream in{"tests/daemon/report/written/2018-04-25.txt"};
  std::ostringstream text;
  text << in.rdbuf();
  std::vector<std::pair<std::string, int>> found;
  for (const WrittenFinding& f : findings_in(text.str(), facts_of_2018())) found.emplace_back(f.code, f.line);
  const std::vector<std::pair<std::string, int>> wanted{
      {"not-addressed", 0},  {"edition-date", 1}, {"outputs-shared", 5}, {"markup", 7},         {"no-statement", 11},
      {"report-on-due", 12}, {"edition", 16},     {"no-clock-time", 17}, {"relative-time", 20}, {"lead-days", 25},
      {"count-source", 26},  {"due-weekend", 27}, {"lead-days", 27},     {"internal", 27},      {"count-compare", 27},
      {"markup", 28},        {"markup", 32},      {"internal", 32}};
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(wanted));
}

struct OwnDraft {
  const char* name;
  ReportFormat format;
  ReportForm form;
};
class OwnDraftTest : public testing::TestWithParam<OwnDraft> {};
TEST_P(OwnDraftTest, HasNothingOpenButItsBlanks) {
  ReportInput in = sample_record();
  in.form = GetParam().form;
  const Report report = make_report(in);
  WrittenFacts facts = facts_of_2018();
  facts.code_edition = "2.0";
  for (const OutputFacts& o : report.outputs) {
    facts.records.push_back({.id = o.incident, .title = o.title, .due = o.due, .time_up = {}});
    for (const TargetFacts& t : o.targets)
      for (const SpanFacts& s : t.spans) facts.records.back().time_up.push_back(s.time_up);
  }
  const std::string file = GetParam().format == ReportFormat::markdown ? "draft.md" : "draft";
  int blanks = 0;
  for (const WrittenFinding& f : findings_in(render(report, GetParam().format), facts, file)) {
    EXPECT_TRUE(f.code == "blank" || f.level == LintLevel::note) << to_string(f, file);
    blanks += f.code == "blank" ? 1 : 0;
  }
  EXPECT_EQ(blanks, report.blanks);
}
INSTANTIATE_TEST_SUITE_P(Formats, OwnDraftTest,
                         testing::Values(OwnDraft{"Text", ReportFormat::text, ReportForm::full},
                                         OwnDraft{"Markdown", ReportFormat::markdown, ReportForm::full},
                                         OwnDraft{"Html", ReportFormat::html, ReportForm::full},
                                         OwnDraft{"Docx", ReportFormat::docx, ReportForm::full},
                                         OwnDraft{"Odt", ReportFormat::odt, ReportForm::full},
                                         OwnDraft{"LogEntryText", ReportFormat::text, ReportForm::log_entry},
                                         OwnDraft{"LogEntryDocx", ReportFormat::docx, ReportForm::log_entry}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod

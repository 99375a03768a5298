#include "probes/discovery/candidates.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "config/settings_reader.h"
#include "probes/discovery/url_guesses.h"
#include "probes/host_budget.h"

namespace embargod {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSite = "https://forecasts.example.org";

EditionDay on(int year, int month, int day = 0) {
  return {12 * year + month - 1, day == 0 ? std::nullopt : std::optional<int>{day}};
}

UrlGuess likeliest(const std::string& path, const EditionDay& former, const EditionDay& coming) {
  const auto all = guesses_of(path, former, coming);
  const auto best =
      std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
  return best == all.end() ? UrlGuess{} : *best;
}

struct EditionCase {
  const char* name;
  const char* former_url;
  EditionDay former, coming;
  const char* url;
  const char* rule;
};

class GuessesOfTest : public testing::TestWithParam<EditionCase> {};
TEST_P(GuessesOfTest, MovesEveryDateToTheComingEdition) {
  const EditionCase& c = GetParam();
  const UrlGuess got = likeliest(c.former_url, c.former, c.coming);
  EXPECT_EQ(got.path_query, c.url);
  EXPECT_EQ(got.rule, c.rule);
}
INSTANTIATE_TEST_SUITE_P(
    Months, GuessesOfTest,
    testing::Values(EditionCase{"Name", "/a-march-2025", on(2025, 3, 26), on(2025, 11, 26), "/a-november-2025",
                                "month: march 2025 -> november 2025"},
                    EditionCase{"ReferenceMonthBeforeDue", "/a-march-2025", on(2025, 4, 16), on(2025, 5, 21),
                                "/a-april-2025", "month: march 2025 -> april 2025"},
                    EditionCase{"DueAtTheEdgeOfAMonth", "/a-march-2025", on(2025, 4, 30), on(2025, 6, 1),
                                "/a-april-2025", "month: march 2025 -> april 2025"},
                    EditionCase{"TwiceInOneMonth", "/a-march-2025", on(2025, 5, 1), on(2025, 5, 30), "/a-april-2025",
                                "month: march 2025 -> april 2025"},
                    EditionCase{"OverTheYear", "/a-december-2025", on(2026, 1, 15), on(2026, 2, 12), "/a-january-2026",
                                "month: december 2025 -> january 2026"},
                    EditionCase{"Capitals", "/A_MAR_2025", on(2025, 3, 26), on(2025, 4, 26), "/A_APR_2025",
                                "month: march 2025 -> april 2025"},
                    EditionCase{"FirstCapital", "/AMar2025", on(2025, 3, 26), on(2025, 4, 26), "/AApr2025",
                                "month: march 2025 -> april 2025"},
                    EditionCase{"Sept", "/a-sept-25", on(2025, 9, 26), on(2025, 10, 26), "/a-oct-25",
                                "month: september 2025 -> october 2025"},
                    EditionCase{"ShortYear", "/a-mar25.pdf", on(2025, 3, 26), on(2026, 1, 26), "/a-jan26.pdf",
                                "month: march 2025 -> january 2026"},
                    EditionCase{"YearFirst", "/2025-march/a", on(2025, 3, 26), on(2025, 4, 26), "/2025-april/a",
                                "month: march 2025 -> april 2025"},
                    EditionCase{"RunTogether", "/releases/widgetoutputukapril2026", on(2026, 6, 10), on(2026, 7, 10),
                                "/releases/widgetoutputukmay2026", "month: april 2026 -> may 2026"},
                    EditionCase{"Number", "/a-2025-09.csv", on(2025, 10, 1), on(2025, 11, 1), "/a-2025-10.csv",
                                "month: september 2025 -> october 2025"},
                    EditionCase{"NumberUnpadded", "/a_3_2025/04-2025", on(2025, 5, 1), on(2025, 6, 1),
                                "/a_3_2025/05-2025", "month: april 2025 -> may 2025"},
                    EditionCase{"Compact", "/a202503.ods", on(2025, 4, 2), on(2025, 5, 2), "/a202504.ods",
                                "month: march 2025 -> april 2025"},
                    EditionCase{"WithoutAYear", "/latest/march/tables", on(2025, 4, 16), on(2025, 5, 16),
                                "/latest/april/tables", "month: march 2025 -> april 2025"},
                    EditionCase{"YearElsewhere", "/2025/a-december", on(2026, 1, 15), on(2026, 2, 15),
                                "/2026/a-january", "month: december 2025 -> january 2026"},
                    EditionCase{"YearTwice", "/2025/a-march-2025", on(2025, 4, 2), on(2026, 4, 2), "/2026/a-march-2026",
                                "month: march 2025 -> march 2026"},
                    EditionCase{"Range", "/january-to-march-2025", on(2025, 5, 13), on(2025, 8, 13),
                                "/april-to-june-2025",
                                "month: january 2025 -> april 2025, month: march 2025 -> june 2025"},
                    EditionCase{"RangeOverTheYear", "/october-to-december-2025", on(2026, 2, 13), on(2026, 5, 13),
                                "/january-to-march-2026",
                                "month: october 2025 -> january 2026, month: december 2025 -> march 2026"},
                    EditionCase{"InAFinancialYearsFolder", "/2024-25/a-march-2025", on(2025, 4, 2), on(2025, 5, 2),
                                "/2025-26/a-april-2025", "month: march 2025 -> april 2025"},
                    EditionCase{"Escapes", "/a%20march%202025.pdf", on(2025, 3, 26), on(2025, 4, 26),
                                "/a%20april%202025.pdf", "month: march 2025 -> april 2025"},
                    EditionCase{"InTheQuery", "/file?uri=/a/march2025/t.xlsx", on(2025, 3, 26), on(2025, 4, 26),
                                "/file?uri=/a/april2025/t.xlsx", "month: march 2025 -> april 2025"},
                    EditionCase{"OnlyMonthsAreKnown", "/a-march-2025", on(2025, 3), on(2025, 9), "/a-september-2025",
                                "month: march 2025 -> september 2025"}),
    [](const auto& c) { return c.param.name; });
INSTANTIATE_TEST_SUITE_P(Days, GuessesOfTest,
                         testing::Values(EditionCase{"OfDue", "/a-2025-03-26.pdf", on(2025, 3, 26), on(2025, 11, 26),
                                                     "/a-2025-11-26.pdf", "date: 2025-03-26 -> 2025-11-26"},
                                         EditionCase{"Weekly", "/week-ending-21-march-2025", on(2025, 3, 27),
                                                     on(2025, 4, 3), "/week-ending-28-march-2025",
                                                     "date: 2025-03-21 -> 2025-03-28"},
                                         EditionCase{"EndOfMonth", "/31-march-2025", on(2025, 4, 24), on(2025, 5, 22),
                                                     "/30-april-2025", "date: 2025-03-31 -> 2025-04-30"},
                                         EditionCase{"EndOfFebruary", "/a/31012024.csv", on(2024, 3, 2), on(2024, 4, 2),
                                                     "/a/29022024.csv", "date: 2024-01-31 -> 2024-02-29"},
                                         EditionCase{"Compact", "/a20250326.csv", on(2025, 3, 26), on(2025, 4, 23),
                                                     "/a20250423.csv", "date: 2025-03-26 -> 2025-04-23"},
                                         EditionCase{"SixDigits", "/a-260325.csv", on(2025, 3, 26), on(2025, 4, 23),
                                                     "/a-230425.csv", "date: 2025-03-26 -> 2025-04-23"},
                                         EditionCase{"MonthFirst", "/march-26-2025", on(2025, 3, 26), on(2025, 4, 23),
                                                     "/april-23-2025", "date: 2025-03-26 -> 2025-04-23"},
                                         EditionCase{"DayFirst", "/26.03.2025/x", on(2025, 3, 26), on(2025, 4, 23),
                                                     "/23.04.2025/x", "date: 2025-03-26 -> 2025-04-23"}),
                         [](const auto& c) { return c.param.name; });
INSTANTIATE_TEST_SUITE_P(
    QuartersAndYears, GuessesOfTest,
    testing::Values(EditionCase{"Quarter", "/migration-q4-2025", on(2026, 2, 20), on(2026, 5, 21), "/migration-q1-2026",
                                "quarter: q4 2025 -> q1 2026"},
                    EditionCase{"QuarterInWords", "/quarter-1-2025", on(2025, 5, 20), on(2025, 8, 21),
                                "/quarter-2-2025", "quarter: q1 2025 -> q2 2025"},
                    EditionCase{"QuarterOfAFinancialYear", "/2024-25/Q4/a", on(2025, 6, 20), on(2025, 9, 18),
                                "/2025-26/Q1/a", "quarter: q4 2024 -> q1 2025"},
                    EditionCase{"QuarterBehindItsYear", "/a-2025-q3", on(2025, 11, 20), on(2026, 2, 20), "/a-2025-q4",
                                "quarter: q3 2025 -> q4 2025"},
                    EditionCase{"FinancialYear", "/a-2024-25.xlsx", on(2025, 11, 1), on(2026, 11, 3), "/a-2025-26.xlsx",
                                "financial year: 2024-25 -> 2025-26"},
                    EditionCase{"FinancialYearInFull", "/a-2024-to-2025", on(2025, 11, 1), on(2026, 11, 3),
                                "/a-2025-to-2026", "financial year: 2024-25 -> 2025-26"},
                    EditionCase{"FinancialYearOfFourDigits", "/a2425.xlsx", on(2025, 11, 1), on(2026, 11, 3),
                                "/a2526.xlsx", "financial year: 2024-25 -> 2025-26"},
                    EditionCase{"FinancialYearOfSixDigits", "/a202425", on(2025, 11, 1), on(2026, 11, 3), "/a202526",
                                "financial year: 2024-25 -> 2025-26"},
                    EditionCase{"TurnOfACentury", "/a2019-20", on(2020, 11, 1), on(2021, 11, 3), "/a2020-21",
                                "financial year: 2019-20 -> 2020-21"},
                    EditionCase{"Year", "/museums-2024", on(2025, 5, 1), on(2026, 5, 7), "/museums-2025",
                                "year: 2024 -> 2025"},
                    EditionCase{"YearThatCameLate", "/museums-2024", on(2024, 12, 20), on(2026, 1, 8), "/museums-2025",
                                "year: 2024 -> 2025"},
                    EditionCase{"ABaseYearStays", "/index-2015-100-march-2025", on(2025, 3, 26), on(2025, 4, 26),
                                "/index-2015-100-april-2025", "month: march 2025 -> april 2025"}),
    [](const auto& c) { return c.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Folders, GuessesOfTest,
    testing::Values(EditionCase{"MonthOfDue", "/wp-content/uploads/2025/03/a.pdf", on(2025, 3, 26), on(2025, 11, 26),
                                "/wp-content/uploads/2025/11/a.pdf", "folder: 2025/03 -> 2025/11"},
                    EditionCase{"TheMonthBeforeAsLastTime", "/wp-content/uploads/sites/2/2025/02/a.pdf", on(2025, 3, 6),
                                on(2026, 1, 6), "/wp-content/uploads/sites/2/2025/12/a.pdf",
                                "folder: 2025/02 -> 2025/12"},
                    EditionCase{"FolderAndName", "/wp-content/uploads/2025/03/a-feb-25_v4.pdf", on(2025, 3, 26),
                                on(2025, 4, 26), "/wp-content/uploads/2025/04/a-mar-25_v4.pdf",
                                "month: february 2025 -> march 2025, folder: 2025/03 -> 2025/04"}),
    [](const auto& c) { return c.param.name; });

struct SpellingCase {
  const char* name;
  const char* former_url;
  const char* url;
  const char* rule;
};
class SpellingTest : public testing::TestWithParam<SpellingCase> {};
TEST_P(SpellingTest, IsAmongTheGuesses) {
  const SpellingCase& c = GetParam();
  const auto all = guesses_of(c.former_url, on(2025, 3, 26), on(2025, 9, 3));
  const auto it = std::find_if(all.begin(), all.end(), [&](const UrlGuess& g) { return g.path_query == c.url; });
  ASSERT_NE(it, all.end());
  EXPECT_THAT(it->rule, HasSubstr(c.rule));
  EXPECT_GT(it->cost, 0);
}
INSTANTIATE_TEST_SUITE_P(
    Of3September, SpellingTest,
    testing::Values(
        SpellingCase{"OtherEnding", "/a-march-2025.pdf", "/a-august-2025.xlsx", "ending: .pdf -> .xlsx"},
        SpellingCase{"OtherEndingBeforeAQuery", "/a-march-2025.xlsx?x=1", "/a-august-2025.csv?x=1",
                     "ending: .xlsx -> .csv"},
        SpellingCase{"CalendarMonth", "/a-march-2025.pdf", "/a-september-2025.pdf", "march 2025 -> september 2025"},
        SpellingCase{"ShortMonth", "/a-March-2025.pdf", "/a-Aug-2025.pdf", "month written as: August -> Aug"},
        SpellingCase{"LongMonth", "/a-mar-2025.pdf", "/a-august-2025.pdf", "month written as: aug -> august"},
        SpellingCase{"MonthAsNumber", "/a-mar-2025.pdf", "/a-08-2025.pdf", "month written as: aug -> 08"},
        SpellingCase{"WithoutPadding", "/a-2025-03.pdf", "/a-2025-8.pdf", "zero padding: 08 -> 8"},
        SpellingCase{"WithPadding", "/a-2025-3.pdf", "/a-2025-08.pdf", "zero padding: 8 -> 08"},
        SpellingCase{"NextVersion", "/a-march-2025_v4.pdf", "/a-august-2025_v5.pdf", "version: v4 -> v5"},
        SpellingCase{"FirstVersion", "/a-march-2025_v04.pdf", "/a-august-2025_v01.pdf", "version: v04 -> v01"},
        SpellingCase{"Final", "/a-march-2025.pdf", "/a-august-2025-final.pdf", "none -> -final"},
        SpellingCase{"NotFinal", "/a_march_2025_FINAL.pdf", "/a_august_2025.pdf", "_final -> none"},
        SpellingCase{"UploadedTwice", "/uploads/a-march-2025.pdf", "/uploads/a-august-2025-1.pdf", "none -> -1"},
        SpellingCase{"Separators", "/x-y/a-march-2025.pdf", "/x-y/a_august_2025.pdf", "separator: - -> _"},
        SpellingCase{"OtherSeparators", "/a_march_2025.pdf", "/a-august-2025.pdf", "separator: _ -> -"},
        SpellingCase{"SmallLetters", "/X/A-March-2025.PDF", "/X/a-august-2025.pdf", "letters: all small"},
        SpellingCase{"FolderOfTheMonthBefore", "/uploads/2025/03/a.pdf", "/uploads/2025/08/a.pdf",
                     "folder: 2025/03 -> 2025/08"}),
    [](const auto& c) { return c.param.name; });

TEST(GuessesOf, WhatTellsNoEditionGivesNone) {
  for (const char* path : {"/", "/a/b.pdf", "/what-may-happen", "/index-2015", "/AB/12CD34/tables.xlsx", "/%20%25",
                           "/a?b=c", "/99999999999999999999", "/v"})
    EXPECT_THAT(guesses_of(path, on(2025, 1, 26), on(2025, 2, 26)), IsEmpty()) << path;
}

TEST(GuessesOf, LongAndCrowdedUrlsGiveFewOrNone) {
  for (const char* part :
       {"-march-2025", "2024-25", "/2025/03/26", "v4", "q1", "%2", "MarchMarch", "20252025", "1-1-"}) {
    for (const std::size_t length : {200U, 1'999U, 8'000U}) {
      std::string path = "/uploads";
      while (path.size() + std::string{part}.size() <= length) path += part;
      EXPECT_LE(guesses_of(path, on(2025, 3, 26), on(2025, 11, 26)).size(), 4'000U) << part << " " << length;
    }
  }
  EXPECT_THAT(guesses_of("/" + std::string(2'000, 'a') + "-march-2025", on(2025, 3, 26), on(2025, 11, 26)), IsEmpty());
  std::string crowded;
  for (int month = 1; month <= 12; ++month)
    crowded += "/2025-" + std::string(month < 10 ? "0" : "") + std::to_string(month);
  EXPECT_THAT(guesses_of(crowded, on(2025, 3, 26), on(2025, 11, 26)), Not(IsEmpty()));
  EXPECT_THAT(guesses_of(crowded + "/2024-01", on(2025, 3, 26), on(2025, 11, 26)), IsEmpty());
}

TEST(HostBudgetTest, AGuessTakesWhatAllElseLeavesOver) {
  HostBudget budget{{.rate = 1, .burst = 3, .connections = 4}};
  budget.enqueue("a", Urgency::spare, 1);
  budget.enqueue("a", Urgency::routine, 2);
  budget.enqueue("a", Urgency::near_due, 3);
  EXPECT_EQ(budget.next(Millis{0}), 3U);
  EXPECT_EQ(budget.next(Millis{0}), 2U);
  EXPECT_EQ(budget.next(Millis{0}), 1U);
}

// ---- the candidates of a release ----

struct Told {
  Schedule schedule;
  CandidateSettings settings{.hosts = {"forecasts.example.org"}, .most = 20};
};

Told told(const std::string& more, const std::string& head = "due: 2025-11-26 12:30") {
  const std::string yaml = "releases:\n  - id: outlook\n    title: Outlook\n    " + head +
                           "\n    urls: [{url: \"https://forecasts.example.org/outlook/november-2025\", role: page, "
                           "profile: govuk}]\n" +
                           more;
  const auto s = read_schedule(yaml, "r.yml", "Europe/London", shipped_profiles());
  if (!s) {
    ADD_FAILURE() << to_string(s.error().front());
    return {};
  }
  return {*s, {.hosts = {"forecasts.example.org"}}};
}

std::string former(const std::string& path, const std::string& due = "2025-03-26 12:30") {
  return "      - {url: \"" + (path.starts_with("/") ? kSite + path : path) + "\", due: " + due + "}\n";
}

CandidateList made(const Told& t) { return CandidateMaker{t.schedule, t.settings}.of(t.schedule.releases.at(0)); }

std::vector<std::string> urls_of(const CandidateList& list) {
  std::vector<std::string> out;
  for (const Candidate& c : list.found) out.push_back(c.target.url.text);
  return out;
}

const std::string kOutlook = "    former_urls:\n" + former("/docs/uploads/Economic_outlook_March_2025.pdf");

TEST(CandidateMaker, TheFileOfTheOutlookComesFirst) {
  const auto list = made(told(kOutlook));
  ASSERT_FALSE(list.found.empty());
  const Target& first = list.found.front().target;
  EXPECT_EQ(first.url.text, "https://forecasts.example.org/docs/uploads/Economic_outlook_November_2025.pdf");
  EXPECT_EQ(first.candidate_rule, "month: march 2025 -> november 2025");
  EXPECT_EQ(first.role, Role::file);
  EXPECT_EQ(first.profile, "govuk") << "as the release's own URLs on that host";
  EXPECT_EQ(first.release, "outlook");
  EXPECT_EQ(list.found.front().from, "former_urls[0]");
}

TEST(CandidateMaker, NothingIsGuessedOnHostsThatAreNotListed) {
  Told t = told("    former_urls:\n" + former("https://files.example.org/a-march-2025.pdf") +
                former("https://forecasts.example.org:8443/a-march-2025.pdf") +
                former("https://www.forecasts.example.org/a-march-2025.pdf") +
                "    url_templates: [\"https://press.example.org/{month}\"]\n");
  const auto list = made(t);
  EXPECT_THAT(list.found, IsEmpty());
  EXPECT_THAT(list.notes, ElementsAre("former_urls[0]: files.example.org is not in candidates.hosts",
                                      "former_urls[1]: forecasts.example.org:8443 is not in candidates.hosts",
                                      "former_urls[2]: www.forecasts.example.org is not in candidates.hosts",
                                      "url_templates[0]: press.example.org is not in candidates.hosts"));
  t.settings.hosts.clear();
  EXPECT_THAT(made(t).found, IsEmpty());
}

TEST(CandidateMaker, AreNoMoreThanTheMost) {
  std::string many = "    former_urls:\n";
  for (int i = 0; i < 10; ++i) many += former("/uploads/2025/03/table-" + std::to_string(i) + "-march-2025.pdf");
  Told t = told(many);
  EXPECT_EQ(made(t).found.size(), 20U);
  t.settings.most = 7;
  const auto list = made(t);
  ASSERT_EQ(list.found.size(), 7U);
  for (const Candidate& c : list.found)
    EXPECT_THAT(c.target.url.text, HasSubstr("/2025/11/")) << "the likeliest of each former URL come before others";
}

TEST(CandidateMaker, LeavesOutWhatIsAnnouncedOrWasPublic) {
  const auto list =
      made(told("    former_urls:\n" + former("/outlook/march-2025") +
                former("/outlook/november-2025.pdf", "2025-01-30") + former("/outlook/march-2025.pdf", "2025-03-26")));
  EXPECT_THAT(urls_of(list), Not(Contains("https://forecasts.example.org/outlook/november-2025")));
  EXPECT_THAT(urls_of(list), Not(Contains("https://forecasts.example.org/outlook/november-2025.pdf")));
  for (const auto& url : urls_of(list)) EXPECT_THAT(url, Not(HasSubstr("march-2025")));
}

TEST(CandidateMaker, IdsDependOnTheUrlAlone) {
  const auto alone = made(told(kOutlook));
  const auto more = made(told(kOutlook + former("/docs/uploads/Tables_March_2025.xlsx")));
  std::set<std::string> ids;
  for (const Candidate& c : more.found) {
    EXPECT_THAT(c.target.id, StartsWith("outlook/candidate-"));
    EXPECT_TRUE(ids.insert(c.target.id).second);
    EXPECT_THAT(c.target.id, Not(HasSubstr("ovember")));
  }
  for (const Candidate& a : alone.found)
    for (const Candidate& b : more.found) EXPECT_EQ(a.target.id == b.target.id, a.target.url == b.target.url);
}

TEST(CandidateMaker, TheNewestEditionWeighsMost) {
  const auto list = made(told("    former_urls:\n" + former("/old-style-october-2024.pdf", "2024-10-30") +
                              former("/new-style-march-2025.pdf")));
  ASSERT_GE(list.found.size(), 2U);
  EXPECT_EQ(list.found[0].target.url.path_query, "/new-style-november-2025.pdf");
  EXPECT_EQ(list.found[1].target.url.path_query, "/old-style-november-2025.pdf");
}

TEST(CandidateMaker, EditionsThatAgreeGiveOneGuess) {
  const auto list =
      made(told("    former_urls:\n" + former("/a-october-2024.pdf", "2024-10-30") + former("/a-march-2025.pdf")));
  EXPECT_EQ(std::count_if(list.found.begin(), list.found.end(),
                          [](const auto& c) { return c.target.url.path_query == "/a-november-2025.pdf"; }),
            1);
  EXPECT_EQ(list.found.at(0).target.candidate_rule, "month: march 2025 -> november 2025");
  EXPECT_THAT(list.notes, IsEmpty());
}

TEST(CandidateMaker, TemplatesAreFilledInForTheComingEdition) {
  const auto list =
      made(told("    url_templates:\n"
                "      - \"https://forecasts.example.org/{yyyy}/{mm}/tables-{Mon}{yy}.xlsx\"\n"
                "      - \"https://forecasts.example.org/{month-1}-{fy}-q{q}\"\n"
                "      - \"https://forecasts.example.org/{d}{dd}{m-11}{yyyy-11}{fyfy}{MONTH}{mon}{MON}{Month}\"\n"));
  EXPECT_THAT(urls_of(list), ElementsAre("https://forecasts.example.org/2025/11/tables-Nov25.xlsx",
                                         "https://forecasts.example.org/october-2025-26-q4",
                                         "https://forecasts.example.org/262612"
                                         "20242526NOVEMBERnovNOVNovember"));
  EXPECT_EQ(list.found.at(0).target.candidate_rule, "template 1");
}

TEST(CandidateMaker, AProvisionalMonthIsEnough) {
  const auto list = made(told(kOutlook + "    url_templates: [\"https://forecasts.example.org/{dd}-{month}\"]\n",
                              "due: 2025-11\n    status: provisional"));
  EXPECT_THAT(urls_of(list), Contains("https://forecasts.example.org/docs/uploads/Economic_outlook_November_2025.pdf"));
  EXPECT_THAT(list.notes, ElementsAre("url_templates[0]: no day is known"));
}

TEST(CandidateMaker, ACancelledReleaseHasNone) {
  EXPECT_THAT(made(told(kOutlook, "due: 2025-11\n    status: cancelled")).found, IsEmpty());
}

TEST(CandidateMaker, TheDateIsTheLocalOne) {
  const auto list =
      made(told("    former_urls:\n" + former("/a-2025-05-31.csv", "2025-05-31 00:30"), "due: 2025-07-01 00:30"));
  EXPECT_EQ(list.found.at(0).target.url.path_query, "/a-2025-06-30.csv") << "the last day of the month before";
  const auto weekly =
      made(told("    former_urls:\n" + former("/a-2025-06-24.csv", "2025-06-24 00:30"), "due: 2025-07-01 00:30"));
  EXPECT_EQ(weekly.found.at(0).target.url.path_query, "/a-2025-07-01.csv");
}

}  // namespace
}  // namespace embargod

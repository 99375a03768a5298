#include "probes/edition.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace embargod {
namespace {

/// "2026-01", "2026-01..2026-03", "v4.1", "none".
std::string edition_shown(const std::optional<Edition>& e) {
  if (!e) return "none";
  char buffer[64];
  if (e->kind == Edition::Kind::version) {
    std::snprintf(buffer, sizeof buffer, "v%d.%d", e->begin, e->end);
  } else if (e->begin == e->end) {
    std::snprintf(buffer, sizeof buffer, "%04d-%02d", e->begin / 12, e->begin % 12 + 1);
  } else {
    std::snprintf(buffer, sizeof buffer, "%04d-%02d..%04d-%02d", e->begin / 12, e->begin % 12 + 1, e->end / 12,
                  e->end % 12 + 1);
  }
  return buffer;
}

struct EditionCase {
  const char* name;
  const char* text;
  const char* want;
};

class ReadEditionTest : public testing::TestWithParam<EditionCase> {};
TEST_P(ReadEditionTest, NamesTheLatestPeriodElseTheFirstVersion) {
  EXPECT_EQ(edition_shown(read_edition(GetParam().text)), GetParam().want) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Months, ReadEditionTest,
    testing::Values(EditionCase{"MonthYear", "GP appointments, January 2026", "2026-01"},
                    EditionCase{"Short", "Widget sales Jan 2026", "2026-01"},
                    EditionCase{"ShortWithPoint", "Widget sales Sept. 2026", "2026-09"},
                    EditionCase{"ShortHyphenTwoDigits", "Series to Jan-26", "2026-01"},
                    EditionCase{"Apostrophe", "Series to Jan '26", "2026-01"},
                    EditionCase{"CurlyApostrophe",
                                "Series to Jan \xE2\x80\x99"
                                "26",
                                "2026-01"},
                    EditionCase{"Iso", "Data 2026-01", "2026-01"}, EditionCase{"IsoDay", "Data 2026-01-31", "2026-01"},
                    EditionCase{"IsoInstant", "2026-04-25T09:30:00Z", "2026-04"},
                    EditionCase{"UpperCase", "WIDGET SALES APRIL 2026", "2026-04"},
                    EditionCase{"Slug", "widget-sales-april-2026", "2026-04"},
                    EditionCase{"SlugWithoutHyphens", "widgets_april2026", "2026-04"},
                    EditionCase{"CommaBetween", "Widgets: April, 2026", "2026-04"},
                    EditionCase{"OfBetween", "the month of April of 2026", "2026-04"},
                    EditionCase{"HyphenFourDigits", "Apr-2026", "2026-04"},
                    EditionCase{"NoBreakSpace",
                                "April\xC2\xA0"
                                "2026",
                                "2026-04"},
                    EditionCase{"YearFirst", "2026 January: widgets", "2026-01..2026-12"},
                    EditionCase{"EndOfSentence", "It was January. 2026 was cold.", "2026-01..2026-12"},
                    EditionCase{"InBrackets", "Widgets (April 2026)", "2026-04"},
                    EditionCase{"MonthSlashYear", "Widgets 04/2026", "2026-04"},
                    EditionCase{"TheLatestCounts", "April 2026 compared with May 2025", "2026-04"},
                    EditionCase{"TheLatestCountsWhateverTheOrder", "May 2025 to compare with: April 2026", "2026-04"}),
    [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Days, ReadEditionTest,
    testing::Values(EditionCase{"DayMonthYear", "published 25 April 2026", "2026-04"},
                    EditionCase{"Ordinal", "25th April 2026", "2026-04"},
                    EditionCase{"OrdinalOf", "the 1st of May 2026", "2026-05"},
                    EditionCase{"MonthDayYear", "April 25, 2026", "2026-04"},
                    EditionCase{"Slashes", "25/04/2026", "2026-04"},
                    EditionCase{"HyphensWithMonthName", "25-Apr-2026", "2026-04"},
                    EditionCase{"WeekEnding", "w/e 3 April 2026", "2026-04"},
                    EditionCase{"WeekEndingInWords", "Week ending 3 April 2026", "2026-04"},
                    EditionCase{"DayRange", "3 to 9 April 2026", "2026-04"},
                    EditionCase{"DayRangeOverTwoMonths", "27 March to 2 April 2026", "2026-03..2026-04"},
                    EditionCase{"IsoMonths", "2026-01 to 2026-03", "2026-01..2026-03"},
                    EditionCase{"DaysInFigures", "27/03/2026 - 02/04/2026", "2026-03..2026-04"},
                    EditionCase{"FirstToLastDay", "1 January to 31 March 2026", "2026-01..2026-03"}),
    [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(Ranges, ReadEditionTest,
                         testing::Values(EditionCase{"To", "January to March 2026", "2026-01..2026-03"},
                                         EditionCase{"BothYears", "October 2025 to March 2026", "2025-10..2026-03"},
                                         EditionCase{"OverTheYearsEnd", "October to March 2026", "2025-10..2026-03"},
                                         EditionCase{"Hyphen", "Jan-Mar 2026", "2026-01..2026-03"},
                                         EditionCase{"EnDash", "Jan \xE2\x80\x93 Mar 2026", "2026-01..2026-03"},
                                         EditionCase{"ShortYear", "Jan-Mar-26", "2026-01..2026-03"},
                                         EditionCase{"Between", "between January and March 2026", "2026-01..2026-03"},
                                         EditionCase{"MayToJuly", "May to July 2026", "2026-05..2026-07"},
                                         EditionCase{"QuarterBefore", "Q1 2026", "2026-01..2026-03"},
                                         EditionCase{"QuarterBehind", "2026 Q1", "2026-01..2026-03"},
                                         EditionCase{"MonthInCapitalsBehind", "2026 APR", "2026-04"},
                                         EditionCase{"YearBeforeAVerb", "In 2026 may be", "2026-01..2026-12"},
                                         EditionCase{"QuarterTouching", "2026Q1", "2026-01..2026-03"},
                                         EditionCase{"LastQuarter", "Q4 2025", "2025-10..2025-12"},
                                         EditionCase{"QuarterInWords", "first quarter of 2026", "2026-01..2026-03"},
                                         EditionCase{"QuarterWithNumber", "Quarter 3 2026", "2026-07..2026-09"},
                                         EditionCase{"QuarterOfAFinancialYear", "Q1 2025/26", "2025-04..2025-06"},
                                         EditionCase{"LastQuarterOfAFinancialYear", "Q4 2025-26", "2026-01..2026-03"},
                                         EditionCase{"QuarterToQuarter", "Q4 2025 to Q1 2026", "2025-10..2026-03"}),
                         [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Years, ReadEditionTest,
    testing::Values(EditionCase{"Year", "Widget census 2026", "2026-01..2026-12"},
                    EditionCase{"FinancialSlash", "Widgets, 2025/26", "2025-04..2026-03"},
                    EditionCase{"FinancialSlashNextYear", "Widgets 2026/27", "2026-04..2027-03"},
                    EditionCase{"FinancialHyphen", "Widgets 2025-26", "2025-04..2026-03"},
                    EditionCase{"FinancialEnDash",
                                "Widgets 2025\xE2\x80\x93"
                                "26",
                                "2025-04..2026-03"},
                    EditionCase{"FinancialInFull", "Widgets 2025/2026", "2025-04..2026-03"},
                    EditionCase{"FinancialInWords", "Widgets: 2025 to 2026", "2025-04..2026-03"},
                    EditionCase{"FinancialOverTheCentury", "Widgets 2099/00", "2099-04..2100-03"},
                    EditionCase{"YearEnding", "Crime, year ending March 2026", "2025-04..2026-03"},
                    EditionCase{"YearEndedDay", "year ended 31 March 2026", "2025-04..2026-03"},
                    EditionCase{"YearTo", "in the year to December 2025", "2025-01..2025-12"},
                    EditionCase{"TwelveMonths", "12 months to March 2026", "2025-04..2026-03"},
                    EditionCase{"ThreeMonthsInWords", "three months ending March 2026", "2026-01..2026-03"},
                    EditionCase{"QuarterEnding", "quarter ending March 2026", "2026-01..2026-03"},
                    EditionCase{"YE", "Y/E March 2026", "2025-04..2026-03"},
                    EditionCase{"MonthWithinItsYear", "Referrals 2025/26: January 2026", "2026-01"},
                    EditionCase{"MonthBesideABareYear", "December 2025, (c) 2026", "2025-12"},
                    EditionCase{"FinancialYearBesideABareYear", "Widgets 2025/26, (c) 2026", "2025-04..2026-03"},
                    EditionCase{"LaterFinancialYear", "Since April 2019; now 2025/26", "2025-04..2026-03"}),
    [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Welsh, ReadEditionTest,
    testing::Values(EditionCase{"January", "Ystadegau Ionawr 2026", "2026-01"},
                    EditionCase{"May", "Mai 2026", "2026-05"}, EditionCase{"September", "Medi 2026", "2026-09"},
                    EditionCase{"Mutated", "hyd at fis Fawrth 2026", "2026-03"},
                    EditionCase{"Range", "Ionawr i Fawrth 2026", "2026-01..2026-03"},
                    EditionCase{"Day", "25 Ebrill 2026", "2026-04"},
                    EditionCase{"YearEnding", "y flwyddyn hyd at fis Mawrth 2026", "2025-04..2026-03"},
                    EditionCase{"YearThatCameToAnEnd", "y flwyddyn a ddaeth i ben ym mis Mawrth 2026",
                                "2025-04..2026-03"}),
    [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(Versions, ReadEditionTest,
                         testing::Values(EditionCase{"Short", "dataset v4", "v4.0"},
                                         EditionCase{"ShortMinor", "dataset v4.1", "v4.1"},
                                         EditionCase{"InFull", "Version 4.1", "v4.1"},
                                         EditionCase{"Edition", "edition 4", "v4.0"},
                                         EditionCase{"Colon", "Version: 12", "v12.0"},
                                         EditionCase{"PatchIsLeftOut", "version 1.2.3", "v1.2"},
                                         EditionCase{"EndOfSentence", "This is version 4. It is new.", "v4.0"},
                                         EditionCase{"TheFirst", "v3 replaces v2", "v3.0"},
                                         EditionCase{"APeriodGoesFirst", "v4, January 2026", "2026-01"},
                                         EditionCase{"InAPath", "/datasets/widgets/v12", "v12.0"}),
                         [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Traps, ReadEditionTest,
    testing::Values(EditionCase{"Nothing", "", "none"}, EditionCase{"NoPeriod", "Widget sales", "none"},
                    EditionCase{"MayAsAVerb", "Figures may be revised", "none"},
                    EditionCase{"MayAsAVerbBesideAYear", "They may 2026 times", "2026-05"},
                    EditionCase{"MayAtTheEndOfASentence", "As they may. 2026 figures follow", "2026-01..2026-12"},
                    EditionCase{"MarchAsAVerb", "They march on", "none"},
                    EditionCase{"MonthWithoutAYear", "Next in January", "none"},
                    EditionCase{"YearInAPhoneNumber", "Call 020 7946 2026", "none"},
                    EditionCase{"YearFirstInAPhoneNumber", "Call 2026 123 456", "none"},
                    EditionCase{"YearInAnInternationalNumber", "Call +44 20 2026 0123", "none"},
                    EditionCase{"PhoneNumberOfYears", "Call 0161 2026 2025", "none"},
                    EditionCase{"IsoMonthInAPhoneNumber", "Call 0161-2026-04", "none"},
                    EditionCase{"NumberInAnArticle", "Reference 2026-04-1234", "none"},
                    EditionCase{"ThousandsFigure", "2,026 widgets", "none"},
                    EditionCase{"Money",
                                "\xC2\xA3"
                                "2026 paid",
                                "none"},
                    EditionCase{"Decimal", "2026.5 tonnes", "none"}, EditionCase{"Percent", "2026%", "none"},
                    EditionCase{"IsoWeekIsNoMonth", "2026-W05", "none"},
                    EditionCase{"WeekNumber", "Week 5 2026", "none"}, EditionCase{"NoSuchMonth", "2026-13", "none"},
                    EditionCase{"NoSuchYear", "January 0026", "none"},
                    EditionCase{"YearsThatDoNotFollow", "2024-26", "none"},
                    EditionCase{"DigitsRunTogether", "Reference 120262", "none"},
                    EditionCase{"AName", "Smith v 4", "none"}, EditionCase{"PartOfAWord", "conversion 4", "none"},
                    EditionCase{"LongDigits", "99999999999999999999999999 2026-99999999999999999999", "none"}),
    [](const auto& p) { return p.param.name; });

TEST(ReadEdition, GivesTheWordsItWasReadFrom) {
  EXPECT_EQ(read_edition("Crime in  England, year ending March 2026: bulletin")->text, "year ending March 2026");
  EXPECT_EQ(read_edition("Widgets, Jan\xE2\x80\x93Mar 2026 (v2)")->text, "Jan\xE2\x80\x93Mar 2026");
  EXPECT_EQ(read_edition("This is version 4.1 of it")->text, "version 4.1");
}

struct OrderCase {
  const char* name;
  const char* seen;
  const char* embargoed;
  EditionOrder want;
};

class CompareEditionsTest : public testing::TestWithParam<OrderCase> {};
TEST_P(CompareEditionsTest, OrdersWhatCanBeOrdered) {
  const auto& c = GetParam();
  const auto seen = read_edition(c.seen), embargoed = read_edition(c.embargoed);
  ASSERT_TRUE(seen && embargoed);
  EXPECT_EQ(compare_editions(*seen, *embargoed), c.want);
}
INSTANTIATE_TEST_SUITE_P(
    Pairs, CompareEditionsTest,
    testing::Values(OrderCase{"SameMonth", "January 2026", "2026-01", EditionOrder::current},
                    OrderCase{"MonthBefore", "December 2025", "January 2026", EditionOrder::former},
                    OrderCase{"MonthAfter", "February 2026", "January 2026", EditionOrder::later},
                    OrderCase{"SameQuarterOtherWords", "January to March 2026", "Q1 2026", EditionOrder::current},
                    OrderCase{"SameQuarterOfTheFinancialYear", "Q4 2025/26", "Q1 2026", EditionOrder::current},
                    OrderCase{"QuarterBefore", "Q4 2025", "Q1 2026", EditionOrder::former},
                    OrderCase{"RollingQuarterBefore", "December 2025 to February 2026", "January to March 2026",
                              EditionOrder::former},
                    OrderCase{"RollingYearAfter", "year ending June 2026", "year ending March 2026",
                              EditionOrder::later},
                    OrderCase{"MonthBeforeTheQuarter", "December 2025", "Q1 2026", EditionOrder::former},
                    OrderCase{"MonthWithinTheQuarter", "February 2026", "Q1 2026", EditionOrder::other},
                    OrderCase{"YearAroundTheMonth", "2026", "January 2026", EditionOrder::other},
                    OrderCase{"YearBeforeTheMonth", "2025", "January 2026", EditionOrder::former},
                    OrderCase{"FinancialYears", "2024/25", "2025/26", EditionOrder::former},
                    OrderCase{"FinancialAgainstCalendarYear", "2025/26", "2026", EditionOrder::former},
                    OrderCase{"VersionBefore", "v3", "v4", EditionOrder::former},
                    OrderCase{"MinorVersionAfter", "v4.1", "v4", EditionOrder::later},
                    OrderCase{"SameVersion", "version 4", "v4.0", EditionOrder::current},
                    OrderCase{"VersionAgainstPeriod", "v4", "January 2026", EditionOrder::other}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod

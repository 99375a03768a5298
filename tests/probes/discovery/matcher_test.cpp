#include "probes/discovery/matcher.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

Target target_of(const std::string& id, const std::string& url, Role role) {
  Target t;
  t.id = id;
  t.release = id.substr(0, id.find('/'));
  t.url = *parse_url(url);
  t.role = role;
  return t;
}

Release release_of(const std::string& id, const std::string& title, std::vector<Target> targets) {
  Release r;
  r.id = id;
  r.title = title;
  r.targets = std::move(targets);
  return r;
}

const FindingMatcher& matcher() {
  static const FindingMatcher kMatcher = [] {
    const std::string gov = "https://www.gov.example.org/government/statistics/";
    const std::string ons = "https://www.stats.example.org/economy/";
    Schedule s;
    s.releases = {
        release_of(
            "widgets-2026-04", "Widget sales, Great Britain: April 2026",
            {target_of("widgets-2026-04/page", gov + "widget-sales-april-2026", Role::page),
             target_of("widgets-2026-04/file", "https://files.example.org/AB/widget-sales-apr26.xlsx", Role::file),
             target_of("widgets-2026-04/announcement", gov + "announcements/widget-sales-april-2026",
                       Role::announcement)}),
        release_of("rail-2026-q1", "Rail & road",
                   {target_of("rail-2026-q1/page", ons + "bulletins/rail/april2026", Role::page),
                    target_of("rail-2026-q1/latest", ons + "bulletins/rail/latest", Role::latest)}),
        release_of("jobs-2026-04", "Jobs, April 2026",
                   {target_of("jobs-2026-04/page", ons + "jobs-april-2026", Role::page),
                    target_of("jobs-2026-04/file", ons + "jobs/current.csv", Role::file)}),
        release_of("jobs-2026-05", "Jobs, May 2026",
                   {target_of("jobs-2026-05/file", ons + "jobs/current.csv", Role::file)}),
        release_of("crime-a", "Crime in 2026", {}),
        release_of("crime-b", "Crime in 2026", {}),
        release_of("long-2025", "Adult social care activity and finance report, England, 2025 to 2026", {}),
    };
    return FindingMatcher{s};
  }();
  return kMatcher;
}

struct MatchRow {
  const char* name;
  const char* url;
  const char* title;
  const char* want;  // "release target by", " anyway" behind; "" none
};
class Match : public testing::TestWithParam<MatchRow> {};

TEST_P(Match, IsTheSurestOne) {
  Finding f;
  f.url = GetParam().url;
  f.title = GetParam().title;
  const auto m = matcher().match(f);
  const std::string got = !m ? ""
                             : m->release + " " +
                                   (m->target.empty() ? "-" : m->target.substr(m->target.find('/') + 1)) + " " +
                                   to_string(m->by) + (m->public_anyway ? " anyway" : "");
  EXPECT_EQ(got, GetParam().want);
}

const char* const kNowhere = "https://www.gov.example.org/x";

INSTANTIATE_TEST_SUITE_P(
    Rows, Match,
    testing::Values(
        MatchRow{"Url", "https://www.gov.example.org/government/statistics/widget-sales-april-2026", "",
                 "widgets-2026-04 page url"},
        MatchRow{"UrlWithoutWwwWithSlash", "http://gov.example.org/government/statistics/widget-sales-april-2026/", "",
                 "widgets-2026-04 page url"},
        MatchRow{"WelshTwin", "https://cy.gov.example.org/government/statistics/widget-sales-april-2026", "",
                 "widgets-2026-04 page alias"},
        MatchRow{"WelshPath", "https://www.gov.example.org/government/statistics/widget-sales-april-2026.cy", "",
                 "widgets-2026-04 page alias"},
        MatchRow{"OtherEnding", "https://files.example.org/AB/widget-sales-apr26.csv", "",
                 "widgets-2026-04 file alias"},
        MatchRow{"SlugElsewhere", "https://files.example.org/CD/Widget-Sales-Apr26.ods", "",
                 "widgets-2026-04 file slug"},
        MatchRow{"SlugOnAnotherSite", "https://news.example.com/widget-sales-april-2026", "", ""},
        MatchRow{"Announcement",
                 "https://www.gov.example.org/government/statistics/announcements/widget-sales-april-2026", "",
                 "widgets-2026-04 announcement url anyway"},
        MatchRow{"OtherAnnouncementWithTheSlug",
                 "https://www.gov.example.org/search/announcements/widget-sales-april-2026", "", ""},
        MatchRow{"Latest", "https://www.stats.example.org/economy/bulletins/rail/latest", "",
                 "rail-2026-q1 latest url anyway"},
        MatchRow{"SlugOfAMonthAloneNamesNothing", "https://www.stats.example.org/economy/bulletins/other/april2026", "",
                 ""},
        MatchRow{"AddressOfTwoReleases", "https://www.stats.example.org/economy/jobs/current.csv", "",
                 "jobs-2026-04 file url anyway"},
        MatchRow{"Title", kNowhere, "Widget sales, Great Britain: April 2026", "widgets-2026-04 - title"},
        MatchRow{"TitleInOtherPunctuation", kNowhere, "WIDGET SALES \xE2\x80\x93 Great Britain (Apr. 2026)",
                 "widgets-2026-04 - title"},
        MatchRow{"TitleWithinALongerOne", kNowhere,
                 "Official statistics: Widget sales, Great Britain: April 2026 - GOV", "widgets-2026-04 - title"},
        MatchRow{"YearsInAnotherForm", kNowhere, "Adult Social Care Activity and Finance Report: England 2025/26",
                 "long-2025 - title"},
        MatchRow{"TitleOfAnotherEdition", kNowhere, "Widget sales, Great Britain: March 2026", ""},
        MatchRow{"ShortTitleWithinALongerOne", kNowhere, "All jobs, April 2026 and more", ""},
        MatchRow{"TitleWithoutAnEdition", kNowhere, "Rail & road", ""},
        MatchRow{"TitleOfTwoReleases", kNowhere, "Crime in 2026", ""}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(PlainTitle, IsOneForAllSpellings) {
  EXPECT_EQ(plain_title("Rail & road: Jan to Mar 2026"), "rail road m0 m2 26");
  EXPECT_EQ(plain_title("Rail and road \xE2\x80\x93 January\xE2\x80\x93March 2026"), "rail road m0 m2 26");
  EXPECT_EQ(plain_title("T\xC5\xB7 a d\xC5\xB5r: mis Mawrth 2026"), "ty dwr m2 26");
  EXPECT_EQ(plain_title("Women\xE2\x80\x99s health, Q1 2025/26"), "womens health q 1 25 26");
  EXPECT_EQ(plain_title("Women's health, quarter 01, 2025-26"), "womens health q 1 25 26");
  EXPECT_EQ(plain_title("\x80\xFF"), plain_title("\x80\xFF"));  // broken bytes do no harm
  EXPECT_EQ(plain_title(""), "");
}

TEST(NamesOneEdition, NeedsASubjectAndANumberOrMonth) {
  EXPECT_TRUE(names_one_edition("widgets m3"));
  EXPECT_TRUE(names_one_edition("widgets 26"));
  for (const char* not_enough : {"", "widgets", "m3 26", "latest 26", "release q 1 26", "up 26"})
    EXPECT_FALSE(names_one_edition(not_enough)) << not_enough;
}

}  // namespace
}  // namespace embargod

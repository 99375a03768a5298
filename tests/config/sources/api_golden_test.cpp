// The records that the three public APIs give, from a file and from a site. EMBARGOD_UPDATE_GOLDEN=1 writes them anew:
// read the diff.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "tests/config/golden_faults.h"
#include "tests/config/sources/api_site.h"

namespace embargod {
namespace {

std::string api_page(const std::string& name) {
  return read_file("tests/config/sources/pages/" + name, 1'000'000).value_or("");
}

std::string status_word(ItemStatus s) {
  switch (s) {
    case ItemStatus::provisional:
      return "provisional";
    case ItemStatus::confirmed:
      return "confirmed";
    case ItemStatus::postponed:
      return "postponed";
    case ItemStatus::cancelled:
      return "cancelled";
    case ItemStatus::published:
      return "published";
  }
  return "";
}

std::string due_line(const Due& due) {
  std::string s;
  if (due.at) s = rfc3339(*due.at) + (due.precision == DuePrecision::time_assumed ? " (time assumed)" : "");
  if (due.period_begin) s = rfc3339(*due.period_begin) + " to " + rfc3339(*due.period_end);
  return (s.empty() ? "none" : s) + ", " + due.zone + ", \"" + due.as_given + "\"";
}

std::string calendar_text(const Calendar& calendar) {
  std::string s;
  for (const CalendarItem& i : calendar.items) {
    s += i.key + "\n  title:   " + i.title + "\n  url:     " + i.url + "\n  status:  " + status_word(i.status) +
         "\n  due:     " + due_line(i.due) + "\n";
    if (i.former) s += "  former:  " + due_line(*i.former) + "\n";
    if (!i.reason.empty()) s += "  reason:  " + i.reason + "\n";
    if (i.changed) s += "  changed: " + rfc3339(*i.changed) + "\n";
    s += "  where:   " + i.where.file + ", " + i.path + "\n";
  }
  for (const std::string& note : calendar.notes) s += "note: " + note + "\n";
  return s;
}

struct ApiGoldenCase {
  const char* name;
  SourceFormat format;
  const char* first;                                       // URL or file
  std::vector<std::pair<std::string, std::string>> pages;  // URL, file below pages/
};
void PrintTo(const ApiGoldenCase& c, std::ostream* out) { *out << c.name; }

constexpr const char* kOnsList = "https://api.beta.ons.gov.uk/v1/search/releases?release-type=type-upcoming&limit=3";
constexpr const char* kGovukList = "https://www.gov.uk/api/search.json?filter_format=statistics_announcement&count=3";
const std::string kGovukContent = "https://www.gov.uk/api/content/government/statistics/announcements/";
constexpr const char* kEesMonth =
    "https://content.explore-education-statistics.service.gov.uk/api/publications/widget-absence-in-schools";

class ApiGoldenTest : public testing::TestWithParam<ApiGoldenCase> {};
TEST_P(ApiGoldenTest, GivesTheseRecords) {
  const ApiGoldenCase& c = GetParam();
  ApiPages pages;
  for (const auto& [url, file] : c.pages) pages[url] = api_page(file);
  const auto reader = make_api_source(c.format, where_of(c.first));
  const auto calendar = read_api_pages(*reader, c.first, pages);
  ASSERT_TRUE(calendar) << fault_lines(calendar);
  const std::string got = calendar_text(*calendar);
  const std::string golden = std::string{"tests/config/sources/golden/"} + c.name + ".txt";
  if (std::getenv("EMBARGOD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{golden} << got;
    return;
  }
  const auto want = read_file(golden, 100'000);
  ASSERT_TRUE(want) << to_string(want.error());
  EXPECT_EQ(got, *want);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ApiGoldenTest,
    testing::Values(ApiGoldenCase{"ons_site",
                                  SourceFormat::ons,
                                  kOnsList,
                                  {{kOnsList, "ons_page_1.json"},
                                   {std::string{kOnsList} + "&offset=3", "ons_page_2.json"},
                                   {std::string{kOnsList} + "&offset=6", "ons_page_3.json"}}},
                    ApiGoldenCase{"ons_test_site",
                                  SourceFormat::ons,
                                  "http://127.0.0.1:8080/releases?offset=6&limit=3",
                                  {{"http://127.0.0.1:8080/releases?offset=6&limit=3", "ons_page_3.json"}}},
                    ApiGoldenCase{
                        "ons_file", SourceFormat::ons, "ons_page_1.json", {{"ons_page_1.json", "ons_page_1.json"}}},
                    ApiGoldenCase{"govuk_site",
                                  SourceFormat::govuk,
                                  kGovukList,
                                  {{kGovukList, "govuk_search_1.json"},
                                   {std::string{kGovukList} + "&start=3", "govuk_search_2.json"},
                                   {kGovukContent + "widget-sales-q1-2026", "govuk_confirmed.json"},
                                   {kGovukContent + "widget-makers-2026", "govuk_provisional.json"},
                                   {kGovukContent + "widget-repairs", "govuk_two_months.json"},
                                   {kGovukContent + "widget-safety---england-", "govuk_cancelled.json"},
                                   {kGovukContent + "widget-exports-winter", "govuk_winter.json"},
                                   {kGovukContent + "widget-jobs", "govuk_redirect.json"}}},
                    ApiGoldenCase{"govuk_document",
                                  SourceFormat::govuk,
                                  "http://127.0.0.1:8080/api/content/widget-sales-q1-2026",
                                  {{"http://127.0.0.1:8080/api/content/widget-sales-q1-2026", "govuk_confirmed.json"}}},
                    ApiGoldenCase{"govuk_file",
                                  SourceFormat::govuk,
                                  "govuk_documents.json",
                                  {{"govuk_documents.json", "govuk_documents.json"}}},
                    ApiGoldenCase{"ees_month", SourceFormat::ees, kEesMonth, {{kEesMonth, "ees_month.json"}}},
                    ApiGoldenCase{"ees_day", SourceFormat::ees, "ees_day.json", {{"ees_day.json", "ees_day.json"}}},
                    ApiGoldenCase{"ees_year",
                                  SourceFormat::ees,
                                  "http://127.0.0.1:8080/api/publications/widget-workforce",
                                  {{"http://127.0.0.1:8080/api/publications/widget-workforce", "ees_year.json"}}}),
    [](const auto& c) { return c.param.name; });

TEST(ApiSources, NeverGiveAProvisionalItemAnInstant) {
  for (const auto& [format, file] :
       std::vector<std::pair<SourceFormat, std::string>>{{SourceFormat::ons, "ons_page_2.json"},
                                                         {SourceFormat::govuk, "govuk_documents.json"},
                                                         {SourceFormat::govuk, "govuk_provisional.json"},
                                                         {SourceFormat::govuk, "govuk_two_months.json"},
                                                         {SourceFormat::ees, "ees_month.json"},
                                                         {SourceFormat::ees, "ees_year.json"}}) {
    const auto calendar = read_api_pages(*make_api_source(format, file), file, {{file, api_page(file)}});
    ASSERT_TRUE(calendar) << fault_lines(calendar);
    const auto is_provisional = [](const CalendarItem& i) { return i.status == ItemStatus::provisional; };
    EXPECT_TRUE(std::any_of(calendar->items.begin(), calendar->items.end(), is_provisional)) << file;
    for (const CalendarItem& i : calendar->items)
      if (is_provisional(i)) {
        EXPECT_FALSE(i.due.at) << file << ": " << i.key;
        EXPECT_TRUE(i.due.period_begin && i.due.period_end) << file << ": " << i.key;
      }
  }
}

TEST(GovukSource, KeepsTheOrderOfTheListWhateverTheOrderOfTheAnswers) {
  const auto reader = make_api_source(SourceFormat::govuk, "list");
  auto wanted = reader->take(kGovukList, api_page("govuk_search_1.json"));
  ASSERT_TRUE(wanted) << fault_lines(wanted);
  ASSERT_EQ(wanted->size(), 4U);  // three documents and the next page
  ASSERT_TRUE(reader->take((*wanted)[2], api_page("govuk_two_months.json")));
  ASSERT_TRUE(reader->take((*wanted)[1], api_page("govuk_provisional.json")));
  ASSERT_TRUE(reader->take((*wanted)[0], api_page("govuk_confirmed.json")));
  ASSERT_TRUE(reader->take((*wanted)[3], R"({"results": [], "total": 3})"));
  const auto calendar = reader->finish();
  ASSERT_TRUE(calendar) << fault_lines(calendar);
  ASSERT_EQ(calendar->items.size(), 3U);
  EXPECT_EQ(calendar->items[0].title, "Widget sales, January to March 2026");
  EXPECT_EQ(calendar->items[2].title, "Widget repairs");
}

TEST(OnsSource, SaysThatTheListMovedWhileItWasRead) {
  const std::string first = "https://api.example.org/releases?limit=3";
  const auto reader = make_api_source(SourceFormat::ons, where_of(first));
  std::string second = api_page("ons_page_2.json");
  const std::string was = "/releases/widgetcensusfirstresults";
  second.replace(second.find(was), was.size(), "/releases/widgettradewinter2026");
  const auto calendar = read_api_pages(*reader, first,
                                       {{first, api_page("ons_page_1.json")},
                                        {first + "&offset=3", second},
                                        {first + "&offset=6", api_page("ons_page_3.json")}});
  ASSERT_TRUE(calendar) << fault_lines(calendar);
  EXPECT_EQ(calendar->items.size(), 7U);
  ASSERT_GE(calendar->notes.size(), 2U);
  EXPECT_EQ(calendar->notes.front(),
            "https://api.example.org/releases: page 2, releases[0]: \"/releases/widgettradewinter2026\" stood on an "
            "earlier page too: the list moved while it was read");
  EXPECT_EQ(calendar->notes.back(), "https://api.example.org/releases: 8 releases are promised, 7 were given");
}

}  // namespace
}  // namespace embargod

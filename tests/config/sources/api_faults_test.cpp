// Broken and hostile answers: one clear message each, and never a shorter calendar in silence.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/sources/json_pages.h"
#include "tests/config/golden_faults.h"
#include "tests/config/sources/api_site.h"

namespace embargod {
namespace {

constexpr const char* kFaultyUrl = "https://api.example.org/list?x=1";

struct ApiFaultCase {
  const char* name;
  SourceFormat format;
  std::string bytes;
  std::string want;  // behind "https://api.example.org/list"
};
void PrintTo(const ApiFaultCase& c, std::ostream* out) { *out << c.name; }

std::string ons_entry(const std::string& description) {
  return R"({"breakdown": {"total": 1}, "releases": [{"uri": "/releases/a", "description": {"title": "A", )" +
         description + "}}]}";
}

std::string govuk_document(const std::string& details) {
  return R"({"document_type": "official_statistics_announcement", "schema_name": "statistics_announcement",
             "base_path": "/government/statistics/announcements/a", "title": "A", "details": {)" +
         details + "}}";
}

std::string ees_publication(const std::string& date) {
  return R"({"title": "A", "slug": "a", "nextReleaseDate": )" + date + "}";
}

std::string list_of_zeros(int n) {
  std::string s = "[0";
  for (int i = 1; i < n; ++i) s += ",0";
  return s + "]";
}

class ApiFaultTest : public testing::TestWithParam<ApiFaultCase> {};
TEST_P(ApiFaultTest, IsOneMessageThatSaysWhere) {
  const ApiFaultCase& c = GetParam();
  const auto calendar =
      read_api_pages(*make_api_source(c.format, where_of(kFaultyUrl)), kFaultyUrl, {{kFaultyUrl, c.bytes}});
  EXPECT_EQ(fault_lines(calendar), "https://api.example.org/list" + c.want + "\n");
}

constexpr const char* kOtherApi = "; open the URL in a browser: it may be a login, an error or another API";
constexpr const char* kNoOnsList =
    "; use the address of the release search: /v1/search/releases?release-type=type-upcoming";
constexpr const char* kGovukAddresses =
    "; use /api/search.json?filter_format=statistics_announcement with filters, or /api/content/<path of an "
    "announcement>";

INSTANTIATE_TEST_SUITE_P(
    Bytes, ApiFaultTest,
    testing::Values(
        ApiFaultCase{"Empty", SourceFormat::ons, "", std::string{":1:1: is empty, not JSON"} + kOtherApi},
        ApiFaultCase{"Html", SourceFormat::ees, "\n <!doctype html>",
                     std::string{":2:2: is HTML or XML, not JSON"} + kOtherApi},
        ApiFaultCase{"CutOff", SourceFormat::ons, "{\"releases\": [\n{\"uri\": \"/a",
                     ":2:12: ends in the middle of the JSON; it was cut off on its way: read it again"},
        ApiFaultCase{"Syntax", SourceFormat::govuk, "{\"title\": \"é\",\n \"é\": oops}",
                     std::string{":2:7: is not JSON from here on"} + kOtherApi},
        ApiFaultCase{"SecondDocument", SourceFormat::ees, "{} {}",
                     std::string{":1:4: is not JSON from here on"} + kOtherApi},
        ApiFaultCase{"Nul", SourceFormat::ees, std::string{"{}\0{}", 5},
                     ":1:3: is not JSON in UTF-8; save it as UTF-8, the only encoding that JSON has"},
        ApiFaultCase{"Utf16", SourceFormat::ees, std::string{"\xFF\xFE{\0}\0", 6},
                     ":1:1: is not JSON in UTF-8; save it as UTF-8, the only encoding that JSON has"},
        ApiFaultCase{"Windows1252", SourceFormat::ees, "{\"title\": \"caf\xE9\"}",
                     ":1:15: is not JSON in UTF-8; save it as UTF-8, the only encoding that JSON has"},
        ApiFaultCase{"LoneSurrogate", SourceFormat::ees, R"({"title": "\ud83d"})",
                     std::string{":1:18: is not JSON from here on"} + kOtherApi},
        ApiFaultCase{"Deep", SourceFormat::ons, std::string(100'000, '['),
                     ": nested deeper than 64 levels; no such page is an answer of this API"},
        ApiFaultCase{"ManyValues", SourceFormat::ons, list_of_zeros(1'200'000),
                     ": more than 1000000 values; no such page is an answer of this API"},
        ApiFaultCase{"KeyTwice", SourceFormat::ees, R"({"slug": "a", "x": {"slug": "b"}, "slug": "c"})",
                     ": the key \"slug\" stands twice in one object; no such page is an answer of this API"},
        ApiFaultCase{"HugeNumber", SourceFormat::ees, R"({"year": 1e999})",
                     std::string{":1:14: is not JSON from here on"} + kOtherApi},
        ApiFaultCase{"TooLarge", SourceFormat::ees, std::string(kLargestSource + 1, ' '),
                     ": the pages hold more than 16 MiB together; ask for fewer entries: by date, or by organisation"}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ons, ApiFaultTest,
    testing::Values(
        ApiFaultCase{"OtherApi", SourceFormat::ons, R"({"message": "not found"})",
                     std::string{": has no list \"releases\""} + kNoOnsList},
        ApiFaultCase{"List", SourceFormat::ons, "[]", ": is array where an object is expected"},
        ApiFaultCase{
            "NoneAtAll", SourceFormat::ons, R"({"breakdown": {"total": 0}, "releases": []})",
            ": lists no release at all; an empty calendar is taken for an error: check the filters in its URL"},
        ApiFaultCase{"PromisedButEmpty", SourceFormat::ons, R"({"breakdown": {"total": 3}, "releases": []})",
                     ": is empty at 0 of 3 releases; read it again later; if it stays so, tell who runs it"},
        ApiFaultCase{
            "Millions", SourceFormat::ons,
            R"({"breakdown": {"total": 3000000}, "releases": [{"uri": "/releases/a", "description": {"title": "A",
                        "release_date": "2026-06-10T08:30:00Z", "finalised": true}}]})",
            ": breakdown.total: 3000000 releases are more than the 20000 that are read; set fromDate and toDate "
            "in the URL"},
        ApiFaultCase{
            "KeyTwiceOnAPage", SourceFormat::ons,
            R"({"breakdown": {"total": 2}, "releases": [
                         {"uri": "/releases/a", "description": {"title": "A", "release_date": "2026-06-10T08:30:00Z"}},
                         {"uri": "/releases/a", "description": {"title": "A", "release_date": "2026-06-11T08:30:00Z"}}]})",
            ": releases[1]: \"/releases/a\" stands twice; read it again later; if it stays so, tell who runs it"},
        ApiFaultCase{"NoDate", SourceFormat::ons, ons_entry(R"("finalised": true)"),
                     ": releases[0].description.release_date: is missing"},
        ApiFaultCase{"NoDay", SourceFormat::ons, ons_entry(R"("release_date": "2026-06", "finalised": true)"),
                     ": releases[0].description.release_date: \"2026-06\" names no day"},
        ApiFaultCase{
            "NoOffset", SourceFormat::ons, ons_entry(R"("release_date": "2026-06-10T09:30:00", "finalised": true)"),
            ": releases[0].description.release_date: \"2026-06-10T09:30:00\" has neither Z nor an offset: UTC and "
            "local time may be meant"},
        ApiFaultCase{"ThirtiethOfFebruary", SourceFormat::ons,
                     ons_entry(R"("release_date": "2026-02-30T09:30:00Z", "finalised": true)"),
                     ": releases[0].description.release_date: 2026-02-30 is not a day of the calendar"},
        ApiFaultCase{
            "TwentyFiveOClock", SourceFormat::ons,
            ons_entry(R"("release_date": "2026-02-20T25:00:00Z", "finalised": true)"),
            ": releases[0].description.release_date: \"2026-02-20T25:00:00Z\" has no time from 00:00 to 23:59:59"},
        ApiFaultCase{"DateIsANumber", SourceFormat::ons, ons_entry(R"("release_date": 1781080200, "finalised": true)"),
                     ": releases[0].description.release_date: is number where text is expected\n"
                     "https://api.example.org/list: releases[0].description.release_date: is missing"},
        ApiFaultCase{"PublishedIsAWord", SourceFormat::ons,
                     ons_entry(R"("release_date": "2026-06-10T08:30:00Z", "finalised": true, "published": "no")"),
                     ": releases[0].description.published: is string where true or false is expected"},
        ApiFaultCase{"ForeignScheme", SourceFormat::ons,
                     R"({"breakdown": {"total": 1}, "releases": [{"uri": "javascript:void", "description":
                        {"title": "A", "release_date": "2026-06-10T08:30:00Z", "finalised": true}}]})",
                     ": releases[0].uri: the link is neither http nor https"}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Govuk, ApiFaultTest,
    testing::Values(
        ApiFaultCase{"OtherApi", SourceFormat::govuk, R"({"error": "no"})",
                     std::string{": is neither a search result nor a content document"} + kGovukAddresses},
        ApiFaultCase{"NoneAtAll", SourceFormat::govuk, R"({"results": [], "total": 0})",
                     ": lists no announcement at all; an empty calendar is taken for an error: GOV.UK gives no results "
                     "for a misspelt organisation or filter, so check the URL"},
        ApiFaultCase{"NoAnnouncementAmongThem", SourceFormat::govuk,
                     R"({"results": [{"link": "/government/publications/a", "title": "A"}], "total": 1})",
                     ": lists no announcement at all; an empty calendar is taken for an error: GOV.UK gives no results "
                     "for a misspelt organisation or filter, so check the URL"},
        ApiFaultCase{
            "TooMany", SourceFormat::govuk,
            R"({"results": [{"link": "/government/statistics/announcements/a", "title": "A"}], "total": 1500})",
            ": total: 1500 results need a request each, more than the 200 that are made; add "
            "filter_organisations or filter_release_timestamp=from:... to the URL"},
        ApiFaultCase{
            "OtherHost", SourceFormat::govuk,
            R"({"results": [{"link": "/government/statistics/announcements/../../@evil.example/a"}], "total": 1})",
            ": results[0].link: \"/government/statistics/announcements/../../@evil.example/a\" is no path of an "
            "announcement"},
        ApiFaultCase{"NoState", SourceFormat::govuk, govuk_document(R"("display_date": "June 2026")"),
                     std::string{": details.state: is missing"} + kGovukAddresses},
        ApiFaultCase{"NoDate", SourceFormat::govuk, govuk_document(R"("state": "confirmed")"),
                     std::string{": details.display_date: is missing"} + kGovukAddresses},
        ApiFaultCase{
            "BadTimestamp", SourceFormat::govuk,
            govuk_document(
                R"("state": "confirmed", "display_date": "10 June 2026 9:30am", "release_timestamp": "2026-06-31T09:30:00+01:00")"),
            ": details.release_timestamp: 2026-06-31 is not a day of the calendar"}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ees, ApiFaultTest,
    testing::Values(
        ApiFaultCase{"OtherApi", SourceFormat::ees, R"({"status": 404, "title": "Not Found"})",
                     ": slug: is missing; use the address of one publication on the content host: "
                     "/api/publications/<publication>"},
        ApiFaultCase{
            "NoNextDate", SourceFormat::ees, ees_publication("null"),
            ": nextReleaseDate is empty: no next release is announced; once the publication is finished, delete "
            "this source"},
        ApiFaultCase{"NoYear", SourceFormat::ees, ees_publication(R"({"month": 6})"),
                     ": nextReleaseDate.year: is missing"},
        ApiFaultCase{"DayWithoutMonth", SourceFormat::ees, ees_publication(R"({"year": 2026, "day": 6})"),
                     ": nextReleaseDate.month: is missing, though a day is given"},
        ApiFaultCase{"MonthInWords", SourceFormat::ees, ees_publication(R"({"year": 2026, "month": "June"})"),
                     ": nextReleaseDate.month: is no number of a year, month or day"},
        ApiFaultCase{"NegativeDay", SourceFormat::ees, ees_publication(R"({"year": 2026, "month": 6, "day": -3})"),
                     ": nextReleaseDate.day: is no number of a year, month or day"},
        ApiFaultCase{"LatestReleaseIsAList", SourceFormat::ees,
                     R"({"title": "A", "slug": "a", "nextReleaseDate": {"year": 2026}, "latestRelease": []})",
                     ": latestRelease: is array where an object is expected"}),
    [](const auto& c) { return c.param.name; });

std::string ons_page_of(const std::string& uri, int total) {
  return R"({"breakdown": {"total": )" + std::to_string(total) + R"(}, "releases": [{"uri": ")" + uri +
         R"(", "description": {"title": "A", "release_date": "2026-06-10T08:30:00Z", "finalised": true}}]})";
}

TEST(ApiSources, RefuseAListThatHasNoEnd) {
  const std::string url = "https://api.example.org/list?limit=1&offset=0";
  const auto reader = make_api_source(SourceFormat::ons, where_of(url));
  std::string next = url;
  std::size_t pages = 0;
  for (;;) {
    ++pages;
    const int n = static_cast<int>(pages);
    const auto more = reader->take(next, ons_page_of("/releases/" + std::to_string(n), n + 5));
    if (!more) {
      EXPECT_EQ(fault_lines(more),
                "https://api.example.org/list: page 200: more than 200 pages; ask for larger pages, or for fewer "
                "entries: by date, or by organisation\n");
      break;
    }
    ASSERT_EQ(more->size(), 1U);
    EXPECT_EQ(more->front(), "https://api.example.org/list?limit=1&offset=" + std::to_string(n));
    next = more->front();
    ASSERT_LE(pages, kMostPages);
  }
  EXPECT_EQ(pages, kMostPages);
  EXPECT_FALSE(reader->finish());
}

TEST(ApiSources, RefuseAPageThatRepeatsAnother) {
  const std::string url = "https://api.example.org/list?limit=1";
  const auto again =
      read_api_pages(*make_api_source(SourceFormat::ons, where_of(url)), url,
                     {{url, ons_page_of("/releases/a", 9)}, {url + "&offset=1", ons_page_of("/releases/a", 9)}});
  EXPECT_EQ(fault_lines(again),
            "https://api.example.org/list: page 2: repeats what came before, as if offset=1 were not heeded; read it "
            "again later; if it stays so, tell who runs it\n");
  const std::string list =
      R"({"results": [{"link": "/government/statistics/announcements/a", "title": "A"}], "total": 2})";
  const auto reader = make_api_source(SourceFormat::govuk, where_of(url));
  ASSERT_TRUE(reader->take(url, list));
  EXPECT_EQ(fault_lines(reader->take(url + "&start=1", list)),
            "https://api.example.org/list: page 2: repeats what came before, as if start=1 were not heeded; read it "
            "again later; if it stays so, tell who runs it\n");
}

TEST(ApiSources, RefuseToEndInTheMiddle) {
  const std::string url = "https://api.example.org/list?limit=1";
  const auto reader = make_api_source(SourceFormat::ons, where_of(url));
  ASSERT_TRUE(reader->take(url, ons_page_of("/releases/a", 3)));
  EXPECT_EQ(fault_lines(reader->finish()),
            "https://api.example.org/list: was not read to its end: 1 pages are missing\n");
  EXPECT_FALSE(make_api_source(SourceFormat::ees, "x")->finish());
}

TEST(ApiSources, RefuseAPageThatNobodyAskedFor) {
  const std::string url = "https://api.example.org/list?limit=1";
  const auto reader = make_api_source(SourceFormat::ons, where_of(url));
  ASSERT_TRUE(reader->take(url, ons_page_of("/releases/a", 1)));
  EXPECT_EQ(fault_lines(reader->take("https://elsewhere.example.org/", ons_page_of("/releases/b", 1))),
            "https://api.example.org/list: page 2: this page was not asked for, or came twice\n");
}

TEST(ApiSources, NameTheFaultOfALaterPage) {
  const std::string url = "https://api.example.org/list?limit=1";
  const auto cut = read_api_pages(*make_api_source(SourceFormat::ons, where_of(url)), url,
                                  {{url, ons_page_of("/releases/a", 2)}, {url + "&offset=1", "{\n \"releases\": ["}});
  EXPECT_EQ(
      fault_lines(cut),
      "https://api.example.org/list: page 2:2:15: ends in the middle of the JSON; it was cut off on its way: read "
      "it again\n");
  const auto bad = read_api_pages(*make_api_source(SourceFormat::ons, where_of(url)), url,
                                  {{url, ons_page_of("/releases/a", 2)}, {url + "&offset=1", ons_page_of("", 2)}});
  EXPECT_EQ(fault_lines(bad), "https://api.example.org/list: page 2, releases[0].uri: is missing\n");
}

TEST(ApiSources, ShowAtMostTwentyFaults) {
  std::string page = R"({"breakdown": {"total": 1000}, "releases": [)";
  for (int i = 0; i < 1000; ++i)
    page += std::string{i == 0 ? "" : ","} + R"({"uri": "/releases/)" + std::to_string(i) +
            R"(", "description": {"title": "A", "release_date": "03/04/2026", "finalised": true}})";
  const auto calendar =
      read_api_pages(*make_api_source(SourceFormat::ons, "list.json"), "list.json", {{"list.json", page + "]}"}});
  ASSERT_FALSE(calendar);
  EXPECT_EQ(calendar.error().size(), 21U);
  EXPECT_EQ(to_string(calendar.error().back()), "list.json: and 980 further faults");
}

TEST(ApiSources, NameBothReadingsOfADateWithSlashes) {
  const auto ons = read_api_pages(*make_api_source(SourceFormat::ons, "x"), "x",
                                  {{"x", ons_entry(R"("finalised": true, "release_date": "03/04/2026")")}});
  const auto govuk = read_api_pages(*make_api_source(SourceFormat::govuk, "x"), "x",
                                    {{"x", govuk_document(R"("state": "confirmed", "display_date": "03/04/2026")")}});
  for (const auto& said : {fault_lines(ons), fault_lines(govuk)}) {
    EXPECT_THAT(said, testing::HasSubstr("3 April 2026"));
    EXPECT_THAT(said, testing::HasSubstr("4 March 2026"));
  }
}

TEST(GovukSource, RefusesASavedListThatHasNoDates) {
  const auto calendar = read_api_pages(
      *make_api_source(SourceFormat::govuk, "list.json"), "list.json",
      {{"list.json",
        R"({"results": [{"link": "/government/statistics/announcements/a", "title": "A"}], "total": 1})"}});
  EXPECT_EQ(
      fault_lines(calendar),
      "list.json: results: a saved list has no dates: they stand in the content document of each entry; save those "
      "documents as one list [{...}, {...}], or give the URL of the list\n");
}

TEST(GovukSource, AsksOnlyTheSiteOfItsList) {
  const std::string url = "http://127.0.0.1:8080/api/search.json?q=1";
  const auto reader = make_api_source(SourceFormat::govuk, where_of(url));
  const auto wanted =
      reader->take(url, R"({"results": [{"link": "/government/statistics/announcements/a", "title": "A"},
                           {"link": "https://elsewhere.example.org/government/statistics/announcements/b"}], "total": 2})");
  ASSERT_TRUE(wanted) << fault_lines(wanted);
  EXPECT_EQ(*wanted,
            std::vector<std::string>{"http://127.0.0.1:8080/api/content/government/statistics/announcements/a"});
}

}  // namespace
}  // namespace embargod

#include "probes/discovery/listing.h"

#include <gtest/gtest.h>

#include "tests/probes/discovery/discovery_rig.h"

namespace embargod {
namespace {

DiscoveryListing listing_of(ListingKind kind, const std::string& path = "/new") {
  DiscoveryListing l;
  l.name = "new";
  l.url = *parse_url(kListingSite + path);
  l.kind = kind;
  return l;
}

FoundLines listing_found(const DiscoveryListing& l, const std::string& body,
                         const std::string& type = "text/html; charset=utf-8") {
  auto reader = ListingReader::make(l);
  if (!reader) {
    FoundLines out;
    out.fault = to_string(reader.error().front());
    return out;
  }
  return lines_found([&](const FindingSink& sink) { return reader->read(l.url, body, type, sink); });
}

const std::string kPage =
    "<html><head><base href=\"/pages/\"></head><body><nav><a href=\"/\">Home</a></nav><ul>"
    "<li class=\"item\"><h3><a href=\"widgets\">Widget  sales,\n April 2026</a></h3><time>10 June 2026 9:30am</time>"
    "</li><li class=\"item\"><h3><a href=\"https://other.example.com/x\">Elsewhere</a></h3></li>"
    "<li class=\"item\">No link</li></ul></body></html>";

TEST(HtmlListing, PathsWithinAnItemGiveLinkTitleAndDate) {
  DiscoveryListing l = listing_of(ListingKind::html);
  l.item.text = "//li[@class='item']";
  l.link.text = ".//h3/a/@href";
  l.title.text = "h3";
  l.date.text = "time";
  const auto found = listing_found(l, kPage);
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines,
            (std::vector<std::string>{
                "https://stats.example.org/pages/widgets | Widget sales, April 2026 | 10 June 2026 9:30am | ",
                "elsewhere https://other.example.com/x | Elsewhere |  | "}));
  EXPECT_EQ(found.read.skipped, 1U);
}

TEST(HtmlListing, WithoutPathsAllLinksAreEntries) {
  const auto found = listing_found(listing_of(ListingKind::html), kPage);
  EXPECT_EQ(found.lines,
            (std::vector<std::string>{"https://stats.example.org/ | Home |  | ",
                                      "https://stats.example.org/pages/widgets | Widget sales, April 2026 |  | ",
                                      "elsewhere https://other.example.com/x | Elsewhere |  | "}));
}

TEST(HtmlListing, APageWithoutAnyItemIsAFaultNotAnEmptyListing) {
  DiscoveryListing l = listing_of(ListingKind::html);
  l.item.text = "//li[@class='result']";
  EXPECT_NE(listing_found(l, kPage).fault.find("no item is found in it; check item"), std::string::npos);
}

TEST(HtmlListing, ItemsBeyondTheLimitAreNotRead) {
  std::string page = "<body>";
  for (int i = 0; i < 6'000; ++i) page += "<a href=\"/" + std::to_string(i) + "\">x</a>";
  EXPECT_EQ(listing_found(listing_of(ListingKind::html), page).lines.size(), kMostListingItems);
}

TEST(HtmlListing, ACostlyPathEndsWithAFault) {
  DiscoveryListing l = listing_of(ListingKind::html);
  l.item.text = "//p";
  l.title.text = "//p[contains(., 'y')]";
  std::string page = "<body>";
  for (int i = 0; i < 5'000; ++i) page += "<p><a href=\"/x\">some text</a></p>";
  EXPECT_NE(listing_found(l, page).fault.find("asks too much"), std::string::npos);
}

TEST(JsonListing, PointersWithinAnItemGiveLinkTitleAndDate) {
  DiscoveryListing l = listing_of(ListingKind::json, "/api/search.json");
  l.item.text = "/results";
  l.link.text = "/link";
  l.date.text = "/public/at";
  const auto found = listing_found(l, R"({"total": 3, "results": [
      {"link": "/government/statistics/widgets", "title": "Widgets\n2026", "public": {"at": "2026-06-10"}},
      {"link": "https://stats.example.org/b", "title": null}, {"link": {"no": "text"}, "title": "x"}]})",
                                   "application/json");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, (std::vector<std::string>{
                             "https://stats.example.org/government/statistics/widgets | Widgets 2026 | 2026-06-10 | ",
                             "https://stats.example.org/b |  |  | "}));
  EXPECT_EQ(found.read.skipped, 1U);
}

struct OddJson {
  const char* name;
  std::string body;
  const char* says;
};
class OddJsonListing : public testing::TestWithParam<OddJson> {};
TEST_P(OddJsonListing, IsOneFault) {
  DiscoveryListing l = listing_of(ListingKind::json);
  l.item.text = "/results";
  l.link.text = "/link";
  EXPECT_NE(listing_found(l, GetParam().body).fault.find(GetParam().says), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(Kinds, OddJsonListing,
                         testing::Values(OddJson{"NoResults", R"({"results": []})", "no item is found"},
                                         OddJson{"NoList", R"({"results": {"a": 1}})", "no list"},
                                         OddJson{"NotThere", R"({"error": "x"})", "nothing, or no list"},
                                         OddJson{"Html", "<html></html>", "this is no JSON"},
                                         OddJson{"Deep", std::string(100'000, '['), "this is no JSON"},
                                         OddJson{"NoLinks", R"({"results": [{"url": "/x"}]})", "no item in it has"}),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(ListingReader, FaultsOfExpressionsCarryTheConfigsMarks) {
  DiscoveryListing l = listing_of(ListingKind::html);
  l.item = {"//li[", {"embargod.yml", 7, 11}};
  l.release_like = {{"/stats/(", {"embargod.yml", 9, 5}}};
  const auto reader = ListingReader::make(l);
  ASSERT_FALSE(reader);
  ASSERT_EQ(reader.error().size(), 2U);
  EXPECT_EQ(reader.error()[0].where, "embargod.yml:7:11");
  EXPECT_EQ(reader.error()[1].where, "embargod.yml:9:5");
  DiscoveryListing json = listing_of(ListingKind::json);
  json.item = {"results", {"embargod.yml", 3, 3}};
  const auto other = ListingReader::make(json);
  ASSERT_FALSE(other);
  EXPECT_EQ(to_string(other.error()[0]), "embargod.yml:3:3: not a JSON pointer; begin it with /");
}

TEST(ListingReader, LooksLikeAReleaseByItsAddressOnItsOwnSiteOnly) {
  DiscoveryListing l = listing_of(ListingKind::sitemap);
  l.release_like = {{"^https://stats\\.example\\.org/pub/", {}}, {"\\.xlsx$", {}}};
  const auto reader = ListingReader::make(l);
  ASSERT_TRUE(reader);
  const auto looks = [&](const std::string& url, bool elsewhere = false) {
    Finding f;
    f.url = url;
    f.elsewhere = elsewhere;
    return reader->looks_like_release(f);
  };
  EXPECT_TRUE(looks("https://stats.example.org/pub/x"));
  EXPECT_TRUE(looks("https://stats.example.org/files/x.xlsx"));
  EXPECT_FALSE(looks("https://stats.example.org/about"));
  EXPECT_FALSE(looks("https://other.example.com/files/x.xlsx", true));
}

}  // namespace
}  // namespace embargod

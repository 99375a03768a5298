#include <gtest/gtest.h>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

const std::string kBeforeDiscovery = "producer: {name: Example Statistics Agency}\nschedules: [{file: releases.yml}]\n";

Checked<Settings> with_discovery(const std::string& list) {
  return read_settings(kBeforeDiscovery + "discovery:\n" + list, "embargod.yml", "");
}

TEST(ReadDiscovery, EveryKeyIsRead) {
  const auto s = with_discovery(
      "  - url: \"https://stats.example.org/latest\"\n    kind: html\n    name: newest\n    interval: 2m\n"
      "    item: \"//li\"\n    link: \"a/@href\"\n    title: a\n    date: time\n    title_counts: true\n"
      "    release_like: [\"/pub/\", \"[.]xlsx$\"]\n");
  ASSERT_TRUE(s) << fault_lines(s);
  ASSERT_EQ(s->discovery.size(), 1U);
  const DiscoveryListing& l = s->discovery[0];
  EXPECT_EQ(l.name, "newest");
  EXPECT_EQ(l.url.text, "https://stats.example.org/latest");
  EXPECT_EQ(l.kind, ListingKind::html);
  EXPECT_EQ(l.interval, Millis{120'000});
  EXPECT_EQ(l.item.text + l.link.text + l.title.text + l.date.text, "//lia/@hrefatime");
  EXPECT_EQ(to_string(l.item.mark), "embargod.yml:8:11");
  EXPECT_TRUE(l.title_counts);
  ASSERT_EQ(l.release_like.size(), 2U);
  EXPECT_EQ(l.release_like[1].text, "[.]xlsx$");
  EXPECT_EQ(to_string(l.release_like[1].mark), "embargod.yml:13:29");
}

TEST(ReadDiscovery, LeftOutKeysHaveTheirDefaults) {
  const auto s = with_discovery("  - {url: \"https://stats.example.org:8443/sitemap.xml\", kind: sitemap}\n");
  ASSERT_TRUE(s) << fault_lines(s);
  const DiscoveryListing& l = s->discovery.at(0);
  EXPECT_EQ(l.name, "stats-example-org-8443-sitemap");
  EXPECT_EQ(l.interval, Millis{300'000});
  EXPECT_EQ(l.follow, 50);
  EXPECT_FALSE(l.title_counts);
  EXPECT_TRUE(l.release_like.empty() && l.item.text.empty());
  EXPECT_TRUE(read_settings(kBeforeDiscovery, "embargod.yml", "")->discovery.empty());
}

struct WrongListing {
  const char* name;
  const char* yaml;
  const char* says;
};
class WrongDiscovery : public testing::TestWithParam<WrongListing> {};
TEST_P(WrongDiscovery, IsOneClearFault) {
  const std::string faults = fault_lines(with_discovery(GetParam().yaml));
  EXPECT_NE(faults.find(GetParam().says), std::string::npos) << faults;
}
INSTANTIATE_TEST_SUITE_P(
    Rows, WrongDiscovery,
    testing::Values(
        WrongListing{"NoKind", "  - {url: \"https://stats.example.org/\"}\n", "4:5: discovery[0].kind is missing"},
        WrongListing{"NoUrl", "  - {kind: feed}\n", "discovery[0].url is missing"},
        WrongListing{"OtherKind", "  - {url: \"https://stats.example.org/\", kind: rss}\n", "rss"},
        WrongListing{"RelativeUrl", "  - {url: /sitemap.xml, kind: sitemap}\n",
                     "discovery[0].url: not an absolute URL"},
        WrongListing{"JsonWithoutItem", "  - {url: \"https://stats.example.org/\", kind: json, link: /link}\n",
                     "discovery[0].item is missing"},
        WrongListing{"PathsOfASitemap", "  - {url: \"https://stats.example.org/\", kind: sitemap, item: \"//a\"}\n",
                     "discovery[0].item has no meaning for a sitemap"},
        WrongListing{"FollowOfAFeed", "  - {url: \"https://stats.example.org/\", kind: feed, follow: 5}\n",
                     "discovery[0].follow has no meaning for a feed"},
        WrongListing{"TooOften", "  - {url: \"https://stats.example.org/\", kind: feed, interval: 1s}\n",
                     "discovery[0].interval"},
        WrongListing{"BadName", "  - {url: \"https://stats.example.org/\", kind: feed, name: New Pages}\n",
                     "\"New Pages\" is not a name"},
        WrongListing{"NameTwice",
                     "  - {url: \"https://stats.example.org/a\", kind: feed}\n"
                     "  - {url: \"https://stats.example.org/b\", kind: feed}\n",
                     "5:5: two listings have the name \"stats-example-org-feed\"; give each a name of its own"},
        WrongListing{"UnknownKey", "  - {url: \"https://stats.example.org/\", kind: feed, items: x}\n",
                     "did you mean \"item\"?"},
        WrongListing{"NoList", "  url: x\n", "discovery must be a list"}),
    [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace embargod

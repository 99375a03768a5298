#include "probes/discovery/feed.h"

#include <gtest/gtest.h>

#include "tests/probes/discovery/discovery_rig.h"

namespace embargod {
namespace {

FoundLines feed_found(const std::string& xml) {
  const auto where = parse_url(kListingSite + "/feeds/new.xml");
  return lines_found([&](const FindingSink& sink) { return read_feed(*where, xml, sink); });
}

TEST(Feed, AtomGivesPageEnclosureTitleAndDates) {
  const auto found = feed_found(R"(<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>New statistics</title>
  <link rel="self" href="https://stats.example.org/feeds/new.xml"/>
  <entry><id>tag:1</id><title>Widget sales, April 2026</title>
    <link rel="edit" href="/edit/1"/><link rel="alternate" type="text/html" href="/pub/widgets?a=1&amp;b=2"/>
    <link rel="enclosure" href="https://files.example.org/widgets.xlsx"/>
    <published>2026-06-10T08:30:00Z</published><updated>2026-06-10T09:00:00Z</updated>
    <content type="html">&lt;a href="/secret"&gt;12.3&lt;/a&gt;</content></entry>
  <entry><title type="html">Rail &amp;amp; &lt;b&gt;road&lt;/b&gt;</title><link href="/pub/rail"/></entry>
</feed>)");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines,
            (std::vector<std::string>{"https://stats.example.org/pub/widgets?a=1&b=2 | Widget sales, April 2026 | "
                                      "2026-06-10T08:30:00Z | 2026-06-10T09:00:00Z",
                                      "elsewhere https://files.example.org/widgets.xlsx | Widget sales, April 2026 | "
                                      "2026-06-10T08:30:00Z | 2026-06-10T09:00:00Z",
                                      "https://stats.example.org/pub/rail | Rail & road |  | "}));
}

TEST(Feed, AtomTitlesInXhtmlAndBasesAreRead) {
  const auto found = feed_found(
      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"https://stats.example.org/base/\">"
      "<entry xml:base=\"deeper/\"><title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">Rail <b>and</b> "
      "road</div></title><link href=\"x\"/></entry><entry><title>Next</title><link href=\"y\"/></entry></feed>");
  EXPECT_EQ(found.lines, (std::vector<std::string>{"https://stats.example.org/base/deeper/x | Rail and road |  | ",
                                                   "https://stats.example.org/base/y | Next |  | "}));
}

TEST(Feed, Rss2GivesLinkOrPermanentIdAndEnclosures) {
  const std::string date = "Wed, 10 Jun 2026 09:30:00 +0100";
  const auto found = feed_found(R"(<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>New</title><link>https://stats.example.org/</link><atom:link href="https://stats.example.org/rss" rel="self"/>
<item><title>Widget sales</title><link>https://stats.example.org/pub/w</link><pubDate>)" +
                                date + R"(</pubDate>
<guid isPermaLink="false">abc</guid><enclosure url="/files/w.csv" length="1" type="text/csv"/></item>
<item><title>By id</title><guid>https://stats.example.org/pub/id</guid></item>
<item><title>Nowhere</title><guid isPermaLink="false">7</guid></item></channel></rss>)");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines,
            (std::vector<std::string>{"https://stats.example.org/pub/w | Widget sales | " + date + " | ",
                                      "https://stats.example.org/files/w.csv | Widget sales | " + date + " | ",
                                      "https://stats.example.org/pub/id | By id |  | "}));
  EXPECT_EQ(found.read.skipped, 1U);
}

TEST(Feed, Rss1IsRead) {
  const auto found = feed_found(
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>x</title><items/></channel>"
      "<item rdf:about=\"https://stats.example.org/pub/1\"><title>One</title><dc:date>2026-06-10</dc:date></item>"
      "</rdf:RDF>");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, std::vector<std::string>{"https://stats.example.org/pub/1 | One | 2026-06-10 | "});
}

TEST(Feed, DeclaredCharsetsAreDecoded) {
  const auto found = feed_found(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><item><title>caf\xE9</title>"
      "<link>https://stats.example.org/c</link></item></channel></rss>");
  EXPECT_EQ(found.lines, std::vector<std::string>{"https://stats.example.org/c | caf\xC3\xA9 |  | "});
}

TEST(Feed, LongTitlesAreCutBetweenCharacters) {
  std::string title;
  for (int i = 0; i < 3'000; ++i) title += "\xC3\xA9";
  const auto found = feed_found("<rss><channel><item><title>x" + title +
                                "</title><link>https://stats.example.org/c</link></item></channel></rss>");
  ASSERT_EQ(found.lines.size(), 1U);
  EXPECT_LT(found.lines[0].size(), 2'100U);
  EXPECT_NE(found.lines[0].find("\xC3\xA9 |"), std::string::npos);
}

TEST(Feed, FaultsSayWhatItIs) {
  EXPECT_NE(feed_found("<urlset/>").fault.find("this is a sitemap, not a feed; write kind: sitemap"),
            std::string::npos);
  EXPECT_NE(feed_found("<!DOCTYPE rss [<!ENTITY a \"b\">]><rss/>").fault.find("document type"), std::string::npos);
  EXPECT_NE(feed_found("<rss><channel><item></channel></rss>").fault.find("line 1, column"), std::string::npos);
  std::string many = "<rss><channel>";
  for (int i = 0; i < 20'001; ++i) many += "<item><link>/" + std::to_string(i) + "</link></item>";
  EXPECT_NE(feed_found(many + "</channel></rss>").fault.find("more than 20000 entries"), std::string::npos);
}

}  // namespace
}  // namespace embargod

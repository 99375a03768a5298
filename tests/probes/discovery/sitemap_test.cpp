#include "probes/discovery/sitemap.h"

#include <gtest/gtest.h>

#include "tests/probes/discovery/discovery_rig.h"

namespace embargod {
namespace {

const std::string kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
const std::string kIndexHead = "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">";

FoundLines sitemap_found(const std::string& bytes, std::size_t chunk = 1U << 20U) {
  return lines_found([&](const FindingSink& sink) -> Result<ListingRead> {
    SitemapParser parser{*parse_url(kListingSite + "/sitemap.xml"), sink};
    for (std::size_t at = 0; at < bytes.size(); at += chunk)
      if (auto taken = parser.take(std::string_view{bytes}.substr(at, chunk)); !taken)
        return tl::unexpected{taken.error()};
    return parser.finish();
  });
}

TEST(Sitemap, GivesAddressAndLastmodAsWritten) {
  const auto found = sitemap_found(kHead +
                                   "<url><loc>\n  https://stats.example.org/a?x=1&amp;y=2 </loc>"
                                   "<lastmod> 2026-06-10T09:30+01:00</lastmod></url>"
                                   "<url><loc><![CDATA[https://stats.example.org/b#top]]></loc></url></urlset>");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, (std::vector<std::string>{"https://stats.example.org/a?x=1&y=2 |  |  | 2026-06-10T09:30+01:00",
                                                   "https://stats.example.org/b |  |  | "}));
  EXPECT_EQ(found.read.entries, 2U);
  EXPECT_FALSE(found.read.is_index);
}

TEST(Sitemap, ReadsTheSameInChunksOfAnySize) {
  const std::string xml = sitemap_of(0, 300);
  const auto whole = sitemap_found(xml);
  ASSERT_EQ(whole.lines.size(), 300U);
  for (const std::size_t chunk : {1U, 3U, 7U, 64U, 4096U}) EXPECT_EQ(sitemap_found(xml, chunk).lines, whole.lines);
  const std::string packed = gzipped(xml);
  ASSERT_LT(packed.size(), xml.size() / 5);
  for (const std::size_t chunk : {1U, 5U, 1U << 20U}) EXPECT_EQ(sitemap_found(packed, chunk).lines, whole.lines);
}

TEST(Sitemap, GzipOfSeveralMembersIsOneDocument) {
  const std::string xml = sitemap_of(0, 50);
  const auto found = sitemap_found(gzipped(xml.substr(0, 100)) + gzipped(xml.substr(100)));
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines.size(), 50U);
}

TEST(Sitemap, RelativeAddressesAreResolvedAndOtherSitesFlagged) {
  const auto found = sitemap_found(kHead +
                                   "<url><loc>/pub/x</loc></url><url><loc>https://www.stats.example.org/y</loc></url>"
                                   "<url><loc>https://elsewhere.example.com/z</loc></url></urlset>");
  EXPECT_EQ(found.lines, (std::vector<std::string>{"https://stats.example.org/pub/x |  |  | ",
                                                   "https://www.stats.example.org/y |  |  | ",
                                                   "elsewhere https://elsewhere.example.com/z |  |  | "}));
}

TEST(Sitemap, EntriesWithoutAReadableAddressAreCountedNotGuessed) {
  const auto found =
      sitemap_found(kHead +
                    "<url><loc>ftp://stats.example.org/a</loc></url><url><lastmod>2026</lastmod></url>"
                    "<url><loc>https://stats.example.org/" +
                    std::string(9000, 'a') + "</loc></url><url><loc>https://stats.example.org/ok</loc></url></urlset>");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, std::vector<std::string>{"https://stats.example.org/ok |  |  | "});
  EXPECT_EQ(found.read.skipped, 3U);
}

TEST(Sitemap, OtherNamespacesArePassedOverButNewsTitlesAreKept) {
  const auto found = sitemap_found(
      "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
      "xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\" "
      "xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url><loc>https://stats.example.org/a</loc>"
      "<image:image><image:loc>https://stats.example.org/i.png</image:loc></image:image>"
      "<news:news><news:publication_date>2026-06-10</news:publication_date><news:title>Rail &amp; road</news:title>"
      "</news:news></url></urlset>");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, std::vector<std::string>{"https://stats.example.org/a | Rail & road | 2026-06-10 | "});
}

TEST(Sitemap, AnIndexNamesItsChildrenOfTheSameSite) {
  const auto found =
      sitemap_found(kIndexHead +
                    "<sitemap><loc>https://stats.example.org/s1.xml.gz</loc><lastmod>2026-05-01</lastmod>"
                    "</sitemap><sitemap><loc>https://stats.example.org/s1.xml.gz</loc></sitemap>"
                    "<sitemap><loc>https://other.example.com/s2.xml</loc></sitemap></sitemapindex>");
  EXPECT_EQ(found.fault, "");
  EXPECT_TRUE(found.read.is_index);
  EXPECT_EQ(found.read.children, (std::vector<ChildSitemap>{{"https://stats.example.org/s1.xml.gz", "2026-05-01"}}));
  EXPECT_EQ(found.read.skipped, 1U);
  EXPECT_TRUE(found.lines.empty());
}

TEST(Sitemap, FiftyThousandUrlsAreReadAndOneMoreIsRefused) {
  EXPECT_EQ(sitemap_found(sitemap_of(0, 50'000)).lines.size(), 50'000U);
  const auto more = sitemap_found(sitemap_of(0, 50'001));
  EXPECT_NE(more.fault.find("more than 50000 URLs"), std::string::npos) << more.fault;
}

TEST(Sitemap, ABombIsRefusedAtItsUnpackedSize) {
  const std::string blanks(std::size_t{1} << 20U, ' ');
  std::string bomb = "<urlset>";
  for (int i = 0; i < 51; ++i) bomb += blanks + "<x/>";
  const std::string packed = gzipped(bomb + "</urlset>");
  ASSERT_LT(packed.size(), 100'000U);
  const auto found = sitemap_found(packed);
  EXPECT_NE(found.fault.find("larger than 50 MB"), std::string::npos) << found.fault;
}

struct HostileXml {
  const char* name;
  std::string xml;
  const char* says;
};
class HostileSitemap : public testing::TestWithParam<HostileXml> {};

TEST_P(HostileSitemap, IsOneClearFault) {
  const auto found = sitemap_found(GetParam().xml);
  EXPECT_NE(found.fault.find(GetParam().says), std::string::npos) << found.fault;
  EXPECT_LT(found.fault.size(), 200U);
}

std::string laughs() {
  std::string xml = "<!DOCTYPE urlset [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "&a" + std::to_string(i - 1) + ";";
    xml += "<!ENTITY a" + std::to_string(i) + " \"" + before + before + before + before + before + "\">";
  }
  return xml + "]>\n<urlset><url><loc>&a11;</loc></url></urlset>";
}

std::string many_attributes() {
  std::string xml = "<urlset";
  for (int i = 0; i < 100'000; ++i) xml += " a" + std::to_string(i) + "=\">\"";
  return xml + "></urlset>";
}

std::string deep_xml() {
  std::string xml = "<urlset>";
  for (int i = 0; i < 5'000; ++i) xml += "<a>";
  return xml;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, HostileSitemap,
    testing::Values(HostileXml{"BillionLaughs", laughs(), "a document type declaration is refused"},
                    HostileXml{"ExternalEntity",
                               "<?xml version=\"1.0\"?><!DOCTYPE urlset [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                               "<urlset><url><loc>https://stats.example.org/&x;</loc></url></urlset>",
                               "a document type declaration is refused"},
                    HostileXml{"ExternalDtd", "<!DOCTYPE urlset SYSTEM \"http://127.0.0.1:9/x.dtd\"><urlset/>",
                               "a document type declaration is refused"},
                    HostileXml{"UnknownEntity",
                               kHead + "<url><loc>https://stats.example.org/&nbsp;</loc></url></urlset>",
                               "line 3, column"},
                    HostileXml{"ManyAttributes", many_attributes(), "a tag has over 256 attributes"},
                    HostileXml{"Deep", deep_xml(), "over 100 deep"},
                    HostileXml{"CutOff", kHead + "<url><loc>https://stats.example.org/a</loc></url>", "ends too early"},
                    HostileXml{"WrongEndTag", kHead + "<url><loc>x</url></loc></urlset>", "an end tag does not fit"},
                    HostileXml{"WrongCharset",
                               kHead + "<url><loc>https://stats.example.org/caf\xE9 bar</loc></url></urlset>",
                               "not in the character set"},
                    HostileXml{"Html", "<!DOCTYPE html><html><body>Sign in</body></html>", "this is an HTML page"},
                    HostileXml{"HtmlWithoutDoctype", "<html><body>Sign in</body></html>", "the document is no sitemap"},
                    HostileXml{"Feed", "<rss version=\"2.0\"><channel/></rss>", "this is a feed, not a sitemap"},
                    HostileXml{"Json", "{\"urls\": []}", "XML"}, HostileXml{"Nothing", "", "it is empty"},
                    HostileXml{"CutGzip", gzipped(sitemap_of(0, 2'000)).substr(0, 2'000), "end too early"},
                    HostileXml{"BrokenGzip", "\x1f\x8b\x08 this is no gzip at all", "gzip data"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(Sitemap, CommentsAndInstructionsMayHoldAnySigns) {
  const auto found = sitemap_found(kHead +
                                   "<!-- a=b <c d=\"> - > --><url><loc>https://stats.example.org/a</loc></url>"
                                   "<?x a=\" > ?><url><loc><![CDATA[https://stats.example.org/b?c=<\"]]></loc></url>"
                                   "<url><loc>https://stats.example.org/d</loc></url></urlset>");
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.read.entries + found.read.skipped, 3U);
}

TEST(Sitemap, BytesThatCannotBeConvertedEndItAsAFaultWhateverTheChunks) {
  std::string xml = "\xFF\xFE";
  const auto wide = [&xml](std::string_view ascii) {
    for (const char c : ascii) xml.append({c, '\0'});
  };
  wide(
      "<urlset "
      "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>https://stats.example.org/a</loc></url>");
  // Half of a surrogate pair, far enough in for the first part to be read.
  for (int k = 0; k < 200; ++k) wide("<url><loc>https://stats.example.org/b</loc></url>");
  xml += "\x81\xD8";
  wide("</urlset>");
  testing::internal::CaptureStderr();
  for (const std::size_t chunk : {1U, 3U, 64U, 4096U, 1U << 20U})
    EXPECT_NE(sitemap_found(xml, chunk).fault.find("not in the character set"), std::string::npos)
        << chunk << sitemap_found(xml, chunk).fault;
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "libxml2 writes past the log";
}

TEST(Sitemap, Utf16IsRead) {
  const std::string xml = "<urlset><url><loc>https://stats.example.org/a</loc></url></urlset>";
  std::string utf16 = "\xFF\xFE";
  for (const char c : xml) (utf16 += c) += '\0';
  const auto found = sitemap_found(utf16);
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.lines, std::vector<std::string>{"https://stats.example.org/a |  |  | "});
}

}  // namespace
}  // namespace embargod

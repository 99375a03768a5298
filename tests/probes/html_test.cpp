#include "probes/html.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace embargod {
namespace {

std::vector<std::string> link_texts(const std::string& html,
                                    const std::string& page = "https://stats.example.org/pub/x") {
  const auto links = links_of(html, *parse_url(page));
  if (!links) return {"UNREADABLE"};
  std::vector<std::string> texts;
  for (const Url& u : *links) texts.push_back(u.text);
  return texts;
}

using Texts = std::vector<std::string>;

struct HtmlCase {
  const char* name;
  std::string html;
  Texts want;
};

class LinksOfTest : public testing::TestWithParam<HtmlCase> {};
TEST_P(LinksOfTest, GivesTheAbsoluteTargets) { EXPECT_EQ(link_texts(GetParam().html), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Pages, LinksOfTest,
    testing::Values(
        HtmlCase{"Empty", "", {}},
        HtmlCase{
            "Absolute", R"(<a href="https://files.example.org/a.xlsx">x</a>)", {"https://files.example.org/a.xlsx"}},
        HtmlCase{
            "Relative",
            R"(<a href="a.csv">x</a><a href='/b'>y</a><a href=c>z</a>)",
            {"https://stats.example.org/pub/a.csv", "https://stats.example.org/b", "https://stats.example.org/pub/c"}},
        HtmlCase{"SchemeRelative", R"(<a href="//files.example.org/a">x</a>)", {"https://files.example.org/a"}},
        HtmlCase{"UpperCase", R"(<A HREF="/B">x</A>)", {"https://stats.example.org/B"}},
        HtmlCase{"Entities", R"(<a href="/b?x=1&amp;y=2&#38;z=3">x</a>)", {"https://stats.example.org/b?x=1&y=2&z=3"}},
        HtmlCase{"Base",
                 R"(<base href="https://cdn.example.org/d/"><base href="/ignored/"><a href="a">x</a>)",
                 {"https://cdn.example.org/d/a"}},
        HtmlCase{"OtherSchemes",
                 R"(<a href="mailto:a@example.org">m</a><a href="javascript:void 0">j</a><a href="/ok">k</a>)",
                 {"https://stats.example.org/ok"}},
        HtmlCase{"NoHref", "<a name=top>x</a><a>y</a>", {}},
        HtmlCase{"NotLinks", R"(<link href="/a.css"><img src="/b.png"><area href="/c">)", {}},
        HtmlCase{"InAComment",
                 R"(<!-- <a href="/hidden">x</a> --><a href="/seen">y</a>)",
                 {"https://stats.example.org/seen"}},
        HtmlCase{"InAScript",
                 R"(<script>document.write('<a href="/written">x</a>')</script><a href="/seen">y</a>)",
                 {"https://stats.example.org/seen"}},
        HtmlCase{"Html5Tags",
                 R"(<main><article><nav><a href="/n">x</a></nav></article></main>)",
                 {"https://stats.example.org/n"}},
        HtmlCase{"Unclosed",
                 R"(<div><p><a href="/a">x<div></p></span><a href="/b")",
                 {"https://stats.example.org/a", "https://stats.example.org/b"}},
        HtmlCase{
            "NulBytes", std::string("<p>\0\0</p><a href=\"/after\">x</a>", 31), {"https://stats.example.org/after"}},
        HtmlCase{"ByteOrderMark", "\xEF\xBB\xBF<a href=\"/a\">x</a>", {"https://stats.example.org/a"}},
        HtmlCase{"BrokenUtf8",
                 "<meta charset=utf-8><p>\xFF\xFE\xC3</p><a href=\"/a\">x</a>",
                 {"https://stats.example.org/a"}},
        HtmlCase{
            "WrongCharset", "<meta charset=\"no-such-charset\"><a href=\"/a\">x</a>", {"https://stats.example.org/a"}},
        HtmlCase{"Utf8Path",
                 "<meta charset=utf-8><a href=\"/caf\xC3\xA9\">x</a>",
                 {"https://stats.example.org/caf\xC3\xA9"}},
        HtmlCase{"Latin1Path", "<a href=\"/caf\xE9\">x</a>", {"https://stats.example.org/caf\xE9"}}),
    [](const auto& p) { return p.param.name; });

TEST(LinksOf, ReadsUtf16WithAByteOrderMark) {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string{R"(<html><body><a href="/wide">x</a></body></html>)"}) wide += std::string{c, '\0'};
  EXPECT_EQ(link_texts(wide), Texts{"https://stats.example.org/wide"});
}

std::string times(const std::string& what, std::size_t n) {
  std::string s;
  for (std::size_t i = 0; i < n; ++i) s += what;
  return s;
}

struct DeepCase {
  const char* name;
  std::size_t depth;
};

class DeepPageTest : public testing::TestWithParam<DeepCase> {};
TEST_P(DeepPageTest, LosesNoLinkToItsDepth) {
  const std::string page = "<a href=\"/first\">x</a>" + times("<div>", GetParam().depth) + "<a href=\"/last\">x</a>" +
                           times("</div>", GetParam().depth);
  EXPECT_EQ(link_texts(page), (Texts{"https://stats.example.org/first", "https://stats.example.org/last"}));
}
INSTANTIATE_TEST_SUITE_P(Depths, DeepPageTest,
                         testing::Values(DeepCase{"Under256", 250}, DeepCase{"Over256", 260},
                                         DeepCase{"Thousands", 5'000}),
                         [](const auto& p) { return p.param.name; });

/// What would take minutes is given up, and said to be unreadable instead of linkless.
struct HostileCase {
  const char* name;
  std::string html;
};
class HostilePageTest : public testing::TestWithParam<HostileCase> {};
TEST_P(HostilePageTest, IsUnreadableAndNotLinkless) { EXPECT_EQ(link_texts(GetParam().html), Texts{"UNREADABLE"}); }
INSTANTIATE_TEST_SUITE_P(
    Pages, HostilePageTest,
    testing::Values(HostileCase{"TooLarge", std::string((8U << 20U) + 1, ' ')},
                    HostileCase{"DeepAndClosed", times("<div>", 200'000) + times("</div>", 200'000)},
                    HostileCase{"MisnestedEnds", times("<b>", 500'000) + times("</div>", 500'000)},
                    HostileCase{"Attributes", "<p " + times("a1=2 ", 400'000) + "><a href=/x>"},
                    HostileCase{"TouchingAttributes", "<p " + times("a=\"1\"", 400'000) + "><a href=/x>"}),
    [](const auto& p) { return p.param.name; });

TEST(LinksOf, ReadsDeepPagesThatAreNeverClosed) {
  EXPECT_EQ(link_texts(times("<div>", 200'000) + "<a href=/x>y</a>"), Texts{"https://stats.example.org/x"});
}

std::string table_of_links(int n) {
  std::string page = "<table>";
  for (int i = 0; i < n; ++i)
    page += "<tr class='row'><td>1</td><td><a href=\"/pub/" + std::to_string(i) +
            ".csv\">file</a> <a href=/top>top</a></td></tr>\n";
  return page + "</table>";
}

struct ManyCase {
  const char* name;
  int links;
  bool readable;
};
class ManyLinksTest : public testing::TestWithParam<ManyCase> {};
TEST_P(ManyLinksTest, AreReadUpToTheCap) {
  const auto links = links_of(table_of_links(GetParam().links), *parse_url("https://stats.example.org/"));
  ASSERT_EQ(links.has_value(), GetParam().readable);
  if (links) {
    EXPECT_EQ(links->size(), static_cast<std::size_t>(GetParam().links) + 1);
  }
}
INSTANTIATE_TEST_SUITE_P(Numbers, ManyLinksTest,
                         testing::Values(ManyCase{"AtTheCap", 19'999, true}, ManyCase{"Over", 20'000, false}),
                         [](const auto& p) { return p.param.name; });

struct LooksCase {
  const char* name;
  const char* type;
  const char* body;
  bool want;
};
class LooksLikeHtmlTest : public testing::TestWithParam<LooksCase> {};
TEST_P(LooksLikeHtmlTest, ByTypeElseByFirstByte) {
  EXPECT_EQ(looks_like_html(GetParam().type, GetParam().body), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Bodies, LooksLikeHtmlTest,
    testing::Values(LooksCase{"Html", "text/html; charset=utf-8", "x", true},
                    LooksCase{"Xhtml", "application/xhtml+xml", "x", true},
                    LooksCase{"UpperCaseType", "TEXT/HTML", "x", true},
                    LooksCase{"NoType", "", "\n <!doctype html>", true},
                    LooksCase{"WrongType", "text/plain", "<html>", true},
                    LooksCase{"BomBefore", "", "\xEF\xBB\xBF<html>", true},
                    LooksCase{"Utf16Mark", "", "\xFF\xFE<", true}, LooksCase{"Utf16MarkAlone", "", "\xFE\xFF", false},
                    LooksCase{"Pdf", "application/pdf", "%PDF-1.7", false}, LooksCase{"Csv", "text/csv", "a,b", false},
                    LooksCase{"Feed", "application/rss+xml", "<rss>", false}, LooksCase{"Nothing", "", "", false}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod

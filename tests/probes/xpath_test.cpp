#include <gtest/gtest.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include <memory>
#include <string>
#include <vector>

#include "probes/page.h"
#include "probes/page_words.h"

namespace embargod {
namespace {

using Found = std::vector<std::string>;

const std::string kStatsPage = R"(<!doctype html><html lang="en"><head><title>Widgets</title>
<meta name="dc.date" content="2026-04-25"></head><body>
<nav><a href="/">Home</a> <a href="/pub" class="x on">Publications</a></nav>
<main id="content"><h1>Widget sales, <em>April</em> 2026</h1>
<p class="lede">Sales rose by <strong>4.5</strong> per cent.</p><p>Second</p><p lang="cy">Trydydd</p>
<table><tr><th>Month</th><th>Sales</th></tr><tr><td>March</td><td>1200</td></tr><tr><td>April</td><td>1254</td></tr>
<tr><td>May</td><td></td></tr></table>
<ul><li>one<ul><li>deep</li></ul></li><li>two</li><li>three</li></ul><a href="/f.csv">CSV</a><a href="/f.xlsx">Excel</a>
</main><footer>caf&eacute; &pound;5</footer>)";

Found found_by(const std::string& path, const std::string& html = kStatsPage) {
  const auto compiled = XPath::make(path);
  if (!compiled) return {"REFUSED: " + compiled.error().what};
  const auto page = Page::parse(html, "text/html; charset=utf-8");
  if (!page) return {"UNREADABLE"};
  const auto texts = page->find(*compiled);
  return texts ? *texts : Found{"LIMIT"};
}

/// The same by libxml2's own tree and evaluator.
Found oracle(const std::string& path, const std::string& html) {
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> doc{
      htmlReadMemory(html.data(), static_cast<int>(html.size()), "", "UTF-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET),
      &xmlFreeDoc};
  const std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)> context{xmlXPathNewContext(doc.get()),
                                                                                 &xmlXPathFreeContext};
  context->node = reinterpret_cast<xmlNodePtr>(doc.get());
  const std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)> value{
      xmlXPathEval(BAD_CAST path.c_str(), context.get()), &xmlXPathFreeObject};
  if (!value) return {"REFUSED by libxml2"};
  const auto taken = [](xmlChar* s) {
    std::string text{reinterpret_cast<const char*>(s)};
    xmlFree(s);
    return folded(text);
  };
  Found texts;
  if (value->type == XPATH_NODESET) {
    for (int i = 0; value->nodesetval != nullptr && i < value->nodesetval->nodeNr; ++i)
      texts.push_back(taken(xmlXPathCastNodeToString(value->nodesetval->nodeTab[i])));
  } else if (xmlXPathCastToBoolean(value.get()) != 0) {
    texts.push_back(taken(xmlXPathCastToString(value.get())));
  }
  return texts;
}

class XPathOracleTest : public testing::TestWithParam<const char*> {};
TEST_P(XPathOracleTest, FindsWhatLibxml2Finds) {
  EXPECT_EQ(found_by(GetParam()), oracle(GetParam(), kStatsPage)) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(
    Paths, XPathOracleTest,
    testing::Values(
        "/", "/html", "/html/body/main/h1", "//h1", "//h1/text()", "//h1//text()", "//p", "//p[1]", "//p[last()]",
        "//p[position() > 1]", "(//p)[2]", "//li[1]", "(//li)[1]", "//li[2]", "//ul/li", "//ul//li", "//ul//li[1]",
        "//li/..", "//li/.", "//td/parent::tr", "//main/*", "//main/node()", "//*", "//node()", "//text()",
        "//text()[contains(., '4')]", "//a/@href", "//@*", "//@href[. = '/f.csv']/..", "//a[@href='/f.csv']",
        "//a[@class]", "//a[not(@class)]", "//a[contains(@href, 'f.')]", "//a[starts-with(@href, '/f')]",
        "//a[contains(concat(' ', normalize-space(@class), ' '), ' on ')]", "//meta[@name='dc.date']/@content",
        "//table//tr[2]/td[2]", "//tr[td='April']/td[2]", "//td[. = 1200]", "//td[. > 1200]", "//td[number() >= 1200]",
        "//tr[td > 1250]", "//tr[td[2] <= 1200]", "//td[. != '']", "//td[not(node())]", "//td[. = '']",
        "//td[. = //td]", "//th[. != //th]", "//td[. < //td]", "//td[//td > .]", "//tr[td = th]",
        "//*[@id='content']/h1", "//h1 | //p", "//p | //h1 | //p", "(//h1 | //p)[2]", "//li/ancestor::*",
        "//li/ancestor::ul[1]", "//li/ancestor-or-self::li", "//li[ancestor::li]", "//h1/following-sibling::*",
        "//h1/following-sibling::p[1]", "//table/preceding-sibling::*[1]", "//table/preceding-sibling::p[last()]",
        "//table/following::a", "//table/preceding::a", "//footer/preceding::*[1]", "//main/descendant::text()[3]",
        "//main/descendant-or-self::*[self::main or self::h1]", "//@href/following::p[1]", "//@href/preceding::title",
        "//@lang/ancestor::*", "//p/attribute::class", "//p/self::p", "//p/self::div", "//comment()", "//h2",
        "//nosuch[1]", "//p[0]", "//p[1.5]", "//p[-1]", "//p[true()]", "//p[string()]", "//p['']",
        "//p[2 = position()]", "count(//p)", "count(//nosuch)", "count(//td) = 6", "count(//p) * 2 + 1", "1 div 2",
        "-1 div 0", "0 div 0", "7 mod 3", "-7 mod 3", "7 mod -3", "2 - -1", "--3", "- count(//p)", "1 = 1.0",
        "1 < 2 = true()", "'a' = 'a'", "'a' != 'a'", "'1' = 1", "'a' < 'b'", "true() = 'x'", "//p = true()",
        "//nosuch = false()", "//nosuch = ''", "//nosuch != ''", "true() and false()", "true() or false()",
        "1 or 0 and 0", "not(//nosuch)", "boolean(//p)", "string(//p)", "string(12)", "string(0.5)", "string(-0.25)",
        "string(1000000)", "string(//nosuch)", "string(true())", "number('12')", "number(' -1.5 ')", "number('')",
        "number(true())", "sum(//tr[2]/td[2] | //tr[3]/td[2])", "sum(//nosuch)", "floor(1.5)", "ceiling(1.2)",
        "round(2.5)", "round(-2.5)", "floor(-1.5)", "concat('a', 1, true(), //h1)", "contains('abc', 'b')",
        "contains('abc', '')", "contains('', 'a')", "starts-with('abc', 'ab')", "starts-with('abc', 'b')",
        "substring-before('a/b/c', '/')", "substring-after('a/b/c', '/')", "substring-before('abc', 'x')",
        "substring-after('abc', '')", "substring('12345', 2, 3)", "substring('12345', 2)",
        "substring('12345', 1.5, 2.6)", "substring('12345', 0, 3)", "substring('12345', 0 div 0, 3)",
        "substring('12345', 1, 0 div 0)", "substring('12345', -42, 1 div 0)", "substring(//footer, 4, 3)",
        "string-length(//footer)", "string-length('')", "normalize-space('  a  b ')", "normalize-space(//p[1])",
        "translate('bar', 'abc', 'AB')", "translate('--aaa--', 'abc-', 'ABC')", "translate(//footer, 'é', 'e')",
        "name(//h1)", "local-name(//@*)", "name(//nosuch)", "namespace-uri(//p)", "name(/)", "//*[name() = 'h1']",
        "//*[local-name() = 'p'][2]", "//p[position() = last() - 1]", "//li[count(ancestor::ul) = 2]",
        "//tr[count(td) = 2 and td[1] = 'May']", "string(//tr[last()]/td[1])", "//a[position() mod 2 = 1]",
        "//main//a[last()]/@href", "descendant::p", "html/body", ".", "..", "./html", "/descendant::h1",
        "/self::node()", "//div | //h1", "//p[@class='lede' or @lang='cy']", "//p[@class and contains(., 'rose')]",
        "//processing-instruction()", "//processing-instruction('x')", "*[1]/*[2]/*", "//text()[normalize-space()]",
        "//*[*[2]]", "//*[p][1]", "/html/*/@*", "//or", "//and/div", "//td * 2", "//tr/td[2] * 2", "3*4",
        "//*[. = 'April']", "count(//*|//@*|//text())", "//li[li]", "//li[.//li]"));

struct RefusedCase {
  const char* name;
  std::string path;
};
class XPathMakeTest : public testing::TestWithParam<RefusedCase> {};
TEST_P(XPathMakeTest, RefusesWhatDoesNotCompile) {
  const auto path = XPath::make(GetParam().path);
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().code, Errc::invalid_input);
}
std::string in_brackets(std::size_t depth) { return std::string(depth, '(') + "1" + std::string(depth, ')'); }
INSTANTIATE_TEST_SUITE_P(
    Paths, XPathMakeTest,
    testing::Values(RefusedCase{"Empty", ""}, RefusedCase{"Blank", "  "}, RefusedCase{"EndsEarly", "//"},
                    RefusedCase{"OpenBracket", "//p["}, RefusedCase{"OpenParenthesis", "count(//p"},
                    RefusedCase{"EmptyPredicate", "//p[]"}, RefusedCase{"OpenQuote", "//p[. = 'x]"},
                    RefusedCase{"TrailingWord", "//p x"}, RefusedCase{"NoAxis", "//sideways::p"},
                    RefusedCase{"TripleSlash", "///p"}, RefusedCase{"Variable", "//p[. = $x]"},
                    RefusedCase{"Prefix", "//svg:rect"}, RefusedCase{"Document", "document('/etc/passwd')"},
                    RefusedCase{"UnknownFunction", "lower-case(//p)"}, RefusedCase{"Extension", "str:tokenize('a')"},
                    RefusedCase{"TooFewArguments", "contains('a')"}, RefusedCase{"TooManyArguments", "not(1, 2)"},
                    RefusedCase{"EmptyArgument", "contains('a',)"}, RefusedCase{"CountOfANumber", "count(1)"},
                    RefusedCase{"UnionOfNumbers", "1 | 2"}, RefusedCase{"PathFromANumber", "(1)/p"},
                    RefusedCase{"PredicateOfText", "'a'[1]"}, RefusedCase{"DotWithPredicate", ".[1]"},
                    RefusedCase{"TooLong", "//" + std::string(1000, 'a')}, RefusedCase{"TooDeep", in_brackets(41)},
                    RefusedCase{"LoneOperator", "="}, RefusedCase{"NoOperand", "1 +"},
                    RefusedCase{"JsonPointerToANumber", "/a/0"}, RefusedCase{"OddCharacter", "//p#x"},
                    RefusedCase{"NulByte", std::string("//p\0", 4)}),
    [](const auto& p) { return p.param.name; });

TEST(XPathMake, TakesWhatIsJustWithinTheLimits) {
  EXPECT_TRUE(XPath::make("//" + std::string(998, 'a')));
  EXPECT_TRUE(XPath::make(in_brackets(39)));
}

TEST(PageFind, ReadsNamesInAnyCase) { EXPECT_EQ(found_by("//H1/EM"), Found{"April"}); }

TEST(PageFind, GivesNothingForFalseZeroAndEmpty) {
  for (const char* path : {"1 = 2", "0", "0 div 0", "''", "//nosuch", "string(//nosuch)"})
    EXPECT_EQ(found_by(path), Found{}) << path;
}

TEST(PageFind, ReadsNoExponentAsANumber) {  // XPath 1.0 4.4; libxml2 does
  EXPECT_EQ(found_by("string(number('1e3'))"), Found{"NaN"});
}

TEST(PageFind, GivesAtMostAThousandTexts) {
  std::string page = "<ul>";
  for (int i = 0; i < 1'500; ++i) page += "<li>" + std::to_string(i);
  const Found found = found_by("//li", page);
  ASSERT_EQ(found.size(), 1'000U);
  EXPECT_EQ(found.back(), "999");
}

}  // namespace
}  // namespace embargod

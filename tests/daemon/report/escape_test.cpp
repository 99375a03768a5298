#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/report/render_text.h"
#include "tests/daemon/report/sample_record.h"

namespace embargod {
namespace {

struct EscapeCase {
  const char* name;
  std::string hostile;
  std::string html;
  std::string markdown;
  std::string plain;
};

class EscapeTest : public testing::TestWithParam<EscapeCase> {};
TEST_P(EscapeTest, ShowsOutsideTextWithoutInterpretingIt) {
  const EscapeCase& c = GetParam();
  EXPECT_EQ(html_text(c.hostile), c.html);
  EXPECT_EQ(markdown_text(c.hostile), c.markdown);
  EXPECT_EQ(printable(c.hostile), c.plain);
}
INSTANTIATE_TEST_SUITE_P(
    Outside, EscapeTest,
    testing::Values(
        EscapeCase{"Plain", "Labour market, January 2018 final", "Labour market, January 2018 final",
                   "Labour market, January 2018 final", "Labour market, January 2018 final"},
        EscapeCase{"Script", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
                   "&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"},
        EscapeCase{"Attribute", "\" onload='x'", "&quot; onload=&#39;x&#39;", "\" onload='x'", "\" onload='x'"},
        EscapeCase{"Entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;", "&amp;lt;b&amp;gt;", "&lt;b&gt;"},
        EscapeCase{"MarkdownLink", "[here](javascript:x)", "[here](javascript:x)", "\\[here\\](javascript\\:x)",
                   "[here](javascript:x)"},
        EscapeCase{"MarkdownImage", "![a](b)", "![a](b)", "\\!\\[a\\](b)", "![a](b)"},
        EscapeCase{"Autolink", "see https://evil.example", "see https://evil.example", "see https\\://evil.example",
                   "see https://evil.example"},
        EscapeCase{"WwwAutolink", "www.evil.example", "www.evil.example", "www\\.evil.example", "www.evil.example"},
        EscapeCase{"MailAutolink", "a@evil.example", "a@evil.example", "a@<!-- -->evil.example", "a@evil.example"},
        EscapeCase{"Emphasis", "*a* _b_ `c` ~d~", "*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~",
                   "*a* _b_ `c` ~d~"},
        EscapeCase{"TableBreak", "a|b", "a|b", "a\\|b", "a|b"},
        EscapeCase{"HeadingAndList", "# a", "# a", "\\# a", "# a"},
        EscapeCase{"ListItem", "- a", "- a", "\\- a", "- a"},
        EscapeCase{"NumberedList", "1. a", "1. a", "1\\. a", "1. a"},
        EscapeCase{"NewLine", "a\n## b", "a ## b", "a \\#\\# b", "a ## b"},
        EscapeCase{"Terminal", "a\x1b[31mred\x07", "a [31mred ", "a \\[31mred ", "a [31mred "},
        EscapeCase{"Reversing",
                   "a\xE2\x80\xAE"
                   "b",
                   "a\\u{202E}b", "a\\\\u\\{202E\\}b", "a\\u{202E}b"},
        EscapeCase{"BrokenUtf8",
                   "a\xFF"
                   "b",
                   "a\xEF\xBF\xBD"
                   "b",
                   "a\xEF\xBF\xBD"
                   "b",
                   "a\xEF\xBF\xBD"
                   "b"},
        EscapeCase{"Unicode", "Ystadegau \xC5\xB5", "Ystadegau \xC5\xB5", "Ystadegau \xC5\xB5", "Ystadegau \xC5\xB5"}),
    [](const auto& c) { return c.param.name; });

TEST(UrlRendering, KeepsOddSlugsByteForByte) {
  const std::string odd = "https://digital.example.org/a---b/%2e%2E/x_y*z?q=1&r=(2)";
  EXPECT_EQ(markdown_url(odd), "<" + odd + ">");
  EXPECT_EQ(html_url(odd),
            "<a href=\"https://digital.example.org/a---b/%2e%2E/x_y*z?q=1&amp;r=(2)\" rel=\"noreferrer noopener\">"
            "https://digital.example.org/a---b/%2e%2E/x_y*z?q=1&amp;r=(2)</a>");
}

TEST(UrlRendering, UsesCodeWhereAnAutolinkWouldChangeIt) {
  EXPECT_EQ(markdown_url("https://e.example/?a=1&copy;=2"), "` https://e.example/?a=1&copy;=2 `");
  EXPECT_EQ(markdown_url("https://e.example/`x`"), "`` https://e.example/`x` ``");
  EXPECT_EQ(markdown_url("https://e.example/<b>"), "` https://e.example/<b> `");
}

TEST(UrlRendering, LinksNothingButHttp) { EXPECT_EQ(html_url("javascript:alert(1)"), "javascript:alert(1)"); }

TEST(HostileRecord, StaysTextInEveryFormatWhereverItStands) {
  const std::string hostile = "<img src=x onerror=alert(1)>\n# [x](javascript:y) \x1b[2J www.evil.example";
  ReportInput in = sample_record();
  in.incidents[0].title = in.releases[0].release.title = hostile;
  in.incidents[0].acknowledged = Acknowledgement{hostile, in.now, hostile};
  in.events[1].by = in.events[1].text = hostile;
  in.settings.producer.name = hostile;
  in.deliveries[0].receiver = hostile;
  const Report r = make_report(in);
  EXPECT_EQ(render_html(r).find("<img"), std::string::npos);
  const std::string md = render_markdown(r);
  EXPECT_EQ(md.find("<img"), std::string::npos);
  EXPECT_EQ(md.find("](javascript:"), std::string::npos);
  EXPECT_EQ(md.find("\n# \\[x"), std::string::npos);
  for (const std::string& text : {render_plain(r), md, render_html(r)}) EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(render_report_json(r)).at("outputs").at(0).at("title"), hostile);
}

TEST(HostileRecord, BrokenUtf8DoesNotBreakTheJson) {
  ReportInput in = sample_record();
  in.incidents[0].title =
      "a\xFF"
      "b";
  EXPECT_TRUE(nlohmann::json::accept(render_report_json(make_report(in))));
}

}  // namespace
}  // namespace embargod

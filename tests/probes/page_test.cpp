#include "probes/page.h"

#include <gtest/gtest.h>

#include <string>

namespace embargod {
namespace {

Page parsed(const std::string& html, const std::string& type = "text/html; charset=utf-8") {
  auto page = Page::parse(html, type);
  if (!page) throw std::runtime_error{"the page is unreadable"};
  return std::move(*page);
}

struct TextCase {
  const char* name;
  std::string html;
  const char* want;
};

class VisibleTextTest : public testing::TestWithParam<TextCase> {};
TEST_P(VisibleTextTest, IsWhatAReaderSees) { EXPECT_EQ(parsed(GetParam().html).visible_text(), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Pages, VisibleTextTest,
    testing::Values(
        TextCase{"Empty", "", ""}, TextCase{"Text", "<p>Widget  sales\n rose</p>", "Widget sales rose"},
        TextCase{"InlineStaysJoined", "<p>(Up<b>com</b>ing, <i>not</i> yet<span> published</span>)</p>",
                 "(Upcoming, not yet published)"},
        TextCase{"BlocksPart", "<div>one</div><div>two</div><p>three<p>four", "one two three four"},
        TextCase{"BlockWithinText", "a<div>b</div>c", "a b c"},
        TextCase{"LineBreakParts", "one<br>two<hr>three", "one two three"},
        TextCase{"CellsPart", "<table><tr><th>April</th><td>12</td></tr><tr><td>13</td></tr></table>", "April 12 13"},
        TextCase{"ListItemsPart", "<ul><li>a<li>b</ul>c", "a b c"},
        TextCase{"Entities", "<p>Q&amp;A&nbsp;&pound;5 &#8211; caf&eacute; &lt;b&gt;</p>",
                 "Q&A \xC2\xA3"
                 "5 \xE2\x80\x93 caf\xC3\xA9 <b>"},
        TextCase{"TitleIsLeftOut", "<title>Widgets</title><p>x", "x"},
        TextCase{"HeadIsLeftOut", "<head><style>p{}</style><script>y</script></head><body>x", "x"},
        TextCase{"ScriptsAndStyles", "a<script>if (1<2) document.write('<p>b')</script>c<style>d{}</style>", "ac"},
        TextCase{"Templates", "<template><p>a</p></template><noscript>b</noscript><p>c", "c"},
        TextCase{"Comments", "a<!-- b -->c<!--[if IE]>d<![endif]-->", "ac"},
        TextCase{"HiddenAttribute", "<p hidden>a</p><div hidden=until-found><p>b</p></div><p>c", "c"},
        TextCase{"HiddenParts", "a<div hidden>b</div>c", "a c"},
        TextCase{"DisplayNone", "<p style=\"color:red; Display : none\">a</p><p style='display:block'>b</p>", "b"},
        TextCase{"AriaHiddenIsSeen", "<p aria-hidden=true>a</p>", "a"},
        TextCase{"FormsPart", "<form><label>Name</label><input value=v><button>Go</button></form>", "Name Go"},
        TextCase{"OddBlanks",
                 "<p>a\xE2\x80\x89"
                 "b\xE3\x80\x80"
                 "c\xC2\xA0"
                 "d</p>",
                 "a b c d"},
        TextCase{"NoWidth", "<p>pub\xC2\xADli\xE2\x80\x8Bshed</p>", "published"},
        TextCase{"UnknownElementsAreInline", "<x-a>up</x-a><x-b>coming</x-b>", "upcoming"},
        TextCase{"AfterTheEnd", "<html><body>a</body></html><p>b", "a b"},
        TextCase{"NulBytes", std::string("<p>a\0b</p>", 10), "a b"},
        TextCase{"UnclosedTags", "<div><p>a<div>b</span></div>c", "a b c"}),
    [](const auto& p) { return p.param.name; });

TEST(VisibleText, IsReadInTheCharsetOfThePage) {
  const auto page = Page::parse("<p>caf\xE9", "text/html; charset=windows-1252");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->visible_text(), "caf\xC3\xA9");
  std::string wide;
  for (const char c : std::string{"<p>not yet published"}) wide += std::string{c, '\0'};
  EXPECT_EQ(parsed("\xFF\xFE" + wide).visible_text(), "not yet published");
  EXPECT_EQ(parsed(wide, "").visible_text(), "not yet published");
}

class MainTextTest : public testing::TestWithParam<TextCase> {};
TEST_P(MainTextTest, IsThatOfTheMainPart) { EXPECT_EQ(parsed(GetParam().html).main_text(), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(Pages, MainTextTest,
                         testing::Values(TextCase{"Main", "<header>a</header><main>b</main><footer>c</footer>", "b"},
                                         TextCase{"FirstMain", "<main>b</main><main>c</main>", "b"},
                                         TextCase{"HiddenMainIsNone", "<main hidden>a</main><main>b</main>", "b"},
                                         TextCase{"Role", "<div>a</div><div role=MAIN>b</div>", "b"},
                                         TextCase{"MainBeforeRole", "<div role=main>a<main>b</main></div>", "b"},
                                         TextCase{"LoneArticle", "<nav>a</nav><article>b</article>", "b"},
                                         TextCase{"ManyArticles",
                                                  "<nav>a</nav><article>b</article><article>c</article>", "a b c"},
                                         TextCase{"Body", "<p>a<p>b", "a b"}),
                         [](const auto& p) { return p.param.name; });

class SettledTextTest : public testing::TestWithParam<TextCase> {};
TEST_P(SettledTextTest, IsTheMainPartLessBanners) {
  EXPECT_EQ(parsed(GetParam().html).settled_text(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Pages, SettledTextTest,
    testing::Values(TextCase{"Cookies", "<div id=global-cookie-message>c</div><p>a", "a"},
                    TextCase{"Consent", "<div class='x consent-banner'>c</div><p>a", "a"},
                    TextCase{"Emergency", "<section class=gem-emergency-banner>c</section><p>a", "a"},
                    TextCase{"WithinMain", "<main><div class=cookie-banner>c</div><p>a</main>", "a"},
                    TextCase{"NotAWholeFrame", "<body class=has-cookies><main class=cookies>a</main>", "a"},
                    TextCase{"APageAboutCookies", "<div class=cookies>all of it</div>", "all of it"}),
    [](const auto& p) { return p.param.name; });

TEST(Page, ReadsTitleAndCanonicalAddress) {
  const Page page = parsed(
      "<html><head><title> Widget\n sales </title><link rel=stylesheet href=/s><link rel='alternate CANONICAL' "
      "href=' /a?b=1&amp;c=2 '><link rel=canonical href=/other></head><body><svg><title>drawing</title></svg>");
  EXPECT_EQ(page.title(), "Widget sales");
  EXPECT_EQ(page.canonical(), "/a?b=1&c=2");
  const Page plain = parsed("<p><svg><title>drawing</title></svg>");
  EXPECT_EQ(plain.title(), "");
  EXPECT_EQ(plain.canonical(), "");
}

struct RefreshCase {
  const char* name;
  const char* html;
  const char* want;
};
class MetaRefreshTest : public testing::TestWithParam<RefreshCase> {};
TEST_P(MetaRefreshTest, IsTheAddressThatThePageSendsTo) {
  EXPECT_EQ(parsed(GetParam().html).meta_refresh(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Pages, MetaRefreshTest,
    testing::Values(RefreshCase{"None", "<p>x", ""},
                    RefreshCase{"Plain", "<meta http-equiv=refresh content='0; url=/login'>", "/login"},
                    RefreshCase{"Quoted", "<META HTTP-EQUIV=Refresh CONTENT=\"5;URL='https://a.example.org/'\">",
                                "https://a.example.org/"},
                    RefreshCase{"WithoutUrl", "<meta http-equiv=refresh content='0; /x'>", "/x"},
                    RefreshCase{"ReloadsItself", "<meta http-equiv=refresh content=30>", ""},
                    RefreshCase{"ForThoseWithoutScripts",
                                "<noscript><meta http-equiv=refresh content='0;url=/x'></noscript>", ""}),
    [](const auto& p) { return p.param.name; });

struct FlagCase {
  const char* name;
  std::string html;
  bool want;
};
class PasswordFieldTest : public testing::TestWithParam<FlagCase> {};
TEST_P(PasswordFieldTest, IsFoundWhereItIsShown) {
  EXPECT_EQ(parsed(GetParam().html).has_password_field(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Pages, PasswordFieldTest,
                         testing::Values(FlagCase{"None", "<input type=text>", false},
                                         FlagCase{"One", "<form><input type=\"Password\" name=p></form>", true},
                                         FlagCase{"Hidden", "<div hidden><input type=password></div>", false},
                                         FlagCase{"InATemplate", "<template><input type=password></template>", false},
                                         FlagCase{"InAComment", "<!-- <input type=password> -->", false}),
                         [](const auto& p) { return p.param.name; });

class ScriptShellTest : public testing::TestWithParam<FlagCase> {};
TEST_P(ScriptShellTest, HasScriptsAnEmptyRootAndHardlyAnyText) {
  EXPECT_EQ(parsed(GetParam().html).is_script_shell(), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Pages, ScriptShellTest,
    testing::Values(FlagCase{"Shell",
                             "<head><script src=/a.js></script></head><body><noscript>Please enable scripts</noscript>"
                             "<div id=root></div></body>",
                             true},
                    FlagCase{"CustomElement", "<body><my-app></my-app><script src=/a.js></script></body>", true},
                    FlagCase{"NestedEmptyRoot", "<body><div id=a><div id=b></div></div><script>x</script>", true},
                    FlagCase{"NoScripts", "<body><div id=root></div></body>", false},
                    FlagCase{"RootWithText", "<body><div id=root>Widget sales rose</div><script>x</script>", false},
                    FlagCase{"PictureOnly", "<body><div><img src=a.png></div><script>x</script>", false},
                    FlagCase{"EnoughText", "<body><div></div><p>" + std::string(250, 'x') + "</p><script>x</script>",
                             false},
                    FlagCase{"Nothing", "", false}),
    [](const auto& p) { return p.param.name; });

TEST(Page, IsUnreadableAndNotEmptyWhereItsEndWasNotReached) {
  EXPECT_FALSE(Page::parse(std::string((8U << 20U) + 1, ' '), "text/html"));
  EXPECT_TRUE(Page::parse(std::string(8U << 20U, ' '), "text/html"));
}

}  // namespace
}  // namespace embargod

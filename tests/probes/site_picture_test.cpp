#include "probes/site_picture.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "config/types/digest.h"
#include "probes/answer.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using Likeness = SitePicture::Likeness;

const Instant kNoon{Millis{1'524'657'600'000}};
const std::string kSite = "https://stats.example.org";

/// What a site sends for a path, and how it reads.
struct Answer {
  Observation o;
  std::optional<Page> page;
};

Answer answer(const std::string& path, int status, const std::string& body, Millis at = 0ms, Headers headers = {}) {
  Answer a;
  a.o.url = a.o.final_url = kSite + path;
  a.o.sent = kNoon + at;
  a.o.done = a.o.sent + 100ms;
  a.o.status = status;
  a.o.headers = std::move(headers);
  if (find_header(a.o, "Content-Type") == nullptr) a.o.headers.emplace_back("Content-Type", "text/html");
  a.o.body = body;
  a.o.size = body.size();
  a.o.digest = "sha256:" + hex(sha256(body));
  read_headers(a.o);
  if (a.o.content_type == "text/html") a.page = Page::parse(body, a.o.content_type);
  return a;
}

const Page* page_of(const Answer& a) { return a.page ? &*a.page : nullptr; }
AnswerShape shape(const Answer& a) { return shape_of(a.o, page_of(a)); }

std::string html(const std::string& title, const std::string& text, const std::string& head = {}) {
  return "<!doctype html><html><head><title>" + title + "</title>" + head +
         "</head><body><nav>Home Topics Releases Methods About Contact</nav><main>" + text + "</main></body></html>";
}

std::string page_body(const std::string& topic, int figures) {
  std::string text = "<h1>" + topic + "</h1>";
  for (int i = 0; i < figures; ++i)
    text += "<p>The number of " + topic + " rose in region " + std::to_string(i) +
            ", by more than in any year before, as demand grew and prices fell.</p>";
  return html(topic + " - Example statistics", text);
}

std::string catch_all(const std::string& path) {
  return html("Example statistics", "<p>We have nothing under " + path +
                                        " at this time. Try the calendar of releases or the list of topics, or write "
                                        "to us if a link brought you here.</p>");
}

struct AlikeCase {
  const char* name;
  Answer a, b;
  bool want;
};

TEST(Alike, SeesThroughAddressesTimesAndTokens) {
  const std::string x = "/pub/widget-sales-april-2026";
  const std::string y = "/pub/kqzvjxwpbmgtrhfdcnls";
  const AlikeCase cases[] = {
      {"echo of the path", answer(x, 200, catch_all(x)), answer(y, 200, catch_all(y)), true},
      {"echo of the words", answer(x, 200, catch_all("widget sales April 2026")),
       answer(y, 200, catch_all("kqzvjxwpbmgtrhfdcnls")), true},
      {"echo in the title", answer(x, 200, html("widget-sales-april-2026: nothing here", "<p>Nothing here.</p>")),
       answer(y, 200, html("kqzvjxwpbmgtrhfdcnls: nothing here", "<p>Nothing here.</p>")), true},
      {"canonical of each own address",
       answer(x, 200, html("Example", "<p>Nothing.</p>", "<link rel=canonical href='" + kSite + x + "'>")),
       answer(y, 200, html("Example", "<p>Nothing.</p>", "<link rel=canonical href='" + kSite + y + "'>")), true},
      {"a time and a token",
       answer(x, 200, html("Example", "<p>Nothing to see, sorry. Asked at 12:00:01, reference a8f3c2.</p>")),
       answer(y, 200, html("Example", "<p>Nothing to see, sorry. Asked at 12:07:44, reference 99d01b.</p>")), true},
      {"another title", answer(x, 200, html("Widget sales", "<p>Nothing.</p>")),
       answer(y, 200, html("Example", "<p>Nothing.</p>")), false},
      {"another status", answer(x, 200, catch_all(x)), answer(y, 404, catch_all(y)), false},
      {"the release itself", answer(x, 200, page_body("widgets", 8)), answer(y, 200, catch_all(y)), false},
      {"two releases", answer(x, 200, page_body("widgets", 8)), answer(y, 200, page_body("gadgets", 8)), false},
      {"same title, other text", answer(x, 200, html("Example statistics", "<p>Widgets rose by a tenth in April.</p>")),
       answer(y, 200, catch_all(y)), false},
      {"same title, a table more",
       answer(x, 200, catch_all(x) + "<main><table><tr><td>North 12 South 14 East 9 West 4 All regions</table></main>"),
       answer(y, 200, catch_all(y)), true},  // outside of <main>: what every page of a site shares
      {"canonical of a page and of none",
       answer(x, 200, html("Example", "<p>Nothing.</p>", "<link rel=canonical href='/pub/other'>")),
       answer(y, 200, html("Example", "<p>Nothing.</p>")), false},
      {"frames without a word", answer(x, 200, html("Example", "<iframe src=/files/1.pdf></iframe>")),
       answer(y, 200, html("Example", "<iframe src=/files/none></iframe>")), false},
      {"JSON with the path in it",
       answer(x, 200, R"({"error":"none","path":")" + x + "\"}", 0ms, {{"Content-Type", "application/json"}}),
       answer(y, 200, R"({"error":"none","path":")" + y + "\"}", 0ms, {{"Content-Type", "application/json"}}), true},
      {"JSON with figures", answer(x, 200, R"({"count":12})", 0ms, {{"Content-Type", "application/json"}}),
       answer(y, 200, R"({"count":0})", 0ms, {{"Content-Type", "application/json"}}), false},
  };
  for (const AlikeCase& c : cases) EXPECT_EQ(alike(shape(c.a), shape(c.b)), c.want) << c.name;
}

TEST(Alike, OneCommonWordAsANameIsAnEchoOnlyInAnAddress) {
  // "latest" stands in every page's menu: to take it out of one page's text only would make two of a kind differ.
  const auto body = [](const std::string& path) {
    return html("Latest from Example", "<p>See the latest news. Nothing at " + path + " today, sorry.</p>");
  };
  EXPECT_TRUE(alike(shape(answer("/pub/latest", 200, body("/pub/latest"))),
                    shape(answer("/pub/kqzvjxwpbmgtrhfdcnls", 200, body("/pub/kqzvjxwpbmgtrhfdcnls")))));
}

TEST(Alike, RedirectsToOnePlaceAreAlikeWhateverNameTheyCarryAlong) {
  const auto redirected = [](const std::string& path, const std::string& to) {
    Answer a = answer(path, 200, html("Search", "<p>No results.</p>"));
    a.o.hops.push_back({302, to});
    a.o.final_url = kSite + to;
    return shape(a);
  };
  EXPECT_TRUE(alike(redirected("/pub/widgets-1", "/search?q=widgets-1"),
                    redirected("/pub/kqzvjx-wpbmgt", "/search?q=kqzvjx-wpbmgt")));
  EXPECT_TRUE(alike(redirected("/pub/widgets-1", "/gone?from=%2Fpub%2Fwidgets-1"),
                    redirected("/pub/kqzvjx-wpbmgt", "/gone?from=%2Fpub%2Fkqzvjx-wpbmgt")));
  EXPECT_FALSE(alike(redirected("/pub/widgets-1", "/widgets/april"), redirected("/pub/kqzvjx-wpbmgt", "/search?q=x")));
}

TEST(ShapeOf, IsEmptyOfTextForWhatIsNoPage) {
  const AnswerShape s =
      shape(answer("/f.xlsx", 200, "PK\x03\x04 not a page", 0ms, {{"Content-Type", "application/zip"}}));
  EXPECT_EQ(s.words, 0U);
  EXPECT_FALSE(s.digest.empty());
}

struct SiblingCase {
  const char* name;
  const char* url;
  const char* before;  // the sibling up to its random name
  const char* after;
};

class SiblingTest : public testing::TestWithParam<SiblingCase> {};
TEST_P(SiblingTest, LiesBesideTheUrlUnderANameThatCannotExist) {
  const auto& c = GetParam();
  const Url url = *parse_url(c.url);
  const Url s = sibling_of(url, 7);
  ASSERT_TRUE(s.text.starts_with(c.before)) << s.text;
  ASSERT_TRUE(s.text.ends_with(c.after)) << s.text;
  EXPECT_GE(s.text.size(), std::string{c.before}.size() + std::string{c.after}.size() + 16);
  EXPECT_EQ(sibling_group(s), sibling_group(url));
  EXPECT_NE(s, sibling_of(url, 8));
  EXPECT_EQ(s, sibling_of(url, 7));
}
INSTANTIATE_TEST_SUITE_P(
    Urls, SiblingTest,
    testing::Values(
        SiblingCase{"Page", "https://x.example.org/a/b", "https://x.example.org/a/", ""},
        SiblingCase{"Folder", "https://x.example.org/a/b/", "https://x.example.org/a/", "/"},
        SiblingCase{"Home", "https://x.example.org/", "https://x.example.org/", ""},
        SiblingCase{"File", "https://x.example.org/a/b-2026.xlsx", "https://x.example.org/a/", ".xlsx"},
        SiblingCase{"DottedSlug", "https://x.example.org/a/v1.2", "https://x.example.org/a/", ""},
        SiblingCase{"QueryIsDropped", "https://x.example.org/a/b?view=full", "https://x.example.org/a/", ""},
        SiblingCase{"PathInAQuery", "https://x.example.org/file?uri=/a/b.csv", "https://x.example.org/", ""},
        SiblingCase{"Port", "http://x.example.org:8080/a", "http://x.example.org:8080/", ""},
        SiblingCase{"Ipv6", "http://[2001:db8::1]:81/a", "http://[2001:db8::1]:81/", ""},
        SiblingCase{"OddFolder", "https://x.example.org/a---b%2e/c", "https://x.example.org/a---b%2e/", ""}),
    [](const auto& p) { return p.param.name; });

TEST(SiblingOf, KeepsTheKindOfItsLetters) {
  const auto name = [](const char* url) {
    const Url s = sibling_of(*parse_url(url), 3);
    return s.path_query.substr(s.path_query.rfind('/') + 1);
  };
  EXPECT_EQ(name("https://x.example.org/a/widgets").find_first_not_of("bcdfghjklmnpqrstvwxz"), std::string::npos);
  EXPECT_EQ(name("https://x.example.org/a/WIDGETS").find_first_not_of("BCDFGHJKLMNPQRSTVWXZ"), std::string::npos);
  EXPECT_EQ(name("https://x.example.org/a/1234").find_first_not_of("0123456789"), std::string::npos);
  EXPECT_TRUE(std::isupper(name("https://x.example.org/a/Widgets").front()));
}

TEST(SiblingOf, StaysWithinTheLongestUrl) {
  const Url url = *parse_url("https://x.example.org/" + std::string(8000, 'a') + "/" + std::string(160, 'b'));
  EXPECT_EQ(sibling_of(url, 1).host, "x.example.org");
  const Url full = *parse_url("https://x.example.org/" + std::string(8165, 'a') + "/b");
  EXPECT_LE(sibling_of(full, 1).text.size(), 8192U);
}

TEST(SiblingGroup, IsOfSiteFolderAndEnding) {
  std::set<std::string> groups;
  for (const char* url : {"https://x.example.org/a/b", "https://x.example.org/a/c?d", "https://x.example.org/a/b.csv",
                          "https://x.example.org/a/b/", "https://x.example.org/b", "https://y.example.org/a/b"})
    groups.insert(sibling_group(*parse_url(url)));
  EXPECT_EQ(groups.size(), 5U);
}

/// A picture that is told what siblings answered.
class Told {
 public:
  Told& sibling(Millis at, int status, const std::string& body, Headers headers = {}) {
    const std::string path = "/pub/kqzvjxwpbmgtrhfdc" + std::string(1, static_cast<char>('a' + n_++ % 26));
    const Answer a = answer(path, status, body.empty() ? catch_all(path) : body, at, std::move(headers));
    picture.note(a.o, page_of(a));
    return *this;
  }
  [[nodiscard]] Likeness of(const std::string& body, int status = 200) const {
    const std::string path = "/pub/widget-sales";
    return picture.compare(shape(answer(path, status, body.empty() ? catch_all(path) : body)));
  }

  SitePicture picture;

 private:
  int n_ = 0;
};

const std::string kSaysSo = html("Page not found - Example", "<p>Page not found. Check the address.</p>");
const std::string kMaintenancePage = html("Site maintenance", "<h1>Site maintenance</h1><p>Back at noon.</p>");
const std::string kOtherPage =
    html("Example", "<p>A page that says nothing of why it is shown at every address here.</p>");
const std::string kShell =
    "<!doctype html><html><head><title>Example</title></head><body><div id=root></div><script "
    "src=/app.js></script></body></html>";

TEST(SitePicture, KnowsNothingBeforeItsFirstSample) { EXPECT_EQ(Told{}.of(""), Likeness::unlike); }

TEST(SitePicture, APageUnlikeTheSiblingsIsNone) {
  EXPECT_EQ(Told{}.sibling(0s, 200, "").sibling(60s, 200, "").of(page_body("widgets", 6)), Likeness::unlike);
}

TEST(SitePicture, ASoft404ThatSaysSoIsNotFoundAtOnce) {
  EXPECT_EQ(Told{}.sibling(0s, 200, kSaysSo).of(kSaysSo), Likeness::not_found);
}

TEST(SitePicture, OneThatDoesNotSaySoNeedsTwoSamplesHalfAMinuteApart) {
  EXPECT_EQ(Told{}.sibling(0s, 200, "").of(""), Likeness::everywhere);
  EXPECT_EQ(Told{}.sibling(0s, 200, "").sibling(29'999ms, 200, "").of(""), Likeness::everywhere);
  EXPECT_EQ(Told{}.sibling(0s, 200, "").sibling(30s, 200, "").of(""), Likeness::not_found);
}

TEST(SitePicture, ASiteThatAnswered404AndNowAnswersAlikeEverywhereIsDisturbed) {
  Told t;
  t.sibling(0s, 404, "gone");
  for (int hours = 1; hours <= 6; ++hours) {
    t.sibling(std::chrono::hours{hours}, 200, kOtherPage);
    EXPECT_EQ(t.of(kOtherPage), Likeness::everywhere) << hours;
  }
}

TEST(SitePicture, HoweverLongItGoesOn) {
  Told t;
  t.sibling(0s, 404, "gone");
  for (int hours = 1; hours <= 200; ++hours) t.sibling(std::chrono::hours{hours}, 200, kOtherPage);
  EXPECT_EQ(t.of(kOtherPage), Likeness::everywhere);
}

TEST(SitePicture, AChangeToAPageThatSaysNotFoundNeedsNoPatience) {
  EXPECT_EQ(Told{}.sibling(0s, 404, "gone").sibling(1h, 200, kSaysSo).of(kSaysSo), Likeness::not_found);
}

TEST(SitePicture, MaintenanceIsNeverNotFound) {
  Told t;
  t.sibling(0s, 200, kMaintenancePage).sibling(1h, 200, kMaintenancePage).sibling(9h, 200, kMaintenancePage);
  EXPECT_EQ(t.of(kMaintenancePage), Likeness::everywhere);
  Told retry;
  retry.sibling(0s, 200, kOtherPage, {{"Retry-After", "600"}}).sibling(1h, 200, kOtherPage, {{"Retry-After", "600"}});
  EXPECT_EQ(retry.of(kOtherPage), Likeness::everywhere);
}

TEST(SitePicture, AfterADisturbanceItsWayHoldsAtOnce) {
  Told t;
  t.sibling(0s, 200, "").sibling(60s, 200, "").sibling(1h, 200, kOtherPage);
  EXPECT_EQ(t.of(kOtherPage), Likeness::everywhere);
  EXPECT_EQ(t.of(""), Likeness::unlike);
  t.sibling(61min, 200, "");
  EXPECT_EQ(t.of(""), Likeness::not_found);
}

TEST(SitePicture, AfterADisturbance404sAreItsWayAgain) {
  Told t;
  t.sibling(0s, 404, "gone").sibling(1h, 200, kOtherPage).sibling(2h, 404, "gone");
  EXPECT_EQ(t.of(kOtherPage), Likeness::unlike);
  t.sibling(3h, 200, kOtherPage);
  EXPECT_EQ(t.of(kOtherPage), Likeness::everywhere);
}

TEST(SitePicture, AShellAtEveryAddressIsAShell) {
  EXPECT_EQ(Told{}.sibling(0s, 200, kShell).of(kShell), Likeness::shell);
}

TEST(SitePicture, ErrorsAndBlocksAreNoPictureButWereAsked) {
  Told t;
  t.sibling(0s, 200, kSaysSo).sibling(1h, 503, kOtherPage).sibling(2h, 403, kOtherPage).sibling(3h, 429, kOtherPage);
  t.sibling(4h, 200, kOtherPage, {{"cf-mitigated", "challenge"}});
  EXPECT_EQ(t.of(kSaysSo), Likeness::not_found);
  EXPECT_EQ(t.picture.asked(), kNoon + 4h);
}

TEST(SitePicture, AnErrorIsNeverLikeAnything) {
  EXPECT_EQ(Told{}.sibling(0s, 404, kSaysSo).of(kSaysSo, 404), Likeness::unlike);
}

}  // namespace
}  // namespace embargod

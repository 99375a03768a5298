#include "probes/fingerprint.h"

#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <string_view>

#include "probes/html.h"
#include "probes/simhash.h"
#include "tests/support/archive.h"

namespace embargod {
namespace {

std::string fingerprint_of(const std::string& body, const std::string& type, const FingerprintRules& rules = {}) {
  const auto maker = Fingerprinter::make(rules, {});
  if (!maker) return "REFUSED";
  Observation o;
  o.status = 200;
  o.body = body;
  o.content_type = type;
  const auto page = looks_like_html(type, body) ? Page::parse(body, type) : std::nullopt;
  return maker->of(o, page ? &*page : nullptr);
}
std::string of_html(const std::string& body, const FingerprintRules& rules = {}) {
  return fingerprint_of(body, "text/html; charset=utf-8", rules);
}

/// The page of a release, with places where sites put what changes by itself.
struct Parts {
  std::string head = {}, banner = {}, heading = "Widget sales, April 2026", figure = "1,254", stamp = {};
  std::string link = "Data (CSV)", foot = {};
};
std::string page_of(const Parts& p) {
  return "<!doctype html><html><head><title>x</title>" + p.head + "</head><body>" + p.banner +
         "<header>Statistics</header><main><h1>" + p.heading +
         "</h1><p>Published 20 May 2026</p><p>Sales: " + p.figure + " widgets</p>" + p.stamp + "<a href=\"/f.csv\">" +
         p.link + "</a></main><footer>" + p.foot + "</footer></body></html>";
}

struct ChangeCase {
  const char* name;
  Parts before, after;
};

void PrintTo(const ChangeCase& c, std::ostream* out) { *out << c.name; }

class SameFingerprintTest : public testing::TestWithParam<ChangeCase> {};
TEST_P(SameFingerprintTest, IsKeptByWhatChangesByItself) {
  const std::string before = page_of(GetParam().before), after = page_of(GetParam().after);
  ASSERT_NE(before, after);
  EXPECT_EQ(of_html(before), of_html(after));
  EXPECT_TRUE(of_html(before).starts_with("page:")) << of_html(before);
}
INSTANTIATE_TEST_SUITE_P(
    Changes, SameFingerprintTest,
    testing::Values(
        ChangeCase{"Nonce",
                   {.head = "<script nonce=\"r4nd0m\">var t='a1';</script>"},
                   {.head = "<script nonce=\"0th3r\">var t='b2';</script>"}},
        ChangeCase{"CsrfToken",
                   {.stamp = "<input type=hidden name=csrf value=\"8f14e45fceea167a5a36dedd4bea2543\">"},
                   {.stamp = "<input type=hidden name=csrf value=\"c9f0f895fb98ab9159f51fd0297e236d\">"}},
        ChangeCase{"CsrfMeta", {.head = "<meta name=csrf content=abc>"}, {.head = "<meta name=csrf content=xyz>"}},
        ChangeCase{"UpdatedTime",
                   {.stamp = "<p>Page last updated 12:03:22</p>"},
                   {.stamp = "<p>Page last updated 12:04:07</p>"}},
        ChangeCase{
            "UpdatedTimeAmPm", {.stamp = "<p>Last updated: 9.30am</p>"}, {.stamp = "<p>Last updated: 10.15pm</p>"}},
        ChangeCase{
            "DateAndTime", {.stamp = "<p>22 November 2026, 15:23</p>"}, {.stamp = "<p>23 November 2026, 08:01</p>"}},
        ChangeCase{"TimeAndDate",
                   {.stamp = "<p>As seen at 15:23 on Sunday 22 November 2026</p>"},
                   {.stamp = "<p>As seen at 15:24 on Monday 23 November 2026</p>"}},
        ChangeCase{
            "Instant", {.stamp = "<p>2026-11-22T15:23:01Z</p>"}, {.stamp = "<p>2026-11-22T15:23:59.123+00:00</p>"}},
        ChangeCase{"GeneratedDate",
                   {.stamp = "<p>Page generated on 22 November 2026</p>"},
                   {.stamp = "<p>Page generated on 23 November 2026</p>"}},
        ChangeCase{"Today",
                   {.stamp = "<p>Today is Sunday 22 November 2026</p>"},
                   {.stamp = "<p>Today is Monday 23 November 2026</p>"}},
        ChangeCase{"Ago", {.stamp = "<p>Updated 5 minutes ago</p>"}, {.stamp = "<p>Updated 2 hours ago</p>"}},
        ChangeCase{"Views", {.stamp = "<p>1,234 views</p>"}, {.stamp = "<p>1,235 views</p>"}},
        ChangeCase{"PageViews", {.stamp = "<p>Page views: 99</p>"}, {.stamp = "<p>Page views: 100</p>"}},
        ChangeCase{"Downloads", {.stamp = "<p>Downloaded 7 times</p>"}, {.stamp = "<p>Downloaded 12 times</p>"}},
        ChangeCase{"ReadersNow",
                   {.stamp = "<p>17 people are viewing this page now</p>"},
                   {.stamp = "<p>3 people are viewing this page now</p>"}},
        ChangeCase{"RequestId",
                   {.stamp = "<p>Reference 550e8400-e29b-41d4-a716-446655440000</p>"},
                   {.stamp = "<p>Reference 6ba7b810-9dad-11d1-80b4-00c04fd430c8</p>"}},
        ChangeCase{"HexToken", {.stamp = "<p>id 8f14e45fceea167a</p>"}, {.stamp = "<p>id c9f0f895fb98ab91</p>"}},
        ChangeCase{"Base64Token",
                   {.stamp = "<p>id dGhpcyBpcyBhIHRva2VuIDE=</p>"},
                   {.stamp = "<p>id b3RoZXIgdG9rZW4gZm9yIDI3Nw==</p>"}},
        ChangeCase{"CookieBanner", {.banner = "<div class=cookie-banner><p>We use cookies</p></div>"}, {}},
        ChangeCase{"CookieBannerInMain", {.stamp = "<div id=cookies-message>Cookies?</div>"}, {}},
        ChangeCase{"EmergencyBanner", {.banner = "<div class=emergency-banner>Storm warning</div>"}, {}},
        ChangeCase{
            "Comment", {.stamp = "<!-- served by web1 in 13 ms -->"}, {.stamp = "<!-- served by web2 in 9 ms -->"}},
        ChangeCase{"Footer", {.foot = "Build 17"}, {.foot = "Build 18"}},
        ChangeCase{"Classes", {.figure = "<b class=a>1,254</b>"}, {.figure = "<b class=b id=c>1,254</b>"}},
        ChangeCase{
            "WhiteSpace", {.heading = "Widget sales, April 2026"}, {.heading = "\n  Widget\tsales,  April 2026 "}}),
    [](const auto& p) { return p.param.name; });

class OtherFingerprintTest : public testing::TestWithParam<ChangeCase> {};
TEST_P(OtherFingerprintTest, ComesWithWhatReadersWouldNotice) {
  EXPECT_NE(of_html(page_of(GetParam().before)), of_html(page_of(GetParam().after)));
}
INSTANTIATE_TEST_SUITE_P(
    Changes, OtherFingerprintTest,
    testing::Values(
        ChangeCase{"Figure", {.figure = "1,254"}, {.figure = "1,255"}},
        ChangeCase{"Edition", {.heading = "Widget sales, April 2026"}, {.heading = "Widget sales, May 2026"}},
        ChangeCase{"LinkText", {.link = "Data (CSV)"}, {.link = "Data (Excel)"}},
        ChangeCase{"NewLink", {}, {.stamp = "<a href=/x>Tables</a>"}},
        ChangeCase{
            "PublicationDate", {.stamp = "<p>Published 20 May 2026</p>"}, {.stamp = "<p>Published 17 June 2026</p>"}},
        ChangeCase{"UpdatedDate", {.stamp = "<p>Updated 20 May 2026</p>"}, {.stamp = "<p>Updated 21 May 2026</p>"}},
        ChangeCase{"WaitingTime", {.figure = "7:03"}, {.figure = "7:04"}},
        ChangeCase{"WaitingTimeInSeconds", {.figure = "00:07:03"}, {.figure = "00:07:04"}},
        ChangeCase{"Visits", {.figure = "12,345 visits by"}, {.figure = "12,346 visits by"}},
        ChangeCase{"FigureBesideAMonth", {.figure = "20 April 2026 12.50"}, {.figure = "20 April 2026 12.51"}},
        ChangeCase{"LongFigure", {.figure = "1234567890123"}, {.figure = "1234567890124"}},
        ChangeCase{"LongWord", {.figure = "Llanfairpwllgwyngyllgogerychwyrndrobwll"}, {.figure = "Llan"}},
        ChangeCase{"WithdrawnNotice", {}, {.stamp = "<p>This was withdrawn</p>"}}),
    [](const auto& p) { return p.param.name; });

TEST(Fingerprinter, LeavesOutWhatTheProfileIgnores) {
  const FingerprintRules rules{{"Release [0-9]+ of the site"}, {}};
  EXPECT_EQ(of_html("<p>a Release 12 of the site b", rules), of_html("<p>a Release 13 of the site b", rules));
  EXPECT_NE(of_html("<p>a Release 12 of the site b"), of_html("<p>a Release 13 of the site b"));
}

TEST(Fingerprinter, IsTakenOfThePartsThatAreNamed) {
  const FingerprintRules rules{{}, {"//h1", "//td"}};
  const std::string page = "<h1>April</h1><p>x<table><tr><td>1<td>2</table>";
  EXPECT_EQ(of_html(page, rules), of_html("<h1>April</h1><p>y<table><tr><td>1<td>2</table>", rules));
  EXPECT_NE(of_html(page, rules), of_html("<h1>April</h1><p>x<table><tr><td>1<td>3</table>", rules));
  EXPECT_NE(of_html(page, rules), of_html("<h1>April</h1><p>x<table><tr><td>12</table>", rules));
  EXPECT_EQ(of_html("<p>neither heading nor table", rules), "") << "two pages without the parts are not alike";
  EXPECT_EQ(fingerprint_of("{\"h1\": 1}", "application/json", rules), "");
}

TEST(Fingerprinter, TakesJsonByItsValues) {
  const std::string json = "application/json";
  EXPECT_EQ(fingerprint_of(R"({"a": 1, "b": [true]})", json), fingerprint_of(R"({ "b":[true],"a":1 })", json));
  EXPECT_NE(fingerprint_of(R"({"a": 1})", json), fingerprint_of(R"({"a": 2})", json));
  EXPECT_TRUE(fingerprint_of("{}", json).starts_with("json:"));
  const FingerprintRules rules{{}, {"/data", "/period"}};
  EXPECT_EQ(fingerprint_of(R"({"data": 1, "asked": "12:03"})", json, rules),
            fingerprint_of(R"({"data": 1, "asked": "12:04"})", json, rules));
  EXPECT_NE(fingerprint_of(R"({"data": 1})", json, rules), fingerprint_of(R"({"period": 1})", json, rules));
  EXPECT_EQ(fingerprint_of(R"({"error": 1})", json, rules), "");
}

std::string workbook(const std::string& cell, const std::string& saved, std::time_t mtime) {
  return make_zip({{"[Content_Types].xml", "<Types/>"},
                   {"docProps/core.xml", "<modified>" + saved + "</modified>"},
                   {"docProps/app.xml", "<app>" + saved + "</app>"},
                   {"xl/workbook.xml", "<workbook/>"},
                   {"xl/worksheets/sheet1.xml", "<c>" + cell + "</c>"}},
                  mtime);
}

TEST(Fingerprinter, TakesWorkbooksByTheirMembers) {
  const std::string type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const std::string before = workbook("1254", "2026-04-25T09:00:00Z", 1'777'000'000);
  const std::string saved_again = workbook("1254", "2026-04-26T17:12:44Z", 1'777'100'000);
  ASSERT_NE(before, saved_again);
  EXPECT_TRUE(fingerprint_of(before, type).starts_with("zip:"));
  EXPECT_EQ(fingerprint_of(before, type), fingerprint_of(saved_again, type));
  EXPECT_NE(fingerprint_of(before, type),
            fingerprint_of(workbook("1255", "2026-04-25T09:00:00Z", 1'777'000'000), type));
}

TEST(Fingerprinter, TakesOpenDocumentsLessTheirProperties) {
  const auto sheet = [](const char* cell, const char* saved) {
    return make_zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                     {"content.xml", cell},
                     {"meta.xml", saved},
                     {"settings.xml", saved}});
  };
  EXPECT_EQ(fingerprint_of(sheet("1", "a"), ""), fingerprint_of(sheet("1", "b"), ""));
  EXPECT_NE(fingerprint_of(sheet("1", "a"), ""), fingerprint_of(sheet("2", "a"), ""));
}

TEST(Fingerprinter, GivesNoneOfACutArchive) {
  const std::string whole = workbook("1254", "x", 0);
  for (std::size_t size = 4; size < whole.size(); size += 7)
    ASSERT_EQ(fingerprint_of(whole.substr(0, size), "application/zip"), "") << size << " of " << whole.size();
}

TEST(Fingerprinter, UnpacksNothing) {
  const std::string bomb = make_zip({{"a", "x"}, {"zeros", std::string(100U << 20U, '\0')}});
  EXPECT_LT(bomb.size(), 200'000U);
  EXPECT_TRUE(fingerprint_of(bomb, "application/zip").starts_with("zip:"));
}

TEST(Fingerprinter, TakesOtherBodiesByTheirBytes) {
  EXPECT_TRUE(fingerprint_of("%PDF-1.7 a", "application/pdf").starts_with("bytes:"));
  EXPECT_NE(fingerprint_of("%PDF-1.7 a", "application/pdf"), fingerprint_of("%PDF-1.7 b", "application/pdf"));
  EXPECT_EQ(fingerprint_of("a,b\n", "text/csv"), fingerprint_of("a,b\n", "text/plain"));
}

TEST(Fingerprinter, GivesNoneOfWhatCannotBeRead) {
  EXPECT_EQ(of_html(""), "");
  EXPECT_EQ(of_html("<html><body></body></html>"), "") << "a page without text is like any other";
  EXPECT_EQ(of_html(std::string((8U << 20U) + 1, 'x')), "");
  EXPECT_EQ(fingerprint_of("{\"a\":", "application/json"), "");
  const auto maker = Fingerprinter::make({}, {});
  Observation cut;
  cut.body = "a,b\n";
  cut.failure = Cause::truncated;
  EXPECT_EQ(maker->of(cut, nullptr), "");
}

TEST(Fingerprinter, RefusesWhatDoesNotCompile) {
  const Mark mark{"profile.yaml", 7, 3};
  const auto maker = Fingerprinter::make({{"(", std::string(1001, 'x')}, {"not a path", "//h1", "/a/b"}}, mark);
  ASSERT_FALSE(maker);
  ASSERT_EQ(maker.error().size(), 3U);
  for (const Fault& f : maker.error()) EXPECT_EQ(f.where, "profile.yaml:7:3");
}

TEST(TextPrint, IsNearForNearTexts) {
  const auto bits = [](std::string_view a, std::string_view b) {
    return std::popcount(text_print(a).simhash ^ text_print(b).simhash);
  };
  const auto words = [](const std::string& stem) {
    std::string text;
    for (int i = 0; i < 300; ++i) {
      const std::string number = std::to_string(i * 7);
      text += stem;
      for (const char digit : number) text += static_cast<char>('a' + (digit - '0'));
      text += ' ';
    }
    return text;
  };
  const std::string text = words("word");
  EXPECT_EQ(text_print("").words, 0U);
  EXPECT_EQ(text_print(" .,- ").words, 0U);
  EXPECT_EQ(text_print(text).words, 300U);
  EXPECT_EQ(bits(text, text + " ."), 0);
  EXPECT_LE(bits(text, text + "/pub/random-path-81723"), 3);
  EXPECT_GE(bits(text, words("term")), 16);
  EXPECT_EQ(bits("Not Found", "not found"), 0);
  EXPECT_EQ(bits("Request 81723 failed", "Request 90417 failed"), 0);
}

}  // namespace
}  // namespace embargod

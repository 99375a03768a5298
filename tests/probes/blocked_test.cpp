#include "probes/blocked.h"

#include <gtest/gtest.h>

#include <string>

#include "probes/answer.h"

namespace embargod {
namespace {

Observation gateway_answer(int status, Headers headers, std::string body) {
  Observation o;
  o.url = o.final_url = "https://stats.example.org/pub/x";
  o.status = status;
  o.headers = std::move(headers);
  o.body = std::move(body);
  read_headers(o);
  return o;
}

std::string repeated(std::string_view words, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text.append(words);
  return text;
}

struct SureCase {
  const char* name;
  int status;
  Headers headers;
  std::string body;
  Cause want;
};

class BlockedForSureTest : public testing::TestWithParam<SureCase> {};
TEST_P(BlockedForSureTest, GoesByHeadersAndByBodiesTooShortToBeAPage) {
  const auto& c = GetParam();
  const Blocked b = blocked_for_sure(gateway_answer(c.status, c.headers, c.body));
  EXPECT_STREQ(to_string(b.cause), to_string(c.want)) << b.rule;
  EXPECT_EQ(b.rule.starts_with("engine: "), c.want != Cause::none);
}

const std::string kDenied = "<html><body>Access denied</body></html>";
const std::string kLong = "<html><body>" + repeated("figures and words ", 400) + "</body></html>";
const std::string kHtml = "text/html; charset=utf-8";
INSTANTIATE_TEST_SUITE_P(
    Walls, BlockedForSureTest,
    testing::Values(
        SureCase{"Cloudflare", 403, {{"cf-mitigated", "challenge"}}, kLong, Cause::challenge},
        SureCase{"CloudflareWith200", 200, {{"CF-Mitigated", "challenge"}}, kLong, Cause::challenge},
        SureCase{"CloudflareInFront", 200, {{"Server", "cloudflare"}, {"CF-Ray", "1"}}, kLong, Cause::none},
        SureCase{"AwsWaf", 202, {{"x-amzn-waf-action", "challenge"}}, "", Cause::challenge},
        SureCase{"AwsWafCaptcha", 405, {{"X-Amzn-Waf-Action", "captcha"}}, kLong, Cause::challenge},
        SureCase{"LoadBalancerThrottles", 429, {{"Server", "awselb/2.0"}}, kLong, Cause::challenge},
        SureCase{"LoadBalancerRefuses", 403, {{"Server", "awselb/2.0"}}, kDenied, Cause::challenge},
        SureCase{"LoadBalancerPassesALong403", 403, {{"Server", "awselb/2.0"}}, kLong, Cause::none},
        SureCase{"LoadBalancerPassesA404", 404, {{"Server", "awselb/2.0"}}, kDenied, Cause::none},
        SureCase{"Akamai", 403, {{"Server", "AkamaiGHost"}, {"Cache-Control", "no-cache"}}, kDenied, Cause::challenge},
        SureCase{"AkamaiWith200",
                 200,
                 {{"Server", "AkamaiGHost"}, {"Cache-Control", "max-age=0, no-cache"}, {"Content-Type", kHtml}},
                 kDenied,
                 Cause::challenge},
        SureCase{"AkamaiSmallFile",
                 200,
                 {{"Server", "AkamaiGHost"}, {"Cache-Control", "no-cache"}, {"Content-Type", "text/csv"}},
                 "a,b\n1,2\n",
                 Cause::none},
        SureCase{"Akamai404", 404, {{"Server", "AkamaiGHost"}, {"Cache-Control", "no-cache"}}, kDenied, Cause::none},
        SureCase{"AkamaiCached", 403, {{"Server", "AkamaiGHost"}}, kDenied, Cause::none},
        SureCase{"AkamaiLongPage",
                 200,
                 {{"Server", "AkamaiGHost"}, {"Cache-Control", "no-cache"}, {"Content-Type", kHtml}},
                 kLong,
                 Cause::none},
        SureCase{"CloudFront",
                 403,
                 {{"X-Cache", "Error from cloudfront"}, {"Server", "CloudFront"}},
                 kDenied,
                 Cause::challenge},
        SureCase{"CloudFront404",
                 404,
                 {{"X-Cache", "Error from cloudfront"}, {"Server", "CloudFront"}},
                 kDenied,
                 Cause::none},
        SureCase{"CloudFront410",
                 410,
                 {{"X-Cache", "Error from cloudfront"}, {"Server", "CloudFront"}},
                 kDenied,
                 Cause::none},
        SureCase{"CloudFrontPassesTheStores403",
                 403,
                 {{"X-Cache", "Error from cloudfront"}, {"Server", "AmazonS3"}},
                 kDenied,
                 Cause::none},
        SureCase{"OriginNotAsked",
                 403,
                 {{"Server-Timing", "cdn-cache; desc=HIT, edge; dur=1, origin; dur=0"}},
                 kDenied,
                 Cause::challenge},
        SureCase{"OriginAskedQuickly", 403, {{"Server-Timing", "edge; dur=1, origin; dur=0.4"}}, kDenied, Cause::none},
        SureCase{"OriginOfAnotherName", 403, {{"Server-Timing", "my-origin; dur=0"}}, kDenied, Cause::none},
        SureCase{"CachedPage", 200, {{"Server-Timing", "cdn-cache; desc=HIT, origin; dur=0"}}, kLong, Cause::none},
        SureCase{"ThrottledIsToldByItsStatus", 429, {{"Retry-After", "5"}}, "slow down", Cause::none},
        SureCase{
            "Incapsula",
            200,
            {{"X-Iinfo", "1-2-3"}},
            "<html><iframe src=\"/_Incapsula_Resource?x=1\">Request unsuccessful. Incapsula incident ID: 1-2</iframe>",
            Cause::challenge},
        SureCase{"IncapsulaInFront",
                 200,
                 {{"X-CDN", "Imperva"}},
                 kLong + "<script src=\"/_Incapsula_Resource?a\"></script>",
                 Cause::none},
        SureCase{"JustAMoment", 200, {}, "<html><head><title>Just a moment...</title></head></html>", Cause::challenge},
        SureCase{"AttentionRequired", 200, {}, "<title>Attention Required! | Cloudflare</title>", Cause::challenge},
        SureCase{
            "FirewallWith200", 200, {}, "The requested URL was rejected. Your support ID is: 12345", Cause::challenge}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    OnTheWay, BlockedForSureTest,
    testing::Values(
        SureCase{"SquidError", 503, {{"X-Squid-Error", "ERR_CONNECT_FAIL 111"}}, kDenied, Cause::intermediary},
        SureCase{"SquidWith200", 200, {{"Server", "squid/5.7"}}, kDenied, Cause::intermediary},
        SureCase{
            "SquidPassedOn", 200, {{"Server", "nginx"}, {"Via", "1.1 p.example.org (squid/5.7)"}}, kLong, Cause::none},
        SureCase{"NetworkSignIn", 511, {}, kDenied, Cause::intermediary},
        SureCase{"CaptivePortalApi", 200, {{"Content-Type", "application/captive+json"}}, "{}", Cause::intermediary},
        SureCase{"Wispr",
                 200,
                 {},
                 "<html><!-- <WISPAccessGatewayParam> --><body>Welcome</body></html>",
                 Cause::intermediary},
        SureCase{"Filter", 403, {{"Server", "Zscaler/6.2"}}, kDenied, Cause::intermediary}),
    [](const auto& p) { return p.param.name; });

struct LooksCase {
  const char* name;
  std::string title, heading, text;
  Cause want;
  const char* extra = "";
};

std::string page_html(const LooksCase& c) {
  return "<!doctype html><html><head><meta charset=utf-8><title>" + c.title + "</title></head><body><h1>" + c.heading +
         "</h1><p>" + c.text + "</p>" + c.extra + "</body></html>";
}

class BlockedByLooksTest : public testing::TestWithParam<LooksCase> {};
TEST_P(BlockedByLooksTest, GoesByTitleHeadingsAndVeryShortPages) {
  const auto& c = GetParam();
  const Observation o = gateway_answer(200, {{"Content-Type", kHtml}}, page_html(c));
  const auto page = Page::parse(o.body, o.content_type);
  ASSERT_TRUE(page);
  const Blocked b = blocked_by_looks(o, &*page);
  EXPECT_STREQ(to_string(b.cause), to_string(c.want)) << b.rule;
}

const std::string kContent = repeated("The number of widgets sold rose in all regions over the year. ", 40);
const std::string kFewWords = repeated("Widgets sold by region and month. ", 18);
INSTANTIATE_TEST_SUITE_P(
    NotTheSite, BlockedByLooksTest,
    testing::Values(
        LooksCase{"JustAMoment", "Just a moment...", "stats.example.org", "", Cause::challenge},
        LooksCase{"CheckingTheBrowser", "stats.example.org", "Checking your browser before accessing", "",
                  Cause::challenge},
        LooksCase{"AttentionRequired", "Attention Required! | Cloudflare", "One more step", "", Cause::challenge},
        LooksCase{"VerifyInTheText", "stats.example.org", "", "Please verify you are human to go on.",
                  Cause::challenge},
        LooksCase{"AccessDenied", "Access Denied", "Access Denied", "Reference #18", Cause::challenge},
        LooksCase{"Captcha", "Example", "Are you a robot?", kFewWords, Cause::challenge},
        LooksCase{"Blocked", "Example", "Sorry, you have been blocked", "", Cause::challenge},
        LooksCase{"Portal", "Guest Wi-Fi", "Welcome", "Accept the terms to go on", Cause::intermediary},
        LooksCase{"ProxyText", "ERROR", "ERROR", "The requested URL could not be retrieved", Cause::intermediary},
        LooksCase{"Maintenance", "Site maintenance", "We'll be back soon", kFewWords, Cause::maintenance},
        LooksCase{"CurlyApostrophe", "Example", "We\xE2\x80\x99ll be back soon", "", Cause::maintenance},
        LooksCase{"ProblemWithTheService", "Sorry, there is a problem with the service", "Sorry", "Try later.",
                  Cause::maintenance},
        LooksCase{"DownForMaintenance", "Example", "", "This site is down for maintenance.", Cause::maintenance},
        LooksCase{"TemporarilyUnavailable", "Temporarily unavailable | Example", "Example", "", Cause::maintenance},
        LooksCase{"WeAreUndergoing", "Example", "Our website is undergoing maintenance", "", Cause::maintenance},
        LooksCase{"SignIn", "Sign in - Example", "Sign in", kFewWords, Cause::sign_in},
        LooksCase{"PasswordField", "Example", "Welcome", "", Cause::sign_in,
                  "<form><input type=password name=p></form>"}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    RealStatistics, BlockedByLooksTest,
    testing::Values(
        LooksCase{"AboutMaintenance", "Road maintenance, England: 2026", "Road maintenance, England: 2026", kFewWords,
                  Cause::none},
        LooksCase{"BacklogMaintenance", "Backlog maintenance in hospitals - Example",
                  "Backlog maintenance in hospitals", kFewWords, Cause::none},
        LooksCase{"PlannedMaintenanceOfThings", "Planned maintenance of the rail network, April 2026",
                  "Planned maintenance of the rail network", "Tables and charts.", Cause::none},
        LooksCase{"ChildMaintenance", "Child Maintenance Service statistics", "Child Maintenance Service", "April 2026",
                  Cause::none},
        LooksCase{"MaintenanceInTheText", "Widgets, April 2026", "Widgets, April 2026",
                  "Two sites were closed for scheduled maintenance in March, which lowers the figures. " + kFewWords,
                  Cause::none},
        LooksCase{"MaintenanceInALongText", "Widgets", "Widgets", "The site is down for maintenance. " + kContent,
                  Cause::none},
        LooksCase{"VerifyInTheText", "Identity checks, 2026", "Identity checks",
                  "Providers verify that applicants are who they say. " + kFewWords, Cause::none},
        LooksCase{"AccessDeniedAsASubject", "Access denied to housing: homelessness 2026", "Homelessness", kFewWords,
                  Cause::none},
        LooksCase{"SecurityChecks", "Security checks at airports, 2026", "Security checks at airports", kFewWords,
                  Cause::none},
        LooksCase{"RobotsAsASubject", "Robots in industry", "Robots in industry, 2026", kFewWords, Cause::none},
        LooksCase{"BlockedBeds", "Delayed discharges and blocked beds", "Blocked beds, April 2026", kFewWords,
                  Cause::none},
        LooksCase{"UnavailableServices", "Services temporarily unavailable to patients, 2026", "Hospital closures",
                  kFewWords, Cause::none},
        LooksCase{"SignInLinkInTheHeader", "Widgets, April 2026", "Widgets, April 2026", kFewWords, Cause::none,
                  "<a href=/login>Sign in</a>"},
        LooksCase{"PasswordFieldBesideContent", "Widgets, April 2026", "Widgets, April 2026", kContent, Cause::none,
                  "<form><input type=password name=p></form>"},
        LooksCase{"ShortRelease", "Widgets, April 2026", "Widgets, April 2026", "Download the tables.", Cause::none},
        LooksCase{"Empty", "", "", "", Cause::none}),
    [](const auto& p) { return p.param.name; });

Cause looks_with_retry_after(const std::string& text) {
  const Observation o =
      gateway_answer(200, {{"Retry-After", "600"}}, page_html({"", "Example", "Example", text, Cause::none}));
  const auto page = Page::parse(o.body, kHtml);
  return page ? blocked_by_looks(o, &*page).cause : Cause::unreadable;
}

TEST(BlockedByLooks, RetryAfterMarksAShortPageAndNoContent) {
  EXPECT_EQ(looks_with_retry_after("Back at noon."), Cause::maintenance);
  EXPECT_EQ(looks_with_retry_after(kContent), Cause::none);
}

TEST(BlockedByLooks, ABodyThatIsNoPageLooksLikeNothing) {
  EXPECT_EQ(blocked_by_looks(gateway_answer(200, {}, "a,b"), nullptr).cause, Cause::none);
}

struct NotFoundCase {
  const char* name;
  const char* title;
  const char* heading;
  bool want;
};

class SaysNotFoundTest : public testing::TestWithParam<NotFoundCase> {};
TEST_P(SaysNotFoundTest, InTitleOrHeadingAndNotAsASubject) {
  const auto& c = GetParam();
  const auto page = Page::parse(
      page_html({"", c.title, c.heading, "Page not found is not what the text decides.", Cause::none}), kHtml);
  ASSERT_TRUE(page);
  EXPECT_EQ(says_not_found(*page), c.want);
}
INSTANTIATE_TEST_SUITE_P(
    Pages, SaysNotFoundTest,
    testing::Values(NotFoundCase{"Title", "Page not found | Example", "Oops", true},
                    NotFoundCase{"Heading", "Example", "Page not found", true}, NotFoundCase{"Number", "404", "", true},
                    NotFoundCase{"NumberAndDash", "Example - 404", "", true},
                    NotFoundCase{"Error404", "Error 404: Example", "", true},
                    NotFoundCase{"NumberInBrackets", "Example", "Not found (404)", true},
                    NotFoundCase{"NoLongerAvailable", "Example", "This page is no longer available", true},
                    NotFoundCase{"Moved", "Example", "The page you are looking for could not be found", true},
                    NotFoundCase{"CurlyApostrophe", "Example", "We can\xE2\x80\x99t find that page", true},
                    NotFoundCase{"Shout", "PAGE NOT FOUND", "", true},
                    NotFoundCase{"Welsh", "Tudalen heb ei chanfod", "", true},
                    NotFoundCase{"EchoedAddress", "Example", "The page /pub/xyz was not found", true},
                    NotFoundCase{"Release", "Widgets, April 2026", "Widgets, April 2026", false},
                    NotFoundCase{"NumberInATitle", "Table 404: widgets by region", "Form 404 returns", false},
                    NotFoundCase{"LostThings", "Lost property not found, 2026", "Lost property not found, 2026", false},
                    NotFoundCase{"Medicines", "Medicines no longer available on prescription", "Medicines", false},
                    NotFoundCase{"MissingPersons", "Missing persons not found within a year", "Missing persons", false},
                    NotFoundCase{"Nothing", "", "", false}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod

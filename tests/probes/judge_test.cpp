#include "probes/liveness.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/probes/judge_rig.h"

namespace embargod {
namespace {

using namespace judging;

struct StatusCase {
  const char* name;
  int status;
  Liveness want;
  Cause cause;
  const char* rule;
};

class JudgeStatus : public testing::TestWithParam<StatusCase> {};
TEST_P(JudgeStatus, WithoutAnyRule) {
  const auto& c = GetParam();
  const auto j = judged(plain(), answered(c.status, "body"));
  EXPECT_EQ(j.liveness, c.want);
  EXPECT_EQ(j.cause, c.cause);
  EXPECT_EQ(j.rule, c.rule);
}
INSTANTIATE_TEST_SUITE_P(Statuses, JudgeStatus,
                         testing::Values(StatusCase{"S200", 200, Liveness::live, Cause::none, "engine: 200"},
                                         StatusCase{"S203", 203, Liveness::live, Cause::none, "engine: 200"},
                                         StatusCase{"S201", 201, Liveness::suspect, Cause::none, "engine: 201"},
                                         StatusCase{"S202", 202, Liveness::suspect, Cause::none, "engine: 202"},
                                         StatusCase{"S206", 206, Liveness::suspect, Cause::none, "engine: 206"},
                                         StatusCase{"S300", 300, Liveness::unknown, Cause::odd_status, "engine: 300"},
                                         StatusCase{"S302WithoutLocation", 302, Liveness::unknown, Cause::odd_status,
                                                    "engine: 302"},
                                         StatusCase{"S304", 304, Liveness::unknown, Cause::odd_status, "engine: 304"},
                                         StatusCase{"S400", 400, Liveness::unknown, Cause::odd_status, "engine: 400"},
                                         StatusCase{"S401", 401, Liveness::unknown, Cause::refused, "engine: 401"},
                                         StatusCase{"S403", 403, Liveness::unknown, Cause::refused, "engine: 403"},
                                         StatusCase{"S404", 404, Liveness::absent, Cause::none, "engine: 404"},
                                         StatusCase{"S407", 407, Liveness::unknown, Cause::refused, "engine: 407"},
                                         StatusCase{"S408", 408, Liveness::unknown, Cause::odd_status, "engine: 408"},
                                         StatusCase{"S410", 410, Liveness::absent, Cause::none, "engine: 410"},
                                         StatusCase{"S418", 418, Liveness::unknown, Cause::odd_status, "engine: 418"},
                                         StatusCase{"S429", 429, Liveness::unknown, Cause::throttled, "engine: 429"},
                                         StatusCase{"S451", 451, Liveness::unknown, Cause::refused, "engine: 451"},
                                         StatusCase{"S500", 500, Liveness::unknown, Cause::server_error, "engine: 500"},
                                         StatusCase{"S503", 503, Liveness::unknown, Cause::server_error, "engine: 503"},
                                         StatusCase{"S599", 599, Liveness::unknown, Cause::server_error, "engine: 599"},
                                         StatusCase{"S999", 999, Liveness::unknown, Cause::odd_status, "engine: 999"}),
                         [](const auto& p) { return p.param.name; });

class JudgeFailure : public testing::TestWithParam<Cause> {};
TEST_P(JudgeFailure, ABrokenTransferIsUnknownWhateverArrived) {
  Observation o = answered(200, "Key facts: 12 patients");
  o.failure = GetParam();
  for (const Profile& p : {plain(), every_group()}) {
    const auto j = judged(p, o);
    EXPECT_EQ(j.liveness, Liveness::unknown);
    EXPECT_EQ(j.cause, GetParam());
    EXPECT_EQ(j.rule, std::string{"engine: "} + to_string(GetParam()));
  }
}
INSTANTIATE_TEST_SUITE_P(Causes, JudgeFailure,
                         testing::Values(Cause::dns, Cause::connect, Cause::tls, Cause::timeout, Cause::reset,
                                         Cause::truncated, Cause::redirect_loop, Cause::blocked_address,
                                         Cause::not_polled),
                         [](const auto& p) { return std::string{to_string(p.param)}; });

struct GroupCase {
  const char* name;
  int status;
  const char* body;
  Liveness want;
  const char* rule;
};

class JudgeGroups : public testing::TestWithParam<GroupCase> {};
TEST_P(JudgeGroups, InTheirOrder) {
  const auto& c = GetParam();
  const auto j = judged(every_group(), answered(c.status, c.body));
  EXPECT_EQ(j.liveness, c.want) << j.rule;
  EXPECT_EQ(j.rule, c.rule);
}
INSTANTIATE_TEST_SUITE_P(
    Rules, JudgeGroups,
    testing::Values(
        GroupCase{"Live", 200, "Key facts: 12 patients", Liveness::live, "site live_if[0]: text and regex"},
        GroupCase{"HalfARule", 200, "Key facts: many patients", Liveness::suspect, "engine: no live_if rule matched"},
        GroupCase{"OtherHalf", 200, "12 patients", Liveness::suspect, "engine: no live_if rule matched"},
        GroupCase{"LinkAlone", 200, "<a href=//files.example.org/a.xlsx>f</a>", Liveness::live,
                  "site live_if[1]: link"},
        GroupCase{"LinkToALookAlike", 200, "<a href=//files.example.org.test/a>f</a>", Liveness::suspect,
                  "engine: no live_if rule matched"},
        GroupCase{"LinkInAComment", 200, "<!-- <a href=//files.example.org/a>f</a> -->", Liveness::suspect,
                  "engine: no live_if rule matched"},
        GroupCase{"StubBeforeLive", 200, "Upcoming. Key facts: 12 patients", Liveness::stub, "site stub_if[0]: text"},
        GroupCase{"ForbiddenBeforeStub", 200, "Upcoming. Table 1", Liveness::live, "site must_not_contain[0]: text"},
        GroupCase{"AbsentBeforeForbidden", 200, "page not found Table 1", Liveness::absent, "site absent_if[0]: text"},
        GroupCase{"ForbiddenInAnError", 500, "Table 1", Liveness::unknown, "engine: 500"},
        GroupCase{"AbsentBeforeStub", 200, "Upcoming page not found", Liveness::absent, "site absent_if[0]: text"},
        GroupCase{"GatedBeforeAbsent", 200, "Please sign in, page not found", Liveness::absent,
                  "site gated_if[2]: text"},
        GroupCase{"GatedByStatus", 401, "", Liveness::absent, "site gated_if[0]: status"},
        GroupCase{"OtherRefusal", 403, "", Liveness::unknown, "engine: 403"},
        GroupCase{"ErrorWithLiveText", 500, "Key facts: 12 patients", Liveness::unknown, "engine: 500"},
        GroupCase{"ErrorWithStubText", 503, "Upcoming", Liveness::unknown, "engine: 503"},
        GroupCase{"NotFoundWithLiveText", 404, "Key facts: 12 patients", Liveness::absent, "engine: 404"},
        GroupCase{"EmptyBody", 200, "", Liveness::suspect, "engine: empty body"},
        GroupCase{"NoContent", 204, "", Liveness::suspect, "engine: empty body"},
        GroupCase{"PartialWithLiveText", 206, "Key facts: 12 patients", Liveness::live,
                  "site live_if[0]: text and regex"}),
    [](const auto& p) { return p.param.name; });

TEST(Judge, UnknownIfGoesBeforeEverythingElse) {
  Observation o = answered(404, "page not found");
  o.headers = {{"X-Wall", "a CHALLENGE page"}};
  const auto j = judged(every_group(), o);
  EXPECT_EQ(j.liveness, Liveness::unknown);
  EXPECT_EQ(j.cause, Cause::rule);
  EXPECT_EQ(j.rule, "site unknown_if[0]: header");
}

struct DetourCase {
  const char* name;
  const char* final_url;
  Cause failure;
  int status;
  const char* body;
  Liveness want;
  const char* rule;
};

class JudgeRedirects : public testing::TestWithParam<DetourCase> {};
TEST_P(JudgeRedirects, AwayFromThePageAreNeverLive) {
  const auto& c = GetParam();
  Observation o = answered(c.status, c.body);
  o.final_url = std::string{"https://stats.example.org"} + c.final_url;
  o.hops = {{302, c.final_url}};
  o.failure = c.failure;
  if (c.failure == Cause::redirect_elsewhere) o.headers = {{"Location", c.final_url}};
  const auto j = judged(every_group(), o);
  EXPECT_EQ(j.liveness, c.want) << j.rule;
  EXPECT_EQ(j.rule, c.rule);
  EXPECT_EQ(j.cause, c.want == Liveness::unknown ? Cause::redirect_elsewhere : Cause::none);
}
constexpr const char* kLiveBody = "Key facts: 12 patients";
INSTANTIATE_TEST_SUITE_P(Places, JudgeRedirects,
                         testing::Values(DetourCase{"SlashAdded", "/pub/x/", Cause::none, 200, kLiveBody,
                                                    Liveness::live, "site live_if[0]: text and regex"},
                                         DetourCase{"Deeper", "/pub/x/v2", Cause::none, 200, kLiveBody, Liveness::live,
                                                    "site live_if[0]: text and regex"},
                                         DetourCase{"Home", "/", Cause::none, 200, kLiveBody, Liveness::unknown,
                                                    "engine: redirect back to a listing"},
                                         DetourCase{"Listing", "/pub", Cause::none, 200, kLiveBody, Liveness::unknown,
                                                    "engine: redirect back to a listing"},
                                         DetourCase{"Search", "/search?q=x", Cause::none, 200, kLiveBody,
                                                    Liveness::unknown, "engine: redirect back to a listing"},
                                         DetourCase{"ListingThatSaysSo", "/pub", Cause::none, 200, "page not found",
                                                    Liveness::absent, "site absent_if[0]: text"},
                                         DetourCase{"ListingGone", "/pub", Cause::none, 404, "", Liveness::absent,
                                                    "engine: 404"},
                                         DetourCase{"SignIn", "/login", Cause::none, 200, kLiveBody, Liveness::unknown,
                                                    "engine: redirect to a sign-in page"},
                                         DetourCase{"SignInWithAGate", "/login", Cause::none, 200, "Please sign in",
                                                    Liveness::absent, "site gated_if[2]: text"},
                                         DetourCase{"OtherHost", "/pub/x", Cause::redirect_elsewhere, 302, kLiveBody,
                                                    Liveness::unknown, "engine: redirect to another host"},
                                         DetourCase{"OtherHostWithAGate", "/login/away", Cause::redirect_elsewhere, 302,
                                                    "", Liveness::absent, "site gated_if[1]: header"}),
                         [](const auto& p) { return p.param.name; });

TEST(Judge, ABodyOverTheCapIsLiveOnlyByWhatWasReceived) {
  Observation o = answered(200, "made-up bytes again and again");
  o.failure = Cause::too_large;
  EXPECT_EQ(judged(plain(), o).rule, "engine: body over the cap");
  EXPECT_EQ(judged(plain(), o).cause, Cause::too_large);
  EXPECT_EQ(judged(every_group(), o).cause, Cause::too_large);  // the marker may come later
  o.body = "Key facts: 12 patients";
  EXPECT_EQ(judged(every_group(), o).liveness, Liveness::live);  // it has come already
  o.body = "Upcoming";
  EXPECT_EQ(judged(every_group(), o).liveness, Liveness::stub);
  o.status = 500;
  EXPECT_EQ(judged(plain(), o).liveness, Liveness::unknown);
  o.status = 200;
  o.body.clear();  // the headers were the flood
  EXPECT_EQ(judged(plain(), o).liveness, Liveness::unknown);
  EXPECT_EQ(judged(plain(), o).cause, Cause::too_large);
}

TEST(Judge, APageThatCannotBeParsedIsUnknownWhereALinkDecides) {
  std::string attributes = "<p ";
  for (int i = 0; i < 1000; ++i) attributes += "a=1 ";
  Observation o = answered(200, attributes + "><a href=//files.example.org/a>f</a>");
  EXPECT_EQ(judged(every_group(), o).cause, Cause::unreadable);
  EXPECT_EQ(judged(every_group(), o).rule, "site live_if[1]: link");
  o.body += "Key facts: 12 patients";  // another rule holds without it
  EXPECT_EQ(judged(every_group(), o).liveness, Liveness::live);
  Profile stub_by_link = plain();
  stub_by_link.rules.stub_if = {link("/soon")};
  EXPECT_EQ(judged(stub_by_link, o).cause, Cause::unreadable);
  Profile by_two = plain();
  by_two.rules.stub_if = {all({link("/soon"), text("not there")})};  // decided by the text alone
  EXPECT_EQ(judged(by_two, o).liveness, Liveness::live);
}

struct LinkCase {
  const char* name;
  const char* condition;
  const char* html;
  bool want;
};
class JudgeLink : public testing::TestWithParam<LinkCase> {};
TEST_P(JudgeLink, ComparesTheAbsoluteAddressWithoutItsScheme) {
  Profile p = plain();
  p.rules.live_if = {link(GetParam().condition)};
  EXPECT_EQ(judged(p, answered(200, GetParam().html)).liveness == Liveness::live, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Links, JudgeLink,
    testing::Values(
        LinkCase{"Https", "files.example.org/", "<a href=https://files.example.org/a>x</a>", true},
        LinkCase{"Http", "files.example.org/", "<a href=http://files.example.org/a>x</a>", true},
        LinkCase{"UpperCaseHost", "Files.Example.org/Aa", "<a href=https://FILES.example.org/Aa>x</a>", true},
        LinkCase{"CaseOfPathCounts", "files.example.org/Aa", "<a href=https://files.example.org/aa>x</a>", false},
        LinkCase{"OtherPort", "files.example.org/", "<a href=https://files.example.org:8443/a>x</a>", false},
        LinkCase{"OwnHostPath", "/data/", "<a href=../data/a.csv>x</a>", true},
        LinkCase{"OwnHostAbsolute", "/data/", "<a href=https://stats.example.org/data/a.csv>x</a>", true},
        LinkCase{"PathOnAnotherHost", "/data/", "<a href=https://other.example.org/data/a.csv>x</a>", false},
        LinkCase{"PathNotAtItsStart", "/data/", "<a href=/old/data/a.csv>x</a>", false}),
    [](const auto& p) { return p.param.name; });

TEST(Judge, AFileHasNoLinks) {
  Profile p = plain();
  p.rules.live_if = {link("files.example.org/")};
  Observation o = answered(200, "%PDF <a href=//files.example.org/a>x</a>");
  o.content_type = "application/pdf";
  EXPECT_EQ(judged(p, o).liveness, Liveness::suspect);
}

TEST(Judge, MatchesBytesOfAnyCharset) {
  Profile p = plain();
  p.rules.live_if = {text("caf\xC3\xA9"), regex("na\xC3\xAFve [a-z]+"), regex("\\xff\\x00z")};
  EXPECT_EQ(judged(p, answered(200, "\xFF caf\xC3\xA9")).liveness, Liveness::live);
  EXPECT_EQ(judged(p, answered(200, std::string("\0\xFFna\xC3\xAFve bayes", 14))).liveness, Liveness::live);
  EXPECT_EQ(judged(p, answered(200, std::string("a\xFF\0z", 4))).liveness, Liveness::live);
  EXPECT_EQ(judged(p, answered(200, "cafe")).liveness, Liveness::suspect);
}

TEST(Judge, TraceTellsEveryRuleThatWasTried) {
  std::vector<RuleTrace> trace;
  judged(every_group(), answered(200, "Upcoming"), &trace);
  std::vector<std::string> names;
  for (const auto& t : trace) names.push_back(t.rule + (t.held ? " +" : " -"));
  EXPECT_EQ(names, (std::vector<std::string>{"site unknown_if[0]: header -", "site gated_if[0]: status -",
                                             "site gated_if[1]: header -", "site gated_if[2]: text -",
                                             "site absent_if[0]: text -", "site must_not_contain[0]: text -",
                                             "site stub_if[0]: text +"}));
  trace.clear();
  judged(plain(), answered(503, "x"), &trace);
  ASSERT_EQ(trace.size(), 1U);
  EXPECT_EQ(trace[0].rule, "engine: 503");
  EXPECT_TRUE(trace[0].held);
  EXPECT_EQ(trace[0].why, "status 503, 1 bytes, server_error");
}

/// Of a site that answers so at a random address.
SitePicture picture_of(const std::string& body) {
  SitePicture picture;
  Observation o = answered(200, body);
  o.url = o.final_url = "https://stats.example.org/pub/bcdfghjklmnpqrstvwxz";
  o.sent = o.done = Instant{Millis{1'900'000'000'000}};
  const auto page = Page::parse(o.body, o.content_type);
  picture.note(o, page ? &*page : nullptr);
  return picture;
}

const std::string kOops =
    "<html><head><title>Oops</title></head><body><h1>Page not found</h1><p>Perhaps it moved, perhaps it never was. Try "
    "the home page or the search of this site.</p></body></html>";
const std::string kSame =
    "<html><head><title>Statistics</title></head><body><h1>Statistics</h1><p>All that this office publishes stands "
    "here, one page for every address that you may try.</p></body></html>";

struct PictureCase {
  const char* name;
  std::string sibling;
  std::string answer;
  std::vector<Rule> stub_if;
  std::vector<Rule> must_not_contain;
  std::vector<Rule> live_if;
  Liveness want;
  const char* rule;
};

class JudgePicture : public testing::TestWithParam<PictureCase> {};
TEST_P(JudgePicture, ComesAfterPositiveSignsAndBeforeLiveIf) {
  const auto& c = GetParam();
  Profile p = plain("ours");
  p.rules.stub_if = c.stub_if;
  p.rules.must_not_contain = c.must_not_contain;
  p.rules.live_if = c.live_if;
  const SitePicture picture = picture_of(c.sibling);
  const Surroundings around{.baseline = nullptr, .picture = &picture};
  const Judgement j = judged(p, target_of(Role::page), answered(200, c.answer), around);
  EXPECT_EQ(j.liveness, c.want) << j.rule;
  EXPECT_EQ(j.rule, c.rule);
  p.siblings = false;
  EXPECT_EQ(judged(p, target_of(Role::page), answered(200, c.answer), around).rule.find("soft 404"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Siblings, JudgePicture,
    testing::Values(
        PictureCase{"Soft404",
                    kOops,
                    kOops,
                    {},
                    {},
                    {},
                    Liveness::absent,
                    "engine: soft 404: the site answers the same where nothing is"},
        PictureCase{"Soft404BeforeLiveIf",
                    kOops,
                    kOops,
                    {},
                    {},
                    {text("h1")},
                    Liveness::absent,
                    "engine: soft 404: the site answers the same where nothing is"},
        PictureCase{"StubBeforeIt", kOops, kOops, {text("h1")}, {}, {}, Liveness::stub, "ours stub_if[0]: text"},
        PictureCase{
            "ForbiddenBeforeIt", kOops, kOops, {}, {text("h1")}, {}, Liveness::live, "ours must_not_contain[0]: text"},
        PictureCase{
            "Everywhere", kSame, kSame, {}, {}, {}, Liveness::unknown, "engine: the same page at every address"},
        PictureCase{"AnotherPage", kOops, kSame, {}, {}, {}, Liveness::live, "engine: 200"}),
    [](const auto& p) { return p.param.name; });

TEST(Judge, CertainBlocksGoBeforeAllRules) {
  Profile p = plain();
  p.rules.absent_if = {status({403})};
  p.rules.unknown_if = {status({403})};
  Observation o = answered(403, "Just a moment");
  o.headers = {{"CF-Mitigated", "challenge"}};
  EXPECT_EQ(judged(p, o).cause, Cause::challenge);
  o.headers.clear();
  EXPECT_EQ(judged(p, o).cause, Cause::rule);
}

TEST(Judge, WhatWasNotAskedIsNotKnown) {
  Observation o;
  o.url = "https://stats.example.org/pub/x";
  o.no_route = true;
  EXPECT_EQ(judged(plain(), o).liveness, Liveness::unknown);
  EXPECT_EQ(judged(plain(), o).rule, "engine: the host has no such address");
}

TEST(Judge, OnlyPositiveSignsMark) {
  EXPECT_FALSE(judged(plain(), answered(200, "words of a page")).marked);
  EXPECT_TRUE(judged(every_group(), answered(200, "Key facts: 12 patients")).marked);
  EXPECT_TRUE(judged(every_group(), answered(200, "Table 1")).marked);
}

TEST(Judge, AFingerprintIsOfSuccessOnly) {
  EXPECT_FALSE(judged(plain(), answered(200, "<main>words of a page</main>")).fingerprint.empty());
  EXPECT_TRUE(judged(plain(), answered(404, "<main>words of a page</main>")).fingerprint.empty());
}

TEST(Recipe, TellsWhatTheEngineMayDo) {
  Profile p = plain();
  p.cache_bypass = true;
  Target t = target_of(Role::page);
  EXPECT_TRUE(recipe_of(p, t, release_of(t))->may_bypass());
  EXPECT_TRUE(recipe_of(p, t, release_of(t))->asks_siblings());
  t.cache_bypass = false;
  p.siblings = false;
  EXPECT_FALSE(recipe_of(p, t, release_of(t))->may_bypass());
  EXPECT_FALSE(recipe_of(p, t, release_of(t))->asks_siblings());
}

}  // namespace
}  // namespace embargod

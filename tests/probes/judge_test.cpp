#include "probes/liveness.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "config/settings_reader.h"

namespace embargod {
namespace {

Condition status(std::vector<int> codes) {
  Condition c;
  c.status = std::move(codes);
  return c;
}
Condition text(const std::string& t) {
  Condition c;
  c.text = t;
  return c;
}
Condition regex(const std::string& r) {
  Condition c;
  c.regex = r;
  return c;
}
Condition link(const std::string& l) {
  Condition c;
  c.link = l;
  return c;
}
Condition header(const std::string& name, const std::string& contains) {
  Condition c;
  c.header = Condition::Header{name, contains};
  return c;
}
Rule rule(std::vector<Condition> all) { return {std::move(all), {}}; }

/// A recipe with one rule of each group.
Profile every_group() {
  Profile p;
  p.name = "site";
  p.unknown_if = {rule({header("x-wall", "challenge")})};
  p.gated_if = {rule({status({401})}), rule({header("Location", "/login")}), rule({text("Please sign in")})};
  p.absent_if = {rule({text("page not found")})};
  p.stub_if = {rule({text("Upcoming")})};
  p.live_if = {rule({text("Key facts"), regex("[0-9]+ patients")}), rule({link("files.example.org/")})};
  return p;
}

Profile plain(const char* name = "plain") {
  Profile p;
  p.name = name;
  return p;
}

Observation answered(int code, std::string body) {
  Observation o;
  o.url = o.final_url = "https://stats.example.org/pub/x";
  o.status = code;
  o.body = std::move(body);
  o.size = o.body.size();
  o.content_type = "text/html";
  return o;
}

Judgement judged(const Profile& p, const Observation& o, std::vector<RuleTrace>* trace = nullptr) {
  const auto book = compile(p);
  EXPECT_TRUE(book);
  return (*book)->judge(o, trace);
}

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

TEST(Judge, ABodyOverTheCapIsLiveOnlyIfNothingCouldStillContradict) {
  Observation o = answered(200, "PK spreadsheet bytes");
  o.failure = Cause::too_large;
  EXPECT_EQ(judged(plain(), o).rule, "engine: 200, body over the cap");
  EXPECT_EQ(judged(plain(), o).liveness, Liveness::live);
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
  stub_by_link.stub_if = {rule({link("/soon")})};
  EXPECT_EQ(judged(stub_by_link, o).cause, Cause::unreadable);
  Profile by_two = plain();
  by_two.stub_if = {rule({link("/soon"), text("not there")})};  // decided by the text alone
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
  p.live_if = {rule({link(GetParam().condition)})};
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
  p.live_if = {rule({link("files.example.org/")})};
  Observation o = answered(200, "%PDF <a href=//files.example.org/a>x</a>");
  o.content_type = "application/pdf";
  EXPECT_EQ(judged(p, o).liveness, Liveness::suspect);
}

TEST(Judge, MatchesBytesOfAnyCharset) {
  Profile p = plain();
  p.live_if = {rule({text("caf\xC3\xA9")}), rule({regex("na\xC3\xAFve [a-z]+")}), rule({regex("\\xff\\x00z")})};
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
                                             "site absent_if[0]: text -", "site stub_if[0]: text +"}));
  trace.clear();
  judged(plain(), answered(503, "x"), &trace);
  ASSERT_EQ(trace.size(), 1U);
  EXPECT_EQ(trace[0].rule, "engine: 503");
  EXPECT_TRUE(trace[0].held);
  EXPECT_EQ(trace[0].why, "status 503, 1 bytes, server_error");
}

TEST(Compile, ReportsEveryBadExpressionWithItsMark) {
  Profile p = every_group();
  p.stub_if = {rule({regex("(unclosed")}), rule({regex("a(?=b)")}), rule({regex(std::string(1001, 'a'))}), rule({})};
  for (std::size_t i = 0; i < p.stub_if.size(); ++i) {
    p.stub_if[i].mark = {"embargod.yml", static_cast<int>(i) + 1, 3};
    for (auto& c : p.stub_if[i].all) c.mark = {"embargod.yml", static_cast<int>(i) + 1, 7};
  }
  const auto book = compile(p);
  ASSERT_FALSE(book);
  std::vector<std::string> where;
  for (const Fault& f : book.error()) where.push_back(f.where);
  EXPECT_EQ(where,
            (std::vector<std::string>{"embargod.yml:1:7", "embargod.yml:2:7", "embargod.yml:3:7", "embargod.yml:4:3"}));
  EXPECT_EQ(book.error()[2].what, "the regular expression is longer than 1000 bytes");
}

TEST(Compile, ARegexThatWouldBacktrackForEverIsLinear) {
  Profile p = plain();
  p.live_if = {rule({regex("(a+)+$")}), rule({regex("(x*)*y")})};
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(judged(p, answered(200, std::string(1U << 20U, 'a') + "!")).liveness, Liveness::suspect);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

/// The shipped recipes on bodies as those sites serve them.
const Profile& shipped(const std::string& name) {
  for (const Profile& p : shipped_profiles())
    if (p.name == name) return p;
  ADD_FAILURE() << "no profile " << name;
  static const Profile kNone;
  return kNone;
}

TEST(ShippedProfiles, NhsDigitalTellsTheUpcomingStubFromThePage) {
  const std::string stub = R"(<h1>Psychological therapies</h1><p data-uipath="ps.publication.upcoming-disclaimer">)"
                           "(Upcoming, not yet published)</p>";
  const std::string full = R"(<h1>Psychological therapies</h1><h2>Summary</h2><h2>Resources</h2>)"
                           R"(<a href="https://files.digital.nhs.uk/AB/12CD34/therapies.xlsx">Data</a>)";
  const Profile& p = shipped("nhs-digital");
  EXPECT_EQ(judged(p, answered(200, stub)).liveness, Liveness::stub);
  EXPECT_EQ(judged(p, answered(200, full)).liveness, Liveness::live);
  EXPECT_EQ(judged(p, answered(200, stub + full)).liveness, Liveness::stub);
  EXPECT_EQ(judged(p, answered(200, "<h1>Psychological therapies</h1>")).liveness, Liveness::suspect);
  EXPECT_EQ(judged(p, answered(404, "")).liveness, Liveness::absent);
}

TEST(ShippedProfiles, GenericTakesAnySaneBodyAndKnowsSoftNotFounds) {
  const Profile& p = shipped("generic");
  EXPECT_EQ(judged(p, answered(200, "<title>Therapies</title>")).liveness, Liveness::live);
  EXPECT_EQ(judged(p, answered(200, "<title>Page not found - Example</title>")).liveness, Liveness::absent);
  Observation wall = answered(403, "Just a moment");
  wall.headers = {{"CF-Mitigated", "challenge"}};
  EXPECT_EQ(judged(p, wall).cause, Cause::rule);
}

}  // namespace
}  // namespace embargod

// What an answer means by the role of its URL, by its edition and by an approved baseline.

#include <gtest/gtest.h>

#include "probes/liveness.h"
#include "tests/probes/judge_rig.h"

namespace embargod {
namespace {

using namespace judging;

const std::string kWords =
    "<p>Waits fell in most regions of the country, and rose in two of them, as the tables below show in detail.</p>";

std::string page_of(const std::string& heading, const std::string& more = "") {
  return "<html><head><title>" + heading + "</title></head><body><main><h1>" + heading + "</h1>" + kWords + more +
         "</main></body></html>";
}
const std::string kShell = "<html><head><script src=/app.js></script></head><body><div id=root></div></body></html>";
const std::string kNotFound =
    "<html><head><title>Page not found</title></head><body><h1>Page not found</h1></body></html>";
const std::string kSignIn =
    "<html><title>Sign in</title><body><form><input name=u><input type=password name=p></form></body></html>";
const std::string kPdf = "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n";

struct RoleCase {
  const char* name;
  Role role;
  const char* path;
  std::string body;
  const char* content_type;
  Liveness want;
  const char* rule;
  bool marked;
  Cause cause = Cause::none;
};

class JudgeRole : public testing::TestWithParam<RoleCase> {};
TEST_P(JudgeRole, HasItsDefault) {
  const auto& c = GetParam();
  const Target t = target_of(c.role, std::string{"https://stats.example.org"} + c.path);
  Observation o = answered(200, c.body, c.content_type);
  o.url = o.final_url = t.url.text;
  const auto recipe = recipe_of(plain(), t,
                                release_of(t, {{Role::page, "https://stats.example.org/waits/april-2030"},
                                               {Role::file, "https://files.example.org/waits.xlsx?v=1&x=2"},
                                               {Role::latest, "https://stats.example.org/waits/latest"}}));
  const Judgement j = recipe->judge(o, {}, nullptr);
  EXPECT_EQ(j.liveness, c.want) << j.rule;
  EXPECT_EQ(j.rule, c.rule);
  EXPECT_EQ(j.marked, c.marked);
  EXPECT_EQ(j.cause, c.cause);
}
constexpr auto kRoleName = [](const testing::TestParamInfo<RoleCase>& p) -> std::string { return p.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Pages, JudgeRole,
    testing::Values(
        RoleCase{"Sane", Role::page, "/x", page_of("Waits"), "text/html", Liveness::live, "engine: 200", false},
        RoleCase{"PlainText", Role::page, "/x", "some words of it", "text/plain", Liveness::live, "engine: 200", false},
        RoleCase{"Empty", Role::page, "/x", "", "text/html", Liveness::suspect, "engine: empty body", false},
        RoleCase{"Shell", Role::page, "/x", kShell, "text/html", Liveness::suspect,
                 "engine: a page that only a browser can fill", false},
        RoleCase{"NotFound", Role::page, "/x", kNotFound, "text/html", Liveness::absent,
                 "engine: the page says that nothing is there", false}),
    kRoleName);

INSTANTIATE_TEST_SUITE_P(
    Files, JudgeRole,
    testing::Values(RoleCase{"AsPromised", Role::file, "/a.pdf", kPdf, "application/pdf", Liveness::live,
                             "engine: 200, the bytes are pdf", true},
                    RoleCase{"AsPromisedWhateverTheType", Role::file, "/a.pdf?x=1", kPdf, "text/plain", Liveness::live,
                             "engine: 200, the bytes are pdf", true},
                    RoleCase{"AnotherKind", Role::file, "/a.xlsx", kPdf, "application/pdf", Liveness::suspect,
                             "engine: the bytes are pdf where a xlsx file should be", false},
                    RoleCase{"HtmlForAFile", Role::file, "/a.xlsx", page_of("Waits"), "text/html", Liveness::suspect,
                             "engine: HTML where a xlsx file should be", false},
                    RoleCase{"NotFoundForAFile", Role::file, "/a.xlsx", kNotFound, "text/html", Liveness::absent,
                             "engine: the page says that nothing is there", false},
                    RoleCase{"Tiny", Role::file, "/a.csv", "a,b\n1,2\n", "text/csv", Liveness::suspect,
                             "engine: a file of 8 bytes", false},
                    RoleCase{"Csv", Role::file, "/a.csv", "area,value\nNorth,1\nSouth,2\n", "text/csv", Liveness::live,
                             "engine: 200", false},
                    RoleCase{"CsvOfOneColumn", Role::file, "/a.csv", "area\nNorth\nSouth\nEast\n", "text/csv",
                             Liveness::live, "engine: 200", false},
                    RoleCase{"NoPromise", Role::file, "/download/17", kPdf, "application/pdf", Liveness::live,
                             "engine: 200", false},
                    RoleCase{"PageWithoutPromise", Role::file, "/download/17", page_of("Waits"), "text/html",
                             Liveness::live, "engine: 200", false},
                    RoleCase{"Empty", Role::file, "/a.pdf", "", "application/pdf", Liveness::suspect,
                             "engine: empty body", false}),
    kRoleName);

INSTANTIATE_TEST_SUITE_P(
    Apis, JudgeRole,
    testing::Values(
        RoleCase{"Json", Role::api, "/v1", R"({"a": 1})", "application/json", Liveness::live, "engine: 200", false},
        RoleCase{"EmptyObject", Role::api, "/v1", " {} ", "application/json", Liveness::stub, "engine: empty JSON",
                 false},
        RoleCase{"EmptyList", Role::api, "/v1", "[ ]", "application/json", Liveness::stub, "engine: empty JSON", false},
        RoleCase{"Null", Role::api, "/v1", "null", "application/json", Liveness::stub, "engine: empty JSON", false},
        RoleCase{"EmptyText", Role::api, "/v1", R"("")", "application/json", Liveness::stub, "engine: empty JSON",
                 false},
        RoleCase{"BrokenJson", Role::api, "/v1", R"({"a": )", "application/json", Liveness::suspect,
                 "engine: neither JSON nor XML nor CSV", false},
        RoleCase{"Html", Role::api, "/v1", page_of("Waits"), "text/html", Liveness::suspect,
                 "engine: neither JSON nor XML nor CSV", false},
        RoleCase{"HtmlNotFound", Role::api, "/v1", kNotFound, "text/html", Liveness::absent,
                 "engine: the page says that nothing is there", false},
        RoleCase{"Xml", Role::api, "/v1", "<?xml version=\"1.0\"?><data><v>1</v></data>", "application/xml",
                 Liveness::live, "engine: 200", false},
        RoleCase{"Csv", Role::api, "/v1", "area,value\nNorth,1\nSouth,2\n", "text/csv", Liveness::live, "engine: 200",
                 false}),
    kRoleName);

INSTANTIATE_TEST_SUITE_P(
    Listings, JudgeRole,
    testing::Values(
        RoleCase{"NotListed", Role::listing, "/calendar", page_of("Calendar"), "text/html", Liveness::stub,
                 "engine: not listed", false},
        RoleCase{"TitleOnly", Role::listing, "/calendar", page_of("Calendar: widget\n waits, April 2030"), "text/html",
                 Liveness::stub, "engine: title only", false},
        RoleCase{"Linked", Role::listing, "/calendar", page_of("C", "<a href='/waits/april-2030/?from=calendar'>W</a>"),
                 "text/html", Liveness::live, "engine: a link to the release", true},
        RoleCase{"LinkedWithWww", Role::listing, "/calendar",
                 page_of("C", "<a href='http://www.stats.example.org/waits/april-2030'>W</a>"), "text/html",
                 Liveness::live, "engine: a link to the release", true},
        RoleCase{"LinkToAFileWithItsQuery", Role::listing, "/calendar",
                 page_of("C", "<a href='https://files.example.org/waits.xlsx?v=1&amp;x=2'>W</a>"), "text/html",
                 Liveness::live, "engine: a link to the release", true},
        RoleCase{"LinkToAnotherRelease", Role::listing, "/calendar",
                 page_of("C", "<a href='/waits/april-2030-revised'>W</a><a href='/waits/'>W</a>"), "text/html",
                 Liveness::stub, "engine: not listed", false},
        RoleCase{"LinkToLatestIsAlwaysThere", Role::listing, "/calendar", page_of("C", "<a href='/waits/latest'>W</a>"),
                 "text/html", Liveness::stub, "engine: not listed", false},
        RoleCase{"InJson", Role::listing, "/calendar.json",
                 R"({"items":[{"url":"https:\/\/stats.example.org\/waits\/april-2030"}]})", "application/json",
                 Liveness::live, "engine: the address of the release", true},
        RoleCase{"PathInJson", Role::listing, "/calendar.json", R"({"items":[{"link":"/waits/april-2030"}]})",
                 "application/json", Liveness::live, "engine: the address of the release", true},
        RoleCase{"LongerPathInJson", Role::listing, "/calendar.json", R"({"items":[{"link":"/waits/april-2030b"}]})",
                 "application/json", Liveness::stub, "engine: not listed", false},
        RoleCase{"InAFeed", Role::listing, "/feed.atom",
                 "<?xml version=\"1.0\"?><feed><id>https://files.example.org/waits.xlsx?v=1&amp;x=2</id></feed>",
                 "application/atom+xml", Liveness::live, "engine: the address of the release", true},
        RoleCase{"Shell", Role::listing, "/calendar", kShell, "text/html", Liveness::unknown,
                 "engine: a page that only a browser can fill", false, Cause::unreadable}),
    kRoleName);

INSTANTIATE_TEST_SUITE_P(Announcements, JudgeRole,
                         testing::Values(RoleCase{"Itself", Role::announcement, "/soon/april",
                                                  page_of("Widget waits, April 2030"), "text/html", Liveness::stub,
                                                  "engine: announcement", false},
                                         RoleCase{"Linking", Role::announcement, "/soon/april",
                                                  page_of("W", "<a href='/waits/april-2030'>W</a>"), "text/html",
                                                  Liveness::live, "engine: a link to the release", true}),
                         kRoleName);

TEST(JudgeListing, TheTitleCountsWhereThatIsSaid) {
  Target t = target_of(Role::listing);
  t.title_counts = true;
  EXPECT_EQ(judged(plain(), t, answered(200, page_of("WIDGET WAITS, April 2030"))).rule, "engine: the announced title");
  EXPECT_EQ(judged(plain(), t, answered(200, page_of("Widget waits, May 2030"))).liveness, Liveness::stub);
}

TEST(JudgeAnnouncement, ARedirectToTheReleaseIsLiveEvenOnAnotherHost) {
  const Target t = target_of(Role::announcement, "https://stats.example.org/soon/april");
  const auto recipe = recipe_of(plain(), t,
                                release_of(t, {{Role::page, "https://stats.example.org/waits/april-2030"},
                                               {Role::file, "https://files.example.org/waits.xlsx"}}));
  Observation o = answered(200, page_of("W"));
  o.url = t.url.text;
  o.final_url = "https://stats.example.org/waits/april-2030";
  o.hops = {{302, "/waits/april-2030"}};
  Judgement j = recipe->judge(o, {}, nullptr);
  EXPECT_EQ(j.rule, "engine: redirect to a URL of the release");
  EXPECT_TRUE(j.marked);
  o.status = 404;
  EXPECT_EQ(recipe->judge(o, {}, nullptr).liveness, Liveness::absent);
  o.status = 403;
  EXPECT_EQ(recipe->judge(o, {}, nullptr).cause, Cause::refused);
  o.status = 302;
  o.failure = Cause::redirect_elsewhere;
  o.hops = {{302, "https://files.example.org/waits.xlsx"}};
  EXPECT_EQ(recipe->judge(o, {}, nullptr).liveness, Liveness::live);
  o.hops = {{302, "https://files.example.org/other.xlsx"}};
  EXPECT_EQ(recipe->judge(o, {}, nullptr).cause, Cause::redirect_elsewhere);
}

TEST(JudgeRoles, ASignInFormIsUnknownWhereNoRuleKnowsThePage) {
  for (const Role role : {Role::page, Role::file, Role::api, Role::latest, Role::listing, Role::announcement})
    EXPECT_EQ(judged(plain(), target_of(role), answered(200, kSignIn)).cause, Cause::sign_in) << to_string(role);
  Profile p = plain();
  p.rules.live_if = {text("nowhere")};
  EXPECT_EQ(judged(p, answered(200, kSignIn)).cause, Cause::sign_in);
  p.rules.stub_if = {text("Sign in")};
  EXPECT_EQ(judged(p, answered(200, kSignIn)).liveness, Liveness::stub);
}

struct EditionCase {
  const char* name;
  Role role;
  const char* heading;
  const char* embargoed;
  const char* baseline;  // heading of the approved page; "" for none
  Liveness want;
  const char* rule;
  bool marked;
  const char* wrong = "";
  Cause cause = Cause::none;
};

Profile by_heading() {
  Profile p = plain();
  p.edition = {{"//h1", "", "", "", {}}};
  return p;
}

class JudgeEdition : public testing::TestWithParam<EditionCase> {};
TEST_P(JudgeEdition, AgainstTheEmbargoedOneAndTheBaseline) {
  const auto& c = GetParam();
  Target t = target_of(c.role);
  t.edition = c.embargoed;
  const auto recipe = recipe_of(by_heading(), t, release_of(t));
  Baseline b;
  b.fingerprint = judged(by_heading(), target_of(Role::latest), answered(200, page_of(c.baseline))).fingerprint;
  ASSERT_FALSE(b.fingerprint.empty());
  const Judgement j = recipe->judge(answered(200, page_of(c.heading)),
                                    {.baseline = *c.baseline == '\0' ? nullptr : &b, .picture = nullptr}, nullptr);
  EXPECT_EQ(j.liveness, c.want) << j.rule;
  EXPECT_EQ(j.rule, c.rule);
  EXPECT_EQ(j.marked, c.marked);
  EXPECT_EQ(j.wrong, c.wrong);
  EXPECT_EQ(j.cause, c.cause);
  EXPECT_EQ(recipe->needs_baseline(), c.role == Role::latest && *c.embargoed == '\0');
}
constexpr auto kEditionName = [](const testing::TestParamInfo<EditionCase>& p) -> std::string { return p.param.name; };
constexpr Role kLatest = Role::latest;
INSTANTIATE_TEST_SUITE_P(
    Latest, JudgeEdition,
    testing::Values(EditionCase{"Former", kLatest, "Waits, March 2030", "April 2030", "", Liveness::previous_edition,
                                "engine: former edition", false},
                    EditionCase{"FormerAsApproved", kLatest, "Waits, March 2030", "April 2030", "Waits, March 2030",
                                Liveness::previous_edition, "engine: former edition", false},
                    EditionCase{"FormerButChanged", kLatest, "Waits, March 2030 (corrected)", "April 2030",
                                "Waits, March 2030", Liveness::suspect,
                                "engine: changed before release, edition still March 2030", false},
                    EditionCase{"Current", kLatest, "Waits, April 2030", "April 2030", "", Liveness::live,
                                "engine: the embargoed edition", true},
                    EditionCase{"CurrentAsTheBaseline", kLatest, "Waits, April 2030", "April 2030", "Waits, April 2030",
                                Liveness::live, "engine: the embargoed edition", true},
                    EditionCase{"Later", kLatest, "Waits, May 2030", "April 2030", "", Liveness::live,
                                "engine: a later edition", true, "edition May 2030 instead of April 2030"},
                    EditionCase{"Other", kLatest, "Waits, version 4", "April 2030", "", Liveness::suspect,
                                "engine: an edition that cannot be compared", false},
                    EditionCase{"NoneRead", kLatest, "Waits", "April 2030", "", Liveness::suspect,
                                "engine: no edition found", false},
                    EditionCase{"NoneReadNotFound", kLatest, "Page not found", "April 2030", "", Liveness::absent,
                                "engine: the page says that nothing is there", false},
                    EditionCase{"NoEditionNoBaseline", kLatest, "Waits, April 2030", "", "", Liveness::unknown,
                                "engine: no approved baseline", false, "", Cause::no_baseline},
                    EditionCase{"NoEditionAsApproved", kLatest, "Waits, March 2030", "", "Waits, March 2030",
                                Liveness::previous_edition, "engine: as the approved baseline", false},
                    EditionCase{"NoEditionChanged", kLatest, "Waits, April 2030", "", "Waits, March 2030",
                                Liveness::suspect, "engine: changed from the approved baseline", false}),
    kEditionName);

INSTANTIATE_TEST_SUITE_P(
    Pages, JudgeEdition,
    testing::Values(
        EditionCase{"Former", Role::page, "Waits, March 2030", "April 2030", "", Liveness::previous_edition,
                    "engine: former edition", false},
        EditionCase{"Current", Role::page, "Waits, April 2030", "April 2030", "", Liveness::live, "engine: 200", true},
        EditionCase{"Later", Role::page, "Waits, May 2030", "April 2030", "", Liveness::live, "engine: 200", true,
                    "edition May 2030 instead of April 2030"},
        EditionCase{"Other", Role::page, "Waits, version 4", "April 2030", "", Liveness::live, "engine: 200", false,
                    "edition version 4 instead of April 2030"},
        EditionCase{"NoneRead", Role::page, "Waits", "April 2030", "", Liveness::live, "engine: 200", false},
        EditionCase{"NoneAskedFor", Role::page, "Waits, March 2030", "", "", Liveness::live, "engine: 200", false},
        EditionCase{"ListingsHaveNone", Role::listing, "Waits, March 2030", "April 2030", "", Liveness::stub,
                    "engine: not listed", false}),
    kEditionName);

TEST(JudgeLatest, AChangeIsLiveWhereItCounts) {
  Target t = target_of(Role::latest);
  t.change_counts = true;
  Baseline b;
  b.fingerprint = judged(plain(), t, answered(200, page_of("Waits"))).fingerprint;
  const Surroundings around{.baseline = &b, .picture = nullptr};
  EXPECT_EQ(judged(plain(), t, answered(200, page_of("Waits")), around).liveness, Liveness::previous_edition);
  const Judgement j = judged(plain(), t, answered(200, page_of("Waits soared")), around);
  EXPECT_EQ(j.liveness, Liveness::live);
  EXPECT_FALSE(j.marked) << "an error page differs too";
  EXPECT_EQ(judged(plain(), t, answered(200, kSignIn), around).cause, Cause::sign_in);
  EXPECT_EQ(judged(plain(), t, answered(200, kNotFound), around).liveness, Liveness::absent);
}

TEST(JudgeLatest, OnlyTheUrlsOwnLiveIfIsAsked) {
  Profile p = by_heading();
  p.rules.live_if = {text("<h1>")};
  Target t = target_of(Role::latest);
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).cause, Cause::no_baseline);
  t.rules.live_if = {visible("soared")};
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits soared"))).rule, "rel/it live_if[0]: visible_text");
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).cause, Cause::no_baseline);
  t.edition = "April 2030";
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits soared, March 2030"))).liveness, Liveness::previous_edition);
}

TEST(JudgeLatest, AnEditionWithoutAPlaceToReadItNeedsABaseline) {
  Target t = target_of(Role::latest);
  t.edition = "April 2030";
  EXPECT_TRUE(recipe_of(plain(), t, release_of(t))->needs_baseline());
}

struct PlaceCase {
  const char* name;
  EditionSource source;
  const char* want;
};

class JudgeEditionPlace : public testing::TestWithParam<PlaceCase> {};
TEST_P(JudgeEditionPlace, TellsTheEdition) {
  Profile p = plain();
  p.edition = {
      {"//nothing", "", "", "", {}}, {"", "/nothing", "", "", {}}, GetParam().source, {"//h1", "", "", "", {}}};
  Observation o = answered(200, page_of("Waits, April 2030", "<p>Edition: v7</p>"));
  o.headers = {{"X-Edition", "period=2030-02"}};
  EXPECT_EQ(judged(p, o).edition, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Places, JudgeEditionPlace,
    testing::Values(PlaceCase{"XPath", {"//title", "", "", "", {}}, "April 2030"},
                    PlaceCase{"Header", {"", "", "x-edition", "", {}}, "2030-02"},
                    PlaceCase{"HeaderNarrowed", {"", "", "x-edition", "period=(.*)", {}}, "2030-02"},
                    PlaceCase{"VisibleText", {"", "", "", "Edition: (v[0-9]+)", {}}, "v7"},
                    PlaceCase{"XPathNarrowedToNothing", {"//title", "", "", "(v[0-9]+)", {}}, "April 2030"}),
    [](const auto& p) { return p.param.name; });

TEST(JudgeEditions, ARuleMayAskForThem) {
  Profile p = by_heading();
  p.rules.stub_if = {edition(EditionIs::Which::later)};
  Target t = target_of(Role::page);
  t.edition = "April 2030";
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits, May 2030"))).rule, "plain stub_if[0]: edition");
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits, April 2030"))).liveness, Liveness::live);
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).liveness, Liveness::live);
}

TEST(JudgeExpect, EveryRuleMustHoldOfWhatIsLive) {
  Profile p = plain();
  p.rules.expect = {text("<h1>"), visible("2030")};
  EXPECT_EQ(judged(p, answered(200, page_of("Waits, April 2030"))).wrong, "");
  EXPECT_EQ(judged(p, answered(200, page_of("Waits"))).wrong, "plain expect[1]: visible_text");
  EXPECT_EQ(judged(p, answered(404, page_of("Waits"))).wrong, "");
  p.rules.expect = {json("/a")};
  EXPECT_EQ(judged(p, answered(200, page_of("Waits"))).wrong, "") << "what cannot be told is not held against anybody";
  Target t = target_of(Role::file, "https://files.example.org/a.pdf");
  t.rules.expect = {magic("xlsx")};
  Observation o = answered(200, kPdf, "application/pdf");
  o.url = o.final_url = t.url.text;
  EXPECT_EQ(judged(plain(), t, o).wrong, "rel/it expect[0]: magic");
}

TEST(JudgeOwnRules, GoBeforeThoseOfTheProfile) {
  Profile p = plain("ours");
  p.rules.stub_if = {text("Waits")};
  Target t = target_of(Role::page);
  t.rules.stub_if = {text("Wai")};
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).rule, "rel/it stub_if[0]: text");
  t.rules.stub_if = {};
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).rule, "ours stub_if[0]: text");
  t.rules.absent_if = {text("Waits")};
  EXPECT_EQ(judged(p, t, answered(200, page_of("Waits"))).rule, "rel/it absent_if[0]: text");
}

}  // namespace
}  // namespace embargod

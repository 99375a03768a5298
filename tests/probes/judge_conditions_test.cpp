// Each kind of condition, their combinations, and what cannot be read.

#include <gtest/gtest.h>

#include <chrono>

#include "probes/liveness.h"
#include "tests/probes/judge_rig.h"

namespace embargod {
namespace {

using namespace judging;

Observation page_answer() {
  Observation o = answered(200,
                           "<html><head><title>Waits</title><script>var draft = 1;</script></head><body>"
                           "<h1>Widget\n  waits</h1><p class=when>April 2030</p><p hidden>secret</p>"
                           "<a href=/files/a.csv>Data</a><!-- remark --></body></html>",
                           "Text/HTML; charset=utf-8");
  o.headers = {{"X-Gate", "Closed for now"}, {"X-Empty", ""}};
  o.digest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  o.hops = {{301, "http://stats.example.org/pub/y"}, {302, "/pub/x/"}};
  o.final_url = "https://stats.example.org/pub/x/";
  return o;
}

Observation json_answer() {
  return answered(200, R"({"details":{"state":"confirmed","n":12,"on":true,"none":null,"list":[1, 2]},"a/b":"c"})",
                  "application/json");
}

/// Held and not held, by a profile of which it is the only stub_if; unknown if it is unreadable.
Liveness stub_if(const Condition& c, const Observation& o) {
  Profile p = plain();
  p.siblings = false;
  p.rules.stub_if = {c};
  return judged(p, o).liveness;
}

struct ConditionCase {
  const char* name;
  Condition condition;
  bool holds;
};

class JudgeCondition : public testing::TestWithParam<ConditionCase> {};
TEST_P(JudgeCondition, HoldsOfThisPage) {
  EXPECT_EQ(stub_if(GetParam().condition, page_answer()) == Liveness::stub, GetParam().holds);
}
constexpr auto kConditionName = [](const testing::TestParamInfo<ConditionCase>& p) -> std::string {
  return p.param.name;
};
const std::string kDigest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
INSTANTIATE_TEST_SUITE_P(
    Page, JudgeCondition,
    testing::Values(
        ConditionCase{"Status", status({404, 200}), true}, ConditionCase{"OtherStatus", status({404}), false},
        ConditionCase{"HeaderThere", of(HeaderIs{"x-gate", {}}), true},
        ConditionCase{"EmptyHeaderThere", of(HeaderIs{"x-empty", {}}), true},
        ConditionCase{"HeaderNotThere", of(HeaderIs{"x-gat", {}}), false},
        ConditionCase{"HeaderContains", header("x-gate", "CLOSED"), true},
        ConditionCase{"HeaderEquals", of(HeaderIs{"x-gate", equals("closed FOR now")}), true},
        ConditionCase{"HeaderEqualsNotPart", of(HeaderIs{"x-gate", equals("closed")}), false},
        ConditionCase{"HeaderRegex", of(HeaderIs{"x-gate", matches("^Cl.*w$")}), true},
        ConditionCase{"HeaderRegexHeedsCase", of(HeaderIs{"x-gate", matches("^cl")}), false},
        ConditionCase{"FinalUrl", final_url("stats.example.org/pub/x/"), true},
        ConditionCase{"FinalUrlPath", final_url("/pub/x/"), true},
        ConditionCase{"FinalUrlElsewhere", final_url("/pub/y"), false},
        ConditionCase{"RedirectFirst", redirect("/pub/y"), true},
        ConditionCase{"RedirectRelative", redirect("Stats.example.org/pub/x/"), true},
        ConditionCase{"NoSuchRedirect", redirect("draft.example.org/"), false},
        ConditionCase{"Text", text("<script>"), true}, ConditionCase{"TextHeedsCase", text("widget"), false},
        ConditionCase{"Regex", regex("Widget\\s+waits"), true}, ConditionCase{"RegexOfALiteral", regex("remark"), true},
        ConditionCase{"Visible", visible("Widget waits"), true},
        ConditionCase{"ScriptIsNotVisible", visible("draft"), false},
        ConditionCase{"CommentIsNotVisible", visible("remark"), false},
        ConditionCase{"HiddenIsNotVisible", visible("secret"), false},
        ConditionCase{"VisibleRegex", visible_regex("W[a-z]+ waits"), true},
        ConditionCase{"VisibleRegexNot", visible_regex("^waits"), false}, ConditionCase{"XPath", xpath("//h1"), true},
        ConditionCase{"XPathNone", xpath("//h2"), false}, ConditionCase{"XPathBoolean", xpath("count(//p) > 1"), true},
        ConditionCase{"XPathFalse", xpath("count(//p) > 2"), false},
        ConditionCase{"XPathEquals", xpath("//p", equals("April 2030")), true},
        ConditionCase{"XPathFolded", xpath("//h1", equals("Widget waits")), true},
        ConditionCase{"XPathContains", xpath("//p[@class='when']", contains("2030")), true},
        ConditionCase{"XPathContainsNot", xpath("//h1", contains("2030")), false},
        ConditionCase{"XPathRegex", xpath("//p", matches("^Apr.* 20[0-9]{2}$")), true},
        ConditionCase{"ContentType", type("text/html"), true}, ConditionCase{"AnySubtype", type("text/*"), true},
        ConditionCase{"OtherType", type("application/html"), false}, ConditionCase{"Magic", magic("html"), true},
        ConditionCase{"OtherMagic", magic("pdf"), false}, ConditionCase{"SizeIn", of(SizeIs{100, 10'000}), true},
        ConditionCase{"TooSmall", of(SizeIs{10'000, {}}), false}, ConditionCase{"TooLarge", of(SizeIs{{}, 99}), false},
        ConditionCase{"Digest", of(DigestIs{kDigest}), true},
        ConditionCase{"OtherDigest", of(DigestIs{"sha256:00"}), false}, ConditionCase{"Link", link("/files/"), true},
        ConditionCase{"NoLink", link("files.example.org/"), false}),
    kConditionName);

class JudgeJsonCondition : public testing::TestWithParam<ConditionCase> {};
TEST_P(JudgeJsonCondition, HoldsOfThisJson) {
  EXPECT_EQ(stub_if(GetParam().condition, json_answer()) == Liveness::stub, GetParam().holds);
}
INSTANTIATE_TEST_SUITE_P(Json, JudgeJsonCondition,
                         testing::Values(ConditionCase{"There", json("/details/state"), true},
                                         ConditionCase{"Whole", json(""), true},
                                         ConditionCase{"NotThere", json("/details/stat"), false},
                                         ConditionCase{"Equals", json("/details/state", equals("confirmed")), true},
                                         ConditionCase{"EqualsNot", json("/details/state", equals("confirm")), false},
                                         ConditionCase{"Contains", json("/details/state", contains("firm")), true},
                                         ConditionCase{"Regex", json("/details/state", matches("^c.*d$")), true},
                                         ConditionCase{"Number", json("/details/n", equals("12")), true},
                                         ConditionCase{"True", json("/details/on", equals("true")), true},
                                         ConditionCase{"Null", json("/details/none", equals("null")), true},
                                         ConditionCase{"InAList", json("/details/list/1", equals("2")), true},
                                         ConditionCase{"List", json("/details/list", equals("[1,2]")), true},
                                         ConditionCase{"EscapedKey", json("/a~1b", equals("c")), true},
                                         ConditionCase{"TextIsVisible", visible("confirmed"), true}),
                         kConditionName);

// Three leaves of each value: of a page that cannot be parsed, text is there (yes), or not (no), and XPath is open.
const Condition kYes = text("body");
const Condition kNo = text("nowhere");
const Condition kOpen = xpath("//h1");

struct LogicCase {
  const char* name;
  Condition condition;
  Liveness want;  // stub: it held; live: it did not; unknown: open
};

class JudgeLogic : public testing::TestWithParam<LogicCase> {};
TEST_P(JudgeLogic, IsThreeValued) {
  const Observation o = answered(200, "a body of no kind", "text/plain");
  EXPECT_EQ(stub_if(GetParam().condition, o), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Combinations, JudgeLogic,
    testing::Values(LogicCase{"Yes", kYes, Liveness::stub}, LogicCase{"No", kNo, Liveness::live},
                    LogicCase{"Open", kOpen, Liveness::unknown}, LogicCase{"NotYes", none(kYes), Liveness::live},
                    LogicCase{"NotNo", none(kNo), Liveness::stub}, LogicCase{"NotOpen", none(kOpen), Liveness::unknown},
                    LogicCase{"YesAndYes", all({kYes, kYes}), Liveness::stub},
                    LogicCase{"YesAndNo", all({kYes, kNo}), Liveness::live},
                    LogicCase{"YesAndOpen", all({kYes, kOpen}), Liveness::unknown},
                    LogicCase{"OpenAndNo", all({kOpen, kNo}), Liveness::live},
                    LogicCase{"NoOrYes", any({kNo, kYes}), Liveness::stub},
                    LogicCase{"NoOrNo", any({kNo, kNo}), Liveness::live},
                    LogicCase{"OpenOrYes", any({kOpen, kYes}), Liveness::stub},
                    LogicCase{"OpenOrNo", any({kOpen, kNo}), Liveness::unknown},
                    LogicCase{"NotAll", none(all({kYes, kNo})), Liveness::stub},
                    LogicCase{"NotAllOpen", none(all({kOpen, kNo})), Liveness::stub},
                    LogicCase{"NotAny", none(any({kNo, kOpen})), Liveness::unknown},
                    LogicCase{"NotAnyYes", none(any({kYes, kOpen})), Liveness::live},
                    LogicCase{"Nested", all({kYes, any({kNo, none(all({kNo, kYes}))})}), Liveness::stub},
                    LogicCase{"EightDeep", none(none(none(none(none(none(none(none(kYes)))))))), Liveness::stub}),
    [](const auto& p) { return p.param.name; });

struct UnreadableCase {
  const char* name;
  Condition condition;
  const char* body;
  const char* content_type;
  Liveness want;
};

/// More attributes on one element than any page has: it is given up.
std::string dense_page() {
  std::string s = "<html><body><p ";
  for (int i = 0; i < 1000; ++i) s += "a=1 ";
  return s + ">text";
}

class JudgeUnreadable : public testing::TestWithParam<UnreadableCase> {};
TEST_P(JudgeUnreadable, IsNeverTakenForNo) {
  const auto& c = GetParam();
  EXPECT_EQ(stub_if(c.condition, answered(200, c.body, c.content_type)), c.want);
}
const std::string kDense = dense_page();
INSTANTIATE_TEST_SUITE_P(
    Bodies, JudgeUnreadable,
    testing::Values(
        UnreadableCase{"PointerOverHtml", json("/a"), "<p>a page</p>", "text/html", Liveness::unknown},
        UnreadableCase{"PointerOverBrokenJson", json("/a"), R"({"a": 1)", "application/json", Liveness::unknown},
        UnreadableCase{"XPathOverJson", xpath("//p"), R"({"a": 1})", "application/json", Liveness::unknown},
        UnreadableCase{"XPathOverADensePage", xpath("//p"), kDense.c_str(), "text/html", Liveness::unknown},
        UnreadableCase{"TextSeenOnADensePage", visible("x"), kDense.c_str(), "text/html", Liveness::unknown},
        UnreadableCase{"TextOfADensePageAsSent", text("nowhere"), kDense.c_str(), "text/html", Liveness::live},
        // What is plainly a file has neither nodes nor values nor text.
        UnreadableCase{"XPathOverAPdf", xpath("//p"), "%PDF-1.7 and more bytes of it", "application/pdf",
                       Liveness::live},
        UnreadableCase{"PointerOverAPdf", json("/a"), "%PDF-1.7 and more bytes of it", "application/pdf",
                       Liveness::live},
        UnreadableCase{"TextSeenInAPdf", visible("bytes"), "%PDF-1.7 and more bytes of it", "application/pdf",
                       Liveness::live}),
    [](const auto& p) { return p.param.name; });

TEST(JudgeUnreadableRules, DoNotOverruleThePlainWordOfTheSite) {
  Profile p = plain();
  p.rules.unknown_if = {json("/busy")};
  EXPECT_EQ(judged(p, answered(404, "<h1>Not Found</h1>")).rule, "engine: 404");
  EXPECT_EQ(judged(p, answered(503, "<h1>Sorry</h1>")).cause, Cause::server_error);
  EXPECT_EQ(judged(p, answered(200, "<h1>Waits</h1>")).cause, Cause::unreadable);
  EXPECT_EQ(judged(p, answered(200, "<h1>Waits</h1>")).rule, "plain unknown_if[0]: json");
}

TEST(JudgeUnreadableRules, DoNotHideWhatMustNotBeThere) {
  Profile p = plain();
  p.rules.absent_if = {json("/gone")};
  p.rules.must_not_contain = {text("Table 1")};
  const Judgement j = judged(p, answered(200, "<p>Table 1</p>"));
  EXPECT_EQ(j.liveness, Liveness::live);
  EXPECT_TRUE(j.marked);
}

TEST(JudgeCondition, SeesWhatStandsBehindTheEndOfThePage) {
  const Observation o =
      answered(200, "<html><body><p>Waits</p></body></HTML >\n<h2>Table 1</h2><a href='/files/a.csv'>Data</a></html>");
  for (const Condition& c : {visible("Waits Table 1 Data"), xpath("//h2"), link("/files/")})
    EXPECT_EQ(stub_if(c, o), Liveness::stub);
}

TEST(JudgeRuleNames, TellTheKindsInTheirOrder) {
  Profile p = plain("ours");
  p.rules.stub_if = {all({xpath("//h1"), any({text("a"), none(all({status({200}), json("/x")}))})}), none(text("b"))};
  std::vector<RuleTrace> trace;
  judged(p, answered(200, "<h1>b</h1>"), &trace);
  ASSERT_GE(trace.size(), 2U);
  EXPECT_EQ(trace[0].rule, "ours stub_if[0]: xpath and (text or not (status and json))");
  EXPECT_EQ(trace[1].rule, "ours stub_if[1]: not text");
}

TEST(Compile, ReportsEveryBadExpressionWithItsMark) {
  Profile p = every_group();
  p.rules.stub_if = {regex("(unclosed"),
                     regex("a(?=b)"),
                     regex(std::string(1001, 'a')),
                     all({}),
                     xpath("//h1["),
                     xpath(std::string(1001, '/')),
                     json("details"),
                     magic("xslx"),
                     visible_regex("(a{900}){900}"),
                     xpath("//a", matches("(")),
                     any({all({text("")})}),
                     none(regex("*"))};
  const auto mark_all = [](auto& self, Condition& c, int line) -> void {
    c.mark = {"embargod.yml", line, 7};
    if (auto* is = std::get_if<AllOf>(&c.is))
      for (auto& part : is->of) self(self, part, line);
    if (auto* is = std::get_if<AnyOf>(&c.is))
      for (auto& part : is->of) self(self, part, line);
    if (auto* is = std::get_if<NoneOf>(&c.is))
      for (auto& part : is->of) self(self, part, line);
  };
  std::vector<std::string> want;
  for (std::size_t i = 0; i < p.rules.stub_if.size(); ++i) {
    mark_all(mark_all, p.rules.stub_if[i], static_cast<int>(i) + 1);
    want.push_back("embargod.yml:" + std::to_string(i + 1) + ":7");
  }
  p.edition = {{"//h1[", "", "", "", {"embargod.yml", 20, 3}},
               {"", "title", "", "", {"embargod.yml", 21, 3}},
               {"", "", "X", "no group", {"embargod.yml", 22, 3}},
               {"", "", "", "(a)(b)", {"embargod.yml", 23, 3}}};
  for (const char* line : {"20", "21", "22", "23"}) want.push_back(std::string{"embargod.yml:"} + line + ":3");
  const auto book = compile(p);
  ASSERT_FALSE(book);
  std::vector<std::string> where;
  for (const Fault& f : book.error()) where.push_back(f.where);
  EXPECT_EQ(where, want);
  EXPECT_EQ(book.error()[2].what, "the regular expression is longer than 1000 bytes");
  EXPECT_NE(to_string(book.error()[7]).find("the kinds are "), std::string::npos);
}

TEST(Compile, AnEditionThatNamesNothingIsAFault) {
  Target t = target_of(Role::page);
  t.edition = "the next one";
  t.rules.live_if = {regex("(")};
  t.rules.live_if[0].mark = {"releases.yml", 4, 9};
  const auto recipe = make_recipe(*compile(plain()), t, release_of(t));
  ASSERT_FALSE(recipe);
  ASSERT_EQ(recipe.error().size(), 2U);
  EXPECT_EQ(recipe.error()[0].where, "releases.yml:4:9");
  EXPECT_EQ(to_string(recipe.error()[1]),
            "target \"rel/it\": the edition \"the next one\" names no period and no version; write it like April 2026, "
            "Q1 2026, 2025/26 or v4");
}

TEST(Compile, ARegexThatWouldBacktrackForEverIsLinear) {
  Profile p = plain();
  p.rules.live_if = {regex("(a+)+$"), regex("(x*)*y")};
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(judged(p, answered(200, std::string(1U << 20U, 'a') + "!")).liveness, Liveness::suspect);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

}  // namespace
}  // namespace embargod

#include "daemon/web/post_rules.h"

#include <gtest/gtest.h>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

struct SenderCase {
  const char* name;
  const char* peer;
  std::map<std::string, std::string> headers;
  bool behind_proxy;
  bool taken;
};

class RefuseSenderTest : public testing::TestWithParam<SenderCase> {};
TEST_P(RefuseSenderTest, TakesCommandsOnlyFromThisMachineAndFromNoForeignPage) {
  const auto& c = GetParam();
  WebRequest q = post_request("/api/v1/incidents/X/ack", "{}");
  q.peer = c.peer;
  for (const auto& [name, value] : c.headers) q.headers[name] = value;
  const auto refused =
      refuse_sender(q, {.external_origin = "https://embargo.example.org", .behind_proxy = c.behind_proxy});
  EXPECT_EQ(!refused, c.taken);
  if (refused) {
    EXPECT_EQ(refused->status, 403);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Senders, RefuseSenderTest,
    testing::Values(SenderCase{"Loopback", "127.0.0.1", {}, false, true},
                    SenderCase{"LoopbackV6", "::1", {}, false, true},
                    SenderCase{"MappedLoopback", "::ffff:127.0.0.1", {}, false, true},
                    SenderCase{"OtherMachine", "192.0.2.7", {}, false, false},
                    SenderCase{"Unknown", "", {}, false, false},
                    SenderCase{"OwnOrigin", "127.0.0.1", {{"origin", "http://127.0.0.1:9750"}}, false, true},
                    SenderCase{"ExternalOrigin", "127.0.0.1", {{"origin", "https://embargo.example.org"}}, false, true},
                    SenderCase{"OtherPort", "127.0.0.1", {{"origin", "http://127.0.0.1:3000"}}, false, false},
                    SenderCase{"ForeignOrigin", "127.0.0.1", {{"origin", "https://evil.example"}}, false, false},
                    SenderCase{"NullOrigin", "127.0.0.1", {{"origin", "null"}}, false, false},
                    SenderCase{"CrossSite", "127.0.0.1", {{"sec-fetch-site", "cross-site"}}, false, false},
                    SenderCase{"SameSite", "127.0.0.1", {{"sec-fetch-site", "same-site"}}, false, false},
                    SenderCase{"SameOrigin", "127.0.0.1", {{"sec-fetch-site", "same-origin"}}, false, true},
                    SenderCase{"Typed", "127.0.0.1", {{"sec-fetch-site", "none"}}, false, true},
                    SenderCase{"BehindProxy", "127.0.0.1", {}, true, false},
                    SenderCase{"UndeclaredProxy", "127.0.0.1", {{"x-forwarded-for", "192.0.2.7"}}, false, false}),
    [](const auto& c) { return c.param.name; });

struct TypeCase {
  const char* name;
  const char* type;
  bool taken;
};
class RefuseContentTypeTest : public testing::TestWithParam<TypeCase> {};
TEST_P(RefuseContentTypeTest, TakesOnlyJsonWhichNoFormCanSend) {
  WebRequest q = post_request("/", "{}");
  q.headers["content-type"] = GetParam().type;
  EXPECT_EQ(!refuse_content_type(q), GetParam().taken);
}
INSTANTIATE_TEST_SUITE_P(Types, RefuseContentTypeTest,
                         testing::Values(TypeCase{"Json", "application/json", true},
                                         TypeCase{"WithCharset", "Application/JSON; charset=utf-8", true},
                                         TypeCase{"Form", "application/x-www-form-urlencoded", false},
                                         TypeCase{"Text", "text/plain", false},
                                         TypeCase{"Hidden", "text/plain; application/json", false},
                                         TypeCase{"None", "", false}),
                         [](const auto& c) { return c.param.name; });

struct BodyCase {
  const char* name;
  Command::What what;
  std::string body;
  const char* fault;  // "" = taken
};
class ReadCommandTest : public testing::TestWithParam<BodyCase> {};
TEST_P(ReadCommandTest, TakesExactlyByAndReason) {
  const auto& c = GetParam();
  const auto command = read_command(c.what, "X", c.body);
  EXPECT_EQ(command ? "" : to_string(command.error()), c.fault);
}
using What = Command::What;
const std::string kName200(200, 'n');
INSTANTIATE_TEST_SUITE_P(
    Bodies, ReadCommandTest,
    testing::Values(
        BodyCase{"AckByName", What::acknowledge, R"({"by":"Duty officer"})", ""},
        BodyCase{"AckWithReason", What::acknowledge, R"({"by":"Duty officer","reason":"on it"})", ""},
        BodyCase{"CloseByName", What::close, R"({"by":"Duty officer"})", ""},
        BodyCase{"DismissWithoutReason", What::dismiss, R"({"by":"Duty officer"})", "reason: is missing; say why"},
        BodyCase{"NoteWithoutReason", What::note, R"({"by":"Duty officer","reason":"  "})",
                 "reason: is missing; say why"},
        BodyCase{"LiftWithoutReason", What::lift, R"({"by":"Duty officer"})", "reason: is missing; say why"},
        BodyCase{"Baseline", What::approve_baseline, R"({"by":"Duty officer","fingerprint":"page:0a"})", ""},
        BodyCase{"BaselineUnseen", What::approve_baseline, R"({"by":"Duty officer"})",
                 "fingerprint: is missing; give the one of the page that was looked at"},
        BodyCase{"BaselineTwoLines", What::approve_baseline, R"({"by":"a","fingerprint":"page:\n0a"})",
                 "fingerprint: must be one plain line, but holds a line break"},
        BodyCase{"FingerprintElsewhere", What::acknowledge, R"({"by":"a","fingerprint":"page:0a"})",
                 "body: \"fingerprint\" is not a member here"},
        BodyCase{"TestAlert", What::alert_tested, R"({"by":"Duty officer","receiver":"x"})", ""},
        BodyCase{"TestOfNobody", What::alert_tested, R"({"by":"Duty officer"})", "receiver: is missing; name one"},
        BodyCase{"ReceiverElsewhere", What::acknowledge, R"({"by":"a","receiver":"x"})",
                 "body: \"receiver\" is not a member here"},
        BodyCase{"Decide", What::decide, R"({"by":"HoP","decision":"let_stand","reason":"out"})", ""},
        BodyCase{"DecideNothing", What::decide, R"({"by":"HoP","reason":"out"})",
                 "decision: is missing; say take_down or let_stand"},
        BodyCase{"DecideElse", What::decide, R"({"by":"HoP","decision":"wait","reason":"out"})",
                 "decision: \"wait\" is not known; say take_down or let_stand"},
        BodyCase{"DecideWithoutReason", What::decide, R"({"by":"HoP","decision":"take_down"})",
                 "reason: is missing; say why"},
        BodyCase{"DecisionElsewhere", What::acknowledge, R"({"by":"a","decision":"take_down"})",
                 "body: \"decision\" is not a member here"},
        BodyCase{"NoName", What::acknowledge, R"({})", "by: is missing; say who decides this"},
        BodyCase{"BlankName", What::acknowledge, R"({"by":"  "})", "by: is missing; say who decides this"},
        BodyCase{"NumberName", What::acknowledge, R"({"by":7})", "by: must be a string"},
        BodyCase{"Name200", What::acknowledge, R"({"by":")" + kName200 + R"("})", ""},
        BodyCase{"Name201", What::acknowledge, R"({"by":")" + kName200 + R"(x"})", "by: longer than 200 characters"},
        BodyCase{"UnknownMember", What::acknowledge, R"({"by":"a","reson":"b"})",
                 "body: \"reson\" is not a member here; did you mean \"reason\"?"},
        BodyCase{"MemberTwice", What::acknowledge, R"({"by":"a","by":"b"})", "body: a member stands twice"},
        BodyCase{"Array", What::acknowledge, R"([])", "body: not a JSON object"},
        BodyCase{"Empty", What::acknowledge, "", "body: not JSON"},
        BodyCase{"Cut", What::acknowledge, R"({"by":"a")", "body: not JSON"},
        BodyCase{"BadUtf8", What::acknowledge, "{\"by\":\"a\xff\"}", "body: not JSON"},
        BodyCase{"Deep", What::acknowledge, R"({"by":)" + std::string(30'000, '[') + std::string(30'000, ']') + "}",
                 "body: nested too deeply"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadCommandTest, RefusesTextThatReadsAsAnotherOrAsSeveralLines) {
  EXPECT_FALSE(read_command(What::note, "X", R"({"by":"a\nb","reason":"c"})"));
  EXPECT_FALSE(read_command(What::note, "X", R"({"by":"a","reason":"c\u202ed"})"));
}

TEST(ReadCommandTest, KeepsTheDecision) {
  const auto c = read_command(What::decide, "X1", R"({"by":"HoP","decision":"let_stand","reason":"out"})");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->choice, Choice::let_stand);
}

TEST(ReadCommandTest, KeepsWhatWasSaid) {
  const auto c = read_command(What::dismiss, "X1", R"({"by":" Duty officer ","reason":"test page"})");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->id, "X1");
  EXPECT_EQ(c->by, "Duty officer");
  EXPECT_EQ(c->reason, "test page");
}

}  // namespace
}  // namespace embargod

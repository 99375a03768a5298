// What each vendor is sent, and what only one of them answers.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "alerts/channels/govuk_notify.h"
#include "alerts/channels/make_notifiers.h"
#include "alerts/channels/ntfy.h"
#include "alerts/channels/pagerduty.h"
#include "alerts/channels/slack.h"
#include "alerts/channels/teams.h"
#include "tests/alerts/channel_samples.h"
#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using nlohmann::json;

// ---- PagerDuty ----

json pagerduty_of(const Alert& a) { return json::parse(pagerduty_event(a, Secret{"KEY"}, kNoon, kChannelWords)); }

TEST(PagerDutyEvent, OpensAcknowledgesAndResolvesOneIncident) {
  const json opened = pagerduty_of(early_alert(1, Notice::opened));
  const json taken = pagerduty_of(early_alert(2, Notice::acknowledged));
  const json over = pagerduty_of(early_alert(3, Notice::resolved));
  EXPECT_EQ(opened.at("event_action"), "trigger");
  EXPECT_EQ(taken.at("event_action"), "acknowledge");
  EXPECT_EQ(over.at("event_action"), "resolve");
  EXPECT_EQ(pagerduty_of(early_alert(4, Notice::reminder)).at("event_action"), "trigger");
  for (const json& e : {opened, taken, over}) {
    EXPECT_EQ(e.at("dedup_key"), "01J8ZQ4T3N");
    EXPECT_EQ(e.at("routing_key"), "KEY");
  }
  EXPECT_FALSE(over.contains("payload"));
}

TEST(PagerDutyEvent, TriggerHasTheFieldsThatPagerDutyWants) {
  const json e = pagerduty_of(early_alert(1, Notice::opened));
  const json& payload = e.at("payload");
  EXPECT_EQ(payload.at("severity"), "critical");
  EXPECT_EQ(payload.at("source"), "embargod");
  EXPECT_EQ(payload.at("component"), "therapies-2018-01");
  EXPECT_EQ(payload.at("class"), "EmbargoEarly");
  EXPECT_EQ(payload.at("timestamp"), "2018-04-23T12:00:00.000Z");
  EXPECT_EQ(payload.at("summary"), "EARLY: Psychological therapies, January 2018 final — public 2 days before due");
  EXPECT_EQ(e.at("client_url"), "http://127.0.0.1:9750/incidents/01J8ZQ4T3N");
  EXPECT_EQ(e.at("links").size(), 2U);
  EXPECT_EQ(pagerduty_of(sample_ticket("01J", 1, Notice::opened)).at("payload").at("severity"), "warning");
}

TEST(PagerDutyEvent, TheTwinOfABlindIncidentIsAnIncidentOfItsOwn) {
  Alert blind = sample_ticket("01JBLIND", 1, Notice::opened);
  blind.name = "EmbargoBlind";
  Alert near = sample_alert("01JBLIND", 2, Notice::opened);
  near.name = "EmbargoBlindNearDue";
  EXPECT_EQ(pagerduty_dedup_key(blind), "01JBLIND");
  EXPECT_EQ(pagerduty_dedup_key(near), "01JBLIND/EmbargoBlindNearDue");
}

TEST(PagerDutyEvent, WithoutAnIncidentTheKeyIsThatOfTheAlert) {
  Alert test = sample_alert("", 1, Notice::opened);
  test.key = "test-pagerduty-1:1524484800000";
  EXPECT_EQ(pagerduty_dedup_key(test), "test-pagerduty-1:1524484800000");
  test.key = std::string(300, 'k');
  EXPECT_LE(pagerduty_dedup_key(test).size(), 255U);
}

// ---- Slack ----

TEST(SlackText, IsNoMarkupAndCallsNobody) {
  EXPECT_EQ(slack_escaped("<!channel> & <https://evil.example.org|here>"),
            "&lt;!channel&gt; &amp; &lt;https://evil.example.org|here&gt;");
  EXPECT_EQ(slack_escaped("@channel me@example.org (@here)"), "＠channel me@example.org (＠here)");
  const json body = json::parse(slack_body(early_alert(1, Notice::opened), kNoon, kChannelWords));
  for (const char* off : {"mrkdwn", "link_names", "unfurl_links", "unfurl_media"})
    EXPECT_EQ(body.at(off), false) << off;
  EXPECT_EQ(body.at("parse"), "none");
}

// Read as a tired person at night would.
TEST(SlackText, AsReceived) {
  const json body = json::parse(slack_body(early_alert(1, Notice::opened), kNoon, kChannelWords));
  EXPECT_EQ(body.at("text").get<std::string>(),
            "EARLY: Psychological therapies, January 2018 final — public 2 days before due\n\n"
            "Due: Wednesday 25 April 2018, 09:30 BST\nHow early: 2 days before due\n"
            "Seen since: 10:02:14 to 10:02:16 BST\n\n"
            "DO NOW:\n1. Take the page down.\n2. Purge the CDN.\n3. Tell the head of profession.\n\n"
            "SEEN LIVE:\nhttps://stats.example.org/therapies-2018-01\n\n"
            "ACKNOWLEDGE:\nembargoctl --url=http://127.0.0.1:9750 ack 01J8ZQ4T3N --by=YOUR-NAME\n\n"
            "INCIDENT:\nhttp://127.0.0.1:9750/incidents/01J8ZQ4T3N\n\n"
            "RUNBOOK:\nhttp://127.0.0.1:9750/runbook#embargoearly");
}

// ---- Microsoft Teams ----

struct TeamsBodyCase {
  const char* name;
  int status;
  const char* body;
  Outcome want;
};

class TeamsAnswerTest : public testing::TestWithParam<TeamsBodyCase> {};
TEST_P(TeamsAnswerTest, TheBodyOfA200Decides) {
  const auto& c = GetParam();
  HttpSink sink;
  sink.then({.status = c.status, .headers = {}, .body = c.body});
  AlertSettings settings;
  settings.teams.push_back(chat_at(sink.url(kHookPath)));
  const Receipt r =
      make_notifiers(settings, kChannelWords.zone).at(0)->deliver({early_alert(1, Notice::opened)}, kNoon);
  EXPECT_EQ(r.outcome, c.want) << r.detail;
}
constexpr const char* kTeams429 =
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId "
    "tcid=0";
constexpr const char* kTeams413 =
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId "
    "tcid=0";
INSTANTIATE_TEST_SUITE_P(Table, TeamsAnswerTest,
                         testing::Values(TeamsBodyCase{"One", 200, "1", Outcome::accepted},
                                         TeamsBodyCase{"Workflow", 202, "", Outcome::accepted},
                                         TeamsBodyCase{"TooMany", 200, kTeams429, Outcome::retry},
                                         TeamsBodyCase{"TooLarge", 200, kTeams413, Outcome::rejected},
                                         TeamsBodyCase{"SignInPage", 200, "<html>", Outcome::retry},
                                         TeamsBodyCase{"Nothing", 200, "", Outcome::retry}),
                         [](const auto& c) { return c.param.name; });

TEST(TeamsCard, HasOnlyLiteralRunsAndOurButtons) {
  Alert a = early_alert(1, Notice::opened);
  a.annotations["summary"] = "EARLY: [click](https://evil.example.org) **{{DATE(2018-04-25T08:30:00Z)}}**";
  const json message = json::parse(teams_body(a, kNoon, kChannelWords));
  const json& attachment = message.at("attachments").at(0);
  EXPECT_EQ(message.at("type"), "message");
  EXPECT_EQ(attachment.at("contentType"), "application/vnd.microsoft.card.adaptive");
  const json& card = attachment.at("content");
  EXPECT_EQ(card.at("type"), "AdaptiveCard");
  for (const json& block : card.at("body")) {
    EXPECT_EQ(block.at("type"), "RichTextBlock") << "a TextBlock would read Markdown";
    for (const json& run : block.at("inlines")) EXPECT_EQ(run.at("type"), "TextRun");
  }
  EXPECT_EQ(card.dump().find("{{"), std::string::npos);
  ASSERT_EQ(card.at("actions").size(), 2U);
  EXPECT_EQ(card.at("actions")[0].at("url"), "http://127.0.0.1:9750/incidents/01J8ZQ4T3N");
}

// ---- ntfy ----

json ntfy_of(const Alert& a) { return json::parse(ntfy_body(a, Secret{"topic"}, kNoon, kChannelWords)); }

TEST(NtfyBody, APageRingsThroughAndItsEndDoesNot) {
  const json page = ntfy_of(early_alert(1, Notice::opened));
  EXPECT_EQ(page.at("topic"), "topic");
  EXPECT_EQ(page.at("priority"), 5);
  EXPECT_EQ(page.at("tags"), json::array({"rotating_light"}));
  EXPECT_EQ(page.at("click"), "http://127.0.0.1:9750/incidents/01J8ZQ4T3N");
  EXPECT_EQ(page.at("title"), "EARLY: Psychological therapies, January 2018 final — public 2 days before due");
  EXPECT_TRUE(page.at("message").get<std::string>().starts_with("Due: Wednesday")) << page.at("message");
  EXPECT_EQ(ntfy_of(early_alert(2, Notice::resolved)).at("priority"), 3);
  EXPECT_EQ(ntfy_of(sample_ticket("01J", 1, Notice::opened)).at("priority"), 3);
}

TEST(NtfyBody, StaysBelowWhatNtfyTakesAsAMessage) {
  Alert a = early_alert(1, Notice::opened);
  for (int i = 0; i < 1'000; ++i) a.annotations["what_to_do"] += "Ystadegau tŷ. ";
  for (int i = 0; i < 3; ++i) a.annotations["urls"] += "\nhttps://stats.example.org/" + std::string(600, 'x');
  const std::string message = ntfy_of(a).at("message");
  EXPECT_LE(message.size(), 4'096U);
  EXPECT_TRUE(message.ends_with("…")) << message.substr(message.size() - 40);
}

TEST(Ntfy, TheTokenIsSent) {
  HttpSink sink;
  AlertSettings settings;
  settings.ntfy.push_back(
      {.url = sink.url("/"), .topic = Secret{"topic"}, .token = Secret{"tk_1"}, .severities = {}, .name = {}});
  (void)make_notifiers(settings, kChannelWords.zone).at(0)->deliver({early_alert(1, Notice::opened)}, kNoon);
  ASSERT_EQ(sink.requests().size(), 1U);
  EXPECT_EQ(sink.requests()[0].headers.at("authorization"), "Bearer tk_1");
}

// ---- GOV.UK Notify ----

TEST(GovukNotify, TheTokenIsTheJwtOfServiceAndTime) {
  const auto key = parse_govuk_notify_key(Secret{kNotifyKey});
  ASSERT_TRUE(key);
  EXPECT_EQ(key->service, "26785a09-ab16-4eb0-8407-a37497a57506");
  EXPECT_EQ(key->secret.reveal(), kChannelSecrets[5]);
  // Computed by another program (Python: hmac, base64) from the same key and time.
  EXPECT_EQ(govuk_notify_token(*key, kNoon), kNotifyToken);
}

TEST(GovukNotify, OtherKeysAreRefusedWithoutRepeatingThem) {
  for (const std::string& bad : {std::string{}, std::string{"name"}, kNotifyKey.substr(1 + kNotifyKey.find('-', 20)),
                                 kNotifyKey + "x", std::string(200, '-')}) {
    const auto key = parse_govuk_notify_key(Secret{bad});
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(to_string(key.error()).find(kChannelSecrets[5]), std::string::npos);
  }
}

TEST(GovukNotify, EachKindHasItsPathAndRecipient) {
  HttpSink sink;
  sink.always({.status = 201, .headers = {}, .body = {}});
  AlertSettings settings;
  settings.govuk_notify = {notify_at(sink.url("")), notify_at(sink.url(""))};
  settings.govuk_notify[0].email = "duty@example.org";
  settings.govuk_notify[1].phone = "+447700900123";
  for (const auto& n : make_notifiers(settings, kChannelWords.zone))
    (void)n->deliver({early_alert(1, Notice::opened)}, kNoon);
  ASSERT_EQ(sink.requests().size(), 2U);
  const json mail = json::parse(sink.requests()[0].body);
  const json text = json::parse(sink.requests()[1].body);
  EXPECT_EQ(sink.requests()[0].path, "/v2/notifications/email");
  EXPECT_EQ(sink.requests()[1].path, "/v2/notifications/sms");
  EXPECT_EQ(mail.at("email_address"), "duty@example.org");
  EXPECT_EQ(text.at("phone_number"), "+447700900123");
  EXPECT_EQ(mail.at("reference"), "01J8ZQ4T3N:1");
  EXPECT_EQ(sink.requests()[0].headers.at("authorization"), "Bearer " + std::string{kNotifyToken});
  EXPECT_EQ(
      text.at("personalisation").at("text"),
      "EARLY: Psychological therapies, January 2018 final — public 2 days before due. Due Wednesday 25 April 2018, "
      "09:30 BST. Now: Take the page down. http://127.0.0.1:9750/incidents/01J8ZQ4T3N");
}

TEST(GovukNotify, EveryPlaceholderHasAValueAndNoMarkup) {
  Alert bare = sample_ticket("01J", 1, Notice::opened);
  bare.annotations = {{"summary", "# Title [x](https://evil.example.org)"}, {"what_to_do", "* one\n^ two\n- three"}};
  GovukNotifySettings settings = notify_at("");
  settings.email = "duty@example.org";
  const json p = json::parse(govuk_notify_body(bare, settings, kNoon, kChannelWords)).at("personalisation");
  for (const char* name : {"subject", "message", "text", "status", "summary", "due", "how_early", "seen_since",
                           "how_sure", "urls", "what_to_do", "acknowledge", "link", "runbook"})
    EXPECT_FALSE(p.at(name).get<std::string>().empty()) << name;
  EXPECT_EQ(p.at("summary"), "Title (x)(https://evil.example.org)");
  EXPECT_EQ(p.at("what_to_do"), "one\ntwo\nthree");
  EXPECT_EQ(p.at("due"), "-");
}

TEST(GovukNotify, AKeyThatIsRefusedIsNoLongerTriedOften) {
  HttpSink sink;
  sink.then({.status = 403, .headers = {}, .body = R"({"errors":[{"error":"AuthError","message":"Invalid token"}]})"});
  AlertSettings settings;
  settings.govuk_notify = {notify_at(sink.url(""))};
  settings.govuk_notify[0].email = "duty@example.org";
  EXPECT_EQ(
      make_notifiers(settings, kChannelWords.zone).at(0)->deliver({early_alert(1, Notice::opened)}, kNoon).outcome,
      Outcome::rejected);
}

}  // namespace
}  // namespace embargod

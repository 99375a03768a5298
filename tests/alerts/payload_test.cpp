// What goes over the wire, byte by byte: design.md 5.5.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "alerts/channels/alertmanager.h"
#include "alerts/channels/webhook.h"
#include "alerts/mail_text.h"
#include "alerts/test_alert.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using nlohmann::json;

Alert watchdog_sample() {
  Alert a;
  a.key = "watchdog:25408080";
  a.name = "EmbargodWatchdog";
  a.severity = Severity::info;
  a.labels = {{"alertname", "EmbargodWatchdog"}, {"severity", "info"}, {"service", "embargod"}};
  a.annotations = {{"summary", "embargod is watching"}};
  a.incident_json = "null";
  a.starts_at = kNoon;
  return a;
}

TEST(WebhookBody, IsExactlyTheContract) {
  Alert a = sample_alert("01J", 1, Notice::opened);
  a.incident_json = R"({"id":"01J","kind":"early","blind_seconds":0.0})";
  a.annotations = {{"summary", "A \"quoted\" title"}};
  EXPECT_EQ(
      webhook_body(a),
      R"({"version":1,"key":"01J:1","alert":"EmbargoEarly","status":"firing",)"
      R"("incident":{"id":"01J","kind":"early","blind_seconds":0.0},)"
      R"("labels":{"alertname":"EmbargoEarly","release":"therapies-2018-01","service":"embargod","severity":"page"},)"
      R"("annotations":{"summary":"A \"quoted\" title"}})");
}

TEST(WebhookBody, OfTheWatchdogHasNoIncident) {
  const json body = json::parse(webhook_body(watchdog_sample()));
  EXPECT_TRUE(body.at("incident").is_null());
  EXPECT_EQ(body.at("status"), "firing");
  EXPECT_EQ(body.at("key"), "watchdog:25408080");
}

TEST(WebhookBody, SurvivesHostileText) {
  Alert a = sample_alert("01J", 2, Notice::resolved);
  a.annotations = {{"summary", "\xFF\"},{\"status\":\"resolved\r\n"}};
  a.incident_json = "{broken";
  const json body = json::parse(webhook_body(a));
  EXPECT_EQ(body.size(), 7U);
  EXPECT_EQ(body.at("status"), "resolved");
  EXPECT_TRUE(body.at("incident").is_null());
}

TEST(WebhookSignature, IsTheHmacOfTheBody) {
  // RFC 4231, test case 2.
  EXPECT_EQ(webhook_signature(Secret{"Jefe"}, "what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(WebhookNotifierTest, SendsBodyKeyAndSignature) {
  HttpSink sink;
  WebhookSettings settings;
  settings.url = Secret{sink.url("/hook?token=1")};
  settings.key = Secret{"shared"};
  settings.severities = {Severity::page};
  WebhookNotifier notifier{"webhook-1", settings};
  const Alert a = sample_alert("01J", 1, Notice::opened);
  const Receipt receipt = notifier.deliver({a}, kNoon);
  EXPECT_EQ(receipt.outcome, Outcome::accepted) << receipt.detail;
  ASSERT_EQ(sink.requests().size(), 1U);
  const SinkRequest r = sink.requests().front();
  EXPECT_EQ(r.method, "POST");
  EXPECT_EQ(r.path, "/hook?token=1");
  EXPECT_EQ(r.body, webhook_body(a));
  EXPECT_EQ(r.headers.at("content-type"), "application/json");
  EXPECT_EQ(r.headers.at("idempotency-key"), "01J:1");
  EXPECT_EQ(r.headers.at("x-embargod-signature"), webhook_signature(settings.key, r.body));
  EXPECT_EQ(r.headers.at("user-agent"), "embargod");
}

TEST(WebhookNotifierTest, WithoutASecretThereIsNoSignatureAndAKeyCannotAddHeaders) {
  HttpSink sink;
  WebhookSettings settings;
  settings.url = Secret{sink.url()};
  WebhookNotifier notifier{"webhook-1", settings};
  Alert a = sample_alert("01J", 1, Notice::opened);
  a.key = "01J\r\nX-Evil: yes";
  ASSERT_EQ(notifier.deliver({a}, kNoon).outcome, Outcome::accepted);
  const SinkRequest r = sink.requests().front();
  EXPECT_EQ(r.headers.count("x-embargod-signature"), 0U);
  EXPECT_EQ(r.headers.count("x-evil"), 0U);
}

TEST(WebhookNotifierTest, TheSecretUrlIsNeverInTheReceipt) {
  WebhookSettings settings;
  settings.url = Secret{"http://127.0.0.1:1/services/T0KEN"};
  const Receipt receipt = WebhookNotifier{"webhook-1", settings}.deliver({sample_alert("A", 1, Notice::opened)}, kNoon);
  EXPECT_EQ(receipt.outcome, Outcome::retry);
  EXPECT_EQ(receipt.detail.find("T0KEN"), std::string::npos) << receipt.detail;
}

struct EndsCase {
  const char* name;
  Alert alert;
  const char* starts;
  const char* ends;
};

class AlertmanagerBodyTest : public testing::TestWithParam<EndsCase> {};
TEST_P(AlertmanagerBodyTest, LastsAsTheContractSays) {
  const json body = json::parse(alertmanager_body({GetParam().alert}, kNoon + Seconds{10}));
  ASSERT_EQ(body.size(), 1U);
  EXPECT_EQ(body[0].at("startsAt"), GetParam().starts);
  EXPECT_EQ(body[0].at("endsAt"), GetParam().ends);
}
INSTANTIATE_TEST_SUITE_P(Table, AlertmanagerBodyTest,
                         testing::Values(EndsCase{"FiringForADay", sample_alert("A", 1, Notice::opened),
                                                  "2018-04-23T12:00:00.000Z", "2018-04-24T12:00:10.000Z"},
                                         EndsCase{"ResolvedNow", sample_alert("A", 2, Notice::resolved),
                                                  "2018-04-23T12:00:00.000Z", "2018-04-23T12:00:10.000Z"},
                                         EndsCase{"WatchdogLapsesAfterThreeMinutes", watchdog_sample(),
                                                  "2018-04-23T12:00:00.000Z", "2018-04-23T12:03:10.000Z"},
                                         EndsCase{"ADrillThatNobodyEndsLapsesAfterAnHour",
                                                  make_drill_alert(sample_alert("A", 1, Notice::opened), "x"),
                                                  "2018-04-23T12:00:00.000Z", "2018-04-23T13:05:10.000Z"},
                                         EndsCase{"NeverStartsInTheFuture",
                                                  sample_alert("A", 2, Notice::resolved, kNoon + Seconds{60}),
                                                  "2018-04-23T12:00:10.000Z", "2018-04-23T12:00:10.000Z"}),
                         [](const auto& c) { return c.param.name; });

TEST(DrillAlert, IsMarkedInAllThatPeopleReadFirst) {
  const Alert flown = sample_alert("A", 1, Notice::opened);
  const Alert a = make_drill_alert(flown, "Duty\nofficer");
  EXPECT_EQ(a.name, "EmbargodDrill");
  EXPECT_EQ(a.key, flown.key);
  EXPECT_EQ(a.incident, flown.incident);
  EXPECT_EQ(a.severity, flown.severity) << "it takes the way of a real one";
  EXPECT_EQ(a.labels.at("alertname"), "EmbargodDrill");
  EXPECT_EQ(a.annotations.at("summary"), "[DRILL] Only a drill: nothing is public early");
  EXPECT_TRUE(a.annotations.at("description").starts_with("[DRILL] Duty officer asked for this drill"));
  EXPECT_FALSE(a.annotations.contains("urls"));
  EXPECT_FALSE(a.annotations.contains("runbook_url"));
  const MailContent mail = mail_content(a, kNoon, {"Europe/London"});
  EXPECT_EQ(mail.subject, "[embargod] [DRILL] Only a drill: nothing is public early");
  EXPECT_EQ(mail.badge, "DRILL");
  EXPECT_EQ(mail.summary, "Only a drill: nothing is public early");
  const Alert over = make_drill_alert(sample_alert("A", 2, Notice::resolved), "x");
  EXPECT_EQ(over.annotations.at("summary"), "[DRILL] This drill is over");
  EXPECT_EQ(over.annotations.at("what_to_do"), "Nothing.");
}

TEST(AlertmanagerBodyFields, AreLabelsAnnotationsTimesAndTheLink) {
  const Alert a = sample_alert("A", 1, Notice::opened);
  const json item = json::parse(alertmanager_body({a}, kNoon))[0];
  EXPECT_EQ(item.size(), 5U);
  EXPECT_EQ(item.at("labels").get<Labels>(), a.labels);
  EXPECT_EQ(item.at("annotations").get<Labels>(), a.annotations);
  EXPECT_EQ(item.at("generatorURL"), "http://127.0.0.1:9750/incidents/A");
}

TEST(AlertmanagerEndpoint, KeepsAPrefixAndForgivesSlashes) {
  EXPECT_EQ(alertmanager_endpoint("http://a:9093"), "http://a:9093/api/v2/alerts");
  EXPECT_EQ(alertmanager_endpoint("http://a:9093/"), "http://a:9093/api/v2/alerts");
  EXPECT_EQ(alertmanager_endpoint("https://a/alertmanager//"), "https://a/alertmanager/api/v2/alerts");
}

TEST(AlertmanagerNotifierTest, SendsAllInOnePost) {
  HttpSink sink;
  AlertmanagerNotifier notifier{"alertmanager-1", {sink.url("/am/"), {}}};
  const std::vector<Alert> alerts{sample_alert("A", 1, Notice::opened), sample_ticket("B", 1, Notice::opened)};
  ASSERT_EQ(notifier.deliver(alerts, kNoon).outcome, Outcome::accepted);
  ASSERT_EQ(sink.requests().size(), 1U);
  EXPECT_EQ(sink.requests().front().path, "/am/api/v2/alerts");
  EXPECT_EQ(sink.requests().front().body, alertmanager_body(alerts, kNoon));
}

TEST(AlertmanagerNotifierTest, ARefusalShowsWhatItSaid) {
  HttpSink sink;
  sink.then(
      {.status = 400, .headers = {}, .body = "\"start time must be before end time\"\n" + std::string(1'000, 'x')});
  const Receipt receipt =
      AlertmanagerNotifier{"alertmanager-1", {sink.url(""), {}}}.deliver({sample_alert("A", 1, Notice::opened)}, kNoon);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_TRUE(receipt.detail.starts_with("HTTP 400: \"start time must be before end time\" xxx")) << receipt.detail;
  EXPECT_LE(receipt.detail.size(), 220U);
}

}  // namespace
}  // namespace embargod

// Each vendor's channel against a stand-in that answers as the vendor documents.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "alerts/channels/make_notifiers.h"
#include "tests/alerts/channel_samples.h"
#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using nlohmann::json;

/// One kind of receiver, and the answer by which it takes a message.
struct ChannelKind {
  const char* name;
  std::function<void(AlertSettings&, const std::string& url)> add;
  SinkAnswer taken;
  std::vector<std::string> secrets;  // that it is sent, or that are its address: no receipt may repeat them
};

std::unique_ptr<Notifier> channel_at(const ChannelKind& kind, const std::string& url) {
  AlertSettings settings;
  kind.add(settings, url);
  auto made = make_notifiers(settings, kChannelWords.zone);
  EXPECT_EQ(made.size(), 1U);
  return std::move(made.at(0));
}

std::vector<ChannelKind> channel_kinds() {
  return {{"PagerDuty",
           [](AlertSettings& s, const std::string& url) {
             s.pagerduty.push_back({.routing_key = Secret{kChannelSecrets[0]},
                                    .url = url,
                                    .severities = {Severity::page, Severity::ticket},
                                    .name = {}});
           },
           {.status = 202,
            .headers = {},
            .body = R"({"status":"success","message":"Event processed","dedup_key":"01J8ZQ4T3N"})"},
           {kChannelSecrets[0]}},
          {"Slack",
           [](AlertSettings& s, const std::string& url) { s.slack.push_back(chat_at(url)); },
           {.status = 200, .headers = {}, .body = "ok"},
           {kChannelSecrets[1], kChannelSecrets[2]}},
          {"TeamsWorkflow",
           [](AlertSettings& s, const std::string& url) { s.teams.push_back(chat_at(url)); },
           {.status = 202, .headers = {}, .body = {}},
           {kChannelSecrets[1], kChannelSecrets[2]}},
          {"TeamsConnector",
           [](AlertSettings& s, const std::string& url) { s.teams.push_back(chat_at(url)); },
           {.status = 200, .headers = {}, .body = "1"},
           {kChannelSecrets[1], kChannelSecrets[2]}},
          {"Ntfy",
           [](AlertSettings& s, const std::string& url) {
             s.ntfy.push_back({.url = url,
                               .topic = Secret{"topic-that-nobody-knows"},
                               .token = Secret{"tk_token-of-the-server"},
                               .severities = {Severity::page},
                               .name = {}});
           },
           {.status = 200, .headers = {}, .body = R"({"id":"sPs71M8A2T","event":"message"})"},
           {kChannelSecrets[3], kChannelSecrets[4]}},
          {"GovukNotifyEmail",
           [](AlertSettings& s, const std::string& url) {
             s.govuk_notify.push_back(notify_at(url));
             s.govuk_notify.back().email = "duty@example.org";
           },
           {.status = 201, .headers = {}, .body = R"({"id":"740e5834-3a29-46b4-9a6f-16142fde533a"})"},
           {kChannelSecrets[5], kNotifyKey, kNotifyToken}},
          {"GovukNotifyText",
           [](AlertSettings& s, const std::string& url) {
             s.govuk_notify.push_back(notify_at(url));
             s.govuk_notify.back().phone = "+447700900123";
           },
           {.status = 201, .headers = {}, .body = R"({"id":"740e5834-3a29-46b4-9a6f-16142fde533a"})"},
           {kChannelSecrets[5], kNotifyKey, kNotifyToken}}};
}

/// An answer that every vendor may give, and what it means.
struct AnswerCase {
  const char* name;
  SinkAnswer answer;
  Outcome want;
  std::optional<Millis> retry_after;
};

// The worst that a vendor could answer: all that it was sent.
std::string echo_of_secrets() {
  std::string out = "no such key";
  for (const std::string& secret : kChannelSecrets) out += " " + secret;
  return out + " at " + kHookPath;
}
const std::string kEcho = echo_of_secrets();

std::vector<AnswerCase> answer_cases() {
  return {
      {"BadRequest", {.status = 400, .headers = {}, .body = kEcho}, Outcome::rejected, {}},
      {"TooLarge", {.status = 413, .headers = {}, .body = kEcho}, Outcome::rejected, {}},
      {"TooMany", {.status = 429, .headers = "Retry-After: 7\r\n", .body = kEcho}, Outcome::retry, Millis{7'000}},
      {"TooManyUntold", {.status = 429, .headers = {}, .body = {}}, Outcome::retry, {}},
      {"ServerError", {.status = 500, .headers = {}, .body = kEcho}, Outcome::retry, {}},
      {"Unavailable", {.status = 503, .headers = "Retry-After: 30\r\n", .body = {}}, Outcome::retry, Millis{30'000}},
      {"Closed", {.kind = SinkAnswer::Kind::close, .headers = {}, .body = {}}, Outcome::retry, {}},
      {"Redirect", {.status = 302, .headers = "Location: /sign-in\r\n", .body = {}}, Outcome::retry, {}},
      {"SignInPage", {.status = 204, .headers = {}, .body = {}}, Outcome::retry, {}}};
}

void expect_no_secret(const Receipt& r, const ChannelKind& kind) {
  for (const std::string& secret : kind.secrets) EXPECT_EQ(r.detail.find(secret), std::string::npos) << r.detail;
}

class ChannelAnswerTest : public testing::TestWithParam<std::tuple<ChannelKind, AnswerCase>> {};
TEST_P(ChannelAnswerTest, MeansWhatTheVendorSays) {
  const auto& [kind, c] = GetParam();
  HttpSink sink;
  sink.then(c.answer);
  const Receipt r = channel_at(kind, sink.url(kHookPath))->deliver({early_alert(1, Notice::opened)}, kNoon);
  EXPECT_EQ(r.outcome, c.want) << r.detail;
  EXPECT_EQ(r.retry_after, c.retry_after);
  EXPECT_FALSE(r.detail.empty());
  expect_no_secret(r, kind);
  EXPECT_EQ(sink.requests().size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(Table, ChannelAnswerTest,
                         testing::Combine(testing::ValuesIn(channel_kinds()), testing::ValuesIn(answer_cases())),
                         [](const auto& c) {
                           return std::string{std::get<0>(c.param).name} + std::get<1>(c.param).name;
                         });

class ChannelKindTest : public testing::TestWithParam<ChannelKind> {};

TEST_P(ChannelKindTest, TakesEachStepInOnePost) {
  HttpSink sink;
  sink.always(GetParam().taken);
  const auto channel = channel_at(GetParam(), sink.url(kHookPath));
  for (const Notice n : {Notice::opened, Notice::reminder, Notice::resolved}) {
    const Receipt r = channel->deliver({early_alert(1, n)}, kNoon);
    EXPECT_EQ(r.outcome, Outcome::accepted) << r.detail;
    expect_no_secret(r, GetParam());
  }
  EXPECT_EQ(sink.requests().size(), 3U);
  for (const auto& request : sink.requests()) {
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.headers.at("content-type"), "application/json");
    EXPECT_TRUE(json::accept(request.body)) << request.body;
  }
}

TEST_P(ChannelKindTest, AHangingVendorIsLeftWhenTheDaemonStops) {
  HttpSink sink;
  sink.then({.kind = SinkAnswer::Kind::hang, .headers = {}, .body = {}});
  const auto channel = channel_at(GetParam(), sink.url(kHookPath));
  Receipt r;
  {
    const std::jthread post{[&] { r = channel->deliver({early_alert(1, Notice::opened)}, kNoon); }};
    while (sink.requests().empty()) std::this_thread::yield();
    channel->cancel();
  }
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.detail, "stopped");
}

TEST_P(ChannelKindTest, ATlsFaultIsRetried) {
  HttpSink sink;
  sink.greet("HTTP/1.1 400 Bad Request\r\n\r\n");  // who speaks no TLS says so
  std::string url = sink.url(kHookPath);
  url.replace(0, 4, "https");
  const Receipt r = channel_at(GetParam(), url)->deliver({early_alert(1, Notice::opened)}, kNoon);
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_NE(r.detail.find("SSL"), std::string::npos) << r.detail;
  expect_no_secret(r, GetParam());
}

TEST_P(ChannelKindTest, SaysWhatANightWatchNeeds) {
  HttpSink sink;
  sink.always(GetParam().taken);
  (void)channel_at(GetParam(), sink.url(kHookPath))->deliver({early_alert(1, Notice::opened)}, kNoon);
  ASSERT_EQ(sink.requests().size(), 1U);
  const std::string body = sink.requests()[0].body;
  for (const char* said :
       {"Psychological therapies, January 2018 final", "https://stats.example.org/therapies-2018-01",
        "Wednesday 25 April 2018, 09:30 BST", "2 days before due", "10:02:14 to 10:02:16 BST", "Take the page down",
        "embargoctl --url=http://127.0.0.1:9750 ack 01J8ZQ4T3N", "http://127.0.0.1:9750/incidents/01J8ZQ4T3N"})
    EXPECT_NE(body.find(said), std::string::npos) << said << "\n" << body;
}

TEST_P(ChannelKindTest, HostileTextStaysText) {
  HttpSink sink;
  sink.always(GetParam().taken);
  Alert a = early_alert(1, Notice::opened);
  a.annotations["summary"] =
      "x\r\n\"},{\x01\xE2\x80\xAE <!channel> @channel \xFF {{DATE(2018-04-25T08:30:00Z)}}" + std::string(20'000, '"');
  a.annotations["what_to_do"] = "first";
  for (int i = 0; i < 20'000; ++i) a.annotations["what_to_do"] += "\n<";
  a.annotations["link"] = "javascript:alert(1)";
  a.incident_json = "{broken";
  const Receipt r = channel_at(GetParam(), sink.url(kHookPath))->deliver({a}, kNoon);
  EXPECT_EQ(r.outcome, Outcome::accepted) << r.detail;
  ASSERT_EQ(sink.requests().size(), 1U);
  const std::string body = sink.requests()[0].body;
  EXPECT_TRUE(json::accept(body));
  EXPECT_LE(body.size(), 28'000U) << "the least that a vendor takes (Teams)";
  for (const char* bad : {"\xE2\x80\xAE", "\\u0001", "javascript:"})
    EXPECT_EQ(body.find(bad), std::string::npos) << bad;
  EXPECT_NE(body.find("…"), std::string::npos) << "what is cut says so";
}

INSTANTIATE_TEST_SUITE_P(Table, ChannelKindTest, testing::ValuesIn(channel_kinds()),
                         [](const auto& c) { return std::string{c.param.name}; });

}  // namespace
}  // namespace embargod

#include "alerts/http_post.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

struct StatusCase {
  int status;
  Outcome want;
};

class JudgeStatusTest : public testing::TestWithParam<StatusCase> {};
TEST_P(JudgeStatusTest, SaysWhetherTryingAgainHelps) { EXPECT_EQ(judge_status(GetParam().status), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(Table, JudgeStatusTest,
                         testing::Values(StatusCase{200, Outcome::accepted}, StatusCase{202, Outcome::accepted},
                                         StatusCase{204, Outcome::accepted}, StatusCase{299, Outcome::accepted},
                                         StatusCase{302, Outcome::retry}, StatusCase{400, Outcome::rejected},
                                         StatusCase{401, Outcome::retry}, StatusCase{404, Outcome::retry},
                                         StatusCase{408, Outcome::retry}, StatusCase{413, Outcome::rejected},
                                         StatusCase{422, Outcome::rejected}, StatusCase{429, Outcome::retry},
                                         StatusCase{500, Outcome::retry}, StatusCase{503, Outcome::retry}),
                         [](const auto& c) { return "Http" + std::to_string(c.param.status); });

HttpPostRequest short_post(const std::string& url) {
  return {.url = url, .body = "{}", .headers = {}, .deadline = 500ms};
}

TEST(HttpPoster, TooManyRequestsCarriesRetryAfter) {
  HttpSink sink;
  sink.then({.status = 429, .headers = "Retry-After: 7\r\n", .body = {}});
  const Receipt r = HttpPoster{}.post(short_post(sink.url()));
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.retry_after, Millis{7'000});
}

TEST(HttpPoster, AnAbsurdRetryAfterIsCut) {
  HttpSink sink;
  sink.then({.status = 503, .headers = "Retry-After: 99999999999999999\r\n", .body = {}});
  const Receipt r = HttpPoster{}.post(short_post(sink.url()));
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_LE(r.retry_after.value_or(Millis{0}), std::chrono::hours{24});
}

TEST(HttpPoster, AHangingReceiverCostsTheDeadlineOnly) {
  HttpSink sink;
  sink.then({.kind = SinkAnswer::Kind::hang, .headers = {}, .body = {}});
  const auto begin = std::chrono::steady_clock::now();
  const Receipt r = HttpPoster{}.post(short_post(sink.url()));
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(sink.requests().size(), 1U);
}

TEST(HttpPoster, AClosedConnectionAndARefusedOneAreRetried) {
  std::string nobody;
  {
    HttpSink sink;
    nobody = sink.url();
    sink.then({.kind = SinkAnswer::Kind::close, .headers = {}, .body = {}});
    EXPECT_EQ(HttpPoster{}.post(short_post(sink.url())).outcome, Outcome::retry);
  }
  EXPECT_EQ(HttpPoster{}.post(short_post(nobody)).outcome, Outcome::retry);
}

TEST(HttpPoster, AnEndlessAnswerIsCutAndItsStatusCounts) {
  HttpSink sink;
  sink.then({.status = 200, .headers = {}, .body = std::string(4'096, 'x'), .endless = true});
  HttpPostRequest request = short_post(sink.url());
  request.deadline = 20s;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(HttpPoster{}.post(request).outcome, Outcome::accepted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << "cut by size, not by the deadline";
}

TEST(HttpPoster, RedirectsAreNotFollowed) {
  HttpSink elsewhere;
  HttpSink sink;
  sink.then({.status = 307, .headers = "Location: " + elsewhere.url() + "\r\n", .body = {}});
  const Receipt r = HttpPoster{}.post(short_post(sink.url()));
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_NE(r.detail.find("configure the final URL"), std::string::npos);
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(HttpPoster, OtherSchemesAreRefused) {
  for (const char* url : {"file:///etc/hostname", "gopher://127.0.0.1/", "smtp://127.0.0.1/"})
    EXPECT_NE(HttpPoster{}.post(short_post(url)).outcome, Outcome::accepted) << url;
}

TEST(HttpPoster, TheEnvironmentsProxyIsIgnored) {
  HttpSink proxy;
  HttpSink sink;
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  const Receipt r = HttpPoster{}.post(short_post(sink.url()));
  ::unsetenv("http_proxy");
  EXPECT_EQ(r.outcome, Outcome::accepted);
  EXPECT_TRUE(proxy.requests().empty());
}

TEST(HttpPoster, CancelEndsAPostUnderWay) {
  HttpSink sink;
  sink.then({.kind = SinkAnswer::Kind::hang, .headers = {}, .body = {}});
  HttpPoster poster;
  HttpPostRequest request = short_post(sink.url());
  request.deadline = 30s;
  const auto begin = std::chrono::steady_clock::now();
  Receipt r;
  {
    const std::jthread post{[&] { r = poster.post(request); }};
    while (sink.requests().empty()) std::this_thread::yield();
    poster.cancel();
  }
  EXPECT_EQ(r.outcome, Outcome::retry);
  EXPECT_EQ(r.detail, "stopped");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

}  // namespace
}  // namespace embargod

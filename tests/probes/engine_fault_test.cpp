// What a broken or hostile server does to one probe: a cause, never a hang, never more memory than the caps.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "config/types/digest.h"
#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"

namespace embargod {
namespace {

struct BrokenCase {
  const char* name;
  ServerAnswer answer;
  Cause want;
  int status;
};

class BrokenAnswer : public testing::TestWithParam<BrokenCase> {};
TEST_P(BrokenAnswer, HasItsCauseAndKeepsWhatArrived) {
  const auto& c = GetParam();
  FaultServer server;
  server.script("/x", {c.answer});
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{700};
  s.max_body = 1U << 20U;
  Rig rig{s};
  const auto before = rig.clock.ticks();
  const Observation o = rig.probe(server.url("/x"));
  EXPECT_EQ(o.failure, c.want) << to_string(o.failure) << ": " << o.failure_text;
  EXPECT_EQ(o.status, c.status);
  EXPECT_LE(o.body.size(), s.max_body);
  EXPECT_LT(rig.clock.ticks() - before, Millis{1'700});
  EXPECT_EQ(o.failure == Cause::none, o.failure_text.empty()) << o.failure_text;
  EXPECT_EQ(o.size, o.body.size());
}

ServerAnswer faulty(Misbehaviour f, std::string body = "half of it", std::chrono::milliseconds delay = {}) {
  return {200, {}, std::move(body), f, delay};
}

INSTANTIATE_TEST_SUITE_P(
    Faults, BrokenAnswer,
    testing::Values(
        BrokenCase{"Sound", faulty(Misbehaviour::none), Cause::none, 200},
        BrokenCase{"SlowButInTime", faulty(Misbehaviour::none, "ok", std::chrono::milliseconds{300}), Cause::none, 200},
        BrokenCase{"Late", faulty(Misbehaviour::none, "ok", std::chrono::milliseconds{1'500}), Cause::timeout, 0},
        BrokenCase{"Hang", faulty(Misbehaviour::hang), Cause::timeout, 0},
        BrokenCase{"Drip", faulty(Misbehaviour::drip, "abcdefghij", std::chrono::milliseconds{200}), Cause::timeout,
                   200},
        BrokenCase{"CloseEarly", faulty(Misbehaviour::close_early), Cause::reset, 0},
        BrokenCase{"Reset", faulty(Misbehaviour::reset), Cause::reset, 0},
        BrokenCase{"ResetInBody", faulty(Misbehaviour::reset_in_body), Cause::truncated, 200},
        BrokenCase{"LyingLength", faulty(Misbehaviour::lying_length), Cause::truncated, 200},
        BrokenCase{"ChunkedCut", faulty(Misbehaviour::chunked_cut), Cause::truncated, 200},
        BrokenCase{"EndlessBody", faulty(Misbehaviour::endless_body, std::string(65'536, 'x')), Cause::too_large, 200},
        BrokenCase{"EndlessHeaders", faulty(Misbehaviour::endless_headers), Cause::too_large, 200},
        BrokenCase{"EndlessLine", faulty(Misbehaviour::endless_line), Cause::too_large, 200},
        BrokenCase{"Endless100", faulty(Misbehaviour::endless_100), Cause::too_large, 0},
        BrokenCase{"NotHttp", faulty(Misbehaviour::raw, "SSH-2.0-OpenSSH_9.2\r\n"), Cause::reset, 0},
        BrokenCase{"Http09", faulty(Misbehaviour::raw, "<html>no header at all</html>"), Cause::reset, 0},
        BrokenCase{"BadChunk",
                   faulty(Misbehaviour::raw, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc"),
                   Cause::truncated, 200},
        BrokenCase{"NotGzip", {200, {{"Content-Encoding", "gzip"}}, "plain text"}, Cause::truncated, 200},
        BrokenCase{"JustUnderTheCap", faulty(Misbehaviour::none, std::string((1U << 20U) - 1, 'x')), Cause::none, 200},
        BrokenCase{"AtTheCap", faulty(Misbehaviour::none, std::string(1U << 20U, 'x')), Cause::none, 200},
        BrokenCase{"OneOverTheCap", faulty(Misbehaviour::none, std::string((1U << 20U) + 1, 'x')), Cause::too_large,
                   200}),
    [](const auto& p) { return p.param.name; });

TEST(BrokenAnswerBody, IsKeptAsFarAsItCame) {
  FaultServer server;
  server.script("/lie", {faulty(Misbehaviour::lying_length, "what came")});
  server.script("/drip", {faulty(Misbehaviour::drip, "abcdefghij", std::chrono::milliseconds{150})});
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{500};
  Rig rig{s};
  const Observation lie = rig.probe(server.url("/lie"));
  EXPECT_EQ(lie.body, "what came");
  EXPECT_EQ(lie.digest, "sha256:" + hex(sha256("what came")));
  const Observation drip = rig.probe(server.url("/drip"));
  EXPECT_EQ(drip.failure, Cause::timeout);
  EXPECT_EQ(drip.body, std::string("abcdefghij").substr(0, drip.body.size()));
  EXPECT_FALSE(drip.body.empty());
}

TEST(ProberRefusal, OfAClosedPortIsConnect) {
  int port = 0;
  {
    port = FaultServer{}.port();
  }
  Rig rig;
  const Observation o = rig.probe("http://127.0.0.1:" + std::to_string(port) + "/");
  EXPECT_EQ(o.failure, Cause::connect) << o.failure_text;
  EXPECT_EQ(o.status, 0);
}

TEST(ProbeOnTheWire, SendsWhatItShouldAndNothingElse) {
  FaultServer server;
  server.script("/a---b/%2e?x=%20", {{200, {{"Set-Cookie", "preview=1; Path=/"}, {"Alt-Svc", "h3=\":1\""}}, "one"}});
  Rig rig;
  rig.probe(server.url("/a---b/%2e?x=%20"));
  rig.probe(server.url("/a---b/%2e?x=%20"));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  const std::string& head = requests[1].head;
  EXPECT_EQ(head.substr(0, head.find("\r\n")), "GET /a---b/%2e?x=%20 HTTP/1.1");
  EXPECT_NE(head.find("\r\nUser-Agent: embargod/test (+mailto:publications@example.org)\r\n"), std::string::npos)
      << head;
  EXPECT_NE(head.find("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"), std::string::npos) << head;
  for (const char* name : {"Cookie:", "Referer:", "Authorization:", "If-None-Match:", "If-Modified-Since:",
                           "Cache-Control:", "Pragma:", "Range:", "Upgrade:"})
    EXPECT_EQ(head.find(name), std::string::npos) << head;
}

TEST(ProbeOnTheWire, IgnoresTheEnvironmentsProxyAndNetrc) {
  FaultServer server;
  server.script("/x", {{200, {}, "direct"}});
  const std::string home = testing::TempDir();
  std::ofstream{home + "/.netrc"}
      << "machine 127.0.0.1 login user password secret\ndefault login user password secret\n";
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"})
    setenv(name, "http://127.0.0.1:1", 1);
  setenv("HOME", home.c_str(), 1);
  Rig rig;
  const Observation o = rig.probe(server.url("/x"));
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"}) unsetenv(name);
  EXPECT_EQ(o.body, "direct") << o.failure_text;
  EXPECT_EQ(server.requests().at(0).head.find("Authorization"), std::string::npos);
}

TEST(ProberProxy, TakesTheConfiguredOneAndItsRefusalIsConnect) {
  FaultServer proxy;
  proxy.script("http://stats.example.org:80/x", {{200, {}, "by proxy"}});
  proxy.script("http://stats.example.org/x", {{200, {}, "by proxy"}});
  proxy.script("stats.example.org:443", {{403, {}, "no"}});
  HttpProberSettings s = rig_settings();
  s.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  s.allow_addresses = {};
  setenv("no_proxy", "*", 1);
  Rig rig{s};
  const Observation plain = rig.probe("http://stats.example.org/x");
  EXPECT_EQ(plain.body, "by proxy") << plain.failure_text << proxy.requests().at(0).head;
  const Observation tunnel = rig.probe("https://stats.example.org/x");
  EXPECT_EQ(tunnel.failure, Cause::connect) << tunnel.failure_text;
  EXPECT_EQ(tunnel.status, 0);
  unsetenv("no_proxy");
  const int asked = static_cast<int>(proxy.requests().size());
  for (const char* inside :
       {"http://127.0.0.1/x", "http://2130706433/x", "http://0x7f.1/x", "http://[::1]/x", "http://10.0.0.1/x"})
    EXPECT_EQ(rig.probe(inside).failure, Cause::blocked_address) << inside;
  EXPECT_EQ(static_cast<int>(proxy.requests().size()), asked);
}

struct InsideCase {
  const char* name;
  const char* host;
};
class BlockedAddress : public testing::TestWithParam<InsideCase> {};
TEST_P(BlockedAddress, IsNeverConnectedTo) {
  FaultServer server;
  server.script("/x", {{200, {}, "inside"}});
  HttpProberSettings s = rig_settings();
  s.allow_addresses = {};
  Rig rig{s};
  const Observation o =
      rig.probe("http://" + std::string{GetParam().host} + ":" + std::to_string(server.port()) + "/x");
  EXPECT_EQ(o.failure, Cause::blocked_address) << o.failure_text;
  EXPECT_EQ(o.status, 0);
  EXPECT_EQ(server.connections(), 0);
}
INSTANTIATE_TEST_SUITE_P(Spellings, BlockedAddress,
                         testing::Values(InsideCase{"Dotted", "127.0.0.1"}, InsideCase{"ByName", "localhost"},
                                         InsideCase{"Number", "2130706433"}, InsideCase{"Hex", "0x7f000001"},
                                         InsideCase{"V6", "[::1]"}, InsideCase{"Mapped", "[::ffff:127.0.0.1]"}),
                         [](const auto& p) { return p.param.name; });

TEST(ProberAnswer, GivesTheFactsOfTheAnswer) {
  FaultServer server;
  server.script("/x", {{200,
                        {{"Age", "12"},
                         {"Date", "Wed, 25 Apr 2018 08:30:00 GMT"},
                         {"ETag", "\"a\""},
                         {"X-Dup", "1"},
                         {"X-Dup", "2"},
                         {"Content-Type", "text/html"},
                         {"Last-Modified", "Tue, 24 Apr 2018 08:30:00 GMT"}},
                        "body"}});
  Rig rig;
  const Instant before = rig.clock.now();
  const Observation o = rig.probe(server.url("/x"));
  const Instant after = rig.clock.now();
  EXPECT_EQ(o.token, 1U);
  EXPECT_EQ(o.target, "release/target");
  EXPECT_EQ(o.url, server.url("/x"));
  EXPECT_EQ(o.final_url, server.url("/x"));
  EXPECT_LE(before, o.sent);
  EXPECT_LE(o.sent, o.done);
  EXPECT_LE(o.done, after);
  EXPECT_LE(o.sent_ticks, o.done_ticks);
  EXPECT_EQ(o.clock_error, Millis{7});
  EXPECT_EQ(o.http_version, "1.1");
  EXPECT_EQ(o.age, Seconds{12});
  ASSERT_TRUE(o.date);
  EXPECT_EQ(rfc3339(*o.date), "2018-04-25T08:30:00.000Z");
  EXPECT_EQ(o.etag, "\"a\"");
  EXPECT_EQ(o.last_modified, "Tue, 24 Apr 2018 08:30:00 GMT");
  EXPECT_EQ(o.content_type, "text/html");
  EXPECT_EQ(std::count_if(o.headers.begin(), o.headers.end(), [](const auto& h) { return h.first == "X-Dup"; }), 2);
  EXPECT_EQ(o.remote_ip, "127.0.0.1");
  EXPECT_EQ(o.remote_port, server.port());
  EXPECT_EQ(o.digest, "sha256:" + hex(sha256("body")));
  EXPECT_FALSE(o.reused_connection);
  EXPECT_GT(o.timings.total.count(), 0);
  EXPECT_GE(o.timings.total, o.timings.first_byte);
  EXPECT_GT(o.timings.connect.count(), 0);
}

TEST(ProberAnswer, NothingOfAnEarlierAnswerStays) {
  FaultServer server;
  server.script("/full", {{200, {{"Age", "12"}, {"ETag", "\"a\""}}, "body"}});
  server.script("/none", {faulty(Misbehaviour::reset)});
  Rig rig;
  rig.probe(server.url("/full"));
  const Observation o = rig.probe(server.url("/none"));
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(o.headers.empty());
  EXPECT_TRUE(o.body.empty());
  EXPECT_FALSE(o.age);
  EXPECT_EQ(o.etag, "");
  EXPECT_EQ(o.digest, "");
}

TEST(ProberConnections, AreKeptUnlessAFreshOneIsAsked) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}});
  Rig rig;
  EXPECT_FALSE(rig.probe(server.url("/x")).reused_connection);
  const Observation kept = rig.probe(server.url("/x"));
  EXPECT_TRUE(kept.reused_connection);
  EXPECT_EQ(kept.timings.connect.count(), 0);
  EXPECT_EQ(kept.remote_ip, "127.0.0.1");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_FALSE(rig.probe(server.url("/x"), Route::fresh).reused_connection);
  EXPECT_EQ(server.connections(), 2);
  EXPECT_TRUE(rig.probe(server.url("/x")).reused_connection);
  EXPECT_EQ(server.connections(), 2);
}

TEST(ProberConnections, AKeptOneThatTheServerClosedIsReplaced) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}, faulty(Misbehaviour::close_early), {200, {}, "again"}});
  Rig rig;
  rig.probe(server.url("/x"));
  EXPECT_EQ(rig.probe(server.url("/x")).body, "again");  // libcurl asks once more on a new connection
}

TEST(ProberWait, WakeEndsItAndIsNeverLost) {
  Rig rig;
  std::thread waker{[&rig] { rig.prober->wake(); }};
  const Millis before = rig.clock.ticks();
  EXPECT_TRUE(rig.prober->wait(Millis{20'000}).empty());
  waker.join();
  EXPECT_LT(rig.clock.ticks() - before, Millis{5'000});
  rig.prober->wake();
  rig.prober->wake();
  EXPECT_TRUE(rig.prober->wait(Millis{20'000}).empty());
  EXPECT_LT(rig.clock.ticks() - before, Millis{5'000});
}

TEST(ProberWait, ReturnsAfterItsTimeWithNothingToDo) {
  Rig rig;
  const Millis before = rig.clock.ticks();
  EXPECT_TRUE(rig.prober->wait(Millis{50}).empty());
  EXPECT_GE(rig.clock.ticks() - before, Millis{49});
  EXPECT_EQ(rig.prober->pending(), 0U);
}

TEST(ProberDescriptors, AreAllGivenBack) {
  FaultServer server;
  server.script("/ok", {{200, {}, "ok"}});
  server.script("/reset", {faulty(Misbehaviour::reset)});
  server.script("/hang", {faulty(Misbehaviour::hang)});
  const auto of_the_prober = [&server] { return open_descriptors() - server.descriptors(); };
  {
    Rig warm_up;
    warm_up.probe(server.url("/ok"));
  }
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{300};
  const int before = of_the_prober();
  {
    Rig rig{s};
    for (int i = 0; i < 60; ++i) {
      rig.start(server.url("/ok"), i % 2 == 0 ? Route::fresh : Route::plain);
      rig.start(server.url("/reset"));
      rig.start(server.url("/hang"));
    }
    EXPECT_EQ(rig.drain().size(), 180U);
    EXPECT_LE(of_the_prober() - before, 12);  // its own few, and connections that are kept
    rig.start(server.url("/hang"));           // and one that the destructor cuts off
    EXPECT_TRUE(rig.prober->wait(Millis{20}).empty());
  }
  // The server counts its descriptors a moment after it opens or closes them.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (of_the_prober() > before && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_LE(of_the_prober(), before);
}

}  // namespace
}  // namespace embargod

#include "daemon/web/guard.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>

#include "tests/daemon/web/real_clock.h"
#include "tests/daemon/web/web_client.h"

namespace embargod {
namespace {

using SteadyTime = std::chrono::steady_clock;

Millis since(SteadyTime::time_point start) { return std::chrono::duration_cast<Millis>(SteadyTime::now() - start); }

GuardLimits hasty_limits() {
  GuardLimits limits;
  limits.first_byte = Millis{300};
  limits.request = Millis{400};
  limits.reply = Millis{500};
  limits.idle = Millis{2'000};
  limits.threads = 2;
  limits.clients = 4;
  return limits;
}

/// A guarded server on a free port that answers what was asked.
class GuardTest : public testing::Test {
 protected:
  void start(const GuardLimits& limits) {
    server_ =
        std::make_unique<HardServer>(HardServer::Setup{.name = "test",
                                                       .known_hosts = {},
                                                       .handler = [this](const WebRequest& q) { return answer(q); },
                                                       .limits = limits},
                                     clock_, log_);
    const auto address = server_->listen_on("127.0.0.1:0");
    ASSERT_TRUE(address) << to_string(address.error());
    port_ = port_in(*address);
    ASSERT_TRUE(server_->start());
  }

  WebReply answer(const WebRequest& q) {
    ++served_;
    if (q.path == "/throw") throw std::runtime_error{"secret db path /var/lib"};
    if (q.path == "/throw-odd") throw 7;
    if (q.path == "/large") return text_reply(200, std::string(16U << 20U, 'x'));
    std::string seen = q.method + " " + q.path + " " + q.peer + " " + q.body + "\n";
    for (const auto& [name, value] : q.headers) seen += name + "=" + value + "\n";
    return text_reply(200, seen);
  }

  RealClock clock_;
  NullLog log_;
  std::unique_ptr<HardServer> server_;
  std::atomic<int> served_{0};
  int port_ = 0;
};

TEST_F(GuardTest, HandsOverTheRequestAsSent) {
  start(hasty_limits());
  const RawReply r = ask(port_, "POST", "/a%20b?x=1", "X-Name: value\r\nREMOTE_ADDR: 10.9.9.9\r\n", "body bytes");
  EXPECT_EQ(r.status, 200);
  EXPECT_NE(r.body.find("POST /a b 127.0.0.1 body bytes\n"), std::string::npos) << r.body;
  EXPECT_NE(r.body.find("x-name=value\n"), std::string::npos);
  EXPECT_EQ(r.body.find("remote_addr"), std::string::npos);
}

TEST_F(GuardTest, KeepsAConnectionForSeveralRequestsAndPipelinedOnes) {
  start(hasty_limits());
  WebClient client{port_};
  const std::string one = "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  client.send(one);
  EXPECT_EQ(client.reply(Millis{2'000}).status, 200);
  client.send(one + one + "POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + one);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(client.reply(Millis{2'000}).status, 200) << i;
  EXPECT_EQ(served_, 5);
}

TEST_F(GuardTest, EndsAConnectionAfterItsLastRequest) {
  auto limits = hasty_limits();
  limits.requests_per_connection = 2;
  start(limits);
  WebClient client{port_};
  client.send(
      "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /3 HTTP/1.1\r\nHost: "
      "localhost\r\n\r\n");
  EXPECT_EQ(client.reply(Millis{2'000}).status, 200);
  EXPECT_EQ(client.reply(Millis{2'000}).headers["connection"], "close");
  EXPECT_TRUE(client.closed_within(Millis{2'000}));
  EXPECT_EQ(served_, 2);
}

TEST_F(GuardTest, EndsAConnectionWhenTheClientAsksForIt) {
  start(hasty_limits());
  WebClient client{port_};
  client.send("GET /1 HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n\r\n");
  EXPECT_EQ(client.reply(Millis{2'000}).status, 200);
  EXPECT_TRUE(client.closed_within(Millis{1'000}));
}

TEST_F(GuardTest, AnExceptionSaysNothingToTheClient) {
  start(hasty_limits());
  for (const char* path : {"/throw", "/throw-odd"}) {
    const RawReply r = ask(port_, "GET", path);
    EXPECT_EQ(r.status, 500) << path;
    EXPECT_EQ(r.raw.find("secret"), std::string::npos) << r.raw;
    EXPECT_EQ(r.raw.find("EXCEPTION"), std::string::npos) << r.raw;
    EXPECT_NE(r.raw.find("Content-Security-Policy"), std::string::npos);
  }
}

TEST_F(GuardTest, SaysContinueOnlyToARequestItTakes) {
  start(hasty_limits());
  WebClient client{port_};
  client.send("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.reply(Millis{2'000}).status, 100);
  client.send("abc");
  EXPECT_EQ(client.reply(Millis{2'000}).status, 200);
  WebClient large{port_};
  large.send("POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
  EXPECT_EQ(large.reply(Millis{2'000}).status, 413);
}

TEST_F(GuardTest, ADrippingClientIsCutAtTheDeadline) {
  start(hasty_limits());
  WebClient client{port_};
  const auto begin = SteadyTime::now();
  const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(2'000, 'y');
  bool taken = true;
  for (std::size_t i = 0; taken && i < request.size() && since(begin) < Millis{5'000}; ++i) {
    taken = client.send(request.substr(i, 1)) && !client.closed_within(Millis{20});
  }
  EXPECT_LT(since(begin), Millis{1'800});
  EXPECT_EQ(served_, 0);
}

TEST_F(GuardTest, ASilentClientIsCut) {
  start(hasty_limits());
  WebClient client{port_};
  EXPECT_TRUE(client.closed_within(Millis{3'000}));
}

TEST_F(GuardTest, AHalfSentRequestIsAnswered408) {
  start(hasty_limits());
  for (const char* half : {"GET / HT", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"}) {
    WebClient client{port_};
    client.send(half);
    EXPECT_EQ(client.reply(Millis{3'000}).status, 408) << half;
  }
}

TEST_F(GuardTest, AReaderThatReadsNothingHoldsNoThread) {
  start(hasty_limits());
  WebClient first{port_};
  WebClient second{port_};
  const std::string request = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
  first.send(request);
  second.send(request);
  const auto begin = SteadyTime::now();
  while (served_ < 2 && since(begin) < Millis{5'000}) ::poll(nullptr, 0, 5);
  EXPECT_EQ(ask(port_, "GET", "/-/healthy").status, 200);
  EXPECT_LT(since(begin), Millis{5'000});
}

TEST_F(GuardTest, ClientsAboveTheCapAreToldAtOnce) {
  auto limits = hasty_limits();
  limits.first_byte = Millis{3'000};
  start(limits);
  std::vector<WebClient> silent;
  for (int i = 0; i < limits.clients; ++i) silent.emplace_back(port_);
  const auto begin = SteadyTime::now();
  RawReply r;
  do r = ask(port_, "GET", "/");
  while (r.status == 200 && since(begin) < Millis{1'000});
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.headers["retry-after"], "1");
  EXPECT_LT(since(begin), Millis{1'500});
}

TEST_F(GuardTest, AnIdleClientYieldsItsThread) {
  start(hasty_limits());
  std::vector<WebClient> idle;
  for (int i = 0; i < 2; ++i) {
    idle.emplace_back(port_);
    idle.back().send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(idle.back().reply(Millis{2'000}).status, 200);
  }
  const auto begin = SteadyTime::now();
  EXPECT_EQ(ask(port_, "GET", "/").status, 200);
  EXPECT_LT(since(begin), Millis{1'000}) << "the idle limit is 2 s";
}

TEST_F(GuardTest, StopDoesNotWaitForIdleSlowOrDeafClients) {
  auto limits = hasty_limits();
  limits.threads = 4;
  limits.clients = 8;
  limits.first_byte = limits.request = limits.reply = limits.idle = Millis{30'000};
  start(limits);
  WebClient idle{port_};
  idle.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(idle.reply(Millis{2'000}).status, 200);
  WebClient slow{port_};
  slow.send("GET / HT");
  WebClient deaf{port_};
  deaf.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto wait = SteadyTime::now();
  while (served_ < 2 && since(wait) < Millis{5'000}) ::poll(nullptr, 0, 5);
  const auto begin = SteadyTime::now();
  std::async(std::launch::async, [this] { server_->stop(); }).get();
  EXPECT_LT(since(begin), Millis{5'000});
  EXPECT_FALSE(WebClient{port_}.connected());
  server_->stop();
}

TEST_F(GuardTest, StopBeforeStartAndTwiceIsFine) {
  HardServer never{HardServer::Setup{.name = "test",
                                     .known_hosts = {},
                                     .handler = [](const WebRequest&) { return text_reply(200, ""); },
                                     .limits = {}},
                   clock_, log_};
  ASSERT_TRUE(never.listen_on("127.0.0.1:0"));
  never.stop();
  never.stop();
}

TEST_F(GuardTest, ManyClientsWaitInTheBacklog) {
  HardServer late{HardServer::Setup{.name = "test",
                                    .known_hosts = {},
                                    .handler = [](const WebRequest&) { return text_reply(200, "x"); },
                                    .limits = {}},
                  clock_, log_};
  const auto address = late.listen_on("127.0.0.1:0");
  ASSERT_TRUE(address);
  std::vector<WebClient> waiting;
  for (int i = 0; i < 40; ++i) {
    waiting.emplace_back(port_in(*address));
    ASSERT_TRUE(waiting.back().connected()) << i;
    waiting.back().send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  ASSERT_TRUE(late.start());
  for (auto& client : waiting) EXPECT_EQ(client.reply(Millis{5'000}).status, 200);
}

}  // namespace
}  // namespace embargod

// Rates, connections and Retry-After as the server sees them.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"

namespace embargod {
namespace {

TEST(ProberBudget, AThousandQueuedRequestsGiveOneObservationEach) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}});
  server.script("/r", {{302, {{"Location", "/x"}}, ""}});
  server.script("/cut", {{200, {}, "ok", Misbehaviour::lying_length, {}}});
  HttpProberSettings s = rig_settings();
  s.per_host.connections = 4;
  s.timeout = Millis{20'000};
  Rig rig{s};
  const char* paths[] = {"/x", "/r", "/cut", "/none"};
  for (int i = 0; i < 1'000; ++i) rig.start(server.url(paths[i % 4]));
  EXPECT_EQ(rig.prober->pending(), 1'000U);
  const auto all = rig.drain(Millis{50'000});
  std::set<std::uint64_t> tokens;
  for (const Observation& o : all) tokens.insert(o.token);
  EXPECT_EQ(all.size(), 1'000U);
  EXPECT_EQ(tokens.size(), 1'000U);
  EXPECT_EQ(rig.prober->pending(), 0U);
  EXPECT_LE(server.most_at_once(), 4);
}

TEST(ProberBudget, HoldsTheRateAndTheConnectionsOfASite) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok", Misbehaviour::none, std::chrono::milliseconds{30}}});
  HttpProberSettings s = rig_settings();
  s.per_host = HostPolicy{20, 5, 2};
  Rig rig{s};
  for (int i = 0; i < 25; ++i) rig.start(server.url("/x"), i % 5 == 0 ? Route::fresh : Route::plain);
  EXPECT_EQ(rig.drain().size(), 25U);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 25U);
  // 5 at once, then 20 a second: 20 more take a second. A slow machine only takes longer.
  EXPECT_GE(requests.back().at - requests.front().at, std::chrono::milliseconds{950});
  for (std::size_t i = 0; i + 12 < requests.size(); ++i)
    EXPECT_GE(requests[i + 12].at - requests[i].at, std::chrono::milliseconds{250})
        << i;  // 13 in a window: 5 and 0.4 s of rate
  EXPECT_LE(server.most_at_once(), 2);
}

TEST(ProberBudget, CountsRedirectHops) {
  FaultServer server;
  server.script("/a", {{302, {{"Location", "/b"}}, ""}});
  server.script("/b", {{200, {}, "ok"}});
  HttpProberSettings s = rig_settings();
  s.per_host = HostPolicy{20, 2, 4};
  Rig rig{s};
  for (int i = 0; i < 10; ++i) rig.start(server.url("/a"));
  const Millis before = rig.clock.ticks();
  EXPECT_EQ(rig.drain().size(), 10U);
  EXPECT_EQ(server.requests().size(), 20U);
  EXPECT_GE(rig.clock.ticks() - before, Millis{750});  // 20 requests, 2 free, the last walk's hops in debt
}

TEST(ProberBudget, StartsTheUrgentFirst) {
  FaultServer server;
  for (const char* path : {"/routine", "/window", "/incident"}) server.script(path, {{200, {}, "ok"}});
  HttpProberSettings s = rig_settings();
  s.per_host = HostPolicy{1'000, 1'000, 1};
  Rig rig{s};
  rig.start(server.url("/routine"));
  rig.start(server.url("/routine"));
  rig.start(server.url("/window"), Route::plain, Urgency::window);
  rig.start(server.url("/incident"), Route::plain, Urgency::incident);
  rig.drain();
  std::vector<std::string> order;
  for (const auto& r : server.requests()) order.push_back(r.path);
  EXPECT_EQ(order, (std::vector<std::string>{"/incident", "/window", "/routine", "/routine"}));
}

class RetryAfterOnTheWire : public testing::TestWithParam<int> {};
TEST_P(RetryAfterOnTheWire, HoldsTheWholeSiteAndNoOther) {
  FaultServer server;
  FaultServer other;
  server.script("/busy", {{GetParam(), {{"Retry-After", "1"}}, "later"}});
  server.script("/x", {{200, {}, "ok"}});
  other.script("/x", {{200, {}, "ok"}});
  Rig rig;
  EXPECT_EQ(rig.probe(server.url("/busy")).status, GetParam());
  const Millis held_from = rig.clock.ticks();
  rig.start(server.url("/x"), Route::plain, Urgency::incident);
  const auto other_token = rig.start(other.url("/x"));
  auto first = rig.prober->wait(Millis{900});
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].token, other_token);
  EXPECT_EQ(rig.drain().size(), 1U);
  EXPECT_GE(rig.clock.ticks() - held_from, Millis{950});
}
INSTANTIATE_TEST_SUITE_P(Statuses, RetryAfterOnTheWire, testing::Values(429, 503));

TEST(ProberBudget, IgnoresRetryAfterOfAnOrdinaryAnswer) {
  FaultServer server;
  server.script("/x", {{200, {{"Retry-After", "30"}}, "ok"}});
  Rig rig;
  rig.probe(server.url("/x"));
  const Millis before = rig.clock.ticks();
  rig.probe(server.url("/x"));
  EXPECT_LT(rig.clock.ticks() - before, Millis{5'000});
}

}  // namespace
}  // namespace embargod

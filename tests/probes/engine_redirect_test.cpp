// The redirect walk on real sockets.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"

namespace embargod {
namespace {

ServerAnswer moved(const std::string& location, int status = 302) {
  return {status, {{"Location", location}}, "moved"};
}

struct WalkCase {
  const char* name;
  const char* location;
  Cause want;
  int status;
  std::size_t hops;
};

class RedirectWalk : public testing::TestWithParam<WalkCase> {};
TEST_P(RedirectWalk, StaysOnTheHostAndEnds) {
  const auto& c = GetParam();
  FaultServer server;
  server.script("/start", {moved(c.location)});
  server.script("/end", {{200, {}, "the page"}});
  server.script("/here/there", {{200, {}, "the page"}});
  server.script("/loop", {moved("/loop2")});
  server.script("/loop2", {moved("/loop")});
  Rig rig;
  const Observation o = rig.probe(server.url("/start"));
  EXPECT_EQ(o.failure, c.want) << to_string(o.failure) << " " << o.failure_text;
  EXPECT_EQ(o.status, c.status);
  ASSERT_EQ(o.hops.size(), c.hops);
  EXPECT_EQ(o.hops[0].status, 302);
  EXPECT_EQ(o.hops[0].location, c.location);
  EXPECT_EQ(o.url, server.url("/start"));
}
INSTANTIATE_TEST_SUITE_P(
    Locations, RedirectWalk,
    testing::Values(WalkCase{"Path", "/end", Cause::none, 200, 1}, WalkCase{"Relative", "end", Cause::none, 200, 1},
                    WalkCase{"DotSegments", "/here/./x/../there", Cause::none, 200, 1},
                    WalkCase{"Fragment", "/end#part", Cause::none, 200, 1},
                    WalkCase{"ToNothing", "/gone", Cause::none, 404, 1},
                    WalkCase{"Itself", "/start", Cause::redirect_loop, 302, 1},
                    WalkCase{"ItselfWithFragment", "/start#again", Cause::redirect_loop, 302, 1},
                    WalkCase{"Loop", "/loop", Cause::redirect_loop, 302, 3},
                    WalkCase{"OtherHost", "http://127.0.0.2/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"OtherName", "http://localhost/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"OtherPort", "http://127.0.0.1:1/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"File", "file:///etc/passwd", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"Gopher", "gopher://127.0.0.1/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"Metadata", "http://169.254.169.254/latest/meta-data", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"Number", "http://2130706433/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"OtherHostSameScheme", "//127.0.0.2/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"Password", "http://user:pw@127.0.0.1/x", Cause::redirect_elsewhere, 302, 1},
                    WalkCase{"Nonsense", "http://", Cause::redirect_elsewhere, 302, 1}),
    [](const auto& p) { return p.param.name; });

TEST(RedirectWalkEnd, ACodeWithoutALocationIsTheAnswer) {
  FaultServer server;
  server.script("/x", {{302, {}, "where?"}});
  Rig rig;
  const Observation o = rig.probe(server.url("/x"));
  EXPECT_EQ(o.failure, Cause::none);
  EXPECT_EQ(o.status, 302);
  EXPECT_TRUE(o.hops.empty());
}

struct ChainCase {
  const char* name;
  int length;
  Cause want;
};
class RedirectChain : public testing::TestWithParam<ChainCase> {};
TEST_P(RedirectChain, MayHaveFiveHops) {
  FaultServer server;
  for (int i = 0; i < GetParam().length; ++i)
    server.script("/" + std::to_string(i), {moved("/" + std::to_string(i + 1), i % 2 == 0 ? 301 : 308)});
  server.script("/" + std::to_string(GetParam().length), {{200, {{"X-Last", "yes"}}, "the end"}});
  Rig rig;
  const Observation o = rig.probe(server.url("/0"));
  EXPECT_EQ(o.failure, GetParam().want);
  if (GetParam().want == Cause::none) {
    EXPECT_EQ(o.body, "the end");
    EXPECT_EQ(o.final_url, server.url("/" + std::to_string(GetParam().length)));
    EXPECT_EQ(o.hops.size(), 5U);
    EXPECT_NE(find_header(o, "X-Last"), nullptr);
    EXPECT_EQ(find_header(o, "Location"), nullptr);
  }
}
INSTANTIATE_TEST_SUITE_P(Lengths, RedirectChain,
                         testing::Values(ChainCase{"Five", 5, Cause::none}, ChainCase{"Six", 6, Cause::redirect_loop}),
                         [](const auto& p) { return p.param.name; });

TEST(RedirectHops, HasOneDeadlineOverAllItsHops) {
  FaultServer server;
  for (int i = 0; i < 5; ++i) {
    ServerAnswer a = moved("/" + std::to_string(i + 1));
    a.delay = std::chrono::milliseconds{300};
    server.script("/" + std::to_string(i), {a});
  }
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{700};
  Rig rig{s};
  const Millis before = rig.clock.ticks();
  const Observation o = rig.probe(server.url("/0"));
  EXPECT_EQ(o.failure, Cause::timeout);
  EXPECT_LT(rig.clock.ticks() - before, Millis{1'200});
  EXPECT_EQ(o.hops.size(), 2U);
  EXPECT_LE(o.sent_ticks, before + Millis{100});  // of the first request
  EXPECT_GE(o.timings.total, Micros{600'000});
}

TEST(RedirectHops, AHopThatBreaksKeepsNothingOfTheHopBefore) {
  FaultServer server;
  server.script("/a", {{302, {{"Location", "/b"}, {"Age", "9"}}, "moved"}});
  server.script("/b", {{200, {}, "", Misbehaviour::reset, {}}});
  Rig rig;
  const Observation o = rig.probe(server.url("/a"));
  EXPECT_EQ(o.failure, Cause::reset);
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(o.headers.empty());
  EXPECT_FALSE(o.age);
  EXPECT_EQ(o.hops.size(), 1U);
}

TEST(RedirectHops, ARedirectWithAnEndlessBodyIsStillOne) {
  FaultServer server;
  server.script("/a", {{302, {{"Location", "/b"}}, std::string(65'536, 'x'), Misbehaviour::endless_body, {}}});
  server.script("/b", {{200, {}, "the page"}});
  Rig rig;
  const Observation o = rig.probe(server.url("/a"));
  EXPECT_EQ(o.failure, Cause::none) << o.failure_text;
  EXPECT_EQ(o.body, "the page");
}

TEST(RedirectHops, SendsNoReferer) {
  FaultServer server;
  server.script("/a", {moved("/b")});
  server.script("/b", {{200, {}, "x"}});
  Rig rig;
  rig.probe(server.url("/a"));
  EXPECT_EQ(server.requests().back().path, "/b");
  EXPECT_EQ(server.requests().back().head.find("Referer"), std::string::npos);
}

}  // namespace
}  // namespace embargod

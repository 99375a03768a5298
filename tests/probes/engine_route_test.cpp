// Each route on the wire: which address it connects to, on which connection, with which query.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

/// Plays hosts; a host without an entry is not known, one with `hangs` never gets an answer.
struct PlayedHosts final : Resolver {
  std::map<std::string, HostAddresses> hosts;
  std::string hangs;

  std::optional<HostAddresses> addresses(const std::string& host, Millis) override {
    if (host == hangs) return std::nullopt;
    const auto found = hosts.find(host);
    return found == hosts.end() ? HostAddresses{} : found->second;
  }
};

constexpr const char* kTwoAddresses = R"(
  listen 127.0.0.2:@PORT@; listen [::1]:@PORT@;
  listen 127.0.0.2:@TLS_PORT@ ssl http2; listen [::1]:@TLS_PORT@ ssl http2;
  location = /who { default_type text/plain; return 200 $server_addr; }
  location = /old { return 301 /who; }
  location = /absolute { return 301 $scheme://$http_host/who; }
)";

class RouteOnNginx : public testing::Test {
 protected:
  void SetUp() override {
    auto started = Nginx::start(folder_.path(), {kTwoAddresses, "", true});
    ASSERT_TRUE(started) << to_string(started.error());
    nginx_ = std::move(*started);
    settings_ = rig_settings();
    settings_.allow_addresses = {"127.0.0.0/8", "::1"};
    settings_.ca_file = nginx_->certificate().string();
    settings_.resolver = played_;
    play({"127.0.0.2", "127.0.0.1", "::1"});
  }
  void play(std::vector<std::string> list) {
    played_->hosts["stats.example.org"] = played_->hosts["localhost"] = {std::move(list), {}};
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://stats.example.org:" + std::to_string(nginx_->port()) + path;
  }
  [[nodiscard]] std::string tls_url(const std::string& path) const {
    return "https://localhost:" + std::to_string(nginx_->tls_port()) + path;
  }

  TempFolder folder_;
  std::unique_ptr<Nginx> nginx_;
  std::shared_ptr<PlayedHosts> played_ = std::make_shared<PlayedHosts>();
  HttpProberSettings settings_;
};

TEST_F(RouteOnNginx, EachOneReachesItsAddressAndNoneButPlainKeepsTheConnection) {
  const std::vector<std::pair<Route, std::string>> want{
      {Route::plain, "127.0.0.2"}, {Route::fresh, "127.0.0.2"}, {Route::other_address, "127.0.0.1"},
      {Route::ipv4, "127.0.0.2"},  {Route::ipv6, "::1"},        {Route::bypass, "127.0.0.2"}};
  for (const std::string& page : {url("/who"), tls_url("/who")}) {
    Rig rig{settings_};
    rig.probe(page);
    for (int round = 0; round < 2; ++round) {
      for (const auto& [route, address] : want) {
        SCOPED_TRACE(page + " " + to_string(route));
        const Observation o = rig.probe(page, route);
        EXPECT_EQ(o.failure, Cause::none) << o.failure_text;
        EXPECT_EQ(o.body, address);
        EXPECT_EQ(o.remote_ip, address);
        EXPECT_EQ(o.route, route);
        EXPECT_EQ(o.reused_connection, route == Route::plain);
        EXPECT_FALSE(o.no_route);
        EXPECT_EQ(o.final_url, page);
      }
    }
  }
}

TEST_F(RouteOnNginx, TheOtherAddressIsOtherThanThatOfTheNewestPlainLook) {
  Rig rig{settings_};
  EXPECT_EQ(rig.probe(url("/who")).body, "127.0.0.2");
  play({"127.0.0.1", "127.0.0.2"});
  EXPECT_EQ(rig.probe(url("/who"), Route::fresh).body, "127.0.0.1");
  EXPECT_EQ(rig.probe(url("/who"), Route::other_address).body, "127.0.0.1");
  EXPECT_EQ(rig.probe(url("/who")).body, "127.0.0.1");
  EXPECT_EQ(rig.probe(url("/who"), Route::other_address).body, "127.0.0.2");
}

TEST_F(RouteOnNginx, TheAddressHoldsOverRedirects) {
  Rig rig{settings_};
  for (const char* path : {"/old", "/absolute"}) {
    const Observation o = rig.probe(url(path), Route::other_address);
    EXPECT_EQ(o.hops.size(), 1U) << path;
    EXPECT_EQ(o.body, "127.0.0.1") << path << " " << o.failure_text;
  }
}

TEST_F(RouteOnNginx, AHostWithoutSuchAnAddressIsNotAskedAndCostsNoBudget) {
  play({"127.0.0.1"});
  settings_.per_host = HostPolicy{0.001, 1, 1};
  Rig rig{settings_};
  for (const Route route : {Route::other_address, Route::ipv6}) {
    const Observation o = rig.probe(url("/who"), route);
    EXPECT_TRUE(o.no_route) << to_string(route);
    EXPECT_EQ(o.token, rig.next - 1);
    EXPECT_EQ(o.url, url("/who"));
    EXPECT_EQ(o.route, route);
    EXPECT_EQ(o.status, 0);
    EXPECT_EQ(o.failure, Cause::none);
    EXPECT_TRUE(o.body.empty());
  }
  const Millis before = rig.clock.ticks();
  EXPECT_EQ(rig.probe(url("/who")).body, "127.0.0.1");  // the one token is still there
  EXPECT_LT(rig.clock.ticks() - before, Millis{1'500});
}

TEST_F(RouteOnNginx, AddressesThatMayNotBeProbedAreNotConnectedTo) {
  play({"127.0.0.1", "10.11.12.13"});
  Rig rig{settings_};
  const Observation o = rig.probe(url("/who"), Route::other_address);
  EXPECT_EQ(o.failure, Cause::blocked_address);
  EXPECT_FALSE(o.no_route);
  play({"10.11.12.13"});
  EXPECT_EQ(rig.probe(url("/who")).failure, Cause::blocked_address);
}

TEST_F(RouteOnNginx, AWrittenAddressHasNoOtherAndOneFamily) {
  Rig rig{settings_};
  const std::string page = nginx_->url("/who");
  EXPECT_TRUE(rig.probe(page, Route::other_address).no_route);
  EXPECT_TRUE(rig.probe(page, Route::ipv6).no_route);
  EXPECT_EQ(rig.probe(page, Route::ipv4).body, "127.0.0.1");
  const std::string six = "http://[::1]:" + std::to_string(nginx_->port()) + "/who";
  EXPECT_EQ(rig.probe(six, Route::ipv6).body, "::1");
  EXPECT_TRUE(rig.probe(six, Route::ipv4).no_route);
}

TEST_F(RouteOnNginx, OneFamilyDownIsSeenAsThatFamilyAlone) {
  const auto down = Nginx::start(folder_ / "v4", {"location = /who { return 200 up; }", "", false});
  ASSERT_TRUE(down);
  const std::string page = "http://stats.example.org:" + std::to_string((*down)->port()) + "/who";
  Rig rig{settings_};
  play({"127.0.0.1", "::1"});
  EXPECT_EQ(rig.probe(page, Route::ipv4).body, "up");
  const Observation six = rig.probe(page, Route::ipv6);
  EXPECT_EQ(six.failure, Cause::connect) << six.failure_text;
  EXPECT_EQ(six.status, 0);
}

TEST_F(RouteOnNginx, TheCertificatesIssuerIsToldOnNewAndOnKeptConnections) {
  Rig rig{settings_};
  EXPECT_EQ(rig.probe(tls_url("/who")).certificate_issuer, "localhost");
  const Observation kept = rig.probe(tls_url("/who"));
  EXPECT_TRUE(kept.reused_connection);
  EXPECT_EQ(kept.certificate_issuer, "localhost");
  EXPECT_EQ(rig.probe(tls_url("/who"), Route::other_address).certificate_issuer, "localhost");
  EXPECT_EQ(rig.probe(url("/who")).certificate_issuer, "");
}

TEST(RouteSystem, AResolverThatNeverAnswersEndsInTimeAndDelaysNothingElse) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}});
  const auto played = std::make_shared<PlayedHosts>();
  played->hangs = "stats.example.org";
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{400};
  s.resolver = played;
  Rig rig{s};
  const Millis before = rig.clock.ticks();
  for (const Route route : {Route::plain, Route::other_address, Route::ipv4, Route::ipv6})
    rig.start("http://stats.example.org/x", route);
  EXPECT_EQ(rig.prober->pending(), 4U);
  rig.start(server.url("/x"));
  auto seen = rig.prober->wait(Millis{5'000});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].body, "ok");
  EXPECT_LT(rig.clock.ticks() - before, Millis{350});
  seen = rig.drain();
  ASSERT_EQ(seen.size(), 4U);
  for (const Observation& o : seen) {
    EXPECT_EQ(o.failure, Cause::dns);
    EXPECT_FALSE(o.no_route);
  }
  EXPECT_GE(rig.clock.ticks() - before, Millis{390});
  EXPECT_LT(rig.clock.ticks() - before, Millis{900});
}

TEST(RouteSystem, AFailedLookupIsDnsAndNotAMissingRoute) {
  const auto played = std::make_shared<PlayedHosts>();
  played->hosts["stats.example.org"] = {{}, "Temporary failure in name resolution"};
  HttpProberSettings s = rig_settings();
  s.resolver = played;
  Rig rig{s};
  const Observation o = rig.probe("http://stats.example.org/x", Route::ipv4);
  EXPECT_EQ(o.failure, Cause::dns);
  EXPECT_EQ(o.failure_text, "Temporary failure in name resolution");
  EXPECT_FALSE(o.no_route);
}

TEST(RouteSystem, WithoutAPlayedHostTheSystemIsAsked) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}});
  Rig rig;
  const std::string page = "http://localhost:" + std::to_string(server.port()) + "/x";
  const Observation four = rig.probe(page, Route::ipv4);
  EXPECT_EQ(four.body, "ok") << four.failure_text;
  EXPECT_EQ(four.remote_ip, "127.0.0.1");
}

TEST(RouteSystem, BehindAProxyNoAddressCanBeChosen) {
  FaultServer proxy;
  proxy.script("http://stats.example.org/x", {{200, {}, "by proxy"}});
  HttpProberSettings s = rig_settings();
  s.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  Rig rig{s};
  for (const Route route : {Route::other_address, Route::ipv4, Route::ipv6})
    EXPECT_TRUE(rig.probe("http://stats.example.org/x", route).no_route) << to_string(route);
  EXPECT_EQ(proxy.connections(), 0);
  EXPECT_EQ(rig.probe("http://stats.example.org/x", Route::fresh).body, "by proxy");
}

std::string asked_last(const FaultServer& server) { return server.requests().back().path; }

TEST(RouteBypass, AsksWithAQueryThatNoCacheHasSeenAndTellsTheUrlWithout) {
  FaultServer server;
  Rig rig;
  const Observation o = rig.probe(server.url("/x"), Route::bypass);
  const std::string first = asked_last(server);
  EXPECT_EQ(first.substr(0, 12), "/x?embargod=") << first;
  EXPECT_EQ(first.size(), 28U);
  EXPECT_EQ(o.url, server.url("/x"));
  EXPECT_EQ(o.final_url, server.url("/x"));
  EXPECT_EQ(o.status, 404);
  rig.probe(server.url("/x"), Route::bypass);
  EXPECT_NE(asked_last(server), first);
  Rig next_run;
  next_run.probe(server.url("/x"), Route::bypass);
  EXPECT_NE(asked_last(server), first);  // the same token as the first, in another run
  rig.probe(server.url("/x?a=1"), Route::bypass);
  EXPECT_EQ(asked_last(server).substr(0, 16), "/x?a=1&embargod=");
  rig.probe(server.url("/x"), Route::fresh);
  EXPECT_EQ(asked_last(server), "/x");
}

TEST(RouteBypass, IsAddedOnEachHopAndTakenOutOfEveryAddressThatIsTold) {
  const TempFolder folder;
  const auto nginx = Nginx::start(folder.path(), {R"(
    location = /echo { return 301 /page?$args; }
    location = /page { default_type text/plain; return 200 $args; }
    location = /clean { if ($args) { return 301 /clean; } return 200 clean; })",
                                                  "", false});
  ASSERT_TRUE(nginx) << to_string(nginx.error());
  Rig rig;
  const Observation o = rig.probe((*nginx)->url("/echo?a=1"), Route::bypass);
  EXPECT_EQ(o.status, 200) << o.failure_text;
  EXPECT_EQ(o.body.substr(0, 13), "a=1&embargod=");
  EXPECT_EQ(std::count(o.body.begin(), o.body.end(), '&'), 1) << o.body;
  EXPECT_EQ(o.final_url, (*nginx)->url("/page?a=1"));
  ASSERT_EQ(o.hops.size(), 1U);
  EXPECT_EQ(o.hops[0].location.find("embargod"), std::string::npos) << o.hops[0].location;
  // A site that takes the query away cannot be asked past its caches: unknown, and no endless walk.
  const Observation clean = rig.probe((*nginx)->url("/clean"), Route::bypass);
  EXPECT_EQ(clean.failure, Cause::redirect_loop);
}

}  // namespace
}  // namespace embargod

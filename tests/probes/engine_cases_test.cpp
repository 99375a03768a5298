// How the answer must not depend on the way of asking: one GET, as the URL says, with nothing kept from before.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

std::string header_line(const std::string& head, const std::string& name) {
  const std::size_t at = head.find("\r\n" + name + ":");
  return at == std::string::npos ? "" : head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
}

TEST(ProbeAsks, ByGetForTheWholeSoThatHeadAndRangeCannotDeceive) {
  const TempFolder folder;
  const auto nginx = Nginx::start(folder.path(), {R"(
    location = /head { if ($request_method = HEAD) { return 404; } return 200 whole; }
    location = /range { if ($http_range) { return 416; } return 200 whole; })",
                                                  "", false});
  ASSERT_TRUE(nginx) << to_string(nginx.error());
  Rig rig;
  for (const char* path : {"/head", "/range"}) {
    for (const Route route : {Route::plain, Route::fresh, Route::ipv4, Route::bypass}) {
      const Observation o = rig.probe((*nginx)->url(path), route);
      EXPECT_EQ(o.status, 200) << path << " " << to_string(route);
      EXPECT_EQ(o.body, "whole");
    }
  }
}

TEST(ProbeAsks, HttpAndHttpsAsTheyAreWrittenWithoutAMemoryOfHsts) {
  const TempFolder folder;
  const auto nginx = Nginx::start(folder.path(), {R"(
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains; preload" always;
    location = /leak { default_type text/plain; if ($scheme = https) { return 404; } return 200 leaked; })",
                                                  "", true});
  ASSERT_TRUE(nginx) << to_string(nginx.error());
  HttpProberSettings s = rig_settings();
  s.ca_file = (*nginx)->certificate().string();
  Rig rig{s};
  const std::string secure_page = "https://localhost:" + std::to_string((*nginx)->tls_port()) + "/leak";
  const std::string page = "http://localhost:" + std::to_string((*nginx)->port()) + "/leak";  // HSTS is for names
  for (int round = 0; round < 2; ++round) {
    const Observation secure = rig.probe(secure_page);
    EXPECT_EQ(secure.status, 404) << secure.failure_text;
    EXPECT_NE(find_header(secure, "Strict-Transport-Security"), nullptr);
    const Observation plain = rig.probe(page);
    EXPECT_EQ(plain.body, "leaked") << plain.failure_text;
    EXPECT_EQ(plain.final_url, page);
    EXPECT_TRUE(plain.hops.empty());
    EXPECT_EQ(plain.certificate_issuer, "");
  }
}

TEST(ProbeAsks, NoAddressThatOnlyTheBodyOrARefreshHeaderNames) {
  FaultServer server;
  const std::string page = R"(<html><head><meta http-equiv="refresh" content="0; url=/next"></head></html>)";
  server.script("/refresh", {{200, {{"Refresh", "0; url=/next"}, {"Link", "</next>; rel=preload"}}, page}});
  server.script("/next", {{200, {}, "next"}});
  Rig rig;
  const Observation o = rig.probe(server.url("/refresh"));
  EXPECT_EQ(o.body, page);
  EXPECT_EQ(o.final_url, server.url("/refresh"));
  EXPECT_TRUE(o.hops.empty());
  EXPECT_EQ(server.count("/next"), 0);
}

TEST(ProbeAsks, WithoutConditionsSoThatALyingETagHidesNothing) {
  FaultServer server;
  const std::vector<std::pair<std::string, std::string>> same{
      {"ETag", "\"same\""}, {"Last-Modified", "Wed, 25 Apr 2018 08:30:00 GMT"}, {"Cache-Control", "max-age=600"}};
  server.script("/x", {{200, same, "before"}, {200, same, "after"}});
  Rig rig;
  EXPECT_EQ(rig.probe(server.url("/x")).body, "before");
  EXPECT_EQ(rig.probe(server.url("/x")).body, "after");
  for (const ServedRequest& r : server.requests()) {
    EXPECT_EQ(header_line(r.head, "If-None-Match"), "");
    EXPECT_EQ(header_line(r.head, "If-Modified-Since"), "");
    EXPECT_EQ(header_line(r.head, "Cache-Control"), "");
    EXPECT_EQ(header_line(r.head, "Pragma"), "");
  }
}

struct ClockCase {
  const char* name;
  const char* date;
  const char* modified;
  const char* read;
};
class ServersDates : public testing::TestWithParam<ClockCase> {};
TEST_P(ServersDates, AreToldAndMoveNoTimeOfOurs) {
  const auto& c = GetParam();
  FaultServer server;
  server.script("/x", {{200, {{"Date", c.date}, {"Last-Modified", c.modified}}, "x"}});
  Rig rig;
  const Instant before = rig.clock.now();
  const Observation o = rig.probe(server.url("/x"));
  EXPECT_EQ(o.failure, Cause::none);
  EXPECT_LE(before, o.sent);
  EXPECT_LE(o.sent, o.done);
  EXPECT_LE(o.done, rig.clock.now());
  EXPECT_EQ(o.date ? rfc3339(*o.date) : "none", c.read);
  EXPECT_EQ(o.last_modified, c.modified);
}
INSTANTIATE_TEST_SUITE_P(Odd, ServersDates,
                         testing::Values(ClockCase{"Past", "Wed, 25 Apr 2018 08:30:00 GMT", "",
                                                   "2018-04-25T08:30:00.000Z"},
                                         ClockCase{"Future", "Fri, 31 Dec 2049 23:59:59 GMT",
                                                   "Sat, 01 Jan 2050 00:00:00 GMT", "2049-12-31T23:59:59.000Z"},
                                         ClockCase{"ModifiedAfterDate", "Wed, 25 Apr 2018 08:30:00 GMT",
                                                   "Wed, 25 Apr 2018 09:30:00 GMT", "2018-04-25T08:30:00.000Z"},
                                         ClockCase{"EpochZero", "Thu, 01 Jan 1970 00:00:00 GMT",
                                                   "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"},
                                         ClockCase{"MinusOne", "-1", "0", "none"}),
                         [](const auto& p) { return p.param.name; });

TEST(ProbeKeeps, NoCookieForTheNextHopOrTheNextLook) {
  FaultServer server;
  server.script("/a", {{302, {{"Location", "/b"}, {"Set-Cookie", "preview=1; Path=/"}}, ""}});
  server.script("/b", {{200, {{"Set-Cookie", "preview=2; Path=/"}}, "public"}});
  Rig rig;
  rig.probe(server.url("/a"));
  rig.probe(server.url("/a"), Route::fresh);
  ASSERT_EQ(server.requests().size(), 4U);
  for (const ServedRequest& r : server.requests()) EXPECT_EQ(header_line(r.head, "Cookie"), "") << r.head;
}

TEST(ProbeAsks, ForTheSameCodingsOnEveryRouteAndTellsWhatTheAnswerVariesBy) {
  FaultServer server;
  server.script("/x", {{200, {{"Vary", "Accept-Encoding"}}, "x"}});
  Rig rig;
  EXPECT_EQ(*find_header(rig.probe(server.url("/x")), "vary"), "Accept-Encoding");
  rig.probe(server.url("/x"), Route::fresh);
  rig.probe(server.url("/x"), Route::ipv4);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  const std::string codings = header_line(requests[0].head, "Accept-Encoding");
  EXPECT_NE(codings.find("gzip"), std::string::npos);
  for (const ServedRequest& r : requests) {
    EXPECT_EQ(header_line(r.head, "Accept-Encoding"), codings);  // another value may be another copy in a cache
    EXPECT_EQ(header_line(r.head, "Accept"), header_line(requests[0].head, "Accept"));
    EXPECT_EQ(header_line(r.head, "User-Agent"), header_line(requests[0].head, "User-Agent"));
  }
}

}  // namespace
}  // namespace embargod

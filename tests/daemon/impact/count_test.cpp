#include "daemon/impact/count.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "daemon/impact/client_rules.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant kMidnight = *parse_rfc3339("2018-04-23T00:00:00Z");

Instant at(int h, int m, int s) { return kMidnight + std::chrono::hours{h} + std::chrono::minutes{m} + Seconds{s}; }

struct Asked {
  int h, m, s;
  std::string path;
  int status = 200;
  std::string client = "203.0.113.9";
  std::string agent = "Mozilla/5.0";
  std::string method = "GET";
  std::string referrer = "-";
};

std::string combined(const Asked& a) {
  return fmt::format("{} - - [23/Apr/2018:{:02}:{:02}:{:02} +0000] \"{} {} HTTP/1.1\" {} 100 \"{}\" \"{}\"\n", a.client,
                     a.h, a.m, a.s, a.method, a.path, a.status, a.referrer, a.agent);
}

/// Public from between 10:12:05 and 10:12:08 to between 10:26:14 and 10:26:18.
class CountLogTest : public testing::Test {
 protected:
  CountLogTest() {
    const ImpactWindow w{at(10, 12, 5), at(10, 26, 18), at(10, 12, 8), at(10, 26, 14)};
    rules_.urls = {{"a/page", "https://www.example.org/pub/a---b", false, {w}},
                   {"a/tables", "https://files.example.org/t/a.csv", true, {w}}};
    rules_.clients = {{}, {}, known_crawlers()};
    rules_.key = "a key of these tests";
    log_.source = "origin";
  }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

  ImpactSource count(const std::vector<Asked>& asked) {
    std::string text;
    for (const Asked& a : asked) text += combined(a);
    log_.files = {file("access.log", text)};
    const auto counted = count_log(log_, rules_);
    EXPECT_TRUE(counted) << to_string(counted.error());
    return counted.value_or(ImpactSource{});
  }

  static const ImpactCount* of(const ImpactUrl& u, ClientClass who) {
    for (const ImpactCount& c : u.counts)
      if (c.who == who) return &c;
    return nullptr;
  }

  TempFolder folder_;
  CountingRules rules_;
  LogInput log_;
};

struct EdgeCase {
  const char* name;
  int m, s;
  std::uint64_t sure, edge;
};
class CountLogEdges : public CountLogTest, public testing::WithParamInterface<EdgeCase> {};
TEST_P(CountLogEdges, ARequestIsSureOnlyIfItsWholeSecondIs) {
  const auto s = count({{10, GetParam().m, GetParam().s, "/pub/a---b"}});
  const ImpactCount* c = of(s.urls[0], ClientClass::other);
  EXPECT_EQ(c == nullptr ? 0 : c->whole, GetParam().sure);
  EXPECT_EQ(c == nullptr ? 0 : c->whole_edge, GetParam().edge);
  EXPECT_THAT(s.urls[1].counts, IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Seconds, CountLogEdges,
                         testing::Values(EdgeCase{"WholeSecondBefore", 12, 4, 0, 0}, EdgeCase{"First", 12, 5, 0, 1},
                                         EdgeCase{"LastUnsure", 12, 7, 0, 1}, EdgeCase{"FirstSure", 12, 8, 1, 0},
                                         EdgeCase{"LastSure", 26, 13, 1, 0}, EdgeCase{"UnsureAgain", 26, 14, 0, 1},
                                         EdgeCase{"Last", 26, 18, 0, 1}, EdgeCase{"After", 26, 19, 0, 0}),
                         [](const auto& c) { return c.param.name; });

TEST_F(CountLogTest, TheClockOffsetIsTakenOff) {
  log_.clock_offset = Millis{60'000};
  const auto s = count({{10, 12, 30, "/pub/a---b"}, {10, 13, 30, "/pub/a---b"}, {10, 27, 10, "/pub/a---b"}});
  EXPECT_EQ(of(s.urls[0], ClientClass::other)->whole, 2U);
  EXPECT_EQ(rfc3339(*s.files[0].first), "2018-04-23T10:11:30.000Z");
  log_.clock_offset = Millis{-60'000};
  EXPECT_EQ(of(count({{10, 11, 30, "/pub/a---b"}}).urls[0], ClientClass::other)->whole, 1U);
}

TEST_F(CountLogTest, KindsOfAnswersAreKeptApart) {
  const auto s = count({{10, 13, 0, "/t/a.csv", 200},
                        {10, 13, 1, "/t/a.csv", 206},
                        {10, 13, 2, "/t/a.csv", 206},
                        {10, 13, 3, "/t/a.csv", 304},
                        {10, 13, 4, "/t/a.csv", 200, "203.0.113.9", "Mozilla/5.0", "HEAD"},
                        {10, 13, 5, "/t/a.csv", 200, "203.0.113.9", "Mozilla/5.0", "POST"},
                        {10, 13, 6, "/t/a.csv", 503},
                        {10, 13, 7, "/t/a.csv", 404},
                        {10, 13, 8, "/t/a.csv", 499}});
  const ImpactCount* c = of(s.urls[1], ClientClass::other);
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->whole, 1U);
  EXPECT_EQ(c->partial, 2U);
  EXPECT_EQ(c->not_modified, 1U);
  EXPECT_EQ(c->head, 1U);
  EXPECT_EQ(c->clients, 1U);
  EXPECT_EQ(c->bytes, 900U);
  EXPECT_THAT(c->statuses, ElementsAre(0, 0, 5, 1, 2, 1));
}

TEST_F(CountLogTest, ClientsAreToldApartByTheRules) {
  rules_.clients.internal = {"10.0.0.0/8"};
  const auto s = count({{10, 13, 0, "/pub/a---b", 200, "10.1.1.1"},
                        {10, 13, 1, "/pub/a---b", 200, "10.1.1.1"},
                        {10, 13, 2, "/pub/a---b", 200, "10.1.1.2"},
                        {10, 13, 3, "/pub/a---b", 200, "203.0.113.9"},
                        {10, 13, 4, "/pub/a---b", 200, "203.0.113.9", "Googlebot/2.1"},
                        {10, 13, 5, "/pub/a---b", 200, "192.0.2.10", "embargod/0.1.0"},
                        {10, 13, 6, "/pub/a---b", 200, "::ffff:203.0.113.9"}});
  const ImpactUrl& u = s.urls[0];
  EXPECT_EQ(of(u, ClientClass::internal)->whole, 3U);
  EXPECT_EQ(of(u, ClientClass::internal)->clients, 2U);
  EXPECT_EQ(of(u, ClientClass::other)->whole, 2U);
  EXPECT_EQ(of(u, ClientClass::other)->clients, 1U) << "one address in two spellings";
  EXPECT_EQ(of(u, ClientClass::crawler)->whole, 1U);
  EXPECT_EQ(of(u, ClientClass::own)->whole, 1U);
  EXPECT_EQ(s.own_requests, 1U);
  for (const ImpactClient& c : u.clients) EXPECT_NE(c.who, ClientClass::own);
  EXPECT_EQ(u.clients.size(), 4U) << "internal twice, a reader, a crawler";
}

TEST_F(CountLogTest, HashesAreTheKeysAndNobodysAddress) {
  const std::vector<Asked> asked{{10, 13, 0, "/pub/a---b"}};
  const auto one = count(asked).urls[0].clients;
  EXPECT_EQ(count(asked).urls[0].clients, one) << "the same key, the same hash";
  rules_.key = "another key of these tests";
  EXPECT_NE(count(asked).urls[0].clients[0].hash, one[0].hash);
  EXPECT_EQ(one[0].hash.size(), 16U);
}

TEST_F(CountLogTest, GuessesAreWhatWasRefusedBeforeItWasPublic) {
  const auto s = count({{5, 16, 2, "/t/a.csv", 404, "203.0.113.1"},
                        {6, 0, 0, "/t/a.csv", 403, "203.0.113.2"},
                        {10, 12, 6, "/t/a.csv", 404, "203.0.113.1"},
                        {10, 12, 9, "/t/a.csv", 404, "203.0.113.1"},  // it was public: another node
                        {9, 0, 0, "/t/a.csv", 500, "203.0.113.3"},    // says nothing
                        {9, 0, 1, "/t/a.csv", 404, "192.0.2.10", "embargod/0.1.0"},
                        {10, 13, 0, "/t/a.csv", 200, "203.0.113.1"},
                        {10, 13, 1, "/t/a.csv", 200, "203.0.113.4"}});
  ASSERT_TRUE(s.urls[1].guesses);
  const ImpactGuesses& g = *s.urls[1].guesses;
  EXPECT_EQ(g.requests, 3U);
  EXPECT_EQ(g.clients, 2U);
  EXPECT_EQ(g.served_later, 1U);
  EXPECT_EQ(g.first, at(5, 16, 2));
  EXPECT_EQ(g.last, at(10, 12, 6));
  EXPECT_FALSE(s.urls[0].guesses);
}

TEST_F(CountLogTest, TheFirstServedBoundsTheStartOnlyWhereItWasRefusedBefore) {
  auto s = count({{10, 12, 3, "/t/a.csv", 404, "192.0.2.10", "embargod/0.1.0"},
                  {10, 12, 6, "/t/a.csv", 200, "192.0.2.10", "embargod/0.1.0"},
                  {10, 12, 7, "/t/a.csv", 200},
                  {10, 12, 9, "/t/a.csv", 200}});
  ASSERT_TRUE(s.urls[1].start);
  EXPECT_EQ(s.urls[1].start->first_served, at(10, 12, 7)) << "to anybody but the monitor";
  EXPECT_EQ(s.urls[1].start->last_refused, at(10, 12, 3));
  EXPECT_FALSE(s.urls[1].start->contradicts);
  s = count({{9, 0, 0, "/pub/a---b", 200}, {10, 12, 9, "/pub/a---b", 200}});
  EXPECT_FALSE(s.urls[0].start) << "a page that announces answers all along";
  s = count({{8, 0, 0, "/pub/a---b", 404}, {9, 0, 0, "/pub/a---b", 200}, {10, 12, 9, "/pub/a---b", 200}});
  EXPECT_FALSE(s.urls[0].start) << "its announcement came between";
  s = count({{9, 0, 0, "/t/a.csv", 404}, {9, 30, 0, "/t/a.csv", 200}});
  ASSERT_TRUE(s.urls[1].start);
  EXPECT_TRUE(s.urls[1].start->contradicts) << "the monitor saw it absent then";
  Impact i;
  i.sources = {s};
  EXPECT_THAT(cautions_of(i), testing::Contains(HasSubstr("when the monitor saw it absent")));
}

TEST_F(CountLogTest, SpellingsQueriesAndHosts) {
  log_.format = "$client [$time] $host \"$request\" $status";
  rules_.urls[1].url = "https://files.example.org/t/a.csv?v=2";
  std::string text;
  for (const char* asked :
       {"www.example.org \"GET /pub/a---b/ HTTP/1.1\"", "www.example.org \"GET /pub/a%2d--b HTTP/1.1\"",
        "WWW.example.org \"GET /pub/a---b?utm_source=mail HTTP/1.1\"", "other.example.org \"GET /pub/a---b HTTP/1.1\"",
        "origin.example.org \"GET /pub/a---b HTTP/1.1\"", "- \"GET https://www.example.org/pub/a---b HTTP/1.1\"",
        "www.example.org \"GET /pub/A---b HTTP/1.1\"", "files.example.org \"GET /t/a.csv?v=2 HTTP/1.1\"",
        "files.example.org \"GET /t/a.csv HTTP/1.1\""})
    text += std::string{"203.0.113.9 [2018-04-23T10:13:00Z] "} + asked + " 200\n";
  log_.files = {file("x.log", text)};
  log_.hosts = {"Origin.example.org"};
  const auto s = count_log(log_, rules_);
  ASSERT_TRUE(s) << to_string(s.error());
  EXPECT_EQ(of(s->urls[0], ClientClass::other)->whole, 5U);
  EXPECT_EQ(s->urls[0].other_hosts, 1U);
  EXPECT_EQ(of(s->urls[1], ClientClass::other)->whole, 1U) << "its query is part of it";
}

TEST_F(CountLogTest, FilesOfOneLogAreAddedUp) {
  const std::string first = combined({9, 0, 0, "/"}) + combined({10, 13, 0, "/pub/a---b"});
  const std::string second = combined({10, 14, 0, "/pub/a---b"}) + "junk\n" + combined({11, 0, 0, "/"});
  log_.files = {file("access.log.1", first), file("access.log", second)};
  const auto s = count_log(log_, rules_);
  ASSERT_TRUE(s);
  EXPECT_EQ(of(s->urls[0], ClientClass::other)->whole, 2U);
  ASSERT_EQ(s->files.size(), 2U);
  EXPECT_EQ(s->files[1].name, "access.log");
  EXPECT_EQ(s->files[1].format, "combined");
  EXPECT_EQ(s->files[1].requests, 2U);
  EXPECT_EQ(s->files[1].unreadable, 1U);
  EXPECT_EQ(s->files[1].first_unreadable, 2U);
  EXPECT_EQ(rfc3339(*s->files[0].first), "2018-04-23T09:00:00.000Z");
  EXPECT_EQ(rfc3339(*s->files[1].last), "2018-04-23T11:00:00.000Z");
}

TEST_F(CountLogTest, SilenceIsMeasuredWhereItMatters) {
  const auto s =
      count({{1, 0, 0, "/"}, {9, 0, 0, "/"}, {10, 13, 0, "/"}, {10, 20, 0, "/"}, {10, 21, 0, "/"}, {11, 0, 0, "/"}});
  EXPECT_EQ(s.longest_silence, std::chrono::minutes{73}) << "from before it was public into it";
  EXPECT_EQ(s.silence_began, at(9, 0, 0));
  EXPECT_EQ(count({{1, 0, 0, "/"}, {9, 0, 0, "/"}}).longest_silence, Millis{0});
}

TEST_F(CountLogTest, ReferrersAreHostsOnly) {
  const auto s = count({{10, 13, 0, "/pub/a---b", 200, "203.0.113.1", "M", "GET", "https://www.example.com/secret?q=1"},
                        {10, 13, 1, "/pub/a---b", 200, "203.0.113.1", "M", "GET", "https://www.example.com/other"},
                        {10, 13, 2, "/pub/a---b", 200, "203.0.113.1", "M", "GET", "<script>alert(1)</script>"},
                        {10, 13, 3, "/pub/a---b", 200}});
  EXPECT_THAT(s.urls[0].referrers, ElementsAre(ImpactReferrer{"www.example.com", 2}, ImpactReferrer{"", 1},
                                               ImpactReferrer{"(not a URL)", 1}));
}

TEST_F(CountLogTest, WhatToBewareOfIsSaid) {
  Impact i;
  i.sources = {count({{10, 20, 0, "/"}, {10, 21, 0, "/pub/a---b"}})};
  const auto said = cautions_of(i);
  EXPECT_THAT(said,
              testing::IsSupersetOf({HasSubstr("it begins at 2018-04-23T10:20:00.000Z"),
                                     HasSubstr("it ends at 2018-04-23T10:21:00.000Z"),
                                     HasSubstr("none of this monitor's own requests"), HasSubstr("taken as right")}));
  log_.clock_offset = Millis{0};
  i.sources = {count({{9, 0, 0, "/"},
                      {10, 11, 0, "/"},
                      {10, 15, 0, "/pub/a---b", 200, "192.0.2.10", "embargod/0.1.0"},
                      {10, 19, 0, "/"},
                      {10, 23, 0, "/"},
                      {10, 26, 19, "/"}})};
  EXPECT_THAT(cautions_of(i), IsEmpty());
}

TEST_F(CountLogTest, FaultsNameTheFile) {
  log_.files = {(folder_ / "none.log").string()};
  EXPECT_THAT(to_string(count_log(log_, rules_).error()), HasSubstr("none.log"));
  log_.files = {file("odd.log", "a\nb\nc\n")};
  EXPECT_THAT(to_string(count_log(log_, rules_).error()), HasSubstr("odd.log"));
  log_.format = "combined";
  EXPECT_THAT(to_string(count_log(log_, rules_).error()), HasSubstr("none of its 3 lines is a request"));
  log_.format = "$x";
  EXPECT_THAT(to_string(count_log(log_, rules_).error()), HasSubstr("odd.log: the log format"));
  log_.format.clear();
  rules_.clients.internal = {"10.0.0"};
  EXPECT_THAT(to_string(count_log(log_, rules_).error()), HasSubstr("10.0.0"));
}

}  // namespace
}  // namespace embargod

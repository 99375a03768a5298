#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/watch/impact.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

Instant noon(int s) { return *parse_rfc3339("2018-04-23T12:00:00Z") + Seconds{s}; }

/// Every member has a value of its own.
Impact full() {
  ImpactUrl u{"a/page", "https://www.example.org/a\"<&", true, {}, {}, {}, {}, {}, {}, 3};
  u.windows = {{noon(1), noon(2), noon(3), noon(4)}, {std::nullopt, noon(5), std::nullopt, std::nullopt}};
  u.counts = {{ClientClass::internal, 1, 2, 3, 4, 5, 6, 7, {8, 9, 10, 11, 12, 13}}};
  u.guesses = ImpactGuesses{14, 15, 16, noon(6), noon(7)};
  u.start = ImpactStart{noon(8), noon(9), true};
  u.referrers = {{"b.example.org", 17}};
  u.clients = {{"0123456789abcdef", ClientClass::crawler, 18, 19, noon(10), noon(11)}};
  ImpactSource s;
  s.name = "origin";
  s.files = {{"access.log", "combined", "sha256:00", 20, 21, 22, "cut off", noon(12), std::nullopt}};
  s.clock_offset = Millis{-23};
  s.is_offset_stated = true;
  s.resolution = Millis{24};
  s.longest_silence = Millis{25};
  s.silence_began = noon(13);
  s.own_requests = 26;
  s.urls = {u};
  Impact i{"01K", noon(14), "embargoctl 1", "abcdef01", {{"10.0.0.0/8"}, {"192.0.2.1"}, {"bot"}}, {s}, {}};
  i.analytics = {{"GA4", "x.csv", "sha256:11", "2018", {{"a/page", "/a", {{"Views", "8"}}}}}};
  return i;
}

TEST(ImpactJson, ComesBackAsItWas) {
  const auto back = parse_impact(impact_json(full()));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(*back, full());
  EXPECT_EQ(parse_impact(impact_json(full(), -1)).value(), full());
  EXPECT_EQ(parse_impact(impact_json(Impact{})).value(), Impact{});
  EXPECT_EQ(impact_json(full(), -1).find('\n'), std::string::npos);
}

/// Each member in turn missing, of another type, and one too many beside it: refused, with its name.
void damage_each(const Json& whole, const Json::json_pointer& at, int& tried) {
  const Json& here = whole.at(at);
  if (here.is_object()) {
    Json more = whole;
    more.at(at)["odd_one"] = 1;
    const auto read = parse_impact(more.dump());
    ASSERT_FALSE(read) << at.to_string();
    EXPECT_THAT(to_string(read.error()), HasSubstr("odd_one"));
    for (const auto& [name, value] : here.items()) {
      Json less = whole;
      less.at(at).erase(name);
      ASSERT_FALSE(parse_impact(less.dump())) << at.to_string() << "/" << name;
      Json other = whole;
      other.at(at)[name] = value.is_object() ? Json(7) : Json{{"x", 1}};
      const auto odd = parse_impact(other.dump());
      ASSERT_FALSE(odd) << at.to_string() << "/" << name;
      EXPECT_THAT(to_string(odd.error()), HasSubstr(name));
      ++tried;
      damage_each(whole, at / name, tried);
    }
  } else if (here.is_array()) {
    for (std::size_t i = 0; i < here.size(); ++i) damage_each(whole, at / i, tried);
  }
}

TEST(ImpactJson, OneOddMemberIsRefusedByItsName) {
  int tried = 0;
  damage_each(Json::parse(impact_json(full())), Json::json_pointer{}, tried);
  EXPECT_GT(tried, 70);
}

TEST(ImpactJson, NothingElseIsTaken) {
  for (const char* json : {"", "null", "[]", "{", R"({"form":2})", R"({"form":"1"})"})
    EXPECT_FALSE(parse_impact(json)) << json;
  EXPECT_THAT(to_string(parse_impact(R"({"form":1,"sources":)" + std::string(100, '[')).error()),
              HasSubstr("nested too deeply"));
  Json j = Json::parse(impact_json(full()));
  j["sources"][0]["own_requests"] = -1;
  EXPECT_FALSE(parse_impact(j.dump()));
  j["sources"][0]["own_requests"] = 9'007'199'254'740'993U;
  EXPECT_FALSE(parse_impact(j.dump()));
  j["sources"][0]["own_requests"] = 1.5;
  EXPECT_FALSE(parse_impact(j.dump()));
}

TEST(ImpactSummary, IsOneLineOfReaders) {
  EXPECT_EQ(impact_summary(full()), "origin: a/page at least 1 downloads; GA4: 1 row");
}

}  // namespace
}  // namespace embargod

// Counted requests through the site: recorded, shown, refused.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;

class ImpactSite : public testing::Test {
 protected:
  ImpactSite() { world_.reader.all_incidents = {sample_incident()}; }

  static Impact counted() {
    Impact i;
    i.incident = kSampleIncident;
    i.counted = kSampleNow;
    ImpactUrl u;
    u.target = "therapies-2018-01/page";
    u.url = "https://stats.example.org/pub/therapies-2018-01";
    u.counts = {{ClientClass::other, 8, 0, 0, 0, 0, 3, 4711, {0, 0, 8, 0, 0, 0}}};
    ImpactSource s;
    s.name = "origin";
    s.urls = {u};
    i.sources = {s};
    return i;
  }
  static std::string body(const Impact& i) { return R"({"by":"<web> \"team\"","impact":)" + impact_json(i, -1) + "}"; }
  static std::string path(const std::string& id) { return "/api/v1/incidents/" + id + "/impact"; }

  WebReply get(const std::string& p) { return site().answer(get_request(p)); }
  WebReply post(const std::string& p, const std::string& b) { return site().answer(post_request(p, b)); }
  Site site() { return Site{world_.doors(), world_.setup, Site::Offer::everything}; }

  SiteWorld world_;
};

TEST_F(ImpactSite, ACountGoesOnRecord) {
  const WebReply reply = post(path(kSampleIncident), body(counted()));
  ASSERT_EQ(reply.status, 200) << reply.body;
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  const Command c = world_.commands.seen().at(0);
  EXPECT_EQ(c.what, Command::What::count_impact);
  EXPECT_EQ(c.id, kSampleIncident);
  EXPECT_EQ(c.by, "<web> \"team\"");
  EXPECT_EQ(c.impact, counted());
}

TEST_F(ImpactSite, CountsAreShownOldestFirst) {
  EXPECT_EQ(get(path(kSampleIncident)).body, R"({"items":[],"next":null})");
  world_.reader.all_impacts = {{kSampleIncident, kSampleNow, "web \"team\"", counted()},
                               {"01OTHER", kSampleNow, "x", counted()}};
  const auto j = nlohmann::json::parse(get(path(kSampleIncident)).body);
  ASSERT_EQ(j.at("items").size(), 1U);
  EXPECT_EQ(j.at("items")[0].at("by"), "web \"team\"");
  EXPECT_EQ(j.at("items")[0].at("impact").at("sources")[0].at("urls")[0].at("counts")[0].at("whole"), 8);
}

TEST_F(ImpactSite, RefusesWhatItCannotVouchForWithOneClearLine) {
  Impact other_incident = counted();
  other_incident.incident = "01OTHER";
  Impact other_target = counted();
  other_target.sources[0].urls[0].target = "therapies-2018-01/tables";
  Impact other_url = counted();
  other_url.sources[0].urls[0].url = "https://stats.example.org/pub/secret";
  Impact other_row = counted();
  other_row.analytics = {{"GA4", "x.csv", "", "", {{"unknown/page", "/secret", {}}}}};
  const std::string good = body(counted());
  const std::vector<std::pair<std::string, const char*>> cases{
      {body(other_incident), "counted of another incident"},
      {body(other_target), "does not show this URL as seen live"},
      {body(other_url), "does not show this URL as seen live"},
      {body(other_row), "does not show this URL as seen live"},
      {R"({"impact":{}})", "by: is missing"},
      {R"({"by":"a"})", "impact: is missing"},
      {R"({"by":"a","impact":{}})", "impact.form"},
      {R"({"by":"a","impact":{"form":1}})", "impact.incident: is missing"},
      {R"({"by":"a","reason":"b","impact":{}})", "\"reason\" is not a member here"},
      {R"({"by":"a","impact":)" + std::string(200, '[') + std::string(200, ']') + "}", "nested too deeply"},
      {good.substr(0, good.size() - 9), "not JSON"}};
  for (const auto& [sent, says] : cases) {
    const WebReply reply = post(path(kSampleIncident), sent);
    EXPECT_EQ(reply.status, 400) << sent;
    const auto problem = nlohmann::json::parse(reply.body);
    EXPECT_THAT(problem.at("detail").get<std::string>(), HasSubstr(says));
  }
  EXPECT_EQ(post(path("01NONE"), body(counted())).status, 404);
  WebRequest foreign = post_request(path(kSampleIncident), good);
  foreign.headers["origin"] = "https://evil.example.org";
  EXPECT_EQ(site().answer(foreign).status, 403);
  EXPECT_TRUE(world_.commands.seen().empty());
}

}  // namespace
}  // namespace embargod

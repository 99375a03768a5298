// Rehearsals through the site: planned, shown, cancelled, refused.

#include <gmock/gmock.h>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

class RehearsalSite : public testing::Test {
 protected:
  WebReply get(const std::string& path) { return site().answer(get_request(path)); }
  WebReply post(const std::string& path, const std::string& body) { return site().answer(post_request(path, body)); }
  Site site() { return Site{world_.doors(), world_.setup, Site::Offer::everything}; }

  static Rehearsal under_way() {
    return {.id = "01R",
            .release = "therapies-2018-01",
            .from = kSampleNow - Millis{60'000},
            .until = kSampleNow + Millis{600'000},
            .by = "<Publication> team",
            .reason = "New web platform",
            .planned = kSampleNow - Millis{120'000},
            .cancelled = {},
            .incident = {},
            .outcome = {}};
  }

  SiteWorld world_;
};

TEST_F(RehearsalSite, PlansInTheZoneOfTheConfig) {
  const WebReply reply = post(
      "/api/v1/rehearsals",
      R"({"release":"a","from":"2018-04-23 13:00","until":"2018-04-23T12:30Z","by":"Publication team","reason":"New platform"})");
  ASSERT_EQ(reply.status, 201) << reply.body;
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  const Rehearsal r = world_.commands.seen().at(0).rehearsal.value();
  EXPECT_EQ(rfc3339(r.from), "2018-04-23T12:00:00.000Z");
  EXPECT_EQ(rfc3339(r.until), "2018-04-23T12:30:00.000Z");
  EXPECT_EQ(r.by, "Publication team");
  EXPECT_EQ(r.reason, "New platform");
  EXPECT_EQ(r.id.size(), 26U);
  EXPECT_THAT(reply.body, HasSubstr(R"("state":"planned")"));
}

TEST_F(RehearsalSite, BeginsNowAndLastsAsLongAsIsSaid) {
  ASSERT_EQ(post("/api/v1/rehearsals", R"({"release":"a","for":"45m","by":"N.N.","reason":"why"})").status, 201);
  const Rehearsal r = world_.commands.seen().at(0).rehearsal.value();
  EXPECT_EQ(r.from, kSampleNow);
  EXPECT_EQ(r.until - r.from, Millis{45 * 60'000});
}

TEST_F(RehearsalSite, RefusesWhatItDoesNotUnderstandWithOneClearLine) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {R"({"for":"1h","by":"a","reason":"b"})", "release: is missing"},
      {R"({"release":"a","for":"1h","reason":"b"})", "by: is missing"},
      {R"({"release":"a","for":"1h","by":"a"})", "reason: is missing"},
      {R"({"release":"a","by":"a","reason":"b"})", "until: is needed"},
      {R"({"release":"a","until":"2018-04-23 13:00","for":"1h","by":"a","reason":"b"})", "one of the two"},
      {R"({"release":"a","for":"-1h","by":"a","reason":"b"})", "for: "},
      {R"({"release":"a","until":"2018-04-23","by":"a","reason":"b"})", "a time of day is missing"},
      {R"({"release":"a","until":"soon","by":"a","reason":"b"})", "write 2030-01-31 10:00"},
      {R"({"release":"a","til":"x","by":"a","reason":"b"})", "is not a member here"},
  };
  for (const auto& [body, want] : cases) {
    const WebReply reply = post("/api/v1/rehearsals", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, HasSubstr(want)) << body;
  }
  EXPECT_TRUE(world_.commands.seen().empty());
  WebRequest foreign = post_request("/api/v1/rehearsals", R"({"release":"a","for":"1h","by":"a","reason":"b"})");
  foreign.peer = "192.0.2.7";
  EXPECT_EQ(site().answer(foreign).status, 403);
}

TEST_F(RehearsalSite, CancelsWithAReason) {
  world_.reader.all_rehearsals = {under_way()};
  EXPECT_EQ(post("/api/v1/rehearsals/01R/cancel", R"({"by":"N.N."})").status, 400);
  EXPECT_EQ(post("/api/v1/rehearsals/01R/cancel", R"({"by":"N.N.","reason":"no time"})").status, 200);
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  EXPECT_EQ(world_.commands.seen().at(0).what, Command::What::cancel_rehearsal);
  EXPECT_EQ(world_.commands.seen().at(0).id, "01R");
}

TEST_F(RehearsalSite, EveryPageSaysThatOneIsUnderWay) {
  EXPECT_THAT(get("/rehearsals").body, HasSubstr("None is on record"));
  EXPECT_THAT(get("/").body, Not(HasSubstr("Rehearsal under way")));
  world_.reader.all_rehearsals = {under_way()};
  for (const char* path : {"/", "/incidents", "/rehearsals", "/runbook"}) {
    const WebReply page = get(path);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Rehearsal under way:")) << path;
    EXPECT_THAT(page.body, HasSubstr("&lt;Publication&gt; team")) << path;
  }
  EXPECT_THAT(get("/rehearsals").body, HasSubstr("embargoctl rehearsal cancel 01R"));
  EXPECT_THAT(get("/api/v1/rehearsals").body, HasSubstr(R"("state":"open")"));
  Rehearsal over = under_way();
  over.until = kSampleNow;
  over.outcome = RehearsalOutcome{.at = kSampleNow, .text = "never seen live: this rehearsal proved nothing"};
  world_.reader.all_rehearsals = {over};
  EXPECT_THAT(get("/").body, Not(HasSubstr("Rehearsal under way")));
  EXPECT_THAT(get("/rehearsals").body, HasSubstr("this rehearsal proved nothing"));
}

TEST_F(RehearsalSite, AnIncidentOfOneSaysSoAndIsNotCalledABreach) {
  for (Incident& i : world_.reader.all_incidents)
    if (i.kind == IncidentKind::early) {
      i.state = IncidentState::open;
      i.rehearsal = mark_of(under_way());
    }
  const std::string path = std::string{"/incidents/"} + kSampleIncident;
  EXPECT_THAT(get(path).body, HasSubstr("[REHEARSAL] Live now"));
  EXPECT_THAT(get(path).body, HasSubstr("New web platform"));
  EXPECT_THAT(get(path).body, Not(HasSubstr("embargoctl dismiss"))) << "it would be refused";
  EXPECT_THAT(get(std::string{"/api/v1"} + path).body, HasSubstr(R"("rehearsal":{"id":"01R")"));
  EXPECT_THAT(get("/").body, Not(HasSubstr("LIVE EARLY")));
}

}  // namespace
}  // namespace embargod

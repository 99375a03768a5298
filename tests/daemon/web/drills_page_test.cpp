// Drills through the site: begun, shown, acknowledged, refused.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/web/site_fixture.h"
#include "tests/support/drills.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FakeDrills final : public Drills {
 public:
  std::vector<DrillRecord> known;
  std::vector<DrillOrder> begun;
  std::vector<std::string> acknowledged;  // "id by"
  std::optional<Fault> refusal;

  Result<std::string> begin(const DrillOrder& order) override {
    if (refusal) return tl::unexpected<Fault>{*refusal};
    begun.push_back(order);
    return "01NEW";
  }
  Result<void> acknowledge(const std::string& id, const std::string& by) override {
    if (refusal) return tl::unexpected<Fault>{*refusal};
    acknowledged.push_back(id + " " + by);
    return {};
  }
  Result<std::vector<DrillRecord>> newest(int) override { return known; }
};

class DrillSite : public testing::Test {
 protected:
  WebReply get(const std::string& path) { return site().answer(get_request(path)); }
  WebReply post(const std::string& path, const std::string& body) { return site().answer(post_request(path, body)); }
  Site site() {
    WebDoors doors = world_.doors();
    doors.drills = &drills_;
    return Site{std::move(doors), world_.setup, Site::Offer::everything};
  }

  SiteWorld world_;
  FakeDrills drills_;
};

TEST_F(DrillSite, BeginsWhatIsAskedFor) {
  const WebReply reply =
      post("/api/v1/drills", R"({"by":"Duty officer","receivers":["a","b"],"ack_within_seconds":90.5})");
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.body, R"({"id":"01NEW"})");
  ASSERT_EQ(drills_.begun.size(), 1U);
  EXPECT_EQ(drills_.begun[0].by, "Duty officer");
  EXPECT_THAT(drills_.begun[0].receivers, ElementsAre("a", "b"));
  EXPECT_EQ(drills_.begun[0].ack_within, Millis{90'500});
}

TEST_F(DrillSite, RefusesWhatItDoesNotUnderstandWithOneClearLine) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {R"({})", "by: is missing; say who asks for it"},
      {R"({"by":" "})", "by: is missing; say who asks for it"},
      {R"({"by":"a","receiver":"b"})", "\\\"receiver\\\" is not a member here; did you mean \\\"receivers\\\"?"},
      {R"({"by":"a","receivers":"b"})", "receivers: must be a list of names"},
      {R"({"by":"a","receivers":[1]})", "receivers: must be a list of names"},
      {R"({"by":"a","ack_within_seconds":-1})", "ack_within_seconds: must be a number of seconds from 0 to 3600"},
      {R"({"by":"a","ack_within_seconds":3600.1})", "ack_within_seconds: must be a number of seconds from 0 to 3600"},
      {R"({"by":"a","ack_within_seconds":"10m"})", "ack_within_seconds: must be a number of seconds from 0 to 3600"},
      {R"([])", "body: not a JSON object"}};
  for (const auto& [body, why] : cases) {
    const WebReply reply = post("/api/v1/drills", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, HasSubstr(why)) << body;
  }
  EXPECT_TRUE(drills_.begun.empty());
  drills_.refusal = Fault{Errc::busy, "drill", "drill 01D is under way", "wait until it is over"};
  EXPECT_THAT(post("/api/v1/drills", R"({"by":"a"})").body, HasSubstr("drill 01D is under way; wait until it is over"));
}

TEST_F(DrillSite, IsBegunAndAcknowledgedFromThisMachineOnly) {
  drills_.known = {passed_drill(kSampleNow)};
  for (const char* path : {"/api/v1/drills", "/api/v1/incidents/01D/ack"}) {
    WebRequest q = post_request(path, R"({"by":"a"})");
    q.peer = "192.0.2.7";
    EXPECT_EQ(site().answer(q).status, 403) << path;
    q = post_request(path, R"({"by":"a"})");
    q.headers["origin"] = "https://elsewhere.example.org";
    EXPECT_EQ(site().answer(q).status, 403) << path;
    q = post_request(path, "by=a");
    q.headers["content-type"] = "application/x-www-form-urlencoded";
    EXPECT_EQ(site().answer(q).status, 415) << path;
  }
  EXPECT_TRUE(drills_.begun.empty());
  EXPECT_TRUE(drills_.acknowledged.empty());
}

TEST_F(DrillSite, IsAcknowledgedAsAnIncidentIs) {
  drills_.known = {passed_drill(kSampleNow)};
  EXPECT_EQ(post("/api/v1/incidents/01D/ack", R"({"by":"On call"})").status, 200);
  EXPECT_THAT(drills_.acknowledged, ElementsAre("01D On call"));
  EXPECT_TRUE(world_.commands.seen().empty()) << "the engine knows nothing of it";
  EXPECT_EQ(post("/api/v1/incidents/01D/ack", R"({})").status, 400);
  drills_.refusal = Fault{Errc::conflict, "01D", "this drill is over", ""};
  const WebReply late = post("/api/v1/incidents/01D/ack", R"({"by":"On call"})");
  EXPECT_EQ(late.status, 409);
  EXPECT_THAT(late.body, HasSubstr("this drill is over"));
  (void)post("/api/v1/incidents/01OTHER/ack", R"({"by":"On call"})");
  EXPECT_EQ(world_.commands.seen().size(), 1U) << "an incident is the engine's";
}

TEST_F(DrillSite, IsShownAsDataAndAsAPage) {
  DrillRecord now = passed_drill(kSampleNow, "01NOW");
  now.ended.reset();
  now.acknowledged.reset();
  now.cleared.clear();
  now.by = "<script>alert(1)</script>";
  DrillRecord bad = passed_drill(kSampleNow, "01BAD");
  bad.told[1] = {.receiver = "mail", .outcome = "retried", .answer = "451 <b>later</b>", .took = {}};
  drills_.known = {now, bad, passed_drill(kSampleNow)};
  const auto j = nlohmann::json::parse(get("/api/v1/drills").body);
  ASSERT_EQ(j.at("items").size(), 3U);
  EXPECT_EQ(j.at("items")[0].at("state"), "under_way");
  EXPECT_EQ(j.at("items")[1].at("state"), "failed");
  EXPECT_TRUE(j.at("next").is_null());
  EXPECT_EQ(nlohmann::json::parse(get("/api/v1/drills/01BAD").body).at("told")[1].at("outcome"), "retried");
  EXPECT_EQ(get("/api/v1/drills/01X").status, 404);
  const std::string html = get("/drills").body;
  EXPECT_THAT(html, HasSubstr("Under way"));
  EXPECT_THAT(html, HasSubstr("embargoctl ack 01NOW --by=NAME"));
  EXPECT_THAT(html, HasSubstr("<b>mail: NOT accepted: retried</b>"));
  EXPECT_THAT(html, HasSubstr("by On call, 30.000 s after it first arrived"));
  EXPECT_THAT(html, HasSubstr(R"(http-equiv="refresh" content="3")"));
  EXPECT_THAT(html, Not(HasSubstr("<script>")));
  EXPECT_THAT(html, Not(HasSubstr("<b>later</b>")));
  EXPECT_EQ(get("/incidents/01BAD").status, 200) << "where its messages lead";
}

TEST_F(DrillSite, IsAcknowledgedByTheLinkInItsMessage) {
  DrillRecord now = passed_drill(kSampleNow);
  now.ended.reset();
  now.acknowledged.reset();
  now.acknowledged_by.clear();
  drills_.known = {now};
  const auto link = [&](const char* method) {
    WebDoors doors = world_.doors();
    doors.drills = &drills_;
    doors.ack_link = [](const std::string& token) -> Result<AckClaim> {
      if (token != "TOKEN") return fail(Errc::not_found, "no such link");
      return AckClaim{.id = "x", .incident = "01D", .receiver = "email-1", .expires = kSampleNow + Millis{60'000}};
    };
    WebRequest q = get_request("/a/TOKEN");
    q.method = method;
    if (q.method == "POST") {
      q.headers["content-type"] = "application/x-www-form-urlencoded";
      q.body = "name=On+call";
    }
    return Site{std::move(doors), world_.setup, Site::Offer::everything}.answer(q);
  };
  const WebReply asked = link("GET");
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, HasSubstr("[DRILL] Only a drill: nothing is public early"));
  EXPECT_THAT(asked.body, HasSubstr("I have it"));
  EXPECT_TRUE(drills_.acknowledged.empty()) << "scanners follow links";
  EXPECT_EQ(link("POST").status, 200);
  EXPECT_THAT(drills_.acknowledged, ElementsAre("01D On call (link sent to email-1)"));
  drills_.known[0].acknowledged = Millis{1'000};
  EXPECT_EQ(link("POST").status, 409);
  drills_.known[0].ended = kSampleNow;
  EXPECT_EQ(link("POST").status, 410);
  drills_.known.clear();
  EXPECT_EQ(link("GET").status, 404);
  EXPECT_EQ(drills_.acknowledged.size(), 1U);
}

TEST_F(DrillSite, SaysThatThereWasNone) {
  const std::string html = get("/drills").body;
  EXPECT_THAT(html, HasSubstr("There was no drill yet"));
  EXPECT_THAT(html, Not(HasSubstr("http-equiv=\"refresh\"")));
}

}  // namespace
}  // namespace embargod

#include "daemon/web/api.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/watch/incident_json.h"
#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

TEST(ReleasesJsonTest, IsExactlyTheContract) {
  SiteWorld w;
  w.reader.all_releases[1].lift = Lift{
      .release = "maternity-2018-01", .at = at("2018-04-23T10:29:00Z"), .by = "Head of Profession", .reason = "stands"};
  w.reader.all_releases[1].current = false;
  EXPECT_EQ(
      releases_json(w.reader.all_releases, w.reader.all_tracks, w.reader.all_incidents),
      R"({"items":[)"
      R"({"id":"therapies-2018-01","title":"Psychological therapies, January 2018 final","status":"confirmed","due":"2018-04-25T08:30:00.000Z",)"
      R"("due_precision":"instant","due_as_given":"2018-04-25 09:30","zone":"Europe/London","released":null,"lift":null,"current":true,"revision":1,)"
      R"("targets":[{"target":"therapies-2018-01/page","url":"https://stats.example.org/pub/therapies-2018-01","role":"page","state":"absent",)"
      R"("last_conclusive":"2018-04-23T10:29:58.000Z","released":null}]},)"
      R"({"id":"maternity-2018-01","title":"Maternity services, January 2018","status":"confirmed","due":"2018-04-26T08:30:00.000Z",)"
      R"("due_precision":"instant","due_as_given":"2018-04-26 09:30","zone":"Europe/London","released":null,)"
      R"("lift":{"at":"2018-04-23T10:29:00.000Z","by":"Head of Profession","reason":"stands"},"current":false,"revision":1,)"
      R"("targets":[{"target":"maternity-2018-01/page","role":"page","state":"unknown","last_conclusive":"2018-04-23T10:20:00.000Z","released":null}]},)"
      R"({"id":"workforce-2018-03","title":"Workforce, March 2018","status":"confirmed","due":"2018-04-19T08:30:00.000Z",)"
      R"("due_precision":"instant","due_as_given":"2018-04-19 09:30","zone":"Europe/London",)"
      R"("released":{"earliest":"2018-04-19T08:29:59.900Z","latest":"2018-04-19T08:30:02.100Z"},"lift":null,"current":true,"revision":1,)"
      R"("targets":[{"target":"workforce-2018-03/page","url":"https://stats.example.org/pub/workforce-2018-03","role":"page","state":"live",)"
      R"("last_conclusive":"2018-04-23T10:29:30.000Z","released":{"earliest":"2018-04-19T08:29:59.900Z","latest":"2018-04-19T08:30:02.100Z"}}]})"
      R"(],"next":null})");
}

TEST(ReleasesJsonTest, MonthAloneHasNoDueInstant) {
  StoredRelease r = sample_release("r", "R", "2018-04-01T00:00:00Z", "2018-04");
  r.release.due.precision = DuePrecision::month;
  r.release.due.at.reset();
  r.release.status = ReleaseStatus::provisional;
  const auto j = nlohmann::json::parse(releases_json({r}, {}, {}))["items"][0];
  EXPECT_TRUE(j["due"].is_null());
  EXPECT_EQ(j["due_precision"], "month");
  EXPECT_EQ(j["status"], "provisional");
  EXPECT_EQ(j["targets"][0]["state"], "unknown");
  EXPECT_FALSE(j["targets"][0].contains("url"));
}

TEST(ReleasesJsonTest, EmptyIsStillAList) { EXPECT_EQ(releases_json({}, {}, {}), R"({"items":[],"next":null})"); }

TEST(IncidentsJsonTest, CarriesTheBytesThatTheAlertCarries) {
  const Incident i = sample_incident();
  EXPECT_EQ(incidents_json({i, i}, kSampleNow),
            R"({"items":[)" + incident_json(i, kSampleNow) + "," + incident_json(i, kSampleNow) + R"(],"next":null})");
  EXPECT_EQ(incidents_json({}, kSampleNow), R"({"items":[],"next":null})");
}

TEST(TargetsJsonTest, IsExactlyTheContract) {
  SiteWorld w;
  w.reader.all_tracks.resize(2);
  EXPECT_EQ(
      targets_json(w.reader.all_tracks),
      R"({"items":[{"target":"maternity-2018-01/page","release":"maternity-2018-01","state":"unknown","cause":")" +
          std::string{to_string(Cause::server_error)} +
          R"(","last_look":"2018-04-23T10:29:50.000Z","last_conclusive":"2018-04-23T10:20:00.000Z","blind_since":"2018-04-23T10:20:00.000Z"},)"
          R"({"target":"therapies-2018-01/page","release":"therapies-2018-01","state":"absent","cause":null,)"
          R"("last_look":"2018-04-23T10:29:58.000Z","last_conclusive":"2018-04-23T10:29:58.000Z","blind_since":null}],"next":null})");
}

TEST(BlindJsonTest, CountsWhatLastsUntilNow) {
  SiteWorld w;
  const auto j = nlohmann::json::parse(blind_json(w.reader.all_blind, kSampleNow));
  EXPECT_TRUE(j["items"][0]["to"].is_null());
  EXPECT_EQ(j["items"][0]["seconds"], 600.0);
  EXPECT_EQ(j["items"][1]["to"], "2018-04-23T09:06:40.000Z");
  EXPECT_EQ(j["items"][1]["seconds"], 90.0);
  EXPECT_EQ(j["items"][1]["site"], "stats.example.org");
}

TEST(ApiTest, HostileTextStaysText) {
  StoredRelease r = sample_release("r", "\"},{\"id\":\"x\xff\n</script>", "2018-04-25T08:30:00Z", "x");
  const auto j = nlohmann::json::parse(releases_json({r}, {}, {}));
  EXPECT_EQ(j["items"].size(), 1U);
  EXPECT_EQ(j["items"][0]["title"], "\"},{\"id\":\"x\xEF\xBF\xBD\n</script>");
}

}  // namespace
}  // namespace embargod

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

TargetsView view_of(const FakeReader& r) {
  return {r.all_releases, r.all_tracks, r.all_incidents, r.all_blind, r.all_baselines, kSampleNow};
}

TEST(TargetsJsonTest, IsExactlyTheContract) {
  SiteWorld w;
  w.reader.all_tracks.resize(2);
  w.reader.all_releases[1].release.targets[0].role = Role::latest;
  w.reader.all_releases[1].release.targets[0].edition = "January 2018";
  TargetTrack& t = w.reader.all_tracks[0];
  t.rule = "engine: 503";
  t.edition = "December 2017";
  t.fingerprint = "page:0a";
  t.fingerprint_seen = at("2018-04-20T08:00:00Z");
  t.size = 4711;
  Baseline b;
  b.target = t.target;
  b.url = t.url;
  b.fingerprint = "page:0a";
  b.edition = "December 2017";
  b.seen = at("2018-04-20T08:00:00Z");
  b.approved = at("2018-04-21T09:00:00Z");
  b.by = "Duty officer";
  w.reader.all_baselines = {b};
  EXPECT_EQ(
      targets_json(view_of(w.reader)),
      R"({"items":[{"target":"maternity-2018-01/page","release":"maternity-2018-01","state":"unknown","cause":"server_error",)"
      R"("last_look":"2018-04-23T10:29:50.000Z","last_conclusive":"2018-04-23T10:20:00.000Z","blind_since":"2018-04-23T10:20:00.000Z",)"
      R"("role":"latest","profile":"generic","rule":"engine: 503","vantage":"main","edition":"December 2017","announced_edition":"January 2018",)"
      R"("fingerprint":"page:0a","fingerprint_seen":"2018-04-20T08:00:00.000Z","size":4711,"blind_seconds_24h":{"server_error":600.0},)"
      R"("baseline":{"fingerprint":"page:0a","edition":"December 2017","seen":"2018-04-20T08:00:00.000Z",)"
      R"("approved":"2018-04-21T09:00:00.000Z","by":"Duty officer","applies":true}},)"
      R"({"target":"therapies-2018-01/page","release":"therapies-2018-01","url":"https://stats.example.org/pub/therapies-2018-01",)"
      R"("state":"absent","cause":null,"last_look":"2018-04-23T10:29:58.000Z","last_conclusive":"2018-04-23T10:29:58.000Z","blind_since":null,)"
      R"("role":"page","profile":"generic","rule":null,"vantage":"main","edition":null,"announced_edition":null,)"
      R"("fingerprint":null,"fingerprint_seen":null,"size":null,"blind_seconds_24h":{},"baseline":null}],"next":null})");
}

TEST(TargetsJsonTest, AUrlLeavesOnlyOnceItWasReleasedOrSeenLive) {
  SiteWorld w;
  const auto j = nlohmann::json::parse(targets_json(view_of(w.reader)))["items"];
  EXPECT_FALSE(j[0].contains("url")) << "never seen live";
  EXPECT_TRUE(j[1].contains("url")) << "seen live early";
  EXPECT_TRUE(j[2].contains("url")) << "released";
  Baseline b;
  b.target = "maternity-2018-01/page";
  b.url = "https://stats.example.org/pub/maternity-2018-01";
  w.reader.all_baselines = {b};
  EXPECT_EQ(targets_json(view_of(w.reader)).find("stats.example.org/pub/maternity"), std::string::npos);
}

TEST(TargetsJsonTest, BlindTimeIsOfTheLastDayAndByCause) {
  SiteWorld w;
  const auto blind = [](const char* from, std::optional<const char*> to, Cause cause) {
    BlindSpan b;
    b.target = "maternity-2018-01/page";
    b.from = at(from);
    if (to) b.to = at(*to);
    b.cause = cause;
    return b;
  };
  w.reader.all_blind = {blind("2018-04-22T10:00:00Z", "2018-04-22T10:29:59Z", Cause::dns),  // over before the day began
                        blind("2018-04-22T10:20:00Z", "2018-04-22T10:31:00Z", Cause::timeout),  // a minute of it is in
                        blind("2018-04-23T09:00:00Z", "2018-04-23T09:00:30Z", Cause::timeout),
                        blind("2018-04-23T10:29:00Z", std::nullopt, Cause::challenge)};
  const auto j = nlohmann::json::parse(target_json("maternity-2018-01/page", view_of(w.reader)));
  EXPECT_EQ(j["blind_seconds_24h"], (nlohmann::json{{"challenge", 60.0}, {"timeout", 90.0}}));
}

TEST(TargetsJsonTest, ABaselineOfAnotherUrlDoesNotApply) {
  SiteWorld w;
  Baseline b;
  b.target = "maternity-2018-01/page";
  b.url = "https://stats.example.org/pub/moved";
  w.reader.all_baselines = {b};
  const auto j = nlohmann::json::parse(target_json(b.target, view_of(w.reader)));
  EXPECT_EQ(j["baseline"]["applies"], false);
  EXPECT_TRUE(j["baseline"]["edition"].is_null());
}

TEST(TargetsJsonTest, ATargetThatLeftTheScheduleHasNoRole) {
  SiteWorld w;
  w.reader.all_releases.clear();
  const auto j = nlohmann::json::parse(target_json("maternity-2018-01/page", view_of(w.reader)));
  EXPECT_TRUE(j["role"].is_null());
  EXPECT_TRUE(j["profile"].is_null());
  EXPECT_EQ(target_json("none/page", view_of(w.reader)), "null");
}

TEST(BlindJsonTest, CountsWhatLastsUntilNow) {
  SiteWorld w;
  const auto j = nlohmann::json::parse(blind_json(w.reader.all_blind, kSampleNow));
  EXPECT_TRUE(j["items"][0]["to"].is_null());
  EXPECT_EQ(j["items"][0]["seconds"], 600.0);
  EXPECT_EQ(j["items"][1]["to"], "2018-04-23T09:06:40.000Z");
  EXPECT_EQ(j["items"][1]["seconds"], 90.0);
  EXPECT_EQ(j["items"][1]["site"], "stats.example.org");
  EXPECT_EQ(j["items"][1]["cause"], "timeout");
  EXPECT_EQ(j["items"][1]["vantage"], "main");
}

TEST(ApiTest, HostileTextStaysText) {
  StoredRelease r = sample_release("r", "\"},{\"id\":\"x\xff\n</script>", "2018-04-25T08:30:00Z", "x");
  const auto j = nlohmann::json::parse(releases_json({r}, {}, {}));
  EXPECT_EQ(j["items"].size(), 1U);
  EXPECT_EQ(j["items"][0]["title"], "\"},{\"id\":\"x\xEF\xBF\xBD\n</script>");
}

}  // namespace
}  // namespace embargod

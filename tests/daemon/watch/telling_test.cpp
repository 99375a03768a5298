// The bytes that leave: incident JSON, labels and annotations, each held to the contract.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/watch/alerting.h"
#include "daemon/watch/incident_json.h"
#include "tests/support/drifts.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

const AlertContext kContext{.zone = "Europe/London", .external_url = "http://127.0.0.1:9750"};

Incident contained_incident() {
  Story s{release_with({"page"})};
  s.look(0, look_at(-48h, Liveness::absent));
  s.look(0, look_at(-48h + 2s, Liveness::live));
  s.look(0, look_at(-48h + 852s, Liveness::live));
  for (int k = 1; k <= 3; ++k) s.look(0, look_at(-48h + 852s + k * 2s, Liveness::absent));
  return *s.incident;
}

TEST(IncidentJson, HasExactlyTheContractsMembersInItsOrder) {
  const Incident i = contained_incident();
  EXPECT_EQ(incident_json(i, kDue),
            "{\"id\":\"" + i.id +
                "\",\"kind\":\"early\",\"state\":\"contained\",\"confidence\":\"confirmed\",\"release\":\"therapies-"
                "2018-01\","
                "\"title\":\"Psychological therapies, January 2018 final\",\"due\":\"2018-04-25T08:30:00.000Z\","
                "\"targets\":[{\"target\":\"therapies-2018-01/page\",\"url\":\"https://stats.example.org/pub/"
                "page\",\"spans\":[{"
                "\"went_live\":{\"earliest\":\"2018-04-23T08:30:00.000Z\",\"latest\":\"2018-04-23T08:30:02.100Z\"},"
                "\"went_down\":{\"earliest\":\"2018-04-23T08:44:12.000Z\",\"latest\":\"2018-04-23T08:44:14.100Z\"},"
                "\"time_up\":{\"shortest_seconds\":849.9,\"longest_seconds\":854.1},\"basis\":\"as_served\",\"ended_"
                "by\":\"absence\"}],\"role\":\"page\",\"routes\":[{\"path\":\"plain\",\"liveness\":\"absent\","
                "\"seen\":\"2018-04-23T08:44:18.100Z\",\"from_cache\":false}],\"cached_by\":null}],"
                "\"lead\":{\"shortest_seconds\":172797.9,\"longest_seconds\":172800.0},\"acknowledged\":null,"
                "\"evidence\":[\"sha256:1111\"],\"blind_seconds\":0.0,\"decision\":null}");
}

TEST(IncidentJson, UnboundedStartAndStillUpAreNull) {
  Story s{release_with({"page"})};
  s.look(0, look_at(-48h, Liveness::live));
  const Json j = Json::parse(incident_json(*s.incident, kDue - 47h));
  const Json& span = j["targets"][0]["spans"][0];
  EXPECT_TRUE(span["went_live"]["earliest"].is_null());
  EXPECT_TRUE(span["went_down"].is_null());
  EXPECT_TRUE(span["time_up"]["longest_seconds"].is_null());
  // One look so far: nobody knows that it was up any longer than for a moment.
  EXPECT_DOUBLE_EQ(span["time_up"]["shortest_seconds"].get<double>(), 0.0);
  EXPECT_TRUE(j["lead"]["longest_seconds"].is_null());
}

TEST(IncidentJson, EachWayToAPageAndTheCacheThatStillHasItAreNamed) {
  Incident i = contained_incident();
  TargetExposure& t = i.targets[0];
  t.role = Role::file;
  t.cached_by = "Varnish";
  t.routes = {RouteView{.path = "plain",
                        .liveness = Liveness::live,
                        .dark_streak = 0,
                        .done = kDue - 1h,
                        .from_cache = true,
                        .layer = "Varnish"},
              RouteView{.path = "192.0.2.7",
                        .liveness = Liveness::absent,
                        .dark_streak = 4,
                        .done = kDue - 2h,
                        .from_cache = false,
                        .layer = ""}};
  const Json j = Json::parse(incident_json(i, kDue))["targets"][0];
  EXPECT_EQ(j["role"], "file");
  EXPECT_EQ(j["cached_by"], "Varnish");
  EXPECT_EQ(j["routes"].dump(),
            R"([{"path":"plain","liveness":"live","seen":"2018-04-25T07:30:00.000Z","from_cache":true},)"
            R"({"path":"192.0.2.7","liveness":"absent","seen":"2018-04-25T06:30:00.000Z","from_cache":false}])");
}

TEST(IncidentJson, AUrlThatWasNotSeenLiveDoesNotLeave) {
  Story s{release_with({"page"})};
  s.look(0, look_at(181s, Liveness::absent));
  const std::string json = incident_json(*s.incident, kDue + 200s);
  EXPECT_EQ(json.find("stats.example.org/pub"), std::string::npos);
  EXPECT_NE(json.find("\"target\":\"therapies-2018-01/page\",\"url\":null"), std::string::npos);
}

TEST(IncidentJson, ADriftNamesWhatEachCalendarSaysAndNotTheUrlThatOpensIt) {
  Incident i = drift_incident({drift_in("ons", DriftKind::later, 24h, "2018-04-26T08:30:00.000Z"),
                               month_drift("team", DriftKind::provisional)});
  i.drifts[0].where = "https://cal.example.org/k3y/calendar.ics:14:1";
  const std::string json = incident_json(i, kDue - 100h);
  EXPECT_EQ(Json::parse(json)["drifts"].dump(),
            R"([{"source":"ons","kind":"later","says":{"as_given":"2018-04-26T08:30:00.000Z",)"
            R"("at":"2018-04-26T08:30:00.000Z","precision":"instant"},"where":"cal.example.org:14:1",)"
            R"("seen":"2018-04-15T08:30:00.000Z"},{"source":"team","kind":"provisional","says":{"as_given":"May 2018",)"
            R"("at":null,"precision":"month"},"where":"team.ics:14:1","seen":"2018-04-15T08:30:00.000Z"}])");
  EXPECT_EQ(json.find("k3y"), std::string::npos);
  EXPECT_FALSE(Json::parse(incident_json(contained_incident(), kDue)).contains("drifts")) << "of this kind only";
}

TEST(MakeAlert, EarlyHasExactlyTheContractsLabels) {
  Incident i = contained_incident();
  i.steps = 1;
  const Alert a = make_alert(i, Notice::opened, kDue - 47h, kContext);
  EXPECT_EQ(a.labels, (Labels{{"alertname", "EmbargoEarly"},
                              {"severity", "page"},
                              {"service", "embargod"},
                              {"release", "therapies-2018-01"}}));
  EXPECT_EQ(a.key, i.id + ":1");
  EXPECT_EQ(a.status, AlertStatus::firing);
}

struct KindCase {
  IncidentKind kind;
  const char* name;
  Severity severity;
  const char* scope;
};

class MakeAlertTest : public testing::TestWithParam<KindCase> {};

TEST_P(MakeAlertTest, EachKindHasItsNameSeverityAndScope) {
  Incident i = contained_incident();
  i.kind = GetParam().kind;
  i.site = "stats.example.org";
  const Alert a = make_alert(i, Notice::opened, kDue - 47h, kContext);
  EXPECT_EQ(a.labels.at("alertname"), GetParam().name);
  EXPECT_EQ(a.severity, GetParam().severity);
  EXPECT_EQ(a.labels.size(), 4U);
  EXPECT_TRUE(a.labels.contains(GetParam().scope));
  EXPECT_FALSE(a.annotations.at("summary").empty());
  EXPECT_FALSE(a.annotations.at("what_to_do").empty());
}

INSTANTIATE_TEST_SUITE_P(
    Contract, MakeAlertTest,
    testing::Values(KindCase{IncidentKind::early, "EmbargoEarly", Severity::page, "release"},
                    KindCase{IncidentKind::suspect, "EmbargoSuspect", Severity::ticket, "release"},
                    KindCase{IncidentKind::late, "EmbargoLate", Severity::ticket, "release"},
                    KindCase{IncidentKind::incomplete, "EmbargoIncomplete", Severity::ticket, "release"},
                    KindCase{IncidentKind::wrong_content, "EmbargoWrongContent", Severity::ticket, "release"},
                    KindCase{IncidentKind::gap, "EmbargoGap", Severity::ticket, "release"},
                    KindCase{IncidentKind::unscheduled, "EmbargoUnscheduled", Severity::ticket, "site"},
                    KindCase{IncidentKind::blind, "EmbargoBlind", Severity::ticket, "site"},
                    KindCase{IncidentKind::drift, "EmbargoScheduleDrift", Severity::ticket, "release"}),
    [](const auto& c) { return std::string{c.param.name}; });

TEST(MakeAlert, LabelsAreTheSameFiringAndResolved) {
  Incident i = contained_incident();
  const Alert firing = make_alert(i, Notice::opened, kDue - 47h, kContext);
  i.steps = 9;
  const Alert resolved = make_alert(i, Notice::resolved, kDue - 46h, kContext);
  EXPECT_EQ(firing.labels, resolved.labels);
  EXPECT_NE(firing.key, resolved.key);
}

TEST(MakeAlert, SaysWhatATiredPersonNeeds) {
  Story s{release_with({"page"})};
  s.look(0, look_at(-48h, Liveness::absent));
  s.look(0, look_at(-48h + 2s, Liveness::live));
  const Alert a = make_alert(*s.incident, Notice::opened, kDue - 48h + 3s, kContext);
  EXPECT_EQ(a.annotations.at("summary"),
            "\"Psychological therapies, January 2018 final\" is public, 2 days before due");
  EXPECT_NE(a.annotations.at("due").find("Wednesday 25 April 2018, 09:30 BST"), std::string::npos);
  EXPECT_NE(a.annotations.at("seen_since").find("2018-04-23T08:30:02.100Z"), std::string::npos);
  EXPECT_NE(a.annotations.at("what_to_do").find("taken down"), std::string::npos);
  EXPECT_EQ(a.annotations.at("urls"), "https://stats.example.org/pub/page");
  EXPECT_NE(a.annotations.at("acknowledge").find("ack " + s.incident->id), std::string::npos);
  EXPECT_EQ(a.annotations.at("link"), "http://127.0.0.1:9750/incidents/" + s.incident->id);
}

TEST(MakeNearDueAlert, IsAPageForTheSite) {
  Incident i;
  i.kind = IncidentKind::blind;
  i.site = "stats.example.org";
  const Alert a = make_near_due_alert(i, Notice::opened, kDue - 1h, kContext);
  EXPECT_EQ(a.labels, (Labels{{"alertname", "EmbargoBlindNearDue"},
                              {"severity", "page"},
                              {"service", "embargod"},
                              {"site", "stats.example.org"}}));
}

}  // namespace
}  // namespace embargod

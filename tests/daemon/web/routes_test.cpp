#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/watch/incident_json.h"
#include "tests/daemon/web/site_fixture.h"
#include "tests/daemon/web/web_client.h"

namespace embargod {
namespace {

/// A whole server on a free port.
class RoutesTest : public testing::Test {
 protected:
  void SetUp() override { start(); }
  void start() {
    server_ = std::make_unique<WebServer>(world_.setup, world_.doors_with(real_));
    const auto bound = server_->start();
    ASSERT_TRUE(bound) << to_string(bound.error());
    addresses_ = *bound;
    port_ = port_in(addresses_[0]);
  }
  void TearDown() override { server_.reset(); }

  RealClock real_;
  SiteWorld world_;
  std::unique_ptr<WebServer> server_;
  std::vector<std::string> addresses_;
  int port_ = 0;
};

struct RouteCase {
  const char* method;
  std::string path;
  int status;
  const char* type;
  const char* allow;
};

const std::string kIncidentPath = std::string{"/api/v1/incidents/"} + kSampleIncident;
const char* const kJson = "application/json";
const char* const kProblem = "application/problem+json";
const char* const kHtml = "text/html; charset=utf-8";
const char* const kText = "text/plain; charset=utf-8";

TEST_F(RoutesTest, EveryPathAndMethodAnswersAsTheContractSays) {
  const std::vector<RouteCase> cases{
      {"GET", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", ""},
      {"HEAD", "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8", ""},
      {"POST", "/metrics", 405, kProblem, "GET, HEAD"},
      {"GET", "/-/healthy", 200, kText, ""},
      {"HEAD", "/-/healthy", 200, kText, ""},
      {"GET", "/-/ready", 200, kText, ""},
      {"HEAD", "/-/ready", 200, kText, ""},
      {"POST", "/-/reload", 200, kText, ""},
      {"PUT", "/-/reload", 200, kText, ""},
      {"GET", "/-/reload", 405, kProblem, "POST, PUT"},
      {"GET", "/-/quit", 404, kProblem, ""},
      {"GET", "/api/v1/releases", 200, kJson, ""},
      {"HEAD", "/api/v1/releases", 200, kJson, ""},
      {"DELETE", "/api/v1/releases", 405, kProblem, "GET, HEAD"},
      {"OPTIONS", "/api/v1/releases", 405, kProblem, "GET, HEAD"},
      {"GET", "/api/v1/incidents", 200, kJson, ""},
      {"GET", "/api/v1/incidents?limit=1", 200, kJson, ""},
      {"GET", "/api/v1/incidents?limit=0", 400, kProblem, ""},
      {"GET", "/api/v1/incidents?limit=many", 400, kProblem, ""},
      {"GET", kIncidentPath, 200, kJson, ""},
      {"PUT", kIncidentPath, 405, kProblem, "GET, HEAD"},
      {"GET", "/api/v1/incidents/01NOTTHERE", 404, kProblem, ""},
      {"GET", "/api/v1/incidents/..%2Fx", 404, kProblem, ""},
      {"GET", "/api/v1/incidents/", 404, kProblem, ""},
      {"GET", kIncidentPath + "/ack", 405, kProblem, "POST"},
      {"GET", kIncidentPath + "/nothing", 404, kProblem, ""},
      {"POST", kIncidentPath + "/ack", 415, kProblem, ""},
      {"POST", "/api/v1/releases/therapies-2018-01/lift", 415, kProblem, ""},
      {"GET", "/api/v1/targets", 200, kJson, ""},
      {"POST", "/api/v1/targets/maternity-2018-01/page/baseline", 415, kProblem, ""},
      {"POST", "/api/v1/targets/maternity-2018-01%2Fpage/baseline", 415, kProblem, ""},
      {"GET", "/api/v1/targets/maternity-2018-01/page/baseline", 405, kProblem, "POST"},
      {"GET", "/api/v1/targets/maternity-2018-01/baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets/maternity-2018-01/a/page/baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets//page/baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets/maternity-2018-01//baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets/maternity-2018-01/..%2Fpage/baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets/Maternity/page/baseline", 404, kProblem, ""},
      {"GET", "/api/v1/targets/maternity-2018-01/page", 404, kProblem, ""},
      {"GET", "/api/v1/schedule/sources", 200, kJson, ""},
      {"POST", "/api/v1/schedule/sources", 405, kProblem, "GET, HEAD"},
      {"GET", "/api/v1/schedule/sources?source=nobody", 404, kProblem, ""},
      {"GET", "/api/v1/releases/therapies-2018-01/revisions", 200, kJson, ""},
      {"GET", "/api/v1/releases/nothing/revisions", 404, kProblem, ""},
      {"GET", "/api/v1/blind", 200, kJson, ""},
      {"GET", "/api/v1/blind?from=2018-04-23T00:00:00Z&to=2018-04-24T00:00:00%2B01:00", 200, kJson, ""},
      {"GET", "/api/v1/blind?from=yesterday", 400, kProblem, ""},
      {"GET", "/api/v1/blind?from=2018-04-24T00:00:00Z&to=2018-04-23T00:00:00Z", 400, kProblem, ""},
      {"GET", "/api/v1/schedule", 200, kJson, ""},
      {"GET", "/api/v1/schedule?format=ics&urls=include", 200, "text/calendar; charset=utf-8", ""},
      {"GET", "/api/v1/schedule?format=xml", 400, kProblem, ""},
      {"POST", "/api/v1/schedule", 405, kProblem, "GET, HEAD"},
      {"GET", std::string{"/api/v1/report?incident="} + kSampleIncident, 200, kHtml, ""},
      {"GET", "/api/v1/report", 400, kProblem, ""},
      {"GET", "/api/v1/report?incident=..%2F..", 400, kProblem, ""},
      {"GET", std::string{"/api/v1/report?format=exe&incident="} + kSampleIncident, 400, kProblem, ""},
      {"GET", "/", 200, kHtml, ""},
      {"HEAD", "/", 200, kHtml, ""},
      {"POST", "/", 405, kProblem, "GET, HEAD"},
      {"GET", "/incidents", 200, kHtml, ""},
      {"GET", std::string{"/incidents/"} + kSampleIncident, 200, kHtml, ""},
      {"GET", "/incidents/none", 404, kHtml, ""},
      {"GET", "/schedule/sources", 200, kHtml, ""},
      {"GET", "/runbook", 200, kHtml, ""},
      {"GET", "/assets/style.css", 200, "text/css; charset=utf-8", ""},
      {"GET", "/assets/../site.cpp", 404, kHtml, ""},
      {"GET", "/nothing", 404, kHtml, ""},
  };
  for (const auto& c : cases) {
    const RawReply r = ask(port_, c.method, c.path, "Accept: text/html\r\n");
    const std::string what = std::string{c.method} + " " + c.path;
    EXPECT_EQ(r.status, c.status) << what << "\n" << r.raw;
    EXPECT_EQ(r.headers.count("content-type") != 0 ? r.headers.at("content-type") : "", c.type) << what;
    EXPECT_EQ(r.headers.count("allow") != 0 ? r.headers.at("allow") : "", c.allow) << what;
    for (const auto& [name, value] : default_web_headers()) {
      if (name == "Cache-Control" && c.path == "/assets/style.css") continue;
      if (name == "Content-Security-Policy" && c.path.starts_with("/api/v1/report") && c.status == 200) continue;
      std::string lower = name;
      for (char& ch : lower) ch = static_cast<char>(std::tolower(static_cast<unsigned char>(ch)));
      EXPECT_EQ(r.headers.count(lower) != 0 ? r.headers.at(lower) : "", value) << what << " " << name;
    }
    if (c.type == std::string{kProblem}) {
      const auto j = nlohmann::json::parse(r.body, nullptr, false);
      ASSERT_TRUE(j.is_object()) << what;
      EXPECT_EQ(j["type"], "about:blank") << what;
      EXPECT_EQ(j["status"], c.status) << what;
      EXPECT_EQ(j["title"], status_title(c.status)) << what;
      EXPECT_TRUE(j["detail"].is_string()) << what;
    }
  }
}

TEST_F(RoutesTest, AnIncidentIsTheContractObjectByteForByte) {
  EXPECT_EQ(ask(port_, "GET", kIncidentPath).body, incident_json(sample_incident(), kSampleNow));
}

TEST_F(RoutesTest, ReadyAndHealthyFollowTheDaemon) {
  world_.health = {.healthy = false,
                   .healthy_text = "the engine has not turned for 40 s",
                   .ready = false,
                   .ready_text = "first round of looks"};
  EXPECT_EQ(ask(port_, "GET", "/-/healthy").status, 503);
  EXPECT_EQ(ask(port_, "GET", "/-/ready").status, 503);
  EXPECT_EQ(ask(port_, "GET", "/-/ready").body, "first round of looks\n");
}

TEST_F(RoutesTest, AFaultyConfigurationIsTold) {
  world_.reload_faults = {
      {Errc::invalid_input, "embargod.yml:3:1", "\"intervall\" is not a key here", "did you mean \"interval\"?"}};
  const RawReply r = ask(port_, "POST", "/-/reload");
  EXPECT_EQ(r.status, 500);
  EXPECT_EQ(nlohmann::json::parse(r.body)["faults"][0],
            "embargod.yml:3:1: \"intervall\" is not a key here; did you mean \"interval\"?");
}

TEST_F(RoutesTest, ACommandReachesTheEngineAndShowsWhatBecameOfIt) {
  const struct {
    const char* path;
    Command::What what;
  } cases[] = {{"/ack", Command::What::acknowledge},
               {"/dismiss", Command::What::dismiss},
               {"/close", Command::What::close},
               {"/note", Command::What::note}};
  for (const auto& c : cases) {
    const RawReply r = ask(port_, "POST", kIncidentPath + c.path, "Content-Type: application/json\r\n",
                           R"({"by":"Duty officer","reason":"on it"})");
    EXPECT_EQ(r.status, 200) << c.path;
    EXPECT_EQ(nlohmann::json::parse(r.body)["id"], kSampleIncident);
    EXPECT_EQ(world_.commands.seen().back().what, c.what);
    EXPECT_EQ(world_.commands.seen().back().id, kSampleIncident);
    EXPECT_EQ(world_.commands.seen().back().by, "Duty officer");
  }
  const RawReply decided = ask(port_, "POST", kIncidentPath + "/decide", "Content-Type: application/json\r\n",
                               R"({"by":"HoP","decision":"let_stand","reason":"stands"})");
  EXPECT_EQ(decided.status, 200);
  EXPECT_EQ(world_.commands.seen().back().what, Command::What::decide);
  EXPECT_EQ(world_.commands.seen().back().choice, Choice::let_stand);
  const RawReply r = ask(port_, "POST", "/api/v1/releases/therapies-2018-01/lift", "Content-Type: application/json\r\n",
                         R"({"by":"HoP","reason":"stands"})");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(nlohmann::json::parse(r.body)["id"], "therapies-2018-01");
  EXPECT_EQ(world_.commands.seen().back().what, Command::What::lift);
}

TEST_F(RoutesTest, ABaselineIsApprovedByWhatWasShown) {
  const std::string path = "/api/v1/targets/maternity-2018-01/page/baseline";
  const std::string json = "Content-Type: application/json\r\n";
  const RawReply r = ask(port_, "POST", path, json, R"({"by":"Duty officer","fingerprint":"page:0a","reason":"seen"})");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(nlohmann::json::parse(r.body)["target"], "maternity-2018-01/page");
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  const Command c = world_.commands.seen()[0];
  EXPECT_EQ(c.what, Command::What::approve_baseline);
  EXPECT_EQ(c.id, "maternity-2018-01/page");
  EXPECT_EQ(c.by, "Duty officer");
  EXPECT_EQ(c.fingerprint, "page:0a");
  EXPECT_EQ(c.reason, "seen");
  const RawReply unseen = ask(port_, "POST", path, json, R"({"by":"Duty officer"})");
  EXPECT_EQ(unseen.status, 400);
  EXPECT_EQ(unseen.headers.at("content-type"), kProblem);
  world_.commands.refuse_with(Fault{Errc::conflict, "", "the page is another now", ""});
  EXPECT_EQ(ask(port_, "POST", path, json, R"({"by":"a","fingerprint":"page:0b"})").status, 409);
  EXPECT_EQ(
      ask(port_, "POST", path, json + "Origin: https://evil.example\r\n", R"({"by":"a","fingerprint":"b"})").status,
      403);
  EXPECT_EQ(world_.commands.seen().size(), 2U);
}

TEST_F(RoutesTest, ARefusedCommandSaysWhy) {
  const struct {
    Errc code;
    int status;
  } cases[] = {{Errc::not_found, 404}, {Errc::conflict, 409}, {Errc::invalid_input, 400}, {Errc::unavailable, 503}};
  for (const auto& c : cases) {
    world_.commands.refuse_with(Fault{c.code, "", "already over", ""});
    const RawReply r =
        ask(port_, "POST", kIncidentPath + "/ack", "Content-Type: application/json\r\n", R"({"by":"a"})");
    EXPECT_EQ(r.status, c.status);
    EXPECT_EQ(nlohmann::json::parse(r.body)["detail"], "already over");
  }
}

TEST_F(RoutesTest, AForgedRequestReachesNobody) {
  const std::string json = "Content-Type: application/json\r\n";
  const struct {
    std::string headers;
    int status;
  } cases[] = {{"Origin: https://evil.example\r\n" + json, 403},
               {"Origin: null\r\n" + json, 403},
               {"Sec-Fetch-Site: cross-site\r\n" + json, 403},
               {"Host: evil.example\r\n" + json, 421},
               {"Host: 127.0.0.1\r\nHost: evil.example\r\n" + json, 400},
               {"X-Forwarded-For: 192.0.2.7\r\n" + json, 403},
               {"Content-Type: text/plain\r\n", 415}};
  for (const auto& c : cases) {
    EXPECT_EQ(ask(port_, "POST", kIncidentPath + "/ack", c.headers, R"({"by":"a"})").status, c.status) << c.headers;
  }
  EXPECT_TRUE(world_.commands.seen().empty());
  EXPECT_EQ(ask(port_, "POST", "/-/reload", "Origin: https://evil.example\r\n").status, 403);
}

TEST_F(RoutesTest, AnswersToItsOwnNamesOnly) {
  const struct {
    const char* host;
    int status;
  } cases[] = {{"localhost", 200},    {"localhost:9750", 200},      {"127.0.0.1", 200},
               {"[::1]:1", 200},      {"embargo.example.org", 200}, {"EMBARGO.example.org:443", 200},
               {"evil.example", 421}, {"192.0.2.7", 421},           {"localhost.evil.example", 421}};
  for (const auto& c : cases)
    EXPECT_EQ(ask(port_, "GET", "/-/healthy", std::string{"Host: "} + c.host + "\r\n").status, c.status) << c.host;
}

TEST_F(RoutesTest, AStoreFaultTellsPeopleItsKindAndNoPath) {
  world_.reader.broken = Fault{Errc::corrupt, "/var/lib/embargod/embargod.db", "malformed page 7", ""};
  for (const char* path : {"/api/v1/releases", "/api/v1/incidents", "/api/v1/targets", "/api/v1/blind", "/",
                           "/incidents", "/incidents/x"}) {
    const RawReply r = ask(port_, "GET", path);
    EXPECT_EQ(r.status, 500) << path;
    EXPECT_EQ(r.raw.find("embargod.db"), std::string::npos) << path;
  }
}

TEST_F(RoutesTest, ReportQuestionsReachTheReportAsAsked) {
  const RawReply r = ask(port_, "GET", "/api/v1/report?incident=A1&incident=B2&format=txt&form=log-entry");
  EXPECT_EQ(r.body, "<p>DRAFT</p>");
  EXPECT_EQ(r.headers.at("content-disposition"), "inline; filename=\"report.html\"");
  EXPECT_NE(r.headers.at("content-security-policy").find("sandbox"), std::string::npos);
  ASSERT_EQ(world_.reports.size(), 1U);
  EXPECT_EQ(world_.reports[0].incidents, (std::vector<std::string>{"A1", "B2"}));
  EXPECT_EQ(world_.reports[0].format, "txt");
  EXPECT_EQ(world_.reports[0].form, "log-entry");
}

TEST_F(RoutesTest, MetricsListenIsAServerOfItsOwn) {
  server_.reset();
  world_.setup.web.listen = {"127.0.0.1:0", "[::1]:0"};
  world_.setup.web.metrics_listen = {"127.0.0.1:0"};
  start();
  ASSERT_EQ(addresses_.size(), 3U);
  EXPECT_TRUE(addresses_[1].starts_with("[::1]:")) << addresses_[1];
  const int metrics = port_in(addresses_[2]);
  EXPECT_EQ(ask(metrics, "GET", "/metrics").status, 200);
  EXPECT_EQ(ask(metrics, "GET", "/-/ready").status, 200);
  EXPECT_EQ(ask(metrics, "GET", "/").status, 404);
  EXPECT_EQ(ask(metrics, "GET", "/api/v1/releases").status, 404);
  EXPECT_EQ(ask(port_, "GET", "/metrics").status, 200);
}

TEST_F(RoutesTest, ASecondDaemonOnThePortIsRefused) {
  SiteWorld other;
  other.setup.web.listen = {addresses_[0]};
  WebServer second{other.setup, other.doors_with(real_)};
  const auto bound = second.start();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, Errc::busy);
  EXPECT_NE(to_string(bound.error()).find(addresses_[0]), std::string::npos);
  EXPECT_EQ(ask(port_, "GET", "/-/healthy").status, 200);
}

TEST_F(RoutesTest, APortIsFreeAgainAfterStop) {
  const RawReply first = ask(port_, "GET", "/-/healthy");
  EXPECT_EQ(first.status, 200);
  server_->stop();
  server_.reset();
  world_.setup.web.listen = {addresses_[0]};
  start();
  EXPECT_EQ(ask(port_, "GET", "/-/healthy").status, 200);
}

TEST_F(RoutesTest, AnAddressThatIsNoneIsAFault) {
  SiteWorld other;
  other.setup.web.listen = {"localhost"};
  WebServer second{other.setup, other.doors_with(real_)};
  const auto bound = second.start();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace embargod

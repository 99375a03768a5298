#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/web/api.h"
#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

class ScheduleExportTest : public testing::Test {
 protected:
  WebReply ask_site(std::multimap<std::string, std::string> query, const std::string& peer = "127.0.0.1") {
    WebRequest q = get_request("/api/v1/schedule");
    q.query = std::move(query);
    q.peer = peer;
    return Site{world_.doors(), world_.setup, Site::Offer::everything}.answer(q);
  }
  SiteWorld world_;
};

TEST_F(ScheduleExportTest, IsJsonWithoutAddressesUnlessToldOtherwise) {
  const WebReply r = ask_site({});
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.type, "application/json");
  const auto j = nlohmann::json::parse(r.body);
  EXPECT_TRUE(j["releases"].empty());
  EXPECT_EQ(j["items"].size(), 3U);
  EXPECT_EQ(j["items"][0]["id"], "therapies-2018-01");
  EXPECT_EQ(j["items"][0]["due"], "2018-04-25T09:30:00+01:00");
  EXPECT_THAT(r.body, Not(HasSubstr("http")));
}

TEST_F(ScheduleExportTest, IsACalendarWhereAskedFor) {
  world_.reader.all_releases[0].revision = 4;
  const WebReply r = ask_site({{"format", "ics"}});
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.type, "text/calendar; charset=utf-8");
  EXPECT_THAT(r.body, HasSubstr("DTSTART:20180425T083000Z\r\n"));
  EXPECT_THAT(r.body, HasSubstr("SEQUENCE:3\r\n"));
  EXPECT_THAT(r.body, HasSubstr("DTSTAMP:20180420T080000Z\r\n"));
  EXPECT_THAT(r.body, Not(HasSubstr("http")));
}

TEST_F(ScheduleExportTest, GivesAddressesToThisMachineOnly) {
  for (const char* format : {"json", "ics"}) {
    const std::multimap<std::string, std::string> query{{"format", format}, {"urls", "include"}};
    EXPECT_THAT(ask_site(query).body, HasSubstr("https://stats.example.org/pub/maternity-2018-01")) << format;
    const WebReply elsewhere = ask_site(query, "192.0.2.7");
    EXPECT_EQ(elsewhere.status, 403);
    EXPECT_THAT(elsewhere.body, Not(HasSubstr("stats.example.org")));
    EXPECT_EQ(ask_site({{"format", format}}, "192.0.2.7").status, 200) << "without addresses it is for everybody";
  }
  world_.setup.web.behind_proxy = true;
  EXPECT_EQ(ask_site({{"urls", "include"}}).status, 403) << "every user of a proxy comes from this machine";
}

TEST_F(ScheduleExportTest, LeavesOutWhatIsNoLongerInTheSchedule) {
  world_.reader.all_releases[1].current = false;
  const auto j = nlohmann::json::parse(ask_site({}).body);
  ASSERT_EQ(j["items"].size(), 2U);
  EXPECT_EQ(j["items"][1]["id"], "workforce-2018-03");
}

TEST_F(ScheduleExportTest, RefusesWordsThatItDoesNotKnow) {
  EXPECT_EQ(ask_site({{"format", "xml"}}).status, 400);
  EXPECT_EQ(ask_site({{"urls", "all"}}).status, 400);
}

}  // namespace
}  // namespace embargod

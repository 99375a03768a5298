// What people write into a report through the site, and approvals of a version.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;

class DraftSite : public testing::Test {
 protected:
  DraftSite() { world_.reader.all_incidents = {sample_incident()}; }

  static std::string path(const std::string& id) { return "/api/v1/incidents/" + id + "/draft"; }
  WebReply get(const std::string& p) { return site().answer(get_request(p)); }
  WebReply post(const std::string& p, const std::string& b) { return site().answer(post_request(p, b)); }
  Site site() {
    WebDoors doors = world_.doors();
    doors.report = [this](const WebReportRequest& r) -> Result<RenderedReport> {
      EXPECT_EQ(r.format, "json");
      asked_ = r.incidents;
      return RenderedReport{"application/json", report_, "x", false};
    };
    return Site{std::move(doors), world_.setup, Site::Offer::everything};
  }
  static std::string mark(const std::string& kind, const std::string& version) {
    return R"({"incidents":[")" + std::string{kSampleIncident} + R"("],"version":")" + version + R"(","kind":")" +
           kind + R"(","by":"N.N.","role":"Head of Profession"})";
  }

  SiteWorld world_;
  std::vector<std::string> asked_;
  std::string report_ = R"({"id":"R-1","version":"v1","draft":true,"blanks":0,"findings":[]})";
};

TEST_F(DraftSite, ATextGoesIntoItsField) {
  const WebReply reply =
      post(path(kSampleIncident), R"({"by":"Duty officer","field":"cause","text":"A wrong click.\nBy the web team."})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  const Command c = world_.commands.seen().at(0);
  EXPECT_EQ(c.what, Command::What::write_report);
  const ReportEntry want{kSampleIncident, "cause", "A wrong click.\nBy the web team.", {}, "Duty officer"};
  EXPECT_EQ(c.entries, std::vector<ReportEntry>{want});
}

TEST_F(DraftSite, EveryFieldIsShownWithWhatStandsThereAndItsHistory) {
  world_.reader.all_entries = {{kSampleIncident, "cause", "first", kSampleNow, "a"},
                               {kSampleIncident, "cause", "second", kSampleNow, "b"},
                               {kSampleIncident, "effect", "none known", kSampleNow, "a"},
                               {kSampleIncident, "effect", "", kSampleNow, "a"},
                               {"01OTHER", "contact", "x", kSampleNow, "a"}};
  const auto j = nlohmann::json::parse(get(path(kSampleIncident)).body);
  ASSERT_EQ(j.at("items").size(), report_fields().size());
  for (const auto& f : j.at("items")) {
    const bool is_cause = f.at("field") == "cause";
    EXPECT_EQ(f.at("text").is_null(), !is_cause) << f;
    if (is_cause) {
      EXPECT_EQ(f.at("text"), "second");
    }
    EXPECT_FALSE(f.at("asks").get<std::string>().empty());
  }
  EXPECT_EQ(j.at("history").size(), 4U);
}

TEST_F(DraftSite, RefusesWhatItDoesNotUnderstandWithOneClearLine) {
  const std::vector<std::pair<std::string, const char*>> cases{
      {R"({"by":"a","field":"cuase","text":"x"})", "did you mean \"cause\"?"},
      {R"({"field":"cause","text":"x"})", "by: is missing"},
      {R"({"by":"a","field":"cause"})", "text: must be a string"},
      {R"({"by":"a","field":"cause","text":7})", "text: must be a string"},
      {R"({"by":"a","field":"cause","text":"a\u0007b"})", "line 1 has a control character"},
      {R"({"by":"a","field":"cause","text":"a\nb\u202ec"})", "line 2 has a character that turns the direction of text"},
      {R"({"by":"a","field":"cause","text":")" + std::string(kLongestEntry + 1, 'x') + R"("})", "is over 8000 bytes"},
      {R"({"by":"a","field":"cause","text":"x","at":"now"})", "\"at\" is not a member here"}};
  for (const auto& [sent, says] : cases) {
    const WebReply reply = post(path(kSampleIncident), sent);
    EXPECT_EQ(reply.status, 400) << sent;
    EXPECT_THAT(nlohmann::json::parse(reply.body).at("detail").get<std::string>(), HasSubstr(says));
  }
  EXPECT_EQ(post(path("01NONE"), R"({"by":"a","field":"cause","text":"x"})").status, 404);
  EXPECT_EQ(get(path("01NONE")).status, 404);
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(DraftSite, AVersionIsApprovedByItsName) {
  const WebReply reply = post("/api/v1/report/mark", mark("approved", "v1"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Command c = world_.commands.seen().at(0);
  EXPECT_EQ(c.what, Command::What::mark_report);
  const ReportMark want{"R-1", kSampleIncident, "v1", ReportMark::Kind::approved, "N.N.", "Head of Profession", {}};
  EXPECT_EQ(c.mark, want);
  EXPECT_THAT(asked_, testing::ElementsAre(kSampleIncident));
}

TEST_F(DraftSite, AnotherVersionOrAnUnfinishedOneIsNot) {
  const auto refused = [&](const std::string& body, int status, const char* says) {
    const WebReply reply = post("/api/v1/report/mark", body);
    EXPECT_EQ(reply.status, status) << body;
    EXPECT_THAT(nlohmann::json::parse(reply.body).at("detail").get<std::string>(), HasSubstr(says));
  };
  refused(mark("approved", "v0"), 409, "its version is v1 now");
  refused(mark("done", "v1"), 400, "kind: must be approved or final");
  refused(R"({"version":"v1","kind":"final","by":"a"})", 400, "incidents: must be a list");
  refused(R"({"incidents":["01A"],"kind":"final","by":"a"})", 400, "version: is missing");
  refused(R"({"incidents":["01A"],"kind":"final","version":"v1"})", 400, "by: is missing");
  report_ = R"({"id":"R-1","version":"v1","draft":true,"blanks":2,"findings":[]})";
  refused(mark("final", "v1"), 409, "2 blanks are to be completed");
  report_ =
      R"({"id":"R-1","version":"v1","draft":true,"blanks":0,"findings":[{"level":"note","where":"a","what":"b"},{"level":"error","where":"01A","what":"the lead is wrong"}]})";
  refused(mark("final", "v1"), 409, "01A: the lead is wrong");
  EXPECT_TRUE(world_.commands.seen().empty());
  EXPECT_EQ(post("/api/v1/report/mark", mark("approved", "v1")).status, 200) << "an unfinished one can be approved of";
}

}  // namespace
}  // namespace embargod

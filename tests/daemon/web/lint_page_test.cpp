// What lint says of the schedule in force: as a page, and as data.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/web/pages.h"
#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostileFinding = "<script>alert(1)</script>\"'>{{id}}&amp;";

LintFinding finding_of(const std::string& release, LintLevel level, const std::string& code) {
  LintFinding f;
  f.level = level;
  f.code = code;
  f.release = release;
  f.practice = "T3.6: statistics are released at 09:30 on a weekday";
  f.practice_number = "T3.6";
  f.where = {"releases.yml", 12, 5};
  f.text = "it is due at 10:00";
  f.to_do = "check the time";
  return f;
}

std::shared_ptr<LintReport> sample_lint() {
  auto r = std::make_shared<LintReport>();
  r->now = kSampleNow;
  r->zone = "Europe/London";
  r->code_edition = "2.0";
  r->releases = 3;
  r->not_linted = 1;
  r->findings = {finding_of("maternity-2018-01", LintLevel::note, "no-file"),
                 finding_of("therapies-2018-01", LintLevel::note, "no-file"),
                 finding_of("therapies-2018-01", LintLevel::warning, "time"),
                 finding_of("", LintLevel::note, "bank-holidays-unknown")};
  r->notes = {"releases.yml:3:1: a note of the reader"};
  r->holidays = HolidaysInUse{.from = HolidaysInUse::From::url,
                              .has_url = true,
                              .last_success = kSampleNow - Millis{3'600'000},
                              .fault = "https://calendar.example.org/days.json: answered 503"};
  return r;
}

std::string page_of(SiteWorld& w) {
  Site site{w.doors(), w.setup, Site::Offer::everything};
  const WebReply reply = site.answer(get_request("/schedule/lint"));
  EXPECT_EQ(reply.status, 200);
  return reply.body;
}

TEST(LintPage, ListsFindingsByReleaseWarningsFirst) {
  SiteWorld w;
  w.lint = sample_lint();
  const std::string html = page_of(w);
  for (const char* want :
       {"1 warning, 3 notes.", "2 releases held to edition 2.0 of the Code; 1 already due and not held to it.",
        "<a href=\"/#therapies-2018-01\">Psychological therapies, January 2018 final</a>",
        "Warning:</b> It is due at 10:00.", "Check the time.",
        "T3.6: statistics are released at 09:30 on a weekday · <code>releases.yml:12:5</code> · time",
        "The schedule as a whole", "1 note: bank-holidays-unknown", "had from the configured address 1 h ago",
        "days.json: answered 503", "releases.yml:3:1: a note of the reader", "Wednesday 25 April 2018, 09:30 BST"})
    EXPECT_THAT(html, HasSubstr(want));
  const auto at = [&html](const std::string& text) { return html.find(text); };
  EXPECT_LT(at("therapies-2018-01\">"), at("maternity-2018-01\">")) << "what has a warning comes first";
  EXPECT_LT(at("Warning:</b>"), at("Note:</b>")) << "and so does a release's warning";
}

TEST(LintPage, IsLinkedFromEveryPageAndFromTheListOfReleases) {
  SiteWorld w;
  w.lint = sample_lint();
  Site site{w.doors(), w.setup, Site::Offer::everything};
  EXPECT_THAT(site.answer(get_request("/runbook")).body, HasSubstr("<a href=\"/schedule/lint\">Schedule check</a>"));
  EXPECT_THAT(site.answer(get_request("/")).body, HasSubstr("1 warning about the schedule</a>"));
  w.lint = std::make_shared<LintReport>();
  EXPECT_THAT(site.answer(get_request("/")).body, Not(HasSubstr("about the schedule")));
}

TEST(LintPage, NothingOddAndNothingKnownYetAreToldApart) {
  SiteWorld w;
  EXPECT_THAT(page_of(w), HasSubstr("Not checked yet."));
  EXPECT_THAT(page_of(w), Not(HasSubstr("Nothing odd")));
  w.lint = std::make_shared<LintReport>();
  EXPECT_THAT(page_of(w), HasSubstr("Nothing odd was found."));
}

TEST(LintPage, WordsOfTheScheduleAreInert) {
  SiteWorld w;
  auto lint = sample_lint();
  for (LintFinding& f : lint->findings)
    f.text = f.to_do = f.where.file = f.code = f.release = f.practice = kHostileFinding;
  lint->notes = {kHostileFinding};
  lint->holidays->fault = kHostileFinding;
  w.lint = lint;
  const std::string html = page_of(w);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("\"'>{{")));
}

TEST(LintApi, TellsTheSameAsCheckScheduleAndWhereTheBankHolidaysAreFrom) {
  SiteWorld w;
  Site site{w.doors(), w.setup, Site::Offer::everything};
  EXPECT_EQ(site.answer(get_request("/api/v1/schedule/lint")).status, 503);
  w.lint = sample_lint();
  const WebReply reply = site.answer(get_request("/api/v1/schedule/lint"));
  EXPECT_EQ(reply.status, 200);
  const auto j = nlohmann::json::parse(reply.body);
  EXPECT_EQ(j["warnings"], 1);
  EXPECT_EQ(j["not_linted"], 1);
  EXPECT_EQ(j["findings"].size(), 4U);
  EXPECT_EQ(j["findings"][2]["code"], "time");
  EXPECT_EQ(j["findings"][2]["where"]["line"], 12);
  EXPECT_TRUE(j["findings"][3]["release"].is_null());
  EXPECT_EQ(j["bank_holidays"]["from"], "url");
  EXPECT_EQ(j["bank_holidays"]["last_success"], "2018-04-23T09:30:00.000Z");
  EXPECT_FALSE(j.contains("file"));
  Site metrics{w.doors(), w.setup, Site::Offer::metrics_only};
  EXPECT_EQ(metrics.answer(get_request("/api/v1/schedule/lint")).status, 404);
}

}  // namespace
}  // namespace embargod

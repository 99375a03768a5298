#include "daemon/web/schedule_api.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

Due shown_due(const char* instant, const char* as_given) {
  Due d;
  d.at = at(instant);
  d.zone = "Europe/London";
  d.as_given = as_given;
  return d;
}

Due shown_month() {
  Due d;
  d.precision = DuePrecision::month;
  d.period_begin = at("2018-05-31T23:00:00Z");
  d.period_end = at("2018-06-30T23:00:00Z");
  d.zone = "Europe/London";
  d.as_given = "June 2018";
  return d;
}

CalendarState sample_calendar(SourceFormat format) {
  CalendarState s;
  s.source = "office calendar";
  s.format = format;
  s.where = "https://calendar.example.org/releases";
  s.last_try = kSampleNow;
  s.last_success = kSampleNow - Seconds{90};
  s.fault = "503 from calendar.example.org";
  CalendarRow matched;
  matched.key = "https://stats.example.org/pub/maternity-2018-01";
  matched.title = "Maternity services";
  matched.url = "https://stats.example.org/pub/maternity-2018-01";
  matched.due = shown_due("2018-04-24T08:30:00Z", "24 April 2018 9:30am");
  matched.reason = "Ready sooner";
  matched.where = "releases[0]";
  matched.release = "maternity-2018-01";
  matched.matched_by = "url";
  matched.drift = DriftKind::earlier;
  CalendarRow other;
  other.key = "widgets";
  other.title = "Widgets";
  other.status = ItemStatus::provisional;
  other.due = shown_month();
  other.where = "releases[1]";
  CalendarRow gone = matched;
  gone.key = "old";
  gone.url.clear();
  gone.release = "therapies-2018-01";
  gone.drift = DriftKind::vanished;
  gone.gone = true;
  s.rows = {matched, other, gone};
  return s;
}

/// The world of the sample with one calendar beside the operator's file.
struct CalendarWorld : SiteWorld {
  explicit CalendarWorld(SourceFormat format = SourceFormat::ics) { reader.all_calendars = {sample_calendar(format)}; }
  [[nodiscard]] Result<std::string> sources(const std::string& name = {}) const {
    return schedule_sources_json({reader.all_calendars, reader.all_releases, kSampleNow}, name);
  }
};

TEST(ScheduleSourcesJsonTest, IsExactlyTheContract) {
  EXPECT_EQ(
      CalendarWorld{SourceFormat::ons}.sources("office calendar").value(),
      R"({"items":[{"source":"office calendar","own":false,"format":"ons","where":"https://calendar.example.org/releases",)"
      R"("last_try":"2018-04-23T10:30:00.000Z","last_success":"2018-04-23T10:28:30.000Z","age_seconds":90.0,)"
      R"("fault":"503 from calendar.example.org","items":2,"unmatched":1,"drifting":2,"rows":[)"
      R"({"key":"https://stats.example.org/pub/maternity-2018-01","title":"Maternity services",)"
      R"("url":"https://stats.example.org/pub/maternity-2018-01","status":"confirmed",)"
      R"("due":{"as_given":"24 April 2018 9:30am","at":"2018-04-24T08:30:00.000Z","precision":"instant",)"
      R"("zone":"Europe/London","period":null},"reason":"Ready sooner","where":"releases[0]",)"
      R"("release":"maternity-2018-01","matched_by":"url","drift":"earlier","gone":false},)"
      R"({"key":"widgets","title":"Widgets","status":"provisional","due":{"as_given":"June 2018","at":null,)"
      R"("precision":"month","zone":"Europe/London","period":{"begin":"2018-05-31T23:00:00.000Z",)"
      R"("end":"2018-06-30T23:00:00.000Z"}},"reason":null,"where":"releases[1]","release":null,"matched_by":null,)"
      R"("drift":null,"gone":false},)"
      R"({"key":"old","title":"Maternity services","status":"confirmed","due":{"as_given":"24 April 2018 9:30am",)"
      R"("at":"2018-04-24T08:30:00.000Z","precision":"instant","zone":"Europe/London","period":null},)"
      R"("reason":"Ready sooner","where":"releases[0]","release":"therapies-2018-01","matched_by":"url",)"
      R"("drift":"vanished","gone":true}]}],"next":null})");
}

TEST(ScheduleSourcesJsonTest, TheOperatorsFilesComeFirstWithWhatIsInForce) {
  CalendarWorld w;
  w.reader.all_releases[1].current = false;
  w.reader.all_releases[2].release.source = "office calendar";
  const auto items = nlohmann::json::parse(w.sources().value())["items"];
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["source"], "releases.yml");
  EXPECT_EQ(items[0]["own"], true);
  EXPECT_EQ(items[0]["format"], "yaml");
  EXPECT_TRUE(items[0]["last_success"].is_null());
  ASSERT_EQ(items[0]["rows"].size(), 1U) << "not what left the schedule, nor what a calendar brought";
  EXPECT_EQ(items[0]["rows"][0]["release"], "therapies-2018-01");
  EXPECT_EQ(items[0]["rows"][0]["due"]["as_given"], "2018-04-25 09:30");
  EXPECT_EQ(items[1]["own"], false);
}

TEST(ScheduleSourcesJsonTest, AnAddressLeavesOnlyOfAPublicService) {
  for (const auto f : {SourceFormat::yaml, SourceFormat::csv, SourceFormat::ics, SourceFormat::json})
    EXPECT_THAT(CalendarWorld{f}.sources().value(), Not(HasSubstr("stats.example.org"))) << to_string(f);
  for (const auto f : {SourceFormat::ons, SourceFormat::govuk, SourceFormat::ees})
    EXPECT_THAT(CalendarWorld{f}.sources().value(), HasSubstr("stats.example.org/pub/maternity-2018-01"))
        << to_string(f);
}

TEST(ScheduleSourcesJsonTest, AnUnknownNameSaysWhatWasMeant) {
  const auto unknown = CalendarWorld{}.sources("ofice calendar");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::not_found);
  EXPECT_THAT(to_string(unknown.error()), HasSubstr("did you mean \"office calendar\"?"));
  EXPECT_EQ(nlohmann::json::parse(CalendarWorld{}.sources("releases.yml").value())["items"].size(), 1U);
}

TEST(ListingsJsonTest, IsExactlyTheContract) {
  const ListingStatus read{.listing = "new-pages",
                           .kind = ListingKind::sitemap,
                           .interval = Millis{300'000},
                           .last_success = kSampleNow,
                           .fault = {},
                           .known = 50'000,
                           .matches = 2};
  ListingStatus failing;
  failing.listing = "news";
  failing.kind = ListingKind::feed;
  failing.interval = Millis{60'000};
  failing.fault = "the answer is HTTP 503";
  EXPECT_EQ(listings_json({read, failing}),
            R"({"items":[{"listing":"new-pages","kind":"sitemap","interval_seconds":300.0,"last_success":")" +
                rfc3339(kSampleNow) +
                R"(","fault":null,"known":50000,"matches":2},{"listing":"news","kind":"feed","interval_seconds":60.0,)"
                R"("last_success":null,"fault":"the answer is HTTP 503","known":0,"matches":0}],"next":null})");
}

TEST(ScheduleSourcesJsonTest, WithoutAnythingItIsStillAList) {
  EXPECT_EQ(schedule_sources_json({{}, {}, kSampleNow}, {}).value(), R"({"items":[],"next":null})");
  CalendarWorld w;
  w.reader.all_calendars[0].last_success = kSampleNow + Seconds{5};
  EXPECT_EQ(nlohmann::json::parse(w.sources("office calendar").value())["items"][0]["age_seconds"], 0.0)
      << "a clock that was set back makes nothing younger than now";
}

TEST(RevisionsJsonTest, IsExactlyTheContract) {
  DueRevision first{.release = "a",
                    .before = {},
                    .now = shown_month(),
                    .status = ReleaseStatus::provisional,
                    .seen = at("2018-03-01T09:00:00Z"),
                    .source = "releases.yml",
                    .reason = {}};
  DueRevision second = first;
  second.before = first.now;
  second.now = shown_due("2018-06-13T08:30:00Z", "2018-06-13 09:30");
  second.status = ReleaseStatus::confirmed;
  second.seen = at("2018-04-02T09:00:00Z");
  second.reason = "Date confirmed";
  EXPECT_EQ(revisions_json({first, second}),
            R"({"items":[{"revision":1,"release":"a","before":null,"now":{"as_given":"June 2018","at":null,)"
            R"("precision":"month","zone":"Europe/London","period":{"begin":"2018-05-31T23:00:00.000Z",)"
            R"("end":"2018-06-30T23:00:00.000Z"}},"status":"provisional","seen":"2018-03-01T09:00:00.000Z",)"
            R"("source":"releases.yml","reason":null},{"revision":2,"release":"a","before":{"as_given":"June 2018",)"
            R"("at":null,"precision":"month","zone":"Europe/London","period":{"begin":"2018-05-31T23:00:00.000Z",)"
            R"("end":"2018-06-30T23:00:00.000Z"}},"now":{"as_given":"2018-06-13 09:30",)"
            R"("at":"2018-06-13T08:30:00.000Z","precision":"instant","zone":"Europe/London","period":null},)"
            R"("status":"confirmed","seen":"2018-04-02T09:00:00.000Z","source":"releases.yml",)"
            R"("reason":"Date confirmed"}],"next":null})");
}

struct ScheduleRoute {
  const char* name;
  const char* path;
  const char* source;  // of the query; "" for none
  int status;
  const char* says;
};
class ScheduleRoutesTest : public testing::TestWithParam<ScheduleRoute> {};
TEST_P(ScheduleRoutesTest, AnswersAsTheContractSays) {
  CalendarWorld w;
  w.reader.all_due_revisions = {{.release = "maternity-2018-01",
                                 .before = {},
                                 .now = shown_month(),
                                 .seen = kSampleNow,
                                 .source = {},
                                 .reason = {}}};
  Site site{w.doors(), w.setup, Site::Offer::everything};
  WebRequest q = get_request(GetParam().path);
  if (*GetParam().source != '\0') q.query.emplace("source", GetParam().source);
  const WebReply r = site.answer(q);
  EXPECT_EQ(r.status, GetParam().status) << r.body;
  EXPECT_THAT(r.body, HasSubstr(GetParam().says));
}
INSTANTIATE_TEST_SUITE_P(
    Of, ScheduleRoutesTest,
    testing::Values(
        ScheduleRoute{"AllSources", "/api/v1/schedule/sources", "", 200, "releases.yml"},
        ScheduleRoute{"OneSource", "/api/v1/schedule/sources", "office calendar", 200, "office calendar"},
        ScheduleRoute{"NoSuchSource", "/api/v1/schedule/sources", "nobody", 404, "no schedule source has this name"},
        ScheduleRoute{"Revisions", "/api/v1/releases/maternity-2018-01/revisions", "", 200, "\"revision\":1"},
        ScheduleRoute{"NoRevisionsYet", "/api/v1/releases/therapies-2018-01/revisions", "", 200, R"({"items":[])"},
        ScheduleRoute{"NoSuchRelease", "/api/v1/releases/nothing/revisions", "", 404, "no such release"}),
    [](const auto& c) { return c.param.name; });

TEST(ScheduleRoutesFaultTest, ARecordThatCannotBeReadIsNotAnEmptyOne) {
  CalendarWorld w;
  w.reader.broken = Fault{Errc::corrupt, "embargod.db", "page 7 is damaged", {}};
  Site site{w.doors(), w.setup, Site::Offer::everything};
  for (const char* path : {"/api/v1/schedule/sources", "/api/v1/releases/maternity-2018-01/revisions"}) {
    const WebReply r = site.answer(get_request(path));
    EXPECT_EQ(r.status, 500) << path;
    EXPECT_THAT(r.body, Not(HasSubstr("page 7")));
  }
}

}  // namespace
}  // namespace embargod

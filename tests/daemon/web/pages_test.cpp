#include "daemon/web/pages.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "daemon/watch/incident_step.h"
#include "daemon/web/assets.h"
#include "daemon/web/page_words.h"
#include "tests/daemon/web/site_fixture.h"
#include "tests/support/drifts.h"

namespace embargod {
namespace {

const char* const kHostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{id}}&amp;";

PageFrame sample_frame() { return {.now = kSampleNow, .zone = "Europe/London", .producer = {}, .version = "0.1.0"}; }

void expect_inert(const std::string& html) {
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&gt;"), std::string::npos);
}

TEST(PagesTest, HostileTitlesAreInert) {
  SiteWorld w;
  w.reader.all_releases[0].release.title = kHostile;
  w.reader.all_incidents[0].title = kHostile;
  w.reader.all_incidents[0].state = IncidentState::open;
  expect_inert(releases_page(
      sample_frame(), {w.reader.all_releases, w.reader.all_tracks, w.reader.all_incidents, w.health, true, Millis{5}}));
  expect_inert(incidents_page(sample_frame(), w.reader.all_incidents));
}

TEST(PagesTest, HostileWordsOfPeopleAndServersAreInert) {
  SiteWorld w;
  Incident i = sample_incident();
  i.targets[0].url = std::string{"https://stats.example.org/"} + kHostile;
  i.targets[0].first.rule = kHostile;
  i.acknowledged = Acknowledgement{.by = kHostile, .at = kSampleNow, .note = kHostile};
  auto events = w.reader.all_events;
  events[0].text = kHostile;
  events[0].by = kHostile;
  auto deliveries = w.reader.all_deliveries;
  deliveries[0].detail = kHostile;
  const std::string html = incident_page(sample_frame(), {i, events, deliveries, w.reader.all_evidence});
  expect_inert(html);
  EXPECT_EQ(html.find("href=\"https://stats"), std::string::npos) << "a leaked page is never one tap away";
}

TEST(PagesTest, EveryNameInATemplateIsSetSomewhere) {
  std::string code;
  for (const char* file : {"pages.cpp", "incident_page.cpp", "page_parts.cpp", "ack_page.cpp"}) {
    std::ifstream in{std::string{"daemon/web/"} + file};
    ASSERT_TRUE(in) << file;
    code += (std::ostringstream{} << in.rdbuf()).str();
  }
  const std::set<std::string> computed{"has_coming", "has_out",        "has_aside",    "has_steps",    "has_targets",
                                       "has_events", "has_deliveries", "has_evidence", "has_affected", "has_drifts"};
  const std::regex tag{R"(\{\{\{?[#^/]?([a-z_]+)\}?\}\})"};
  for (const char* name : {"layout.mustache", "releases.mustache", "incidents.mustache", "incident.mustache",
                           "not_found.mustache", "ack.mustache"}) {
    const std::string text{asset(name)};
    ASSERT_FALSE(text.empty()) << name;
    for (std::sregex_iterator it{text.begin(), text.end(), tag}, end; it != end; ++it) {
      const std::string word = (*it)[1];
      EXPECT_TRUE(computed.contains(word) || code.find("\"" + word + "\"") != std::string::npos)
          << name << ": " << word;
    }
  }
}

TEST(PagesTest, IncidentShowsTheDecisionAndThatTheEmbargoStands) {
  SiteWorld w;
  Incident i = sample_incident();
  const auto page_of = [&] {
    return incident_page(sample_frame(), {i, w.reader.all_events, w.reader.all_deliveries, w.reader.all_evidence});
  };
  EXPECT_EQ(page_of().find("Decided by"), std::string::npos);
  i.ruling = Ruling{.by = "HoP", .at = kSampleNow, .choice = Choice::let_stand, .reason = kHostile};
  i.state = IncidentState::open;
  const std::string html = page_of();
  expect_inert(html);
  EXPECT_NE(html.find("Decided by HoP"), std::string::npos);
  EXPECT_NE(html.find("<b>let it stand</b>"), std::string::npos);
  EXPECT_NE(html.find("The embargo still stands; to end it: <code>embargoctl lift therapies-2018-01"),
            std::string::npos);
  i.ruling->choice = Choice::take_down;
  EXPECT_EQ(page_of().find("The embargo still stands"), std::string::npos);
}

TEST(PagesTest, NothingThirdPartyAndNoScript) {
  SiteWorld w;
  const std::string html = releases_page(
      sample_frame(), {w.reader.all_releases, w.reader.all_tracks, w.reader.all_incidents, w.health, true, Millis{5}});
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("style="), std::string::npos) << "the policy forbids inline styles";
  EXPECT_EQ(html.find("//"), std::string::npos) << "no address of another host";
  EXPECT_NE(html.find("<meta http-equiv=\"refresh\" content=\"10\">"), std::string::npos);
}

TEST(PagesTest, IncidentShowsItsRecord) {
  SiteWorld w;
  const std::string html = incident_page(
      sample_frame(), {sample_incident(), w.reader.all_events, w.reader.all_deliveries, w.reader.all_evidence});
  for (const char* want :
       {"Taken down; was up between 13 min 2 s and 14 min 58 s", "Wednesday 25 April 2018, 09:30 BST",
        "after 2018-04-23 10:11:00.000 UTC (11:11:00), at or before 2018-04-23 10:12:00.000 UTC (11:12:00)",
        "at least <b>13 min 2 s</b>, at most <b>14 min 58 s</b>",
        "embargoctl close 01HZXK3J5N8QWERTY2018APR23 --by=NAME",
        "/api/v1/report?incident=01HZXK3J5N8QWERTY2018APR23&amp;format=md", "sha256:6f1ed002", "20480 bytes",
        "email duty@example.org", "Acknowledged</b> by Duty officer", "Local times are those of Europe/London"}) {
    EXPECT_NE(html.find(want), std::string::npos) << want;
  }
  EXPECT_EQ(html.find("evidence/6f"), std::string::npos) << "no path of the state folder";
}

TEST(PagesTest, IncidentShowsWaysCachesGapsAndWhatDoesNotFit) {
  Incident i = sample_incident();
  i.state = IncidentState::open;
  TargetExposure& t = i.targets[0];
  t.spans[0].went_down.reset();
  t.cached_by = "Fastly";
  t.first.wrong = "generic expect[0]: magic";
  t.routes = {{.path = "plain", .liveness = Liveness::live, .done = kSampleNow, .from_cache = true, .layer = "Fastly"},
              {.path = "2001:db8::7", .liveness = Liveness::live, .done = kSampleNow, .layer = {}},
              {.path = "bypass", .liveness = Liveness::absent, .done = kSampleNow, .layer = {}}};
  const std::string html = incident_page(sample_frame(), {i, {}, {}, {}});
  for (const char* want :
       {"Fastly still serves it. Have it purged there.", "What does not fit:</b> generic expect[0]: magic.",
        "As readers ask for it: live, from cache (Fastly), 2018-04-23 10:30:00.000 UTC",
        "At address 2001:db8::7: live,", "Past the cache: not live,"}) {
    EXPECT_NE(html.find(want), std::string::npos) << want;
  }
  Incident gap = sample_incident();
  gap.kind = IncidentKind::gap;
  ExposureSpan back;
  back.went_live = {at("2018-04-23T10:27:02Z"), at("2018-04-23T10:28:02Z")};
  gap.targets[0].spans.push_back(back);
  EXPECT_NE(
      incident_page(sample_frame(), {gap, {}, {}, {}}).find("away for at least <b>1 min 4 s</b>, at most <b>3 min</b>"),
      std::string::npos);
}

TEST(PagesTest, AnUnseenAddressIsNotShown) {
  SiteWorld w;
  Incident i = sample_incident();
  i.kind = IncidentKind::late;
  i.targets[0].seen_live = false;
  i.targets[0].spans.clear();
  EXPECT_EQ(incident_page(sample_frame(), {i, {}, {}, {}}).find("/pub/therapies"), std::string::npos);
  EXPECT_EQ(releases_page(sample_frame(), {w.reader.all_releases, w.reader.all_tracks, {}, w.health, true, Millis{5}})
                .find("/pub/"),
            std::string::npos);
}

TEST(PagesTest, SaysThatNothingIsOpenOnlyWhenThatIsKnown) {
  SiteWorld w;
  const auto page = [&w](const std::vector<TargetTrack>& tracks, const std::vector<Incident>& incidents) {
    return releases_page(sample_frame(), {w.reader.all_releases, tracks, incidents, w.health, true, Millis{5}});
  };
  auto sighted = w.reader.all_tracks;
  sighted[0].blind.reset();
  EXPECT_NE(page(sighted, {}).find("Nothing is open"), std::string::npos);
  EXPECT_EQ(page(w.reader.all_tracks, {}).find("Nothing is open"), std::string::npos) << "blind";
  EXPECT_EQ(page(sighted, {sample_incident()}).find("Nothing is open"), std::string::npos) << "contained, not closed";
  EXPECT_NE(page(sighted, {sample_incident()}).find("Over, but not closed"), std::string::npos);
}

TEST(PagesTest, WarnsOfBlindnessClockAndHealth) {
  SiteWorld w;
  const Health sick{
      .healthy = false, .healthy_text = "the store refuses", .ready = false, .ready_text = "first round of looks"};
  const std::string html = releases_page(
      sample_frame(), {w.reader.all_releases, w.reader.all_tracks, w.reader.all_incidents, sick, false, Millis{1'000}});
  for (const char* want : {"1 of 3 URLs cannot be seen", "for 10 min", "the store refuses", "first round of looks",
                           "The clock is not verified"}) {
    EXPECT_NE(html.find(want), std::string::npos) << want;
  }
  EXPECT_EQ(html.find("Nothing is open"), std::string::npos) << "an all-clear needs a ready daemon";
}

struct HeadlineCase {
  const char* name;
  void (*change)(Incident&);
  const char* want;
};
class HeadlineTest : public testing::TestWithParam<HeadlineCase> {};
TEST_P(HeadlineTest, SaysWhatATiredPersonMustKnow) {
  Incident i = sample_incident();
  GetParam().change(i);
  EXPECT_EQ(headline(i, "Europe/London", kSampleNow), GetParam().want);
}
void open_again(Incident& i) {
  i.state = IncidentState::open;
  i.targets[0].spans[0].went_down.reset();
  i.targets[0].spans[0].ended_by.reset();
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, HeadlineTest,
    testing::Values(
        HeadlineCase{"Open", &open_again, "Live now, 2 days before its time"},
        HeadlineCase{"FirstSight",
                     [](Incident& i) {
                       open_again(i);
                       i.state = IncidentState::suspected;
                     },
                     "Live at first sight, 2 days before its time; being confirmed"},
        HeadlineCase{"SameDay",
                     [](Incident& i) {
                       open_again(i);
                       i.due = at("2018-04-23T13:24:00Z");
                     },
                     "Live now, 3 h 12 min before its time"},
        HeadlineCase{"Down", [](Incident&) {}, "Taken down; was up between 13 min 2 s and 14 min 58 s"},
        HeadlineCase{"UnknownStart", [](Incident& i) { i.targets[0].spans[0].went_live.earliest.reset(); },
                     "Taken down; was up at least 13 min 2 s"},
        HeadlineCase{"SeenOnce",
                     [](Incident& i) {
                       auto& s = i.targets[0].spans[0];
                       s.went_down = InstantBounds{s.went_live.latest, s.went_live.latest + Millis{2'000}};
                       s.last_live_sent = s.went_live.latest;
                     },
                     "Taken down; was up for at most 1 min 2 s"},
        HeadlineCase{"UntilDue", [](Incident& i) { i.targets[0].spans[0].ended_by = EndedBy::due; },
                     "Stayed live until its time came; was up between 13 min 2 s and 14 min 58 s too early"},
        HeadlineCase{"Lifted", [](Incident& i) { i.targets[0].spans[0].ended_by = EndedBy::lift; },
                     "Embargo ended by a person; before that it was up between 13 min 2 s and 14 min 58 s"},
        HeadlineCase{"Dismissed",
                     [](Incident& i) {
                       i.state = IncidentState::dismissed;
                       i.closed_by = "Duty officer";
                       i.closed_reason = "test page";
                     },
                     "Dismissed by Duty officer: test page"},
        HeadlineCase{"Late",
                     [](Incident& i) {
                       i.kind = IncidentKind::late;
                       i.state = IncidentState::open;
                       i.targets[0].spans.clear();
                       i.due = at("2018-04-23T10:26:00Z");
                     },
                     "Not out yet, 4 min after its time"},
        HeadlineCase{"LatePartlyOut",
                     [](Incident& i) {
                       i.kind = IncidentKind::late;
                       i.state = IncidentState::open;
                       i.due = at("2018-04-23T10:06:00Z");
                       i.targets.push_back(i.targets[0]);
                       i.targets[1].spans.clear();
                       i.targets[0].spans[0].went_down.reset();
                     },
                     "Only partly out, 24 min after its time"},
        HeadlineCase{"LateOut",
                     [](Incident& i) {
                       i.kind = IncidentKind::late;
                       i.due = at("2018-04-23T10:06:00Z");
                       i.targets[0].spans[0].went_down.reset();
                     },
                     "Came out late, between 5 min and 6 min after its time"},
        HeadlineCase{"LateHandedOver",
                     [](Incident& i) {
                       i.kind = IncidentKind::late;
                       i.due = at("2018-04-23T10:06:00Z");
                       i.targets.push_back(i.targets[0]);
                       i.targets[1].spans.clear();
                       i.targets[0].spans[0].went_down.reset();
                     },
                     "The first of it came out between 5 min and 6 min after its time; the rest is incomplete"},
        HeadlineCase{"Incomplete",
                     [](Incident& i) {
                       i.kind = IncidentKind::incomplete;
                       i.state = IncidentState::open;
                       i.parts = {"a", "b", "c"};
                       i.targets[0].spans.clear();
                     },
                     "Only partly out: 1 of 3 parts missing"},
        HeadlineCase{"Complete",
                     [](Incident& i) {
                       i.kind = IncidentKind::incomplete;
                       i.due = at("2018-04-23T10:06:00Z");
                     },
                     "Complete, between 5 min and 6 min after its time"},
        HeadlineCase{"WrongContent",
                     [](Incident& i) {
                       i.kind = IncidentKind::wrong_content;
                       open_again(i);
                     },
                     "Something else than announced is out"},
        HeadlineCase{"WrongContentWithdrawn",
                     [](Incident& i) {
                       i.kind = IncidentKind::wrong_content;
                       i.state = IncidentState::open;
                     },
                     "The wrong content is gone; what was announced is not out"},
        HeadlineCase{"WrongContentPutRight", [](Incident& i) { i.kind = IncidentKind::wrong_content; },
                     "The right content is out now; something else was up between 13 min 2 s and 14 min 58 s"},
        HeadlineCase{"Gap",
                     [](Incident& i) {
                       i.kind = IncidentKind::gap;
                       i.state = IncidentState::open;
                       i.parts = {"a", "b"};
                     },
                     "Gone again after its release: 1 of 2 parts"},
        HeadlineCase{"GapOver",
                     [](Incident& i) {
                       i.kind = IncidentKind::gap;
                       ExposureSpan back;
                       back.went_live = {at("2018-04-23T10:27:02Z"), at("2018-04-23T10:28:02Z")};
                       i.targets[0].spans.push_back(back);
                     },
                     "Back again; it was away between 1 min 4 s and 3 min"},
        HeadlineCase{"StillInACache",
                     [](Incident& i) {
                       open_again(i);
                       i.targets[0].cached_by = "Fastly";
                     },
                     "Still served from cache (Fastly), 2 days before its time"},
        HeadlineCase{"Blind",
                     [](Incident& i) {
                       i.kind = IncidentKind::blind;
                       i.state = IncidentState::open;
                       i.targets[0].first.sent = at("2018-04-23T10:24:40Z");
                       i.detected = at("2018-04-23T10:29:40Z");
                     },
                     "Cannot see stats.example.org: nothing is known for 5 min 20 s"},
        HeadlineCase{"Drift",
                     [](Incident& i) { i = drift_incident({drift_in("ons", DriftKind::later, Millis{86'400'000})}); },
                     "ons shows a date 1 day later"},
        HeadlineCase{"DriftOver",
                     [](Incident& i) {
                       i = close_by_itself(drift_incident({drift_in("ons", DriftKind::cancelled, Millis{0})}),
                                           kSampleNow, "no calendar contradicts it any more")
                               .incident;
                     },
                     "Over: no calendar contradicts it any more"}),
    [](const auto& c) { return c.param.name; });

TEST(PublicTimeTest, CountsOverlappingUrlsOnceAndSpansApart) {
  Incident i = sample_incident();
  TargetExposure other = i.targets[0];
  other.spans[0].went_live = {at("2018-04-23T10:20:00Z"), at("2018-04-23T10:21:00Z")};
  ExposureSpan later = other.spans[0];
  later.went_live = {at("2018-04-23T11:00:00Z"), at("2018-04-23T11:00:10Z")};
  later.went_down = InstantBounds{at("2018-04-23T11:01:10Z"), at("2018-04-23T11:01:20Z")};
  other.spans.push_back(later);
  i.targets.push_back(other);
  const SpanBounds b = public_time(i, at("2018-04-23T12:00:00Z"));
  EXPECT_EQ(b.shortest, Millis{(13 * 60 + 2 + 60) * 1'000});
  EXPECT_EQ(b.longest, Millis{(14 * 60 + 58 + 80) * 1'000});
}

struct LightCase {
  const char* name;
  void (*change)(StoredRelease&, TargetTrack&);
  const char* css;
  const char* words;
};
class ReleaseLightTest : public testing::TestWithParam<LightCase> {};
TEST_P(ReleaseLightTest, SaysInWordsWhatTheColourSays) {
  StoredRelease r = sample_release("r", "R", "2018-04-25T08:30:00Z", "2018-04-25 09:30");
  TargetTrack t = sample_track(r, Liveness::absent, "2018-04-23T10:29:58Z");
  GetParam().change(r, t);
  const Light l = release_light(r, {&t}, nullptr, kSampleNow);
  EXPECT_EQ(l.words, GetParam().words);
  EXPECT_STREQ(l.css, GetParam().css);
}
INSTANTIATE_TEST_SUITE_P(
    States, ReleaseLightTest,
    testing::Values(
        LightCase{"Dark", [](auto&, auto&) {}, "good", "Not public, as it should be"},
        LightCase{"NotSeen", [](auto&, auto& track) { track.conclusive.reset(); }, "warn", "Not seen yet"},
        LightCase{"Blind", [](auto&, auto& track) { track.blind.emplace().from = at("2018-04-23T10:20:00Z"); }, "warn",
                  "Cannot be seen for 10 min"},
        LightCase{"Cancelled", [](auto& r, auto&) { r.release.status = ReleaseStatus::cancelled; }, "quiet",
                  "Cancelled"},
        LightCase{"Former", [](auto& r, auto&) { r.current = false; }, "quiet", "No longer in the schedule"},
        LightCase{"DueNotOut", [](auto& r, auto&) { r.release.due.at = kSampleNow - Millis{1}; }, "warn",
                  "Its time has come; not seen out yet"},
        LightCase{"GoneAgain",
                  [](auto& r, auto& track) {
                    r.release.due.at = at("2018-04-23T08:30:00Z");
                    track.released = InstantBounds{at("2018-04-23T08:30:00Z"), at("2018-04-23T08:30:02Z")};
                    track.gone = InstantBounds{at("2018-04-23T09:30:00Z"), at("2018-04-23T09:30:02Z")};
                    track.dark_streak = kAbsencesToContain;
                  },
                  "warn", "Released, but 1 of 1 gone again"},
        LightCase{"OutThoughItsListingIsNot",
                  [](auto& r, auto& track) {
                    r.release.due.at = at("2018-04-23T08:30:00Z");
                    r.release.targets.push_back(r.release.targets[0]);
                    r.release.targets[1].id = "r/listing";
                    r.release.targets[1].role = Role::listing;
                    track.released = InstantBounds{at("2018-04-23T08:30:00Z"), at("2018-04-23T08:30:02Z")};
                  },
                  "good", "Released; seen live by 09:30:02"},
        LightCase{"Out",
                  [](auto& r, auto& track) {
                    r.release.due.at = at("2018-04-23T08:30:00Z");
                    track.released = InstantBounds{at("2018-04-23T08:30:00Z"), at("2018-04-23T08:30:02Z")};
                  },
                  "good", "Released; seen live by 09:30:02"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod

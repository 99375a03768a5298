// Calendars that others keep, at the engine: who is asked when dates move, and what becomes of a source that goes.

#include <gmock/gmock.h>

#include "config/zone_time.h"
#include "tests/support/fed_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string csv_moved_to(const std::string& due, const std::string& reason = {}) {
  std::string csv = "id,title,due,status,url,role,reason\n";
  for (const FeedRow& r : good_rows()) {
    const bool is_first = r.id == id_of(1);
    csv += r.id + ",\"" + r.title + "\"," + (is_first ? due : r.due) + ",confirmed," + r.url + ",page," +
           (is_first ? reason : "") + "\n";
  }
  return csv;
}

// LM-30: the page is out before the old due, and then the calendar says that it was to come later anyway.
TEST(EngineCalendars, ADueThatMovesLaterWhileThePageIsPublicAsksAPerson) {
  FedRig fed{SourceFormat::csv};
  WatchRig& rig = fed.rig;
  rig.prober.answer(page_of(1), kDue - 79h, live_answer());
  rig.prober.answer(fed.url, kDue - 78h - 50min, served(csv_moved_to("2018-05-02 09:30", "later data")));
  rig.prober.answer(page_of(1), kDue - 78h - 20min, ScriptedAnswer{});
  rig.run_until(kDue - 78h - 25min);
  EXPECT_EQ(fed.in_schedule().at(id_of(1)).due.at, kDue);
  const auto drifts = rig.incidents(IncidentKind::drift);
  ASSERT_EQ(drifts.size(), 1U);
  EXPECT_EQ(drifts[0].drifts.at(0).kind, DriftKind::later);
  EXPECT_THAT(rig.told(), ElementsAre("EmbargoEarly firing", "EmbargoScheduleDrift firing"));
  EXPECT_EQ(fed.early(), std::set<std::string>{id_of(1)});
}

TEST(EngineCalendars, ADueThatMovesLaterIsRecordedWithTheReasonGiven) {
  FedRig fed{SourceFormat::csv};
  WatchRig& rig = fed.rig;
  rig.prober.answer(fed.url, kDue - 79h, served(csv_moved_to("2018-05-02 09:30", "later data")));
  rig.run_until(kDue - 78h);
  const auto revisions = got(rig.store.due_revisions(id_of(1)));
  ASSERT_EQ(revisions.size(), 2U);
  EXPECT_EQ(revisions[1].reason, "later data");
  EXPECT_EQ(revisions[1].source, kTeam);
  EXPECT_EQ(revisions[1].before->at, kDue);
  EXPECT_EQ(revisions[1].now.as_given, "2018-05-02 09:30");
}

TEST(EngineCalendars, TheOperatorsOwnChangeIsRecordedToo) {
  Schedule own = operators_releases();
  WatchRig rig{kDue - 80h, own};
  rig.run_until(kDue - 79h);
  own.releases[0].due = *read_due("2018-04-24 09:30", "Europe/London");
  own.releases[0].stated.reason = "agreed with the head of profession";
  rig.engine->replace_plan(rig.plan(own));
  rig.run_until(kDue - 78h);
  const auto revisions = got(rig.store.due_revisions(id_of(1)));
  ASSERT_EQ(revisions.size(), 2U);
  EXPECT_EQ(revisions[1].now.as_given, "2018-04-24 09:30");
  EXPECT_EQ(revisions[1].reason, "agreed with the head of profession");
  EXPECT_EQ(revisions[1].source, "releases.yml");
}

TEST(EngineCalendars, AnotherAddressIsWatchedBesideTheOneThatWasAnnounced) {
  FedRig fed{SourceFormat::csv};
  WatchRig& rig = fed.rig;
  auto rows = good_rows();
  rows[0].url = "https://stats.example.org/widgets-01/tables";
  rig.prober.answer(fed.url, kDue - 79h, served(csv_of(rows)));
  rig.run_until(kDue - 78h);
  fed.restart();
  rig.run_until(kDue - 77h);
  EXPECT_TRUE(fed.was_asked_since(page_of(1), kDue - 77h - 2min));
  EXPECT_TRUE(fed.was_asked_since(rows[0].url, kDue - 77h - 2min));
  const auto targets = fed.in_schedule().at(id_of(1)).targets;
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_EQ(targets[0].id, id_of(1) + "/page");
  EXPECT_EQ(targets[0].url.text, page_of(1));
  EXPECT_EQ(targets[1].id, id_of(1) + "/page-2");
}

TEST(EngineCalendars, AProfileThatIsGoneFromTheConfigDropsNoRelease) {
  FedRig fed{SourceFormat::csv};
  WatchRig& rig = fed.rig;
  Profile own;
  own.name = "own";
  own.siblings = false;
  rig.settings.profiles.push_back(own);
  rig.engine->replace_plan(rig.plan({}));
  std::string csv = "id,title,due,status,url,role,profile\n";
  for (const FeedRow& r : good_rows())
    csv += r.id + ",\"" + r.title + "\"," + r.due + ",confirmed," + r.url + ",page,own\n";
  rig.prober.answer(fed.url, kDue - 79h, served(csv));
  rig.run_until(kDue - 78h);
  ASSERT_EQ(fed.state().fault, "");
  rig.settings.profiles.pop_back();
  rig.engine->replace_plan(rig.plan({}));
  rig.prober.answer(page_of(1), kDue - 77h, live_answer());
  rig.prober.answer(page_of(1), kDue - 77h + 2min, ScriptedAnswer{});
  rig.run_until(kDue - 76h - 50min);
  EXPECT_EQ(fed.early(), std::set<std::string>{id_of(1)});
  EXPECT_EQ(fed.in_schedule().size(), static_cast<std::size_t>(kReleases));
  EXPECT_THAT(rig.log.text, HasSubstr("is judged by the profile generic"));
  EXPECT_THAT(fed.state().fault, HasSubstr("own")) << "the next reading is refused";
}

TEST(EngineCalendars, ARuleThatCannotBeCompiledRefusesTheReadingOfItsCalendarAlone) {
  FedRig fed{SourceFormat::yaml};
  WatchRig& rig = fed.rig;
  std::string yaml = yaml_of(good_rows());
  yaml.insert(yaml.find("role: page}") + 10, ", profile: none");
  rig.prober.answer(fed.url, kDue - 79h, served(yaml));
  rig.run_until(kDue - 78h);
  EXPECT_THAT(fed.state().fault, HasSubstr("none"));
  EXPECT_EQ(fed.in_schedule().size(), static_cast<std::size_t>(kReleases));
}

TEST(EngineCalendars, ASourceThatIsConfiguredNoLongerLeavesWithItsReadings) {
  FedRig fed{SourceFormat::ics};
  WatchRig& rig = fed.rig;
  ASSERT_EQ(got(rig.store.calendars()).size(), 1U);
  EXPECT_THAT(rig.meter.calendar_names, ElementsAre(kTeam));
  rig.settings.schedules.clear();
  rig.engine->replace_plan(rig.plan(operators_releases()));
  rig.run_until(kDue - 79h);
  EXPECT_THAT(got(rig.store.calendars()), IsEmpty());
  EXPECT_THAT(got(rig.store.load()).readings, IsEmpty());
  EXPECT_THAT(rig.meter.calendar_names, IsEmpty());
}

TEST(EngineCalendars, ASourceThatWentWhileTheDaemonWasDownLeavesAtTheStart) {
  FedRig fed{SourceFormat::ics};
  WatchRig& rig = fed.rig;
  rig.settings.schedules.clear();
  fed.restart();
  rig.run_until(kDue - 79h);
  EXPECT_THAT(got(rig.store.calendars()), IsEmpty());
  EXPECT_THAT(got(rig.store.load()).readings, IsEmpty());
}

TEST(EngineCalendars, WhatWasReadFromAnotherPlaceIsForgottenButNotItsReleases) {
  FedRig fed{SourceFormat::csv};
  WatchRig& rig = fed.rig;
  rig.settings.schedules[0].url = *parse_url("https://cal.example.org/moved");
  fed.restart();
  rig.run_until(kDue - 79h);
  EXPECT_THAT(got(rig.store.load()).readings, IsEmpty());
  EXPECT_EQ(fed.in_schedule().size(), static_cast<std::size_t>(kReleases));
  EXPECT_THAT(fed.state().fault, HasSubstr("answered 404"));
}

TEST(EngineCalendars, TheMeterKnowsTheCalendarsBeforeTheScheduleSoThatAFailingOneIsNotFresh) {
  FedRig fed{SourceFormat::csv};
  EXPECT_TRUE(fed.rig.meter.calendars_came_first);
  EXPECT_EQ(fed.rig.meter.last_success.at(kTeam), *fed.state().last_success);
  const Instant good = *fed.state().last_success;
  fed.rig.prober.answer(fed.url, kDue - 79h, no_answer());
  fed.rig.run_until(kDue - 77h);
  EXPECT_LT(fed.rig.meter.last_success.at(kTeam), kDue - 79h);
  EXPECT_GE(fed.rig.meter.last_success.at(kTeam), good);
}

TEST(EngineCalendars, ACalendarOfTenMegabytesIsAskedForWhole) {
  FedRig fed{SourceFormat::csv};
  EXPECT_GT(fed.rig.prober.largest_body, kLargestSource);
}

}  // namespace
}  // namespace embargod

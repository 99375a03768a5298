// Whole days in milliseconds: the engine with a played site under a fake clock.

#include "daemon/watch/engine.h"

#include <gtest/gtest.h>

#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using Told = std::vector<std::string>;

constexpr const char* kPage = "https://stats.example.org/pub/page";
constexpr const char* kTables = "https://stats.example.org/pub/tables";

TEST(Engine, AnEarlyPublicationIsCaughtTimedAndContained) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.prober.answer(kPage, kDue - 47h + 14min, ScriptedAnswer{});
  rig.run_until(kDue - 46h);

  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  EXPECT_EQ(early[0].confidence, Confidence::confirmed);
  const ExposureSpan& span = early[0].targets.at(0).spans.at(0);
  EXPECT_LE(*span.went_live.earliest, kDue - 47h);
  EXPECT_GE(span.went_live.latest, kDue - 47h);
  EXPECT_LE(*span.went_down->earliest, kDue - 47h + 14min);
  EXPECT_GE(span.went_down->latest, kDue - 47h + 14min);
  const auto up = time_up(span.went_live, span.went_down, kDue);
  EXPECT_LE(up->shortest, 14min);
  EXPECT_GE(*up->longest, 14min);
  EXPECT_LE(*up->longest - up->shortest, 70s);  // one far interval, one incident interval, the clock
  EXPECT_EQ(rig.told(), (Told{"EmbargoEarly firing", "EmbargoEarly resolved"}));
  EXPECT_EQ(rig.vault.kept, Told{early[0].id + " therapies-2018-01/page"});
}

TEST(Engine, ConfirmsAtOnceAndDoesNotWaitForTheInterval) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 47h + 61s);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  const auto events = got(rig.store.events(early[0].id));
  ASSERT_GE(events.size(), 2U);
  EXPECT_EQ(events[0].what, "first_sight");
  EXPECT_EQ(events[1].what, "confirmed");
  EXPECT_LE(events[1].at - events[0].at, 1s);
}

TEST(Engine, AReleaseOnTimeIsAPositiveRecordAndNoAlert) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue + 300ms, live_answer());
  rig.prober.answer(kTables, kDue + 4s, live_answer());
  rig.run_until(kDue + 26h);
  EXPECT_TRUE(rig.store.incidents(10)->empty());
  for (const TargetTrack& t : got(rig.store.tracks())) {
    ASSERT_TRUE(t.released) << t.target;
    EXPECT_LE(t.released->latest - *t.released->earliest, 3s);
  }
  const int before = rig.prober.started;
  rig.run_until(kDue + 30h);
  EXPECT_EQ(rig.prober.started, before) << "a day after due the watch of what is out is over";
}

TEST(Engine, NothingThereAfterTheGraceIsLateOnce) {
  WatchRig rig{kDue - 1h};
  rig.prober.answer(kPage, kDue + 20min, live_answer());
  rig.prober.answer(kTables, kDue + 20min, live_answer());
  rig.run_until(kDue + 26h);
  const auto late = rig.incidents(IncidentKind::late);
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].state, IncidentState::closed);
  EXPECT_LT(lead_of(late[0])->shortest, -19min);
  EXPECT_EQ(rig.told(), (Told{"EmbargoLate firing", "EmbargoLate resolved"}));
}

TEST(Engine, StillLiveAtDueEndsThereAndIsNoReleaseOnTime) {
  WatchRig rig{kDue - 30h};
  rig.prober.answer(kPage, kDue - 2h, live_answer());
  rig.prober.answer(kTables, kDue, live_answer());
  rig.run_until(kDue + 25h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::closed);
  EXPECT_EQ(early[0].targets.at(0).spans.at(0).ended_by, EndedBy::due);
  EXPECT_EQ(rig.told(), (Told{"EmbargoEarly firing", "EmbargoEarly resolved"}));
  for (const TargetTrack& t : got(rig.store.tracks())) EXPECT_EQ(t.released.has_value(), t.url == kTables) << t.target;
}

TEST(Engine, LiveAtOurFirstLookHasNoLowerBound) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 60h, live_answer());
  rig.run_until(kDue - 47h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].targets.at(0).spans.at(0).went_live.earliest, std::nullopt);
}

TEST(Engine, ASiteThatIsDownIsBlindOnceAndNeverEarlyNorTakenDown) {
  WatchRig rig{kDue - 48h};
  for (const char* url : {kPage, kTables}) {
    rig.prober.answer(url, kDue - 47h, no_answer());
    rig.prober.answer(url, kDue - 47h + 10min, ScriptedAnswer{});
  }
  rig.run_until(kDue - 46h);
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
  const auto blind = rig.incidents(IncidentKind::blind);
  ASSERT_EQ(blind.size(), 1U);
  EXPECT_EQ(blind[0].state, IncidentState::closed);
  EXPECT_EQ(rig.told(), (Told{"EmbargoBlind firing", "EmbargoBlind resolved"}));
  // What was injected is reported, within one interval at either end.
  const auto spans = got(rig.store.blind(kDue - 48h, kDue));
  ASSERT_EQ(spans.size(), 2U);
  for (const BlindSpan& s : spans) {
    ASSERT_TRUE(s.to);
    EXPECT_GE(*s.to - s.from, 10min);
    EXPECT_LE(*s.to - s.from, 12min);
  }
  EXPECT_GE(rig.meter.blind_time["therapies-2018-01"], 9min);
}

TEST(Engine, BlindWithinTheHourBeforeDuePages) {
  WatchRig rig{kDue - 3h};
  for (const char* url : {kPage, kTables}) {
    rig.prober.answer(url, kDue - 90min, no_answer(Cause::connect));
    rig.prober.answer(url, kDue - 30min, ScriptedAnswer{});
    rig.prober.answer(url, kDue, live_answer());
  }
  rig.run_until(kDue + 10min);
  EXPECT_EQ(rig.told(), (Told{"EmbargoBlind firing", "EmbargoBlindNearDue firing", "EmbargoBlindNearDue resolved",
                              "EmbargoBlind resolved"}));
}

TEST(Engine, AnOutageDuringAnExposureEndsNothingAndIsStated) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.prober.answer(kPage, kDue - 47h + 5min, no_answer());
  rig.prober.answer(kPage, kDue - 47h + 8min, live_answer());
  rig.prober.answer(kPage, kDue - 47h + 12min, ScriptedAnswer{});
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].targets.at(0).spans.size(), 1U);
  EXPECT_GE(blind_of(early[0]), 3min);
  EXPECT_LE(blind_of(early[0]), 3min + 10s);
}

TEST(Engine, ARestartContinuesTheIncidentAndStatesTheGapAsBlind) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.prober.answer(kPage, kDue - 46h, ScriptedAnswer{});
  rig.run_until(kDue - 47h + 10min);
  rig.engine.reset();  // kill -9: nothing is flushed
  rig.clock.advance(3min);
  rig.run_until(kDue - 45h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  EXPECT_EQ(early[0].targets.at(0).spans.size(), 1U);
  EXPECT_GE(blind_of(early[0]), 3min);
  EXPECT_LE(blind_of(early[0]), 3min + 15s);
  EXPECT_EQ(rig.told(), (Told{"EmbargoEarly firing", "EmbargoEarly resolved"}));
  bool gap = false;
  for (const BlindSpan& s : got(rig.store.blind(kDue - 48h, kDue))) gap = gap || s.cause == Cause::not_polled;
  EXPECT_TRUE(gap);
}

TEST(Engine, AReappearanceIsAFurtherSpanAndTellsAgain) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.prober.answer(kPage, kDue - 47h + 5min, ScriptedAnswer{});
  rig.prober.answer(kPage, kDue - 47h + 10min, live_answer());
  rig.prober.answer(kPage, kDue - 47h + 15min, ScriptedAnswer{});
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].targets.at(0).spans.size(), 2U);
  EXPECT_EQ(rig.told(),
            (Told{"EmbargoEarly firing", "EmbargoEarly resolved", "EmbargoEarly firing", "EmbargoEarly resolved"}));
}

TEST(Engine, AlertsLeaveFromMemoryWhenTheStoreRefusesAndAreWrittenLater) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 47h - 10s);
  rig.flaky.refusing = true;
  rig.run_until(kDue - 47h + 2min);
  const auto waiting = rig.emergency.pending("webhook-1");
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_FALSE(waiting[0].durable);
  EXPECT_TRUE(waiting[0].annotations.contains("durable"));
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
  EXPECT_FALSE(rig.engine->store_ok());
  ASSERT_TRUE(rig.journal.held) << "a crash now would lose the first sight";
  EXPECT_EQ(rig.journal.held->incidents.at(0).kind, IncidentKind::early);
  EXPECT_EQ(rig.journal.held->alerts.at(0).alert.key, waiting[0].key);
  EXPECT_TRUE(rig.journal.held->alerts[0].alert.durable) << "the row says nothing of the outage once it is there";
  EXPECT_LE(rig.journal.writes, 3) << "written for what is new, not each second";
  rig.flaky.refusing = false;
  rig.run_until(kDue - 47h + 3min);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  const auto rows = got(rig.store.pending("webhook-1", 10));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].alert.key, waiting[0].key) << "one key, told from memory or from disk";
  EXPECT_TRUE(rig.engine->store_ok());
  EXPECT_FALSE(rig.journal.held);
  EXPECT_EQ(rig.journal.clears, 1);
}

TEST(Engine, ARefusingStoreIsNotHammered) {
  WatchRig rig{kDue - 48h};
  rig.run_until(kDue - 47h);
  rig.flaky.refusing = true;
  rig.flaky.commits = 0;
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 47h + 5min);
  EXPECT_LE(rig.flaky.commits, 310);
}

TEST(Engine, ADismissedIncidentStaysQuietUntilTheUrlWasDark) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 47h + 5min);
  const std::string id = rig.incidents(IncidentKind::early).at(0).id;
  ASSERT_TRUE(rig.engine->execute({Command::What::dismiss, id, "duty officer", "agreed test page"}));
  rig.run_until(kDue - 46h);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  rig.prober.answer(kPage, kDue - 46h, ScriptedAnswer{});
  rig.prober.answer(kPage, kDue - 45h, live_answer());
  rig.run_until(kDue - 44h);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 2U);
  EXPECT_NE(rig.incidents(IncidentKind::early)[0].id, rig.incidents(IncidentKind::early)[1].id);
}

TEST(Engine, ALiftEndsTheExposureAndWhatFollowsIsAllowed) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 47h + 5min);
  ASSERT_TRUE(rig.engine->execute({Command::What::lift, "therapies-2018-01", "head of profession", "let it stand"}));
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  EXPECT_EQ(early[0].targets.at(0).spans.at(0).ended_by, EndedBy::lift);
  EXPECT_FALSE(rig.engine->execute({Command::What::lift, "therapies-2018-01", "head of profession", "again"}));
  EXPECT_FALSE(rig.engine->execute({Command::What::lift, "no-such", "head of profession", "x"}));
  EXPECT_FALSE(rig.engine->execute({Command::What::note, "no-such-incident", "duty officer", "text"}));
}

TEST(Engine, ARemovedReleaseDoesNotCloseItsIncident) {
  WatchRig rig{kDue - 48h};
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.prober.answer(kPage, kDue - 46h, ScriptedAnswer{});
  rig.run_until(kDue - 47h + 5min);
  rig.engine->replace_plan(rig.plan({}));
  rig.run_until(kDue - 46h - 1min);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  EXPECT_EQ(rig.incidents(IncidentKind::early)[0].state, IncidentState::open);
  rig.run_until(kDue - 45h);
  EXPECT_EQ(rig.incidents(IncidentKind::early)[0].state, IncidentState::contained) << "it is watched to its end";
}

TEST(Engine, AClockStepWidensAndFiresNothing) {
  WatchRig rig{kDue - 48h};
  rig.run_until(kDue - 47h);
  rig.clock.step_wall(-30min);
  rig.prober.answer(kPage, kDue - 47h, live_answer());
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_TRUE(rig.incidents(IncidentKind::blind).empty());
  EXPECT_TRUE(rig.incidents(IncidentKind::late).empty());
}

TEST(Engine, EveryLookIsInTheRecordAsSpans) {
  WatchRig rig{kDue - 48h};
  rig.run_until(kDue - 47h);
  rig.engine->stop();
  const auto spans = got(rig.store.spans("therapies-2018-01/page", kDue - 48h, kDue));
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].liveness, Liveness::absent);
  EXPECT_NEAR(static_cast<double>(spans[0].count), 60, 2);
}

TEST(Engine, FourDaysWithTwoUrlsTakeLittleTime) {
  WatchRig rig{kDue - 72h};
  rig.prober.answer(kPage, kDue, live_answer());
  rig.prober.answer(kTables, kDue, live_answer());
  rig.run_until(kDue + 24h);
  EXPECT_GT(rig.prober.started, 10'000);
}

}  // namespace
}  // namespace embargod

// Calendars that contradict the due in force: one incident for each release, told again only when what they say is new.

#include "daemon/watch/drift_watch.h"

#include <gmock/gmock.h>

#include "daemon/watch/casework.h"
#include "tests/support/drifts.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant kTenDaysBefore = kDue - 240h;

// ---- the same contradiction ----

struct SameDriftCase {
  const char* name;
  void (*change)(Drift&);
  bool same;
};

class SameDriftTest : public testing::TestWithParam<SameDriftCase> {};
TEST_P(SameDriftTest, IsWhatItSaysAndNotWhenOrWhereItWasRead) {
  const Drift before = drift_in("team", DriftKind::later, 24h, "2018-04-26 09:30");
  Drift after = before;
  GetParam().change(after);
  EXPECT_EQ(same_drift(before, after), GetParam().same);
}
INSTANTIATE_TEST_SUITE_P(
    Change, SameDriftTest,
    testing::Values(SameDriftCase{"SeenLater", [](Drift& d) { d.seen += 24h; }, true},
                    SameDriftCase{"ElsewhereInTheFile", [](Drift& d) { d.where = "team.ics:99:1"; }, true},
                    SameDriftCase{"SpelledOtherwise", [](Drift& d) { d.says.as_given = "26 April 2018 9:30am"; }, true},
                    SameDriftCase{"AnotherInstant", [](Drift& d) { *d.says.at += 1min; }, false},
                    SameDriftCase{"LessExact", [](Drift& d) { d.says.precision = DuePrecision::time_assumed; }, false},
                    SameDriftCase{"AnotherKind", [](Drift& d) { d.kind = DriftKind::cancelled; }, false},
                    SameDriftCase{"AnotherCalendar", [](Drift& d) { d.source = "ons"; }, false},
                    SameDriftCase{"AnotherRelease", [](Drift& d) { d.release = "maternity"; }, false}),
    [](const auto& c) { return c.param.name; });

TEST(SameDrift, WithoutAnyDateTheTextCounts) {
  Drift a = drift_in("team", DriftKind::provisional, 0s, "spring");
  a.says.at.reset();
  Drift b = a;
  EXPECT_TRUE(same_drift(a, b));
  b.says.as_given = "summer";
  EXPECT_FALSE(same_drift(a, b));
}

// ---- one release ----

struct OneRelease {
  Release release = release_with({"page"});
  std::vector<Drift> drifts;
  std::vector<Drift> dismissed;
  std::optional<Incident> current;

  std::optional<Step> watch(Instant now, int ordinal = 1) {
    auto step =
        watch_drift(current, {.release = &release, .due = release.due.at, .drifts = &drifts}, dismissed, now, ordinal);
    if (step) current = step->incident;
    return step;
  }
};

TEST(WatchDrift, OpensAtTheFirstContradictionAndIsQuietWhileItStaysTheSame) {
  OneRelease one;
  EXPECT_FALSE(one.watch(kTenDaysBefore));
  one.drifts = {drift_in("team", DriftKind::later, 24h, "26 April 2018")};
  const auto opened = one.watch(kTenDaysBefore);
  ASSERT_TRUE(opened);
  const Incident& i = opened->incident;
  EXPECT_EQ(i.kind, IncidentKind::drift);
  EXPECT_EQ(i.state, IncidentState::open);
  EXPECT_EQ(i.id, incident_id("therapies-2018-01", kDue, IncidentKind::drift, 1));
  EXPECT_EQ(i.title, "Psychological therapies, January 2018 final");
  EXPECT_EQ(i.due, kDue);
  EXPECT_EQ(i.drifts, one.drifts);
  EXPECT_TRUE(i.firing);
  EXPECT_THAT(opened->notices, ElementsAre(Notice::opened));
  ASSERT_EQ(opened->events.size(), 1U);
  EXPECT_EQ(opened->events[0].what, "first_sight");
  EXPECT_EQ(opened->events[0].text, "team: later, 2018-04-26T08:30:00.000Z");
  one.drifts[0].where = "team.ics:20:1";
  one.drifts[0].seen += 1h;
  EXPECT_FALSE(one.watch(kTenDaysBefore + 1h)) << "read again, and the same";
}

TEST(WatchDrift, TellsAgainWhenACalendarJoinsLeavesOrShowsAnotherDate) {
  OneRelease one;
  one.drifts = {drift_in("team", DriftKind::later, 24h)};
  one.watch(kTenDaysBefore);

  one.drifts.push_back(drift_in("ons", DriftKind::earlier, -24h));
  one.drifts[0].seen += 2h;
  const auto joined = one.watch(kTenDaysBefore + 2h);
  ASSERT_TRUE(joined);
  EXPECT_THAT(joined->notices, ElementsAre(Notice::updated));
  EXPECT_EQ(joined->events.at(0).what, "drift_changed");
  EXPECT_EQ(joined->events.at(0).text, "ons: earlier, 2018-04-24T08:30:00.000Z");
  ASSERT_EQ(joined->incident.drifts.size(), 2U);
  EXPECT_EQ(joined->incident.drifts[0].source, "ons") << "by source";
  EXPECT_EQ(joined->incident.drifts[1].seen, kTenDaysBefore) << "since when it was first seen so";

  one.drifts[0] = drift_in("team", DriftKind::later, 48h);
  const auto moved = one.watch(kTenDaysBefore + 3h);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->events.at(0).text, "team: later, 2018-04-27T08:30:00.000Z");

  one.drifts.erase(one.drifts.begin());
  const auto left = one.watch(kTenDaysBefore + 4h);
  ASSERT_TRUE(left);
  EXPECT_THAT(left->notices, ElementsAre(Notice::updated));
  EXPECT_EQ(left->events.at(0).text, "team: agrees again");
  EXPECT_TRUE(is_active(left->incident));
}

TEST(WatchDrift, EndsWhenAllAgree) {
  OneRelease one;
  one.drifts = {drift_in("team", DriftKind::later, 24h)};
  one.watch(kTenDaysBefore);
  one.drifts.clear();
  const auto over = one.watch(kTenDaysBefore + 1h);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->incident.state, IncidentState::closed);
  EXPECT_EQ(over->incident.closed_by, "embargod");
  EXPECT_EQ(over->incident.closed_reason, "no calendar contradicts it any more");
  EXPECT_THAT(over->notices, ElementsAre(Notice::resolved));
  EXPECT_EQ(over->incident.drifts.size(), 1U) << "what it was about stays on record";
  EXPECT_FALSE(one.watch(kTenDaysBefore + 2h)) << "it is over";
}

TEST(WatchDrift, LastsUntilTheDueTimeAndIsNotOpenedFromItOn) {
  OneRelease one;
  one.drifts = {drift_in("team", DriftKind::later, 24h)};
  one.watch(kTenDaysBefore);
  EXPECT_FALSE(one.watch(kDue - 1ms));
  const auto over = one.watch(kDue);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->incident.state, IncidentState::closed);
  one.current.reset();
  EXPECT_FALSE(one.watch(kDue));
  EXPECT_TRUE(one.watch(kDue - 1ms));
}

TEST(WatchDrift, EndsWhenTheReleaseHasAnotherDueTime) {
  OneRelease one;
  one.drifts = {drift_in("team", DriftKind::later, 24h)};
  one.watch(kTenDaysBefore);
  *one.release.due.at += 12h;
  const auto over = one.watch(kTenDaysBefore + 1h);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->incident.closed_reason, "the release has another due time now");
  EXPECT_EQ(over->incident.due, kDue) << "kept: it was judged by this one";
}

TEST(WatchDrift, WhatAPersonDismissedOpensNothingButIsNamedBesideWhatDoes) {
  OneRelease one;
  one.drifts = {drift_in("team", DriftKind::later, 24h)};
  one.dismissed = one.drifts;
  EXPECT_FALSE(one.watch(kTenDaysBefore));
  one.drifts.push_back(drift_in("ons", DriftKind::cancelled, 0s));
  const auto opened = one.watch(kTenDaysBefore);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->incident.drifts.size(), 2U) << "so that the next dismissal is one of both";
  one.drifts.pop_back();
  const auto over = one.watch(kTenDaysBefore + 1h);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->incident.closed_reason, "what is left of it was dismissed by a person before");
  one.current.reset();
  one.drifts[0].says.at = kDue + 72h;
  EXPECT_TRUE(one.watch(kTenDaysBefore + 2h)) << "another date is another contradiction";
}

TEST(WatchDrift, AProvisionalReleaseHasNoDateToBeFarFrom) {
  OneRelease one;
  one.release.status = ReleaseStatus::provisional;
  one.release.due = month_drift("", DriftKind::later).says;
  one.drifts = {drift_in("team", DriftKind::earlier, 0s)};
  const auto step = watch_drift(
      {}, {.release = &one.release, .due = one.release.due.period_begin, .drifts = &one.drifts}, {}, kTenDaysBefore, 1);
  ASSERT_TRUE(step);
  EXPECT_FALSE(step->incident.due);
}

TEST(ApplyToDrift, IsDismissedWithAReasonAndNotClosedByHand) {
  const Incident i = drift_incident({drift_in("team", DriftKind::later, 24h)});
  const auto closed = apply(i, {Command::What::close, i.id, "officer", "", ""}, kTenDaysBefore);
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::conflict);
  EXPECT_THAT(to_string(closed.error()), HasSubstr("dismiss it with the reason"));
  const auto dismissed = apply(i, {Command::What::dismiss, i.id, "officer", "an old calendar", ""}, kTenDaysBefore);
  ASSERT_TRUE(dismissed);
  EXPECT_EQ(dismissed->incident.state, IncidentState::dismissed);
}

// ---- all releases: what the engine does with it ----

struct DriftDesk {
  DriftDesk() { work.use(rig.plan(schedule)); }

  void tell(const std::vector<Drift>& drifts, Instant now) {
    rig.clock.step_wall(now - rig.clock.now());
    work.drift({{.release = &schedule.releases[0], .due = schedule.releases[0].due.at, .drifts = &drifts}}, now,
               clock_verified);
    ledger.flush(Ledger::When::now);
  }
  void tell_of_none(Instant now) {
    work.drift({}, now, clock_verified);
    ledger.flush(Ledger::When::now);
  }
  void dismiss(Instant now) {
    std::map<std::string, std::string> muted;
    const Command c{Command::What::dismiss, all().front().id, "officer", "an old calendar", ""};
    EXPECT_TRUE(work.decide(c, now, muted));
    EXPECT_THAT(muted, IsEmpty());
    ledger.flush(Ledger::When::now);
  }
  std::vector<Incident> all() { return rig.incidents(IncidentKind::drift); }  // newest first

  WatchRig rig{kTenDaysBefore};
  Schedule schedule{.releases = {release_with({"page"})}, .notes = {}};
  Ledger ledger{rig.flaky, rig.emergency, nullptr, rig.log, rig.clock};
  RehearsalWatch rehearsals{ledger, rig.log};
  Casework work{ledger, rig.meter, rig.log, rehearsals};
  bool clock_verified = true;
};

TEST(CaseworkDrift, TwoCalendarsAreOneIncidentAndOneTicket) {
  DriftDesk desk;
  const std::vector<Drift> both{drift_in("ons", DriftKind::earlier, -24h), drift_in("team", DriftKind::later, 24h)};
  desk.tell(both, kTenDaysBefore);
  desk.tell(both, kTenDaysBefore + 1h);
  EXPECT_EQ(desk.all().size(), 1U);
  EXPECT_THAT(desk.rig.told(), ElementsAre("EmbargoScheduleDrift firing"));
  EXPECT_EQ(desk.rig.meter.opened[IncidentKind::drift], 1);
}

TEST(CaseworkDrift, SaysWhatItKnowsOfTheClock) {
  DriftDesk desk;
  desk.tell({drift_in("team", DriftKind::later, 24h)}, kTenDaysBefore);
  EXPECT_TRUE(desk.all().at(0).clock_verified);
  desk.clock_verified = false;
  desk.tell({drift_in("team", DriftKind::later, 48h)}, kTenDaysBefore + 1h);
  EXPECT_FALSE(desk.all().at(0).clock_verified);
  desk.clock_verified = true;
  desk.tell({drift_in("team", DriftKind::later, 72h)}, kTenDaysBefore + 2h);
  EXPECT_FALSE(desk.all().at(0).clock_verified) << "what it rests on does not get better";
}

TEST(CaseworkDrift, AReleaseThatIsNoLongerNamedAgrees) {
  DriftDesk desk;
  desk.tell({drift_in("team", DriftKind::later, 24h)}, kTenDaysBefore);
  desk.tell_of_none(kTenDaysBefore + 1h);
  ASSERT_EQ(desk.all().size(), 1U);
  EXPECT_EQ(desk.all()[0].state, IncidentState::closed);
  EXPECT_TRUE(desk.work.empty());
  desk.tell({drift_in("team", DriftKind::later, 24h)}, kTenDaysBefore + 2h);
  ASSERT_EQ(desk.all().size(), 2U);
  EXPECT_EQ(desk.all()[0].ordinal, 2);
}

TEST(CaseworkDrift, ADismissalHoldsOverARestartWhileTheDueStaysTheSame) {
  DriftDesk desk;
  const std::vector<Drift> drifts{drift_in("team", DriftKind::later, 24h)};
  desk.tell(drifts, kTenDaysBefore);
  desk.dismiss(kTenDaysBefore + 1h);
  desk.tell(drifts, kTenDaysBefore + 2h);
  ASSERT_EQ(desk.all().size(), 1U);

  DriftDesk later;
  StoredState state;
  state.dismissed_drifts = desk.all();
  state.ordinals[ordinal_key("therapies-2018-01", kDue, IncidentKind::drift)] = 1;
  later.work.load(state);
  later.tell(drifts, kTenDaysBefore + 3h);
  EXPECT_THAT(later.all(), IsEmpty());
  *later.schedule.releases[0].due.at += 12h;
  later.tell(drifts, kTenDaysBefore + 4h);
  EXPECT_EQ(later.all().size(), 1U) << "the person spoke of another due time";
}

TEST(CaseworkDrift, AReleaseThatIsMovedIsJudgedAnewAtOnce) {
  DriftDesk desk;
  const std::vector<Drift> drifts{drift_in("team", DriftKind::later, 24h)};
  desk.tell(drifts, kTenDaysBefore);
  *desk.schedule.releases[0].due.at += 12h;
  desk.tell(drifts, kTenDaysBefore + 1h);
  ASSERT_EQ(desk.all().size(), 2U);
  EXPECT_TRUE(is_active(desk.all()[0]));
  EXPECT_EQ(desk.all()[0].due, kDue + 12h);
  EXPECT_EQ(desk.all()[1].state, IncidentState::closed);
}

TEST(CaseworkDrift, ALiftEndsIt) {
  DriftDesk desk;
  desk.tell({drift_in("team", DriftKind::published, -48h)}, kTenDaysBefore);
  desk.work.lift("therapies-2018-01", kTenDaysBefore + 1h);
  desk.ledger.flush(Ledger::When::now);
  EXPECT_EQ(desk.all().at(0).state, IncidentState::closed);
  EXPECT_EQ(desk.all().at(0).closed_reason, "the embargo was lifted");
}

TEST(CaseworkDrift, LooksAtPagesLeaveItAlone) {
  DriftDesk desk;
  desk.tell({drift_in("team", DriftKind::later, 24h)}, kTenDaysBefore);
  const Incident before = desk.all().at(0);
  const Release& r = desk.schedule.releases[0];
  const Look look = look_at(-239h, Liveness::live);
  TargetTrack track;
  track.target = r.targets[0].id;
  track.release = r.id;
  desk.work.look({.release = r,
                  .target = r.targets[0],
                  .before = track,
                  .look = look,
                  .verdict = Verdict::early,
                  .blind_ended = {},
                  .clock_verified = false},
                 kTenDaysBefore + 1h);
  desk.work.pass_time(kTenDaysBefore + 1h, 0ms, {{r.id, kDue}});
  desk.ledger.flush(Ledger::When::now);
  EXPECT_EQ(desk.all().at(0), before);
  EXPECT_EQ(desk.rig.incidents(IncidentKind::early).size(), 1U);
  EXPECT_EQ(desk.work.watched_targets().size(), 1U) << "of the early one";
}

}  // namespace
}  // namespace embargod

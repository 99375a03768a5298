// What every Store and StoreReader must do.

#include "tests/contract/store_contract.h"
#include "tests/support/drills.h"

#include <gmock/gmock.h>

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_P(StoreContract, IsEmptyAtFirst) {
  const auto s = loaded();
  EXPECT_THAT(s.tracks, IsEmpty());
  EXPECT_THAT(s.newest_spans, IsEmpty());
  EXPECT_THAT(s.unclosed, IsEmpty());
  EXPECT_THAT(s.ordinals, IsEmpty());
  EXPECT_THAT(s.baselines, IsEmpty());
  EXPECT_FALSE(s.last_beat.has_value());
  EXPECT_FALSE(s.stopped_cleanly);
  EXPECT_EQ(outbox().pending_count().value(), 0);
  EXPECT_FALSE(reader().incident("NONE").value().has_value());
}

TEST_P(StoreContract, KeepsAllOfACommitOverARestart) {
  const Incident i = stored_incident("therapies");
  Commit c = at_noon_plus(1);
  TargetTrack track;
  track.target = "therapies/page";
  track.release = "therapies";
  track.liveness = Liveness::live;
  track.released = InstantBounds{std::nullopt, noon_plus(1)};
  c.tracks = {track};
  c.spans = {stored_span("therapies/page", -60, 0)};
  c.incidents = {i};
  c.blind = {stored_blind("therapies/page", -600, -300)};
  c.alerts = {{stored_alert(i, 1), {"am", "hook"}}};
  c.events = {{noon_plus(0), i.id, "therapies", "first_sight", "embargod", "live\nwith a line break"}};
  c.lifts = {{"therapies", noon_plus(1), "officer", "published by mistake"}};
  c.baselines = {stored_baseline("therapies/page", "text:0a", 5)};
  c.evidence = {{i.id, "therapies/page", "https://x.example.org/", "sha256:00", "evidence/A/1-0.http", 7, 200,
                 noon_plus(0), noon_plus(1)}};
  commit(c);
  restart();

  const auto s = loaded();
  EXPECT_THAT(s.tracks, ElementsAre(track));
  EXPECT_THAT(s.newest_spans, ElementsAre(c.spans[0]));
  EXPECT_THAT(s.unclosed, ElementsAre(i));
  EXPECT_THAT(s.lifts, ElementsAre(c.lifts[0]));
  EXPECT_THAT(s.baselines, ElementsAre(c.baselines[0]));
  EXPECT_EQ(s.last_beat, noon_plus(1));
  EXPECT_EQ(reader().incident(i.id).value(), i);
  EXPECT_THAT(reader().tracks().value(), ElementsAre(track));
  EXPECT_THAT(reader().events(i.id).value(), ElementsAre(c.events[0]));
  EXPECT_THAT(reader().evidence(i.id).value(), ElementsAre(c.evidence[0]));
  EXPECT_THAT(reader().baselines().value(), ElementsAre(c.baselines[0]));
  EXPECT_THAT(reader().blind(noon_plus(-1000), noon_plus(0)).value(), ElementsAre(c.blind[0]));
  const auto rows = outbox().pending("am", 10).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].alert, c.alerts[0].alert);
  EXPECT_EQ(rows[0].next_try, c.alerts[0].alert.decided_at);
  EXPECT_EQ(outbox().pending_count().value(), 2);
}

TEST_P(StoreContract, UpsertsByKey) {
  Incident i = stored_incident("therapies");
  Commit c = at_noon_plus(0);
  c.incidents = {i};
  c.spans = {stored_span("a/page", 0, 0), stored_span("b/page", 0, 0)};
  c.blind = {stored_blind("a/page", 0, std::nullopt)};
  TargetTrack t;
  t.target = "a/page";
  c.tracks = {t};
  commit(c);
  i.state = IncidentState::open;
  i.confidence = Confidence::confirmed;
  i.steps = 2;
  t.dark_streak = 2;
  c.incidents = {i};
  c.spans = {stored_span("a/page", 0, 60, 2), stored_span("a/page", 90, 90)};
  c.blind = {stored_blind("a/page", 0, 30)};
  c.tracks = {t};
  commit(c);
  EXPECT_THAT(reader().incidents(10).value(), ElementsAre(i));
  EXPECT_THAT(reader().spans("a/page", noon_plus(-1), noon_plus(100)).value(), ElementsAre(c.spans[0], c.spans[1]));
  EXPECT_THAT(reader().blind(noon_plus(-1), noon_plus(100)).value(), ElementsAre(c.blind[0]));
  EXPECT_THAT(reader().tracks().value(), ElementsAre(t));
  EXPECT_THAT(loaded().newest_spans, ElementsAre(c.spans[1], stored_span("b/page", 0, 0)));
}

TEST_P(StoreContract, LoadsOnlyIncidentsThatAreNotOver) {
  Commit c = at_noon_plus(0);
  for (const IncidentState state : {IncidentState::suspected, IncidentState::open, IncidentState::contained,
                                    IncidentState::closed, IncidentState::dismissed}) {
    Incident i = stored_incident("r" + std::to_string(static_cast<int>(state)), 1, noon_plus(static_cast<int>(state)));
    i.state = state;
    if (is_over(i)) i.closed = noon_plus(100);
    c.incidents.push_back(i);
  }
  commit(c);
  EXPECT_THAT(loaded().unclosed, ElementsAre(c.incidents[0], c.incidents[1], c.incidents[2]));
  const auto newest_first = reader().incidents(2).value();
  EXPECT_THAT(newest_first, ElementsAre(c.incidents[4], c.incidents[3]));
  EXPECT_THAT(reader().incidents(0).value(), IsEmpty());
}

TEST_P(StoreContract, RemembersTheHighestOrdinalEvenOfRetiredIncidents) {
  Incident first = stored_incident("therapies", 1);
  first.state = IncidentState::closed;
  first.closed = noon_plus(10);
  Incident second = stored_incident("therapies", 2);
  second.state = IncidentState::dismissed;
  second.closed = noon_plus(20);
  Incident blind = stored_incident("", 3);
  blind.kind = IncidentKind::blind;
  blind.due.reset();
  Commit c = at_noon_plus(30);
  c.incidents = {second, first, blind};
  commit(c);
  ASSERT_TRUE(store().retire(noon_plus(1'000)));
  restart();
  EXPECT_THAT(loaded().ordinals,
              UnorderedElementsAre(std::pair{ordinal_key("therapies", first.due, IncidentKind::early), 2},
                                   std::pair{ordinal_key("stats.example.org", std::nullopt, IncidentKind::blind), 3}));
}

TEST_P(StoreContract, TheFirstLiftOfAReleaseWins) {
  Commit c = at_noon_plus(0);
  c.lifts = {{"therapies", noon_plus(0), "officer", "first"}};
  commit(c);
  c.lifts = {{"therapies", noon_plus(9), "somebody", "second"}, {"other", noon_plus(9), "officer", "too"}};
  commit(c);
  const auto lifts = loaded().lifts;
  EXPECT_THAT(lifts, UnorderedElementsAre(Lift{"therapies", noon_plus(0), "officer", "first"}, c.lifts[1]));
}

TEST_P(StoreContract, TheBaselineCommittedLastCountsForItsTarget) {
  Commit c = at_noon_plus(0);
  c.baselines = {stored_baseline("b/latest", "old", 100), stored_baseline("a/latest", "other", 0)};
  commit(c);
  c.baselines = {stored_baseline("b/latest", "new", 50)};  // by a clock that was set back
  commit(c);
  restart();
  EXPECT_THAT(loaded().baselines,
              ElementsAre(stored_baseline("a/latest", "other", 0), stored_baseline("b/latest", "new", 50)));
  EXPECT_THAT(reader().baselines().value(), loaded().baselines) << "by target id";
}

TEST_P(StoreContract, RetireKeepsBaselinesHoweverOld) {
  Commit c = at_noon_plus(0);
  c.baselines = {stored_baseline("a/latest", "old", 0)};
  commit(c);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_THAT(loaded().baselines, ElementsAre(c.baselines[0]));
}

TEST_P(StoreContract, ARevisionTellsEditionAndRoleOfItsUrlsButNotTheirRules) {
  Release r = stored_release("a");
  adopt({r}, 0);
  r.targets[0].role = Role::latest;
  EXPECT_THAT(adopt({r}, 1), ElementsAre("a"));
  r.targets[0].edition = "April 2018";
  EXPECT_THAT(adopt({r}, 2), ElementsAre("a"));
  EXPECT_EQ(reader().releases().value().at(0).release, r);
  EXPECT_EQ(reader().releases().value().at(0).revision, 3);
  Release judged_otherwise = r;
  judged_otherwise.targets[0].rules.stub_if.emplace_back();
  EXPECT_THAT(adopt({judged_otherwise}, 3), IsEmpty());
  restart();
  EXPECT_THAT(adopt({judged_otherwise}, 4), IsEmpty());
  EXPECT_EQ(reader().releases().value().at(0).release, r);
}

TEST_P(StoreContract, WhatOnlyLintLooksAtMakesNoRevision) {
  Release r = stored_release("a");
  adopt({r}, 0);
  r.stated.announced = noon_plus(-1);
  r.stated.reason = "Later source data";
  r.stated.due.mark = {"releases.yml", 4, 10};
  r.targets[0].place.mark = {"releases.yml", 5, 10};
  EXPECT_THAT(adopt({r}, 1), IsEmpty());
  restart();
  EXPECT_THAT(adopt({r}, 2), IsEmpty());
}

TEST_P(StoreContract, ScheduleRevisionsAreNeverLost) {
  EXPECT_THAT(adopt({stored_release("b"), stored_release("a")}, 0), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(adopt({stored_release("b"), stored_release("a")}, 1), IsEmpty());
  EXPECT_THAT(adopt({stored_release("a", "Another title"), stored_release("b")}, 2), ElementsAre("a"));
  EXPECT_THAT(adopt({stored_release("b")}, 3), ElementsAre("a"));
  restart();
  auto rows = reader().releases().value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].release.id, "b");
  EXPECT_EQ(rows[0].revision, 1);
  EXPECT_EQ(rows[0].revision_seen, noon_plus(0));
  EXPECT_TRUE(rows[0].current);
  EXPECT_EQ(rows[1].release, stored_release("a", "Another title"));
  EXPECT_EQ(rows[1].revision, 2);
  EXPECT_EQ(rows[1].revision_seen, noon_plus(2));
  EXPECT_FALSE(rows[1].current);
  EXPECT_THAT(adopt({stored_release("b")}, 4), IsEmpty()) << "a former release is former only once";
  EXPECT_THAT(adopt({stored_release("a", "Another title"), stored_release("b")}, 5), ElementsAre("a"));
  rows = reader().releases().value();
  EXPECT_EQ(rows[0].release.id, "a");
  EXPECT_EQ(rows[0].revision, 2) << "it came back as it was";
  EXPECT_TRUE(rows[0].current);
}

TEST_P(StoreContract, ALiftShowsOnItsRelease) {
  adopt({stored_release("a"), stored_release("b")}, 0);
  Commit c = at_noon_plus(1);
  c.lifts = {{"b", noon_plus(1), "officer", "why"}};
  commit(c);
  const auto rows = reader().releases().value();
  EXPECT_FALSE(rows[0].lift.has_value());
  EXPECT_EQ(rows[1].lift, c.lifts[0]);
}

struct OverlapCase {
  const char* name;
  int from, to;
  std::vector<std::string> want;
};

TEST_P(StoreContract, BlindSpansThatOverlapByBegin) {
  Commit c = at_noon_plus(0);
  c.blind = {stored_blind("late", 50, 60), stored_blind("early", 10, 20), stored_blind("lasting", 40, std::nullopt)};
  commit(c);
  const std::vector<OverlapCase> cases{
      {"before all", 0, 10, {}},
      {"touches the begin", 0, 11, {"early"}},
      {"after the end", 20, 40, {}},
      {"before the end", 19, 40, {"early"}},
      {"all", 0, 100, {"early", "lasting", "late"}},
      {"what lasts has no end", 1'000, 2'000, {"lasting"}},
  };
  for (const auto& k : cases) {
    std::vector<std::string> got;
    const auto spans = reader().blind(noon_plus(k.from), noon_plus(k.to)).value();
    got.reserve(spans.size());
    for (const auto& b : spans) got.push_back(b.target);
    EXPECT_EQ(got, k.want) << k.name;
  }
}

TEST_P(StoreContract, SpansAreOfOneTargetAndOverlap) {
  Commit c = at_noon_plus(0);
  c.spans = {stored_span("a", 100, 200), stored_span("a", 0, 50), stored_span("ab", 0, 50)};
  commit(c);
  EXPECT_THAT(reader().spans("a", noon_plus(0), noon_plus(300)).value(), ElementsAre(c.spans[1], c.spans[0]));
  EXPECT_THAT(reader().spans("a", noon_plus(60), noon_plus(99)).value(), IsEmpty());
  EXPECT_THAT(reader().spans("a", noon_plus(50), noon_plus(99)).value(), ElementsAre(c.spans[1]));
}

TEST_P(StoreContract, EventsStayInTheOrderInWhichTheyCame) {
  Commit c = at_noon_plus(0);
  c.events = {{noon_plus(5), "A", "r", "first_sight", "embargod", "1"},
              {noon_plus(1), "A", "r", "note", "officer", "2"},
              {noon_plus(1), "", "", "started", "embargod", "3"}};
  commit(c);
  EXPECT_THAT(reader().events("A").value(), ElementsAre(c.events[0], c.events[1]));
  EXPECT_THAT(reader().events("").value(), ElementsAre(c.events[2]));
}

TEST_P(StoreContract, EvidenceIsNamedOncePerIncidentDigestAndTarget) {
  EvidenceRow e{"A",          "a/page",    "https://x.example.org/", "sha256:1", "evidence/A/1.http", 3, 200,
                noon_plus(0), noon_plus(1)};
  Commit c = at_noon_plus(0);
  c.evidence = {e};
  commit(c);
  EvidenceRow again = e;
  again.path = "evidence/A/2.http";
  EvidenceRow other = e;
  other.target = "a/file";
  c.evidence = {again, other};
  commit(c);
  EXPECT_THAT(reader().evidence("A").value(), ElementsAre(e, other));
}

TEST_P(StoreContract, KnowsWhenItLastLivedAndWhetherItStoppedCleanly) {
  ASSERT_TRUE(store().beat(noon_plus(10)));
  EXPECT_EQ(loaded().last_beat, noon_plus(10));
  commit(at_noon_plus(20));
  EXPECT_EQ(loaded().last_beat, noon_plus(20));
  ASSERT_TRUE(store().stopped(noon_plus(30)));
  restart();
  EXPECT_EQ(loaded().last_beat, noon_plus(30));
  EXPECT_TRUE(loaded().stopped_cleanly);
  ASSERT_TRUE(store().beat(noon_plus(40)));
  EXPECT_FALSE(loaded().stopped_cleanly);
}

TEST_P(StoreContract, RetireRemovesWhatIsOverAndOldAndNothingElse) {
  Incident closed = stored_incident("closed");
  closed.state = IncidentState::closed;
  closed.closed = noon_plus(50);
  Incident young = stored_incident("young");
  young.state = IncidentState::dismissed;
  young.closed = noon_plus(150);
  const Incident open = stored_incident("open", 1, noon_plus(-9'999));
  Commit c = at_noon_plus(0);
  c.incidents = {closed, young, open};
  c.spans = {stored_span("t", 0, 10), stored_span("t", 90, 110)};
  c.blind = {stored_blind("t", 0, 10), stored_blind("t", 95, 105), stored_blind("u", 0, std::nullopt)};
  c.events = {{noon_plus(0), closed.id, "", "closed", "x", ""},
              {noon_plus(0), open.id, "", "first_sight", "x", ""},
              {noon_plus(0), "", "", "started", "x", ""}};
  c.alerts = {{stored_alert(closed, 1), {"am"}}, {stored_alert(closed, 2), {"am"}}, {stored_alert(open, 1), {"am"}}};
  const auto row = [](const Incident& i, const char* path) {
    return EvidenceRow{i.id, "t", "u", std::string{"sha256:"} + path, path, 1, 200, noon_plus(0), noon_plus(0)};
  };
  c.evidence = {row(closed, "only-closed"), row(closed, "shared"), row(open, "shared"), row(open, "only-open")};
  commit(c);
  const auto rows = outbox().pending("am", 10).value();
  ASSERT_TRUE(outbox().mark_accepted(rows.at(0).id, noon_plus(1), ""));
  ASSERT_TRUE(outbox().mark_accepted(rows.at(2).id, noon_plus(1), ""));

  const auto paths = store().retire(noon_plus(100));
  ASSERT_TRUE(paths) << to_string(paths.error());
  EXPECT_THAT(*paths, ElementsAre("only-closed"));
  EXPECT_FALSE(reader().incident(closed.id).value().has_value());
  EXPECT_EQ(reader().incident(young.id).value(), young);
  EXPECT_EQ(reader().incident(open.id).value(), open);
  EXPECT_THAT(reader().spans("t", noon_plus(-1), noon_plus(999)).value(), ElementsAre(c.spans[1]));
  EXPECT_THAT(reader().blind(noon_plus(-1), noon_plus(999)).value(), ElementsAre(c.blind[2], c.blind[1]));
  EXPECT_THAT(reader().events(closed.id).value(), IsEmpty());
  EXPECT_THAT(reader().events("").value(), IsEmpty());
  EXPECT_EQ(reader().events(open.id).value().size(), 1U);
  EXPECT_THAT(pending_keys("am"), ElementsAre(closed.id + ":2")) << "what is still to be told stays";
  EXPECT_EQ(reader().deliveries(closed.id).value().size(), 1U);
  EXPECT_EQ(reader().deliveries(open.id).value().size(), 1U);
  EXPECT_THAT(reader().evidence(closed.id).value(), IsEmpty());
}

TEST_P(StoreContract, KeepsTextThatLooksLikeSomethingElse) {
  const std::string nasty =
      std::string{"'; DROP TABLE incidents; --\n\t\"\\ "} + '\0' + "\xE2\x80\xAE \xF0\x9F\x98\x80";
  Incident i = stored_incident("a");
  i.title = nasty;
  i.closed_reason = nasty;
  Commit c = at_noon_plus(0);
  c.incidents = {i};
  c.events = {{noon_plus(0), i.id, "a", "note", nasty, nasty}};
  c.lifts = {{"a", noon_plus(0), nasty, nasty}};
  commit(c);
  restart();
  EXPECT_EQ(reader().incident(i.id).value(), i);
  EXPECT_THAT(reader().events(i.id).value(), ElementsAre(c.events[0]));
  EXPECT_THAT(loaded().lifts, ElementsAre(c.lifts[0]));
}

INSTANTIATE_TEST_SUITE_P(Of, StoreContract, testing::ValuesIn(kStoreMakers),
                         [](const auto& p) { return p.param.name; });

TEST_P(StoreContract, RehearsalsAndTheirIncidentsOutliveARestart) {
  EXPECT_TRUE(reader().rehearsals(10).value().empty());
  const auto planned = [&](int minute, const std::string& id) {
    return Rehearsal{.id = id,
                     .release = "a",
                     .from = noon_plus(minute),
                     .until = noon_plus(minute + 30),
                     .by = "Publication team",
                     .reason = "it's \"odd\"; DROP TABLE rehearsals",
                     .planned = noon_plus(0),
                     .cancelled = {},
                     .incident = {},
                     .outcome = {}};
  };
  Commit c = at_noon_plus(0);
  c.rehearsals = {planned(1, "01A"), planned(3, "01C"), planned(2, "01B")};
  Incident i = stored_incident("a");
  i.rehearsal = mark_of(planned(1, "01A"));
  i.rehearsal->over = noon_plus(31);
  i.rehearsal->why_over = "its window ended";
  c.incidents = {i};
  commit(c);
  c = at_noon_plus(5);
  c.rehearsals = {planned(2, "01B")};
  c.rehearsals[0].cancelled = RehearsalCancel{.by = "N.N.", .at = noon_plus(5), .reason = "no time"};
  commit(c);
  restart();
  EXPECT_THAT(reader().rehearsals(2).value(), ElementsAre(planned(3, "01C"), c.rehearsals[0]));
  EXPECT_THAT(loaded().rehearsals, ElementsAre(planned(1, "01A"), c.rehearsals[0], planned(3, "01C")));
  EXPECT_EQ(reader().incident(i.id).value(), i);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_EQ(reader().rehearsals(10).value().size(), 3U) << "a plan is kept for good";
}

TEST_P(StoreContract, CountsOfAnIncidentAreKeptInOrderAndGoWithIt) {
  const auto counted = [](const std::string& incident, int n, const std::string& by) {
    Impact i;
    i.incident = incident;
    i.counted = noon_plus(n);
    i.program = "it's \"odd\"; DROP TABLE impacts";
    return ImpactRecord{incident, noon_plus(n), by, i};
  };
  Incident over = stored_incident("over");
  over.state = IncidentState::closed;
  over.closed = noon_plus(5);
  const Incident open = stored_incident("open");
  Commit c = at_noon_plus(0);
  c.incidents = {over, open};
  c.impacts = {counted(over.id, 1, "a"), counted(open.id, 2, "b")};
  commit(c);
  c = at_noon_plus(3);
  c.impacts = {counted(open.id, 1, "c")};
  commit(c);
  restart();
  EXPECT_THAT(reader().impacts(open.id).value(), ElementsAre(counted(open.id, 2, "b"), counted(open.id, 1, "c")));
  EXPECT_THAT(reader().impacts("01C").value(), testing::IsEmpty());
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_THAT(reader().impacts(over.id).value(), testing::IsEmpty());
  EXPECT_EQ(reader().impacts(open.id).value().size(), 2U);
}

TEST_P(StoreContract, WhatPeopleWriteIntoReportsIsKeptInOrderAndGoesWithItsIncident) {
  Incident over = stored_incident("over");
  over.state = IncidentState::closed;
  over.closed = noon_plus(5);
  const Incident open = stored_incident("open");
  const ReportEntry first{open.id, "cause", "it's\nodd", noon_plus(1), "a"};
  const ReportEntry second{open.id, "cause", "", noon_plus(1), "b"};
  const ReportMark approved{"R-1", open.id, "v1", ReportMark::Kind::approved, "c", "Head of Profession", noon_plus(2)};
  const ReportMark final{"R-1", open.id, "v2", ReportMark::Kind::final, "c", "", noon_plus(3)};
  Commit c = at_noon_plus(0);
  c.incidents = {over, open};
  c.entries = {first, {over.id, "effect", "x", noon_plus(1), "a"}};
  c.marks = {approved, {"R-2", over.id, "v1", ReportMark::Kind::final, "c", "", noon_plus(2)}};
  commit(c);
  c = at_noon_plus(3);
  c.entries = {second};
  c.marks = {final};
  commit(c);
  restart();
  EXPECT_THAT(reader().entries(open.id).value(), ElementsAre(first, second));
  EXPECT_THAT(reader().marks("R-1").value(), ElementsAre(approved, final));
  EXPECT_EQ(reader().marks("R-2").value().size(), 1U);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_THAT(reader().entries(over.id).value(), testing::IsEmpty());
  EXPECT_THAT(reader().marks("R-2").value(), testing::IsEmpty());
  EXPECT_EQ(reader().entries(open.id).value().size(), 2U);
  EXPECT_EQ(reader().marks("R-1").value().size(), 2U);
}

TEST_P(StoreContract, DrillsAreKeptNewestFirstAndUpsertedById) {
  EXPECT_TRUE(reader().drills(10).value().empty());
  Commit c = at_noon_plus(0);
  c.drills = {passed_drill(noon_plus(1), "01A"), passed_drill(noon_plus(3), "01C"), passed_drill(noon_plus(2), "01B")};
  commit(c);
  c.drills = {passed_drill(noon_plus(2), "01B")};
  c.drills[0].fault = "it's \"odd\"; DROP TABLE drills";
  commit(c);
  const auto two = reader().drills(2).value();
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0], passed_drill(noon_plus(3), "01C"));
  EXPECT_EQ(two[1], c.drills[0]);
  EXPECT_EQ(reader().drills(10).value().size(), 3U);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_EQ(reader().drills(10).value().size(), 3U) << "their age is told by a metric";
}

}  // namespace
}  // namespace embargod

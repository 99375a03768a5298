#include "daemon/watch/incident_step.h"

#include <gtest/gtest.h>

#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::Test;

Story two_urls() { return Story{release_with({"page", "tables"})}; }

TEST(IncidentStep, FirstSightSuspectsAndAlertsAtOnce) {
  Story s = two_urls();
  s.look(0, look_at(-48h, Liveness::absent));
  const Step step = s.look(0, look_at(-48h + 30s, Liveness::live));
  ASSERT_TRUE(s.incident);
  EXPECT_EQ(s.incident->kind, IncidentKind::early);
  EXPECT_EQ(s.incident->state, IncidentState::suspected);
  EXPECT_EQ(s.incident->confidence, Confidence::seen_once);
  EXPECT_EQ(s.notices, std::vector{Notice::opened});
  EXPECT_TRUE(step.new_exposure);
  EXPECT_EQ(s.incident->evidence, std::vector<std::string>{"sha256:1111"});
  EXPECT_EQ(s.incident->targets.at(0).spans.at(0).went_live, (InstantBounds{kDue - 48h, kDue - 48h + 30s + 100ms}));
}

TEST(IncidentStep, TheSecondConclusiveLiveLookOpensIt) {
  Story s = two_urls();
  s.look(0, look_at(-60s, Liveness::live));
  s.look(0, look_at(-58s, Liveness::unknown));
  EXPECT_EQ(s.incident->state, IncidentState::suspected);
  s.look(0, look_at(-56s, Liveness::live));
  EXPECT_EQ(s.incident->state, IncidentState::open);
  EXPECT_EQ(s.incident->confidence, Confidence::confirmed);
  EXPECT_EQ(s.notices, (std::vector{Notice::opened, Notice::updated}));
}

TEST(IncidentStep, ThreeAgreeingAbsencesContainAndTwoDoNot) {
  Story s = two_urls();
  s.look(0, look_at(-60s, Liveness::live));
  s.look(0, look_at(-58s, Liveness::absent));
  s.look(0, look_at(-56s, Liveness::stub));
  EXPECT_EQ(s.incident->state, IncidentState::suspected);
  EXPECT_EQ(s.notices.back(), Notice::opened);
  s.look(0, look_at(-54s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::contained);
  EXPECT_EQ(s.notices.back(), Notice::resolved);
  EXPECT_EQ(s.incident->confidence, Confidence::seen_once);
  EXPECT_EQ(s.incident->targets.at(0).spans.at(0).went_down, (InstantBounds{kDue - 60s, kDue - 58s + 100ms}));
}

TEST(IncidentStep, UnknownNeitherOpensNorClosesNorCounts) {
  Story s = two_urls();
  s.look(0, look_at(-80s, Liveness::unknown));
  EXPECT_FALSE(s.incident);
  s.look(0, look_at(-60s, Liveness::live));
  for (int k = 0; k < 10; ++k) s.look(0, look_at(-50s + k * 1s, Liveness::unknown));
  EXPECT_EQ(s.incident->state, IncidentState::suspected);
  EXPECT_FALSE(s.incident->targets.at(0).spans.at(0).went_down);
  s.look(0, look_at(-39s, Liveness::absent));
  s.look(0, look_at(-38s, Liveness::unknown));
  s.look(0, look_at(-37s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::suspected);
  s.look(0, look_at(-36s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::contained);
}

TEST(IncidentStep, BlindTimeInsideAnExposureIsCounted) {
  Story s = two_urls();
  s.look(0, look_at(-60s, Liveness::live));
  s.look(0, look_at(-50s, Liveness::unknown));
  s.look(0, look_at(-40s, Liveness::unknown));
  s.look(0, look_at(-30s, Liveness::live));
  // From the last conclusive answer (-60 s + 100 ms) to the next request (-30 s).
  EXPECT_EQ(s.incident->targets.at(0).blind, 30s - 100ms);
}

TEST(IncidentStep, BlindTimeBeforeAnExposureWidensItAndIsCounted) {
  Story s = two_urls();
  s.look(0, look_at(-600s, Liveness::absent));
  s.look(0, look_at(-540s, Liveness::unknown));
  s.look(0, look_at(-60s, Liveness::live));
  EXPECT_EQ(s.incident->targets.at(0).spans.at(0).went_live.earliest, kDue - 600s);
  EXPECT_EQ(s.incident->targets.at(0).blind, 540s - 100ms);
}

TEST(IncidentStep, AReappearanceIsAFurtherSpanOfTheSameIncident) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  for (const Millis t : {-98s, -96s, -94s}) s.look(0, look_at(t, Liveness::absent));
  const std::string id = s.incident->id;
  s.look(0, look_at(-60s, Liveness::live));
  EXPECT_EQ(s.incident->id, id);
  EXPECT_EQ(s.incident->state, IncidentState::open);
  EXPECT_EQ(s.notices.back(), Notice::reopened);
  ASSERT_EQ(s.incident->targets.at(0).spans.size(), 2U);
  EXPECT_EQ(s.incident->targets.at(0).spans.at(1).went_live.earliest, kDue - 94s);
}

TEST(IncidentStep, FlappingIsSpansOfOneIncidentAndNoStorm) {
  Story s = two_urls();
  for (int k = 0; k < 20; ++k) s.look(0, look_at(-100s + k * 2s, k % 2 == 0 ? Liveness::live : Liveness::absent));
  EXPECT_EQ(s.incident->targets.at(0).spans.size(), 10U);
  EXPECT_EQ(s.incident->state, IncidentState::open);
  EXPECT_EQ(std::count(s.notices.begin(), s.notices.end(), Notice::opened), 1);
  EXPECT_EQ(std::count(s.notices.begin(), s.notices.end(), Notice::resolved), 0);
}

TEST(IncidentStep, IsNotContainedWhileAnotherUrlOfTheReleaseIsLive) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  s.look(1, look_at(-99s, Liveness::live));
  for (int k = 0; k < 5; ++k) s.look(0, look_at(-98s + k * 1s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::open);
  for (int k = 0; k < 3; ++k) s.look(1, look_at(-90s + k * 1s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::contained);
}

TEST(IncidentStep, EachReturnDoublesTheAbsencesThatContain) {
  Story s = two_urls();
  Millis t = -3600s;
  const auto absences_until_contained = [&] {
    s.look(0, look_at(t += 2s, Liveness::live));
    int n = 0;
    for (; s.incident->state != IncidentState::contained && n < 100; ++n) s.look(0, look_at(t += 2s, Liveness::absent));
    return n;
  };
  for (const int want : {3, 6, 12, 24, 48, 48}) EXPECT_EQ(absences_until_contained(), want);
}

TEST(IncidentStep, AUrlThatWasNeverLiveNeedsNoAbsence) {
  Story s = two_urls();
  s.look(1, look_at(-100s, Liveness::live));
  for (int k = 0; k < 3; ++k) s.look(1, look_at(-90s + k * 1s, Liveness::absent));
  EXPECT_EQ(s.incident->state, IncidentState::contained);
  EXPECT_EQ(s.incident->targets.size(), 1U);
}

TEST(EndEmbargo, EndsWhatIsUpAndResolves) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  s.look(0, look_at(-2s, Liveness::live));
  const Step step = end_embargo(*s.incident, kDue, EndedBy::due, kDue + 1s);
  EXPECT_EQ(step.incident.state, IncidentState::contained);
  EXPECT_EQ(step.notices, std::vector{Notice::resolved});
  const ExposureSpan& span = step.incident.targets.at(0).spans.at(0);
  EXPECT_EQ(span.ended_by, EndedBy::due);
  EXPECT_EQ(span.went_down, (InstantBounds{kDue - 2s, kDue}));
}

TEST(Late, OpensAfterTheGraceAndIsResolvedByTheLastUrlThatGoesLive) {
  Story s = two_urls();
  s.look(0, look_at(181s, Liveness::absent));
  ASSERT_TRUE(s.incident);
  EXPECT_EQ(s.incident->kind, IncidentKind::late);
  s.look(1, look_at(182s, Liveness::absent));
  s.look(0, look_at(200s, Liveness::live));
  EXPECT_TRUE(is_active(*s.incident));
  s.look(1, look_at(210s, Liveness::live));
  EXPECT_EQ(s.incident->state, IncidentState::contained);
  EXPECT_EQ(s.notices.back(), Notice::resolved);
}

TEST(Released, OnTimeIsAPositiveRecordWithBounds) {
  Story s = two_urls();
  s.look(0, look_at(-2s, Liveness::absent));
  s.look(0, look_at(0s, Liveness::live));
  EXPECT_FALSE(s.incident);
  ASSERT_TRUE(s.track(0).released);
  EXPECT_EQ(*s.track(0).released, (InstantBounds{kDue - 2s, kDue + 100ms}));
}

struct CommandCase {
  const char* name;
  Command command;
  IncidentState want;
  bool accepted;
};

class ApplyTest : public testing::TestWithParam<CommandCase> {};

TEST_P(ApplyTest, DoesWhatAPersonMayDo) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  const auto step = apply(*s.incident, GetParam().command, kDue - 90s);
  ASSERT_EQ(step.has_value(), GetParam().accepted);
  if (step) {
    EXPECT_EQ(step->incident.state, GetParam().want);
  }
}

INSTANTIATE_TEST_SUITE_P(
    People, ApplyTest,
    testing::Values(
        CommandCase{
            "Acknowledge", {Command::What::acknowledge, "", "duty officer", "", ""}, IncidentState::suspected, true},
        CommandCase{
            "AcknowledgeWithoutName", {Command::What::acknowledge, "", "", "", ""}, IncidentState::suspected, false},
        CommandCase{"DismissWithReason",
                    {Command::What::dismiss, "", "duty officer", "test page", ""},
                    IncidentState::dismissed,
                    true},
        CommandCase{"DismissWithoutReason",
                    {Command::What::dismiss, "", "duty officer", "", ""},
                    IncidentState::dismissed,
                    false},
        CommandCase{"Close", {Command::What::close, "", "duty officer", "", ""}, IncidentState::closed, true},
        CommandCase{
            "NoteWithoutText", {Command::What::note, "", "duty officer", "", ""}, IncidentState::suspected, false},
        CommandCase{
            "Note", {Command::What::note, "", "duty officer", "web team called", ""}, IncidentState::suspected, true}),
    [](const auto& c) { return c.param.name; });

Command decide_command(Choice choice, const std::string& reason) {
  Command c{Command::What::decide, "", "head of profession", reason, ""};
  c.choice = choice;
  return c;
}

TEST(Apply, ADecisionIsKeptWithWhoWhenAndWhyAndTheNewestCounts) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  const auto first = apply(*s.incident, decide_command(Choice::take_down, "figures are wrong"), kDue - 90s);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->incident.state, s.incident->state) << "it changes no state";
  EXPECT_EQ(first->incident.ruling, (Ruling{"head of profession", kDue - 90s, Choice::take_down, "figures are wrong"}));
  const auto second = apply(first->incident, decide_command(Choice::let_stand, "everybody has it"), kDue - 60s);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->incident.ruling->choice, Choice::let_stand);
  ASSERT_EQ(second->events.size(), 1U);
  EXPECT_EQ(second->events[0].what, "decided");
  EXPECT_EQ(second->events[0].by, "head of profession");
  EXPECT_EQ(second->events[0].text, "let it stand: everybody has it");
}

TEST(Apply, ADecisionNeedsAReasonAndSomethingPublic) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  EXPECT_EQ(apply(*s.incident, decide_command(Choice::take_down, ""), kDue - 90s).error().code, Errc::invalid_input);
  s.incident->kind = IncidentKind::late;
  EXPECT_EQ(apply(*s.incident, decide_command(Choice::take_down, "x"), kDue - 90s).error().code, Errc::conflict);
  s.incident->kind = IncidentKind::early;
  s.incident->state = IncidentState::closed;
  EXPECT_EQ(apply(*s.incident, decide_command(Choice::take_down, "x"), kDue - 90s).error().code, Errc::conflict);
}

TEST(Apply, ALinkAcknowledgesOnce) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  Command c{Command::What::acknowledge, "", "link sent to email-1", "", ""};
  c.link = "0a1b";
  const auto once = apply(*s.incident, c, kDue - 90s);
  ASSERT_TRUE(once);
  EXPECT_EQ(once->incident.acknowledged->by, "link sent to email-1");
  const auto twice = apply(once->incident, c, kDue - 80s);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::conflict);
  c.link = "0a1c";
  EXPECT_TRUE(apply(once->incident, c, kDue - 80s)) << "another link";
}

TEST(Apply, NothingCanBeDoneToWhatIsOver) {
  Story s = two_urls();
  s.look(0, look_at(-100s, Liveness::live));
  s.incident->state = IncidentState::dismissed;
  const auto step = apply(*s.incident, {Command::What::acknowledge, "", "duty officer", "", ""}, kDue);
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, Errc::conflict);
}

TEST(MayClose, ADayAfterDueAndNotBefore) {
  Incident i;
  i.due = kDue;
  i.state = IncidentState::contained;
  i.contained = kDue - 40h;
  EXPECT_FALSE(may_close(i, kDue + 24h - 1ms));
  EXPECT_TRUE(may_close(i, kDue + 24h));
  i.state = IncidentState::open;
  EXPECT_FALSE(may_close(i, kDue + 240h));
}

TEST(IncidentId, IsTheSameOnEveryNodeAndDiffersByEachPart) {
  const std::string id = incident_id("r", kDue, IncidentKind::early, 1);
  EXPECT_EQ(id.size(), 26U);
  EXPECT_EQ(id, incident_id("r", kDue, IncidentKind::early, 1));
  EXPECT_NE(id, incident_id("r", kDue, IncidentKind::early, 2));
  EXPECT_NE(id, incident_id("r", kDue, IncidentKind::late, 1));
  EXPECT_NE(id, incident_id("s", kDue, IncidentKind::early, 1));
  EXPECT_NE(id, incident_id("r", kDue + 1h, IncidentKind::early, 1));
  EXPECT_EQ(id.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
}

}  // namespace
}  // namespace embargod

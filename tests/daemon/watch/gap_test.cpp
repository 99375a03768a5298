// Gone again after it was out: when it went, when it came back, and what a person closed of it.

#include <gtest/gtest.h>

#include "daemon/watch/exposure.h"
#include "daemon/watch/trouble_step.h"
#include "tests/daemon/watch/trouble_story.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

struct GapCase {
  const char* name;
  Millis error;              // of the clock, in every look
  Millis last_live;          // sent, from due
  Millis first_dark;         // sent; two more follow, 2 s apart
  Millis last_dark;          // sent
  Millis back;               // sent
  InstantBounds went, came;  // from due
  SpanBounds away;
};

InstantBounds from_due(Millis earliest, Millis latest) { return {kDue + earliest, kDue + latest}; }

class GapTest : public testing::TestWithParam<GapCase> {};

TEST_P(GapTest, StatesWhenItWentAndWhenItCameBack) {
  const GapCase& c = GetParam();
  Story s{release_with({"page"})};
  const auto look = [&](Millis sent, Liveness l) { s.look(0, look_at(sent, l, 100ms, c.error)); };
  look(-60s, Liveness::absent);
  look(60s, Liveness::live);
  look(c.last_live, Liveness::live);
  look(c.first_dark, Liveness::absent);
  look(c.first_dark + 2s, Liveness::absent);
  EXPECT_TRUE(s.incidents.empty()) << "two 404 are not a take-down";
  look(c.first_dark + 4s, Liveness::absent);
  ASSERT_TRUE(s.incidents.contains(IncidentKind::gap));
  const Incident& i = s.of(IncidentKind::gap);
  EXPECT_TRUE(i.targets[0].seen_live);
  EXPECT_EQ(i.targets[0].spans.at(0).went_live, from_due(-60s - c.error, 60s + 100ms + c.error));
  EXPECT_EQ(i.targets[0].spans.at(0).went_down, c.went);
  EXPECT_EQ(i.targets[0].spans.at(0).ended_by, EndedBy::absence);
  look(c.last_dark, Liveness::absent);
  EXPECT_EQ(i.state, IncidentState::open);
  look(c.back, Liveness::live);
  EXPECT_EQ(i.state, IncidentState::contained);
  ASSERT_EQ(i.targets[0].spans.size(), 2U);
  EXPECT_EQ(i.targets[0].spans[1].went_live, c.came);
  EXPECT_EQ(times_away(i.targets[0]), std::vector{c.away});
}

INSTANTIATE_TEST_SUITE_P(Bounds, GapTest,
                         testing::Values(GapCase{"EvenLooks",
                                                 0ms,
                                                 120s,
                                                 180s,
                                                 600s,
                                                 660s,
                                                 from_due(120s, 180s + 100ms),
                                                 from_due(600s, 660s + 100ms),
                                                 {600s - 180s - 100ms, 660s + 100ms - 120s}},
                                         GapCase{"AClockThatMayBeWrong",
                                                 500ms,
                                                 120s,
                                                 180s,
                                                 600s,
                                                 660s,
                                                 from_due(120s - 500ms, 180s + 600ms),
                                                 from_due(600s - 500ms, 660s + 600ms),
                                                 {600s - 500ms - 180s - 600ms, 660s + 600ms - 120s + 500ms}},
                                         GapCase{"BackAtOnce",
                                                 0ms,
                                                 120s,
                                                 122s,
                                                 128s,
                                                 130s,
                                                 from_due(120s, 122s + 100ms),
                                                 from_due(128s, 130s + 100ms),
                                                 {128s - 122s - 100ms, 130s + 100ms - 120s}}),
                         [](const auto& c) { return c.param.name; });

TEST(Gap, AHiccupIsNoneAndDoesNotMoveTheTimeOfALaterOne) {
  Story s{release_with({"page"})};
  s.look(0, look_at(-60s, Liveness::absent));
  s.look(0, look_at(60s, Liveness::live));
  s.look(0, look_at(70s, Liveness::absent));
  s.look(0, look_at(72s, Liveness::absent));
  s.look(0, look_at(74s, Liveness::live));
  EXPECT_TRUE(s.incidents.empty());
  for (const Millis t : {100s, 102s, 104s}) s.look(0, look_at(t, Liveness::absent));
  const ExposureSpan& span = s.of(IncidentKind::gap).targets[0].spans.at(0);
  EXPECT_EQ(span.went_live, from_due(-60s, 60s + 100ms));
  EXPECT_EQ(span.went_down, from_due(74s, 100s + 100ms));
}

TEST(Gap, ASuspectAnswerNeitherEndsItNorCountsAsAReturn) {
  Story s{release_with({"page"})};
  s.look(0, look_at(60s, Liveness::live));
  for (const Millis t : {100s, 102s, 104s}) s.look(0, look_at(t, Liveness::absent));
  const Incident before = s.of(IncidentKind::gap);
  s.look(0, look_at(106s, Liveness::suspect));
  s.look(0, look_at(108s, Liveness::unknown));
  EXPECT_EQ(s.of(IncidentKind::gap), before);
  EXPECT_EQ(s.track(0).gone, from_due(60s, 100s + 100ms));
}

TEST(Gap, GoingAgainReopensItAtTheFirstOfItsAbsences) {
  Story s{release_with({"page"})};
  s.look(0, look_at(60s, Liveness::live));
  for (const Millis t : {100s, 102s, 104s}) s.look(0, look_at(t, Liveness::absent));
  s.look(0, look_at(200s, Liveness::live));
  s.look(0, look_at(250s, Liveness::live));
  for (const Millis t : {300s, 302s, 304s}) s.look(0, look_at(t, Liveness::absent));
  const Incident& i = s.of(IncidentKind::gap);
  EXPECT_EQ(i.state, IncidentState::open);
  EXPECT_EQ(s.notices.back(), Notice::reopened);
  ASSERT_EQ(i.targets[0].spans.size(), 2U);
  EXPECT_EQ(i.targets[0].spans[1].went_live, from_due(104s, 200s + 100ms));
  EXPECT_EQ(i.targets[0].spans[1].went_down, from_due(250s, 300s + 100ms));
}

TEST(Gap, AfterAnOlderOneIsClosedTheTimeInPublicBeginsWithTheReturn) {
  Story s{release_with({"page"})};
  s.look(0, look_at(60s, Liveness::live));
  for (const Millis t : {100s, 102s, 104s}) s.look(0, look_at(t, Liveness::absent));
  s.look(0, look_at(200s, Liveness::live));
  s.incident.reset();
  s.incidents.clear();
  for (const Millis t : {300s, 302s, 304s}) s.look(0, look_at(t, Liveness::absent));
  EXPECT_EQ(s.of(IncidentKind::gap).targets[0].spans.at(0).went_live, from_due(104s, 200s + 100ms));
}

TEST(Gap, EveryUrlThatWentMustBeBack) {
  Story s = three_parts();
  look_all(s, 60s, Liveness::live);
  for (const Millis t : {100s, 102s, 104s}) {
    s.look(0, look_at(t, Liveness::absent));
    s.look(1, look_at(t, Liveness::absent));
  }
  EXPECT_EQ(s.of(IncidentKind::gap).targets.size(), 2U);
  s.look(0, look_at(200s, Liveness::live));
  EXPECT_TRUE(is_active(s.of(IncidentKind::gap)));
  s.look(1, look_at(202s, Liveness::live));
  EXPECT_EQ(s.of(IncidentKind::gap).state, IncidentState::contained);
  EXPECT_FALSE(s.incidents.contains(IncidentKind::incomplete));
  EXPECT_FALSE(s.incidents.contains(IncidentKind::late));
}

TEST(Gap, ALookPastTheCachesDoesNotSpeakForReaders) {
  Story s{release_with({"page"})};
  s.look(0, look_at(60s, Liveness::live));
  for (const Millis t : {100s, 102s, 104s}) s.look(0, look_at(t, Liveness::absent));
  Look past = look_at(110s, Liveness::live);
  past.route = Route::bypass;
  s.look(0, past);
  EXPECT_TRUE(is_active(s.of(IncidentKind::gap)));
}

// ---- what a person closed ----

TEST(Muted, AGapThatAPersonClosedStaysClosedUntilTheUrlWasBack) {
  TargetTrack t;
  t.released = from_due(0s, 1s);
  t.muted_by = "gap:01ABC";
  for (int k = 0; k < 5; ++k) t = observe(t, look_at(100s + k * 2s, Liveness::absent), Verdict::gap).track;
  EXPECT_EQ(t.muted_by, "gap:01ABC");
  t = observe(t, look_at(200s, Liveness::live), Verdict::on_time).track;
  EXPECT_TRUE(t.muted_by.empty());
}

}  // namespace
}  // namespace embargod

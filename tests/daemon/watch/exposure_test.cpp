#include "daemon/watch/exposure.h"

#include <gtest/gtest.h>

#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

DarkBefore dark_at(Millis sent, Millis error = 0ms) {
  return DarkBefore{.sent = kDue + sent, .error = error, .origin_floor = kDue + sent};
}

TEST(BeginSpan, LiesBetweenTheLastDarkRequestAndTheFirstLiveAnswer) {
  const ExposureSpan s = begin_span(dark_at(-70s), look_at(-60s, Liveness::live, 150ms));
  EXPECT_EQ(s.went_live, (InstantBounds{kDue - 70s, kDue - 60s + 150ms}));
  EXPECT_FALSE(s.went_down);
  EXPECT_FALSE(s.origin_live);
}

TEST(BeginSpan, IsWidenedByTheClockErrorOfEachLook) {
  const ExposureSpan s = begin_span(dark_at(-70s, 300ms), look_at(-60s, Liveness::live, 100ms, 500ms));
  EXPECT_EQ(s.went_live, (InstantBounds{kDue - 70s - 300ms, kDue - 60s + 600ms}));
}

TEST(BeginSpan, HasNoEarliestIfItWasLiveAtOurFirstLook) {
  EXPECT_EQ(begin_span({}, look_at(-60s, Liveness::live)).went_live.earliest, std::nullopt);
}

TEST(BeginSpan, AgeMovesTheOriginsBoundsAndNotThoseAsServed) {
  Look live = look_at(-60s, Liveness::live, 100ms);
  live.age = 12s;
  const ExposureSpan s = begin_span(dark_at(-120s), live);
  EXPECT_EQ(s.went_live, (InstantBounds{kDue - 120s, kDue - 60s + 100ms}));
  ASSERT_TRUE(s.origin_live);
  EXPECT_EQ(*s.origin_live, (InstantBounds{kDue - 120s, kDue - 72s + 100ms + 2s}));
}

TEST(BeginSpan, ACached404LeavesTheOriginsLowerBoundEarlier) {
  DarkBefore before = dark_at(-70s);
  before.origin_floor = kDue - 70s - 121s;  // that 404 carried Age: 120
  const ExposureSpan s = begin_span(before, look_at(-60s, Liveness::live));
  ASSERT_TRUE(s.origin_live);
  EXPECT_EQ(s.origin_live->earliest, kDue - 191s);
  EXPECT_EQ(s.went_live.earliest, kDue - 70s);
}

TEST(EndSpan, LiesBetweenTheLastLiveRequestAndTheFirstDarkAnswer) {
  ExposureSpan s = begin_span(dark_at(-70s), look_at(-60s, Liveness::live));
  extend_span(s, look_at(-50s, Liveness::live));
  end_span(s, look_at(-40s, Liveness::absent, 100ms, 20ms));
  EXPECT_EQ(s.went_down, (InstantBounds{kDue - 50s, kDue - 40s + 120ms}));
  EXPECT_EQ(s.ended_by, EndedBy::absence);
  EXPECT_EQ(s.looks, 2);
  EXPECT_EQ(s.longest_gap, 10s);
}

TEST(EndSpanAt, StillLiveAtDueEndsThereAndNotBeforeTheLastLook) {
  ExposureSpan s = begin_span(dark_at(-70s), look_at(-60s, Liveness::live));
  end_span_at(s, kDue, EndedBy::due);
  EXPECT_EQ(s.went_down, (InstantBounds{kDue - 60s, kDue}));
  EXPECT_EQ(s.ended_by, EndedBy::due);
}

TEST(TimeUp, ComesFromTheBoundsAloneSoThatAReaderCanRecomputeIt) {
  const InstantBounds live{kDue - 100s, kDue - 90s};
  const auto up = time_up(live, InstantBounds{kDue - 20s, kDue - 15s}, kDue);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->shortest, 70s);
  EXPECT_EQ(up->longest, 85s);
}

TEST(TimeUp, HasNoLongestIfTheStartIsUnbounded) {
  const auto up = time_up({std::nullopt, kDue - 90s}, InstantBounds{kDue - 20s, kDue - 15s}, kDue);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->shortest, 70s);
  EXPECT_EQ(up->longest, std::nullopt);
}

TEST(TimeUp, OneSightingIsAtLeastMomentary) {
  const auto up = time_up({kDue - 100s, kDue - 90s}, InstantBounds{kDue - 90s - 100ms, kDue - 85s}, kDue);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->shortest, 0ms);
  EXPECT_EQ(up->longest, 15s);
}

TEST(TimeUp, WhileUpIsCountedToTheHorizon) {
  const auto up = time_up({kDue - 100s, kDue - 90s}, std::nullopt, kDue - 30s);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->shortest, 60s);
  EXPECT_EQ(up->longest, 70s);
}

TEST(TimeUp, WhileUpAtLeastCountsToTheNewestLiveLookAndAtMostToNow) {
  ExposureSpan s = begin_span(dark_at(-100s), look_at(-90s, Liveness::live));
  extend_span(s, look_at(-50s, Liveness::live));
  const auto up = time_up(s, kDue - 20s);
  ASSERT_TRUE(up);
  EXPECT_EQ(up->shortest, 40s - 100ms);
  EXPECT_EQ(up->longest, 80s);
}

TEST(TimeUp, RefusesAnEndBeforeTheBegin) {
  const auto up = time_up({kDue, kDue + 1s}, InstantBounds{kDue - 20s, kDue - 15s}, kDue);
  ASSERT_FALSE(up);
  EXPECT_EQ(up.error().code, Errc::out_of_order);
}

TEST(LeadOf, CountsFromTheFirstUrlThatWentLive) {
  Incident i;
  i.due = kDue;
  i.targets.resize(2);
  i.targets[0].spans.push_back(begin_span(dark_at(-70s), look_at(-60s, Liveness::live)));
  i.targets[1].spans.push_back(begin_span(dark_at(-200s), look_at(-190s, Liveness::live)));
  const auto lead = lead_of(i);
  ASSERT_TRUE(lead);
  EXPECT_EQ(lead->shortest, 190s - 100ms);
  EXPECT_EQ(lead->longest, 200s);
}

TEST(LeadOf, IsNegativeWhenLate) {
  Incident i;
  i.kind = IncidentKind::late;
  i.due = kDue;
  i.targets.resize(1);
  i.targets[0].spans.push_back(begin_span(dark_at(300s), look_at(310s, Liveness::live)));
  const auto lead = lead_of(i);
  ASSERT_TRUE(lead);
  EXPECT_LT(lead->shortest, 0ms);
}

}  // namespace
}  // namespace embargod

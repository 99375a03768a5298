#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/alerts/lane_world.h"

namespace embargod {
namespace {

using Minutes = std::chrono::minutes;
using Hours = std::chrono::hours;

TEST(ReceiverLaneStanding, ResolveIsHeldForFiveMinutesThenRepeatedForFifteen) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Seconds{30});
  world.add(sample_alert("A", 2, Notice::resolved));
  world.run_for(Hours{2});
  std::vector<Instant> firing;
  std::vector<Instant> resolved;
  for (const Sent& s : world.sent) (s.status == AlertStatus::firing ? firing : resolved).push_back(s.at);
  ASSERT_EQ(firing.size(), 5U) << "at 0, 1, 2, 3 and 4 min";
  for (std::size_t i = 1; i < firing.size(); ++i) EXPECT_EQ(firing[i] - firing[i - 1], Seconds{60});
  ASSERT_FALSE(resolved.empty());
  EXPECT_EQ(resolved.front(), kNoon + Minutes{5});
  EXPECT_EQ(resolved.size(), 15U);
  EXPECT_EQ(resolved.back(), kNoon + Minutes{19});
}

TEST(ReceiverLaneStanding, DownForAnHourItStillHearsOfWhatIsOver) {
  LaneWorld world{standing_traits()};
  world.answer = [&](const Alert&) { return world.clock.now() < kNoon + Hours{1} ? away() : take(); };
  world.add(sample_alert("A", 1, Notice::opened));
  world.add(sample_alert("A", 2, Notice::updated));
  world.run_for(Minutes{10});
  world.add(sample_alert("A", 3, Notice::resolved));
  world.run_for(Hours{3});
  std::vector<std::string> firing_keys;
  std::optional<Instant> first_firing;
  std::optional<Instant> first_resolved;
  for (const Sent& s : world.sent) {
    if (!s.accepted) continue;
    auto& first = s.status == AlertStatus::firing ? first_firing : first_resolved;
    if (!first) first = s.at;
    if (s.status == AlertStatus::firing) firing_keys.push_back(s.key);
  }
  ASSERT_TRUE(first_firing && first_resolved);
  EXPECT_EQ(*first_resolved - *first_firing, Minutes{5});
  EXPECT_EQ(firing_keys.front(), "A:2");
  EXPECT_EQ(world.left(), 0);
}

TEST(ReceiverLaneStanding, AReceiverThatNeverHeardOfItGetsTheFiringFirst) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 7, Notice::resolved));
  world.run_for(Minutes{6});
  ASSERT_FALSE(world.sent.empty());
  EXPECT_EQ(world.sent.front().status, AlertStatus::firing);
  EXPECT_EQ(world.sent.back().status, AlertStatus::resolved);
  EXPECT_EQ(world.sent.back().at, kNoon + Minutes{5});
  EXPECT_EQ(world.left(), 0);
}

TEST(ReceiverLaneStanding, ReopenedSupersedesAHeldResolveAndTheHoldCountsFromTheFirstAcceptance) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{1});
  const std::int64_t held = world.add(sample_alert("A", 2, Notice::resolved));
  world.run_for(Minutes{1});
  world.add(sample_alert("A", 3, Notice::reopened));
  world.run_for(Minutes{10});
  EXPECT_EQ(world.outbox.row(held).state, DeliveryState::superseded);
  for (const Sent& s : world.sent) EXPECT_EQ(s.status, AlertStatus::firing);
  world.add(sample_alert("A", 4, Notice::resolved));
  world.run_for(Seconds{1});
  EXPECT_EQ(world.sent.back().status, AlertStatus::resolved);
}

TEST(ReceiverLaneStanding, ARestartResendsAtOnceAndKeepsTheHold) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{2});
  world.add(sample_alert("A", 2, Notice::resolved));
  world.run_for(Seconds{1});
  const std::size_t before = world.sent.size();
  world.start();
  world.run_for(Seconds{1});
  ASSERT_EQ(world.sent.size(), before + 1);
  EXPECT_EQ(world.sent.back().status, AlertStatus::firing) << "not an all-clear";
  world.run_for(Minutes{5});
  const auto resolve = std::find_if(world.sent.begin(), world.sent.end(),
                                    [](const Sent& s) { return s.status == AlertStatus::resolved; });
  ASSERT_NE(resolve, world.sent.end());
  EXPECT_EQ(resolve->at, kNoon + Minutes{5});
}

TEST(ReceiverLaneStanding, ASteppedClockDoesNotReleaseAHeldResolve) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Seconds{10});
  world.add(sample_alert("A", 2, Notice::resolved));
  world.clock.step_wall(Hours{3});
  world.run_for(Minutes{4});
  for (const Sent& s : world.sent) EXPECT_EQ(s.status, AlertStatus::firing);
  world.run_for(Minutes{1});
  EXPECT_EQ(world.sent.back().status, AlertStatus::resolved);
}

TEST(ReceiverLaneStanding, ANewAddressUnderTheSameNameHearsAllThatStandsAtOnce) {
  LaneWorld world{standing_traits()};
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Seconds{5});
  std::vector<Sent> other;
  world.lane().swap(std::make_unique<ScriptedNotifier>(standing_traits(), other, world.answer));
  world.run_for(Seconds{5});
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other.front().key, "A:1");
}

}  // namespace
}  // namespace embargod

#include "alerts/receiver_lane.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "tests/alerts/lane_world.h"

namespace embargod {
namespace {

using Minutes = std::chrono::minutes;
using Hours = std::chrono::hours;
using Keys = std::vector<std::string>;

TEST(ReceiverLanePlain, TellsEachStepOnceAndInOrder) {
  LaneWorld world{plain_traits()};
  int step = 0;
  for (const Notice n : {Notice::opened, Notice::resolved, Notice::reopened, Notice::resolved})
    world.add(sample_alert("A", ++step, n));
  world.run_for(Hours{2});
  EXPECT_EQ(world.accepted_keys(), (Keys{"A:1", "A:2 resolved", "A:3", "A:4 resolved"}));
  EXPECT_EQ(world.sent.size(), 4U);
  EXPECT_EQ(world.sent.back().at, kNoon) << "the take-down is told at once";
  EXPECT_EQ(world.left(), 0);
}

TEST(ReceiverLanePlain, DownForAnHourLosesNothingAndIsToldOnceWhenBack) {
  LaneWorld world{plain_traits()};
  world.answer = [&](const Alert&) { return world.clock.now() < kNoon + Hours{1} ? away() : take(); };
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{30});
  world.add(sample_alert("A", 2, Notice::resolved));
  world.add(sample_ticket("B", 1, Notice::opened));
  world.run_for(Minutes{40});
  EXPECT_EQ(world.accepted_keys(), (Keys{"B:1", "A:1", "A:2 resolved"}));
  for (const Sent& s : world.sent) {
    if (s.accepted) {
      EXPECT_LE(s.at, kNoon + Hours{1} + Minutes{5}) << "the longest wait is five minutes";
    }
  }
  EXPECT_LT(world.sent.size(), 60U) << "the waits grow";
  EXPECT_EQ(world.left(), 0);
}

TEST(ReceiverLanePlain, OnceTheReceiverIsBackNobodyWaitsOutTheirTurn) {
  LaneWorld world{plain_traits()};
  world.answer = [&](const Alert&) { return world.clock.now() < kNoon + Hours{1} ? away() : take(); };
  for (int i = 0; i < 20; ++i) world.add(sample_ticket("T" + std::to_string(i), 1, Notice::opened, kNoon));
  world.run_for(Hours{1} + Minutes{5});
  Instant first = Instant::max();
  Instant last{};
  for (const Sent& s : world.sent) {
    if (!s.accepted) continue;
    first = std::min(first, s.at);
    last = std::max(last, s.at);
  }
  EXPECT_EQ(world.accepted_keys().size(), 20U);
  EXPECT_EQ(last, first);
}

TEST(ReceiverLanePlain, AFailingIncidentDoesNotHoldUpAnother) {
  LaneWorld world{plain_traits()};
  world.answer = [](const Alert& a) { return a.incident == "A" ? away() : take(); };
  world.add(sample_alert("A", 1, Notice::opened));
  world.add(sample_alert("A", 2, Notice::resolved));
  for (int i = 0; i < 30; ++i) world.add(sample_alert("B" + std::to_string(i), 1, Notice::opened));
  world.run_for(Seconds{1});
  EXPECT_EQ(world.accepted_keys().size(), 30U);
  world.run_for(Hours{1});
  for (const Sent& s : world.sent) EXPECT_NE(s.key, "A:2") << "never the resolve before its opening";
  EXPECT_EQ(world.left(), 2);
}

TEST(ReceiverLanePlain, RejectedIsKeptCountedAndTriedEveryFiveMinutes) {
  LaneWorld world{plain_traits()};
  world.answer = [&](const Alert&) {
    if (world.clock.now() >= kNoon + Minutes{12}) return take();
    return Receipt{.outcome = Outcome::rejected, .detail = "HTTP 400: no", .retry_after = {}};
  };
  const std::int64_t id = world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{11});
  ASSERT_EQ(world.sent.size(), 3U);
  EXPECT_EQ(world.sent[1].at - world.sent[0].at, Minutes{5});
  EXPECT_EQ(world.reports.back().outcome, Outcome::rejected);
  EXPECT_EQ(world.reports.back().attempts, 3);
  EXPECT_EQ(world.outbox.row(id).detail, "HTTP 400: no");
  world.run_for(Minutes{10});
  EXPECT_EQ(world.left(), 0) << "the receiver was mended";
}

TEST(ReceiverLanePlain, RetryAfterIsHonouredAndCapped) {
  LaneWorld world{plain_traits()};
  Millis asked{20'000};
  world.answer = [&](const Alert&) {
    Receipt r = away();
    r.retry_after = asked;
    return r;
  };
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Seconds{21});
  ASSERT_EQ(world.sent.size(), 2U);
  EXPECT_EQ(world.sent[1].at - world.sent[0].at, Seconds{20});
  asked = Hours{20};
  world.run_for(Minutes{30});
  ASSERT_GE(world.sent.size(), 4U);
  EXPECT_EQ(world.sent.back().at - world.sent[world.sent.size() - 2].at, Minutes{5});
}

TEST(ReceiverLanePlain, ASteppedClockNeitherStopsNorFloodsRetries) {
  LaneWorld world{plain_traits()};
  world.answer = [](const Alert&) { return away(); };
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{10});
  const std::size_t before = world.sent.size();
  world.clock.step_wall(-Hours{5});
  world.run_for(Minutes{10});
  EXPECT_GT(world.sent.size(), before);
  world.clock.step_wall(Hours{50});
  const std::size_t then = world.sent.size();
  world.run_for(Minutes{10});
  EXPECT_LT(world.sent.size(), then + 5);
}

TEST(ReceiverLanePlain, AThrowingNotifierIsAFailureLikeOthers) {
  LaneWorld world{plain_traits()};
  world.answer = [&](const Alert&) -> Receipt {
    if (world.sent.empty() && world.reports.empty()) throw std::runtime_error{"no memory"};
    return take();
  };
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Minutes{1});
  EXPECT_EQ(world.reports.front().detail, "internal error: no memory");
  EXPECT_EQ(world.accepted_keys(), Keys{"A:1"});
}

TEST(ReceiverLanePlain, MoreRowsThanOneReadHoldsAreAllTold) {
  LaneWorld world{plain_traits()};
  world.answer = [](const Alert& a) { return a.incident == "A" ? away() : take(); };
  for (int i = 1; i <= 600; ++i) world.add(sample_alert("A", i, i % 2 == 1 ? Notice::reopened : Notice::resolved));
  world.add(sample_alert("B", 1, Notice::opened));
  world.run_for(Seconds{2});
  EXPECT_EQ(world.accepted_keys(), Keys{"B:1"});
}

TEST(ReceiverLaneMemory, ThePageLeavesWithoutTheStoreAndIsNotToldAgainFromIt) {
  LaneWorld world{plain_traits()};
  world.outbox.refuse_reads(true);
  world.outbox.refuse_marks(true);
  Alert page = sample_alert("A", 1, Notice::opened);
  page.durable = false;
  world.emergency.put(page, {"webhook-1"});
  world.run_for(Seconds{2});
  EXPECT_EQ(world.accepted_keys(), Keys{"A:1"});
  page.durable = true;
  const std::int64_t id = world.add(page);
  world.emergency.now_durable("A:1");
  world.outbox.refuse_reads(false);
  world.run_for(Seconds{5});
  EXPECT_EQ(world.outbox.row(id).state, DeliveryState::pending) << "it can be read, not marked";
  world.outbox.refuse_marks(false);
  world.run_for(Seconds{5});
  EXPECT_EQ(world.outbox.row(id).state, DeliveryState::accepted);
  EXPECT_EQ(world.outbox.row(id).accepted_at, kNoon) << "when it was told, not when it was marked";
  EXPECT_EQ(world.accepted_keys(), Keys{"A:1"});
}

TEST(ReceiverLaneMemory, AFullDiskDoesNotRepeatWhatWasDelivered) {
  LaneWorld world{plain_traits()};
  const std::int64_t id = world.add(sample_alert("A", 1, Notice::opened));
  world.outbox.refuse_marks(true);
  world.run_for(Minutes{10});
  EXPECT_EQ(world.accepted_keys(), Keys{"A:1"});
  const auto complaints = std::count_if(world.reports.begin(), world.reports.end(),
                                        [](const DeliveryReport& r) { return r.detail.starts_with("store: "); });
  EXPECT_EQ(complaints, 1) << "said once, not each second";
  world.outbox.refuse_marks(false);
  world.run_for(Seconds{2});
  EXPECT_EQ(world.outbox.row(id).state, DeliveryState::accepted);
}

TEST(ReceiverLaneMemory, AnUnmarkableRetryStillWaits) {
  LaneWorld world{plain_traits()};
  world.answer = [](const Alert&) { return away(); };
  world.add(sample_alert("A", 1, Notice::opened));
  world.outbox.refuse_marks(true);
  world.run_for(Minutes{10});
  EXPECT_LT(world.sent.size(), 30U);
}

TEST(ReceiverLaneMemory, AnAlertToldFromMemoryIsHeldAndResolvedLikeAnyOther) {
  LaneWorld world{standing_traits()};
  world.outbox.refuse_reads(true);
  world.outbox.refuse_marks(true);
  world.emergency.put(sample_alert("A", 1, Notice::opened), {"alertmanager-1"});
  world.run_for(Minutes{1});
  world.emergency.put(sample_alert("A", 2, Notice::resolved), {"alertmanager-1"});
  world.run_for(Minutes{10});
  const auto resolve = std::find_if(world.sent.begin(), world.sent.end(),
                                    [](const Sent& s) { return s.status == AlertStatus::resolved; });
  ASSERT_NE(resolve, world.sent.end());
  EXPECT_EQ(resolve->at, kNoon + Minutes{5});
  const std::size_t before = world.sent.size();
  world.add(sample_alert("A", 1, Notice::opened));
  world.outbox.refuse_reads(false);
  world.outbox.refuse_marks(false);
  world.run_for(Seconds{30});
  world.add(sample_alert("A", 2, Notice::resolved));
  world.run_for(Minutes{1});
  EXPECT_EQ(world.left(), 0);
  for (std::size_t i = before; i < world.sent.size(); ++i)
    EXPECT_EQ(world.sent[i].status, AlertStatus::resolved) << "the late row of the opening must not page again";
}

TEST(ReceiverLaneWatchdog, ComesEachMinuteWhileThereIsProgressAndLapsesOtherwise) {
  ReceiverTraits traits = plain_traits();
  traits.watchdog = true;
  LaneWorld world{traits};
  Alert seen;
  world.answer = [&](const Alert& a) {
    seen = a;
    return take();
  };
  world.run_for(Minutes{3});
  ASSERT_EQ(world.sent.size(), 3U);
  EXPECT_EQ(seen.labels, (Labels{{"alertname", "EmbargodWatchdog"}, {"severity", "info"}, {"service", "embargod"}}));
  EXPECT_EQ(seen.incident_json, "null");
  EXPECT_EQ(seen.annotations.at("link"), "http://127.0.0.1:9750");
  EXPECT_EQ(world.sent[0].key, "watchdog:25408080");
  EXPECT_EQ(world.sent[1].key, "watchdog:25408081");
  world.progress = false;
  world.run_for(Minutes{10});
  EXPECT_EQ(world.sent.size(), 3U);
  world.progress = true;
  world.run_for(Seconds{2});
  EXPECT_EQ(world.sent.size(), 4U);
}

TEST(ReceiverLaneReport, APartlyRefusedAcceptanceIsCountedAsBoth) {
  LaneWorld world{plain_traits()};
  world.answer = [](const Alert&) {
    Receipt r = take();
    r.partly_refused = true;
    return r;
  };
  world.add(sample_alert("A", 1, Notice::opened));
  world.run_for(Seconds{1});
  ASSERT_EQ(world.reports.size(), 2U);
  EXPECT_EQ(world.reports[0].outcome, Outcome::accepted);
  EXPECT_EQ(world.reports[1].outcome, Outcome::rejected);
}

}  // namespace
}  // namespace embargod

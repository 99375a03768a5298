#include "alerts/lane_plan.h"

#include <gtest/gtest.h>

#include "tests/alerts/sample_alerts.h"

namespace embargod {
namespace {

using Minutes = std::chrono::minutes;
using Sends = std::vector<PlannedSend>;
using Indices = std::vector<std::size_t>;

Waiting waiting_row(std::int64_t id, const Alert& a, Instant next_try = kNoon, int attempts = 0) {
  return {a, id, attempts, next_try};
}

HeldAlert held_alert(std::int64_t id, const Alert& a, Instant accepted, Instant next_resend) {
  return {a, id, accepted, accepted, next_resend};
}

LaneView standing_view(std::vector<Waiting> waiting, std::vector<HeldAlert> held = {}, Instant now = kNoon) {
  return {.now = now, .standing = true, .waiting = std::move(waiting), .held = std::move(held)};
}
LaneView plain_view(std::vector<Waiting> waiting, Instant now = kNoon) {
  return {.now = now, .standing = false, .waiting = std::move(waiting), .held = {}};
}

const Alert kOpened = sample_alert("A", 1, Notice::opened);
const Alert kUpdated = sample_alert("A", 2, Notice::updated);
const Alert kResolved = sample_alert("A", 3, Notice::resolved);
const Alert kReopened = sample_alert("A", 4, Notice::reopened);
const Alert kResolvedAgain = sample_alert("A", 5, Notice::resolved);

struct PlanCase {
  const char* name;
  LaneView view;
  Sends send;
  Indices supersede;
  Indices resend;
  Millis wait;
};

class LanePlanTest : public testing::TestWithParam<PlanCase> {};
TEST_P(LanePlanTest, DecidesWhatIsSentNext) {
  const auto& c = GetParam();
  OutboxTiming timing;
  timing.idle_poll = std::chrono::hours{1};
  const LanePlan plan = plan_lane(c.view, timing);
  EXPECT_EQ(plan.send, c.send);
  EXPECT_EQ(plan.supersede, c.supersede);
  EXPECT_EQ(plan.resend, c.resend);
  EXPECT_EQ(plan.look_again - c.view.now, c.wait);
}

constexpr Millis kIdle = std::chrono::hours{1};
const Instant kAgo1 = kNoon - Minutes{1};
const Instant kSoon = kNoon + Seconds{30};

INSTANTIATE_TEST_SUITE_P(
    Plain, LanePlanTest,
    testing::Values(
        PlanCase{"NothingToDo", plain_view({}), {}, {}, {}, kIdle},
        PlanCase{"OldestStepOfAnIncidentFirst",
                 plain_view({waiting_row(1, kOpened), waiting_row(2, kResolved)}),
                 {{0}},
                 {},
                 {},
                 kIdle},
        PlanCase{"UpdatesAreNotTold",
                 plain_view({waiting_row(1, kUpdated), waiting_row(2, kResolved)}),
                 {{1}},
                 {0},
                 {},
                 kIdle},
        PlanCase{"AFailingHeadHoldsItsOwnIncidentOnly",
                 plain_view({waiting_row(1, kOpened, kSoon, 3), waiting_row(2, kResolved),
                             waiting_row(3, sample_alert("B", 1, Notice::opened))}),
                 {{2}},
                 {},
                 {},
                 Seconds{30}},
        PlanCase{"TheTwoAlertsOfABlindIncidentDoNotWaitForEachOther",
                 plain_view({waiting_row(1, sample_ticket("A", 1, Notice::opened), kSoon, 1), waiting_row(2, kUpdated),
                             waiting_row(3, kReopened)}),
                 {{2}},
                 {1},
                 {},
                 Seconds{30}},
        PlanCase{"NewBeforeFailedAndPagesBeforeTickets",
                 plain_view({waiting_row(1, kOpened, kNoon, 1), waiting_row(2, sample_ticket("B", 1, Notice::opened)),
                             waiting_row(3, sample_alert("C", 1, Notice::opened))}),
                 {{2}, {1}, {0}},
                 {},
                 {},
                 kIdle},
        PlanCase{"WhatTheStoreDoesNotHaveGoesFirst",
                 plain_view({waiting_row(1, kOpened), {sample_ticket("B", 1, Notice::opened), std::nullopt, 0, {}}}),
                 {{1}, {0}},
                 {},
                 {},
                 kIdle},
        PlanCase{"DueAtItsInstant", plain_view({waiting_row(1, kOpened, kNoon, 1)}), {{0}}, {}, {}, kIdle},
        PlanCase{"NotAMillisecondSooner",
                 plain_view({waiting_row(1, kOpened, kNoon + Millis{1}, 1)}),
                 {},
                 {},
                 {},
                 Millis{1}},
        PlanCase{"AClockSetBackDoesNotStopRetries",
                 plain_view({waiting_row(1, kOpened, kNoon + Minutes{61}, 1)}),
                 {{0}},
                 {},
                 {},
                 kIdle}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Standing, LanePlanTest,
    testing::Values(
        PlanCase{"NewerFiringSupersedesOlder",
                 standing_view({waiting_row(1, kOpened), waiting_row(2, kUpdated)}),
                 {{1}},
                 {0},
                 {},
                 kIdle},
        PlanCase{"ResolveIsHeldWhileYoung",
                 standing_view({waiting_row(3, kResolved)}, {held_alert(1, kOpened, kAgo1, kSoon)}),
                 {},
                 {},
                 {},
                 Seconds{30}},
        PlanCase{"MeanwhileTheFiringOneIsResent",
                 standing_view({waiting_row(3, kResolved)}, {held_alert(1, kOpened, kAgo1, kNoon)}),
                 {},
                 {},
                 {0},
                 Minutes{4}},
        PlanCase{
            "OneMillisecondTooYoung",
            standing_view({waiting_row(3, kResolved)}, {held_alert(1, kOpened, kNoon - Minutes{5} + Millis{1}, kSoon)}),
            {},
            {},
            {},
            Millis{1}},
        PlanCase{"ResolvedAtFiveMinutes",
                 standing_view({waiting_row(3, kResolved)}, {held_alert(1, kOpened, kNoon - Minutes{5}, kNoon)}),
                 {{0}},
                 {},
                 {},
                 kIdle},
        PlanCase{
            "AFailingResolveIsNotContradicted",
            standing_view({waiting_row(3, kResolved, kSoon, 1)}, {held_alert(1, kOpened, kNoon - Minutes{9}, kNoon)}),
            {},
            {},
            {},
            Seconds{30}},
        PlanCase{"ReopenedSupersedesAHeldResolve",
                 standing_view({waiting_row(3, kResolved), waiting_row(4, kReopened)},
                               {held_alert(1, kOpened, kAgo1, kSoon)}),
                 {{1}},
                 {0},
                 {},
                 kIdle},
        PlanCase{"OverBeforeItWasEverAccepted",
                 standing_view({waiting_row(1, kOpened), waiting_row(2, kUpdated), waiting_row(3, kResolved)}),
                 {{1}},
                 {0},
                 {},
                 kIdle},
        PlanCase{"OverAndNoFiringRowIsLeft", standing_view({waiting_row(3, kResolved)}), {{0, true}}, {}, {}, kIdle},
        PlanCase{"BackAndOverAgainAfterAResolve",
                 standing_view({waiting_row(4, kReopened), waiting_row(5, kResolvedAgain)},
                               {held_alert(3, kResolved, kAgo1, kNoon)}),
                 {{0}},
                 {},
                 {},
                 kIdle},
        PlanCase{"BackAndOverAgainWhileHeldFiring",
                 standing_view({waiting_row(3, kResolved), waiting_row(4, kReopened), waiting_row(5, kResolvedAgain)},
                               {held_alert(1, kOpened, kAgo1, kSoon)}),
                 {},
                 {0, 1},
                 {},
                 Seconds{30}},
        PlanCase{"ASecondResolveGoesAtOnce",
                 standing_view({waiting_row(5, kResolvedAgain)}, {held_alert(3, kResolved, kAgo1, kNoon)}),
                 {{0}},
                 {},
                 {},
                 kIdle},
        PlanCase{"RowsOlderThanWhatItHasAreNotTold",
                 standing_view({waiting_row(2, kUpdated)}, {held_alert(3, kResolved, kAgo1, kSoon)}),
                 {},
                 {0},
                 {},
                 Seconds{30}},
        PlanCase{"OlderByStepWhereItWasToldFromMemory",
                 standing_view({waiting_row(2, kUpdated)}, {{kResolved, std::nullopt, kAgo1, kAgo1, kSoon}}),
                 {},
                 {0},
                 {},
                 Seconds{30}},
        PlanCase{"FiringIsResentForEver",
                 standing_view({}, {held_alert(1, kOpened, kNoon - std::chrono::hours{999}, kNoon)}),
                 {},
                 {},
                 {0},
                 kIdle},
        PlanCase{"ResolvedIsResent",
                 standing_view({}, {held_alert(3, kResolved, kNoon - Minutes{15} + Millis{1}, kNoon)}),
                 {},
                 {},
                 {0},
                 kIdle},
        PlanCase{"ForFifteenMinutes",
                 standing_view({}, {held_alert(3, kResolved, kNoon - Minutes{15}, kNoon)}),
                 {},
                 {},
                 {},
                 kIdle},
        PlanCase{"NoResolveIsResentOnceItIsBack",
                 standing_view({waiting_row(4, kReopened, kSoon, 1)}, {held_alert(3, kResolved, kAgo1, kNoon)}),
                 {},
                 {},
                 {},
                 Seconds{30}},
        PlanCase{"AFailingUpdateKeepsTheOldOneAlive",
                 standing_view({waiting_row(2, kUpdated, kSoon, 1)}, {held_alert(1, kOpened, kAgo1, kNoon)}),
                 {},
                 {},
                 {0},
                 Seconds{30}}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod

// The rules of planning, and what a record of a rehearsal is made of.

#include "daemon/watch/rehearsal.h"

#include <gtest/gtest.h>

#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

const Instant kPlanNow = kDue - 24h;
const std::string kPlanZone = "Europe/London";

Rehearsal sensible_rehearsal() {
  return {.id = "01R",
          .release = "therapies-2018-01",
          .from = kPlanNow + 1h,
          .until = kPlanNow + 2h,
          .by = "Publication team",
          .reason = "New web platform",
          .planned = kPlanNow,
          .cancelled = {},
          .incident = {},
          .outcome = {}};
}

struct PlanCase {
  const char* name;
  void (*change)(Rehearsal& r, Release& release);
  const char* want;  // part of the error; empty: may be planned
};

class MayPlanTest : public testing::TestWithParam<PlanCase> {};
TEST_P(MayPlanTest, SaysWhatIsWrong) {
  Rehearsal r = sensible_rehearsal();
  Release release = release_with({"page"});
  GetParam().change(r, release);
  const auto may = may_plan(r, {.release = &release, .is_lifted = false, .now = kPlanNow, .zone = kPlanZone}, {});
  const std::string want = GetParam().want;
  EXPECT_EQ(may.has_value(), want.empty()) << (may ? "" : to_string(may.error()));
  if (!may) {
    EXPECT_NE(to_string(may.error()).find(want), std::string::npos) << to_string(may.error());
    EXPECT_FALSE(may.error().to_do.empty()) << "it says what to do";
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rules, MayPlanTest,
    testing::Values(
        PlanCase{"Sensible", [](Rehearsal&, Release&) {}, ""},
        PlanCase{"EndsBeforeItBegins", [](Rehearsal& r, Release&) { r.until = r.from; }, "ends before it begins"},
        PlanCase{"FourHours", [](Rehearsal& r, Release&) { r.until = r.from + 4h; }, ""},
        PlanCase{"LongerThanFourHours", [](Rehearsal& r, Release&) { r.until = r.from + 4h + 1ms; }, "lasts 4 h"},
        PlanCase{"AMinutePast", [](Rehearsal& r, Release&) { r.from = kPlanNow - 60s; }, ""},
        PlanCase{"LongPast", [](Rehearsal& r, Release&) { r.from = kPlanNow - 61s; }, "began 1 min 1 s ago"},
        PlanCase{"NearDue",
                 [](Rehearsal& r, Release&) {
                   r.from = kDue - 2h;
                   r.until = kDue - 30min;
                 },
                 ""},
        PlanCase{"TooNearDue",
                 [](Rehearsal& r, Release&) {
                   r.from = kDue - 2h;
                   r.until = kDue - 30min + 1ms;
                 },
                 "at least 30 min before due"},
        PlanCase{"DueNotKnown", [](Rehearsal&, Release& release) { release.due.at.reset(); }, "not known yet"},
        PlanCase{"Cancelled", [](Rehearsal&, Release& release) { release.status = ReleaseStatus::cancelled; },
                 "is cancelled"},
        PlanCase{"NobodyNamed", [](Rehearsal& r, Release&) { r.by = " "; }, "no \"by\""},
        PlanCase{"NoReason", [](Rehearsal& r, Release&) { r.reason = ""; }, "no \"reason\""},
        PlanCase{"TwoLines", [](Rehearsal& r, Release&) { r.reason = "a\nb"; }, "one line"},
        PlanCase{"Endless", [](Rehearsal& r, Release&) { r.reason = std::string(501, 'x'); }, "500 bytes"}),
    [](const auto& c) { return c.param.name; });

TEST(MayPlan, KnowsWhatIsAheadWhatIsLiftedAndWhatIsPlannedAlready) {
  Release release = release_with({"page"});
  release.due.at = kPlanNow + std::chrono::hours{24 * 60};
  const auto plan = [&](const Rehearsal& r, const Release* of, bool lifted, const std::vector<Rehearsal>& known) {
    const auto may = may_plan(r, {.release = of, .is_lifted = lifted, .now = kPlanNow, .zone = kPlanZone}, known);
    return may ? Errc::io : may.error().code;
  };
  Rehearsal r = sensible_rehearsal();
  EXPECT_EQ(plan(r, nullptr, false, {}), Errc::not_found);
  EXPECT_EQ(plan(r, &release, true, {}), Errc::conflict);
  r.from = kPlanNow + kRehearsalAhead + 1s;
  r.until = r.from + 1h;
  EXPECT_EQ(plan(r, &release, false, {}), Errc::invalid_input);
  r = sensible_rehearsal();
  Rehearsal other = r;
  other.from = r.until - 1ms;
  other.until = r.until + 1h;
  EXPECT_EQ(plan(r, &release, false, {other}), Errc::conflict);
  other.from = r.until;
  EXPECT_EQ(plan(r, &release, false, {other}), Errc::io) << "one after the other";
  other.from = r.from;
  other.cancelled = RehearsalCancel{};
  EXPECT_EQ(plan(r, &release, false, {other}), Errc::io) << "cancelled";
  other.cancelled.reset();
  other.release = "another";
  EXPECT_EQ(plan(r, &release, false, {other}), Errc::io);
}

TEST(Rehearsal, CoversItsWindowAndNothingElse) {
  const Release release = release_with({"page"});
  Rehearsal r = sensible_rehearsal();
  EXPECT_TRUE(covers(r, &release, r.from, r.until - 1ms));
  EXPECT_FALSE(covers(r, &release, r.from - 1ms, r.from)) << "asked before it: it may have been live before it";
  EXPECT_FALSE(covers(r, &release, r.from, r.until));
  EXPECT_FALSE(covers(r, nullptr, r.from, r.from));
  Release moved = release;
  moved.due.at = r.until + 30min;
  EXPECT_TRUE(covers(r, &moved, r.from, r.from));
  moved.due.at = r.until + 30min - 1ms;
  EXPECT_FALSE(covers(r, &moved, r.from, r.from));
  moved.due.at.reset();
  EXPECT_FALSE(covers(r, &moved, r.from, r.from));
  r.cancelled = RehearsalCancel{.by = "N.N.", .at = r.from, .reason = "no time"};
  EXPECT_FALSE(covers(r, &release, r.from, r.from));
  EXPECT_EQ(why_rehearsal_is_over(r, &release, r.from), "N.N. cancelled it: no time");
}

TEST(Rehearsal, IsReadBackAsItWasWritten) {
  Rehearsal r = sensible_rehearsal();
  r.reason = "it's \"odd\" <b>";
  EXPECT_EQ(read_rehearsal(rehearsal_json(r)).value(), r);
  r.cancelled = RehearsalCancel{.by = "N.N.", .at = r.from, .reason = "no time"};
  r.incident = "01INCIDENT";
  r.outcome = RehearsalOutcome{.at = r.until, .text = "seen live"};
  EXPECT_EQ(read_rehearsal(rehearsal_json(r)).value(), r);
  EXPECT_EQ(read_rehearsal(rehearsal_json(r, r.from)).value(), r) << "as the API shows it";
  EXPECT_EQ(read_rehearsal("{}").error().code, Errc::corrupt);
}

TEST(Rehearsal, SaysItsStateAndItsWindow) {
  Rehearsal r = sensible_rehearsal();
  EXPECT_STREQ(rehearsal_state(r, r.from - 1ms), "planned");
  EXPECT_STREQ(rehearsal_state(r, r.from), "open");
  EXPECT_STREQ(rehearsal_state(r, r.until), "over");
  EXPECT_EQ(window_words(r.from, r.until, kPlanZone), "Tuesday 24 April 2018, 10:30 BST to 11:30");
  EXPECT_EQ(window_words(r.from, r.from + 24h, kPlanZone),
            "Tuesday 24 April 2018, 10:30 BST to Wednesday 25 April 2018, 10:30 BST");
}

}  // namespace
}  // namespace embargod

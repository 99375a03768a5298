#include "daemon/watch/verdict.h"

#include <gtest/gtest.h>

#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

struct JudgeCase {
  const char* name;
  Liveness seen;
  Millis sent, done;  // from the due instant
  Millis error;
  Verdict want;
};

class JudgeTest : public testing::TestWithParam<JudgeCase> {};

TEST_P(JudgeTest, ComparesWhatWasSeenWithTheDueInstant) {
  const JudgeCase& c = GetParam();
  EXPECT_EQ(judge({.liveness = c.seen}, {kDue + c.sent, kDue + c.done, c.error},
                  Embargo{.due = kDue, .lifted = {}, .first_out = {}}),
            c.want);
}

INSTANTIATE_TEST_SUITE_P(
    AroundDue, JudgeTest,
    testing::Values(JudgeCase{"LiveBefore", Liveness::live, -90ms, -1ms, 0ms, Verdict::early},
                    JudgeCase{"LiveAcrossIt", Liveness::live, -40ms, 50ms, 0ms, Verdict::inconclusive},
                    JudgeCase{"LiveUntilIt", Liveness::live, -90ms, 0ms, 0ms, Verdict::inconclusive},
                    JudgeCase{"LiveFromIt", Liveness::live, 0ms, 90ms, 0ms, Verdict::on_time},
                    JudgeCase{"LiveBeforeWithinTheClockError", Liveness::live, -1s, -999ms, 1s, Verdict::inconclusive},
                    JudgeCase{"LiveBeforeBeyondTheClockError", Liveness::live, -2s, -1001ms, 1s, Verdict::early},
                    JudgeCase{"LiveAfterWithinTheClockError", Liveness::live, 999ms, 2s, 1s, Verdict::inconclusive},
                    JudgeCase{"LiveAfterBeyondTheClockError", Liveness::live, 1s, 2s, 1s, Verdict::on_time},
                    JudgeCase{"DarkBefore", Liveness::absent, -5s, -4s, 0ms, Verdict::held},
                    JudgeCase{"StubBefore", Liveness::stub, -5s, -4s, 0ms, Verdict::held},
                    JudgeCase{"FormerEditionBefore", Liveness::previous_edition, -5s, -4s, 0ms, Verdict::held},
                    JudgeCase{"DarkInTheGrace", Liveness::absent, 179s, 179500ms, 0ms, Verdict::held},
                    JudgeCase{"DarkAcrossTheGrace", Liveness::absent, 179s, 181s, 0ms, Verdict::held},
                    JudgeCase{"DarkAfterTheGrace", Liveness::absent, 180s, 181s, 0ms, Verdict::late},
                    JudgeCase{"DarkAfterTheGraceWithinTheClockError", Liveness::absent, 180s, 181s, 1s, Verdict::held},
                    JudgeCase{"StubAfterTheGrace", Liveness::stub, 180s, 181s, 0ms, Verdict::late},
                    JudgeCase{"SuspectBefore", Liveness::suspect, -5s, -4s, 0ms, Verdict::suspect},
                    JudgeCase{"SuspectAcrossDue", Liveness::suspect, -1s, 1s, 0ms, Verdict::inconclusive},
                    JudgeCase{"SuspectInTheGrace", Liveness::suspect, 179s, 180s, 0ms, Verdict::inconclusive},
                    JudgeCase{"SuspectAfterTheGrace", Liveness::suspect, 180s, 181s, 0ms, Verdict::late},
                    JudgeCase{"UnknownBefore", Liveness::unknown, -5s, -1ms, 0ms, Verdict::inconclusive},
                    JudgeCase{"UnknownLongAfter", Liveness::unknown, 500s, 501s, 0ms, Verdict::inconclusive}),
    [](const auto& c) { return c.param.name; });

struct PartCase {
  const char* name;
  Seen seen;
  std::optional<Millis> first_out;  // from due
  Millis sent;                      // from due; the answer takes 100 ms
  Verdict want;
};

class JudgePartTest : public testing::TestWithParam<PartCase> {};

TEST_P(JudgePartTest, TellsLateIncompleteWrongAndGapApart) {
  const PartCase& c = GetParam();
  Embargo e{.due = kDue, .lifted = {}, .first_out = {}};
  if (c.first_out) e.first_out = kDue + *c.first_out;
  EXPECT_EQ(judge(c.seen, {kDue + c.sent, kDue + c.sent + 100ms, 0ms}, e), c.want);
}

constexpr Seen kDark{.liveness = Liveness::absent};
constexpr Seen kWrong{.liveness = Liveness::live, .wrong = true};
constexpr Seen gone(int streak, Role role = Role::page) {
  return {.liveness = Liveness::absent, .role = role, .released = true, .dark_streak = streak};
}

INSTANTIATE_TEST_SUITE_P(
    Parts, JudgePartTest,
    testing::Values(
        PartCase{"NothingOut", kDark, {}, 180s, Verdict::late},
        PartCase{"AnotherOutOnTimeInTheGrace", kDark, 1s, 180s, Verdict::held},
        PartCase{"AnotherOutOnTimeUpToTheGrace", kDark, 1s, 180'999ms, Verdict::held},
        PartCase{"AnotherOutOnTimeFromTheGraceOn", kDark, 1s, 181s, Verdict::incomplete},
        PartCase{"AnotherOutLateInItsOwnGrace", kDark, 600s, 779'999ms, Verdict::held},
        PartCase{"AnotherOutLateAfterItsOwnGrace", kDark, 600s, 780s, Verdict::incomplete},
        PartCase{"AnotherOutBeforeDueByALift", kDark, -3600s, 179'999ms, Verdict::held},
        PartCase{"AnotherOutBeforeDueByALiftAfterTheGrace", kDark, -3600s, 180s, Verdict::incomplete},
        PartCase{"PlaceholderWhileAnotherIsOut",
                 {.liveness = Liveness::suspect, .role = Role::file},
                 1s,
                 181s,
                 Verdict::incomplete},
        PartCase{"PlaceholderInTheGrace",
                 {.liveness = Liveness::suspect, .role = Role::file},
                 1s,
                 180s,
                 Verdict::inconclusive},
        PartCase{"ReleasedAndSuspectNow",
                 {.liveness = Liveness::suspect, .released = true},
                 1s,
                 600s,
                 Verdict::inconclusive},
        PartCase{"UnknownWhileAnotherIsOut", {.liveness = Liveness::unknown}, 1s, 600s, Verdict::inconclusive},
        PartCase{"ListingIsNeverLate", {.liveness = Liveness::stub, .role = Role::listing}, {}, 600s, Verdict::held},
        PartCase{
            "ListingIsNeverIncomplete", {.liveness = Liveness::stub, .role = Role::listing}, 1s, 600s, Verdict::held},
        PartCase{"AnnouncementIsNeverLate",
                 {.liveness = Liveness::stub, .role = Role::announcement},
                 {},
                 600s,
                 Verdict::held},
        PartCase{"AnnouncementIsNeverIncomplete",
                 {.liveness = Liveness::stub, .role = Role::announcement},
                 1s,
                 600s,
                 Verdict::held},
        PartCase{
            "SuspectListing", {.liveness = Liveness::suspect, .role = Role::listing}, 1s, 600s, Verdict::inconclusive},
        PartCase{"LatestWithTheFormerEdition",
                 {.liveness = Liveness::previous_edition, .role = Role::latest},
                 1s,
                 181s,
                 Verdict::incomplete},
        PartCase{"WrongBeforeDueIsEarly", kWrong, {}, -200ms, Verdict::early},
        PartCase{"WrongAcrossDue", kWrong, {}, -100ms, Verdict::inconclusive},
        PartCase{"WrongFromDue", kWrong, {}, 0s, Verdict::wrong_content},
        PartCase{"WrongAfterItWasRight",
                 {.liveness = Liveness::live, .wrong = true, .released = true},
                 1s,
                 600s,
                 Verdict::wrong_content},
        PartCase{"ReleasedOneAbsence", gone(1), 1s, 600s, Verdict::held},
        PartCase{"ReleasedTwoAbsences", gone(2), 1s, 600s, Verdict::held},
        PartCase{"ReleasedThreeAbsences", gone(3), 1s, 600s, Verdict::gap},
        PartCase{"ReleasedThreeAbsencesWithinTheGrace", gone(3), 1s, 10s, Verdict::gap},
        PartCase{"ListingThatForgotIt", gone(3, Role::listing), 1s, 600s, Verdict::held},
        PartCase{"AnnouncementThatForgotIt", gone(3, Role::announcement), 1s, 600s, Verdict::held},
        PartCase{"FileOfThree", gone(3, Role::file), 1s, 600s, Verdict::gap}),
    [](const auto& c) { return c.param.name; });

TEST(Judge, ALiftEndsTheEmbargoFromItsInstantOn) {
  const Embargo e{.due = kDue, .lifted = kDue - 1h, .first_out = {}};
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue - 2h, kDue - 2h + 1s, 0ms}, e), Verdict::early);
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue - 1h, kDue - 1h + 1s, 0ms}, e), Verdict::on_time);
  EXPECT_EQ(judge(kWrong, {kDue - 1h, kDue - 1h + 1s, 0ms}, e), Verdict::wrong_content);
  // A lift promises nothing: late still counts from the announced time. What was let out and is gone, is gone.
  EXPECT_EQ(judge(kDark, {kDue - 10min, kDue - 9min, 0ms}, e), Verdict::held);
  EXPECT_EQ(judge(gone(3), {kDue - 10min, kDue - 9min, 0ms}, e), Verdict::gap);
}

TEST(Judge, ACancelledReleaseIsNeverDueAndNeverAllowed) {
  const Embargo e{.due = kDue, .status = ReleaseStatus::cancelled, .lifted = {}, .first_out = {}};
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue - 2h, kDue - 1h, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue + 2h, kDue + 3h, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(kWrong, {kDue + 2h, kDue + 3h, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(kDark, {kDue + 2h, kDue + 3h, 0ms}, e), Verdict::held);
}

TEST(Judge, WhatALiftLetOutWithoutAnAnnouncedTimeIsNeverLateButMayGoAgain) {
  const Embargo e{.due = kDue, .status = ReleaseStatus::cancelled, .lifted = kDue + 1h, .first_out = kDue + 1h};
  EXPECT_EQ(judge(kDark, {kDue + 5h, kDue + 5h + 1s, 0ms}, e), Verdict::held);
  EXPECT_EQ(judge(gone(3), {kDue + 5h, kDue + 5h + 1s, 0ms}, e), Verdict::gap);
}

TEST(Judge, AProvisionalMonthIsEarlyBeforeItAndUnscheduledInIt) {
  Release r = release_with({"page"});
  r.status = ReleaseStatus::provisional;
  r.due = Due{.precision = DuePrecision::month,
              .at = {},
              .period_begin = kDue,
              .period_end = kDue + 720h,
              .zone = "Europe/London",
              .as_given = "2018-04"};
  const Embargo e = embargo_of(r, std::nullopt, 3min);
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue - 2s, kDue - 1s, 0ms}, e), Verdict::early);
  EXPECT_EQ(judge({.liveness = Liveness::live}, {kDue + 1s, kDue + 2s, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(kDark, {kDue + 1h, kDue + 2h, 0ms}, e), Verdict::held);
}

}  // namespace
}  // namespace embargod

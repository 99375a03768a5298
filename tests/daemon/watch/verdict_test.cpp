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
  EXPECT_EQ(judge(c.seen, {kDue + c.sent, kDue + c.done, c.error}, Embargo{.due = kDue, .lifted = {}}), c.want);
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
                    JudgeCase{"StubAfterTheGrace", Liveness::stub, 180s, 181s, 0ms, Verdict::late},
                    JudgeCase{"SuspectBefore", Liveness::suspect, -5s, -4s, 0ms, Verdict::suspect},
                    JudgeCase{"SuspectAfter", Liveness::suspect, 5s, 6s, 0ms, Verdict::inconclusive},
                    JudgeCase{"UnknownBefore", Liveness::unknown, -5s, -1ms, 0ms, Verdict::inconclusive},
                    JudgeCase{"UnknownLongAfter", Liveness::unknown, 500s, 501s, 0ms, Verdict::inconclusive}),
    [](const auto& c) { return c.param.name; });

TEST(Judge, ALiftEndsTheEmbargoFromItsInstantOn) {
  const Embargo e{.due = kDue, .lifted = kDue - 1h};
  EXPECT_EQ(judge(Liveness::live, {kDue - 2h, kDue - 2h + 1s, 0ms}, e), Verdict::early);
  EXPECT_EQ(judge(Liveness::live, {kDue - 1h, kDue - 1h + 1s, 0ms}, e), Verdict::on_time);
  // A lift promises nothing: late still counts from the announced time.
  EXPECT_EQ(judge(Liveness::absent, {kDue - 10min, kDue - 9min, 0ms}, e), Verdict::held);
}

TEST(Judge, ACancelledReleaseIsNeverDueAndNeverAllowed) {
  const Embargo e{.due = kDue, .status = ReleaseStatus::cancelled, .lifted = {}};
  EXPECT_EQ(judge(Liveness::live, {kDue - 2h, kDue - 1h, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(Liveness::live, {kDue + 2h, kDue + 3h, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(Liveness::absent, {kDue + 2h, kDue + 3h, 0ms}, e), Verdict::held);
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
  EXPECT_EQ(judge(Liveness::live, {kDue - 2s, kDue - 1s, 0ms}, e), Verdict::early);
  EXPECT_EQ(judge(Liveness::live, {kDue + 1s, kDue + 2s, 0ms}, e), Verdict::unscheduled);
  EXPECT_EQ(judge(Liveness::absent, {kDue + 1h, kDue + 2h, 0ms}, e), Verdict::held);
}

}  // namespace
}  // namespace embargod

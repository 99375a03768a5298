#include "daemon/watch/cadence.h"

#include <gtest/gtest.h>

#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

struct CadenceCase {
  const char* name;
  Millis from_due;
  bool live_early, just_contained, released;
  std::optional<Millis> want;
};

class CadenceTest : public testing::TestWithParam<CadenceCase> {};

TEST_P(CadenceTest, GoesByNearnessToDue) {
  const CadenceCase& c = GetParam();
  const Cadence got = cadence({kDue + c.from_due, kDue, c.live_early, c.just_contained, c.released}, Polling{});
  EXPECT_EQ(got.interval, c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CadenceTest,
    testing::Values(CadenceCase{"Far", -48h, false, false, false, 60s},
                    CadenceCase{"NeverJumpsOverTheNearPhase", -24h - 10s, false, false, false, 10s},
                    CadenceCase{"Near", -24h, false, false, false, 15s},
                    CadenceCase{"NeverJumpsOverTheWindow", -15min - 4s, false, false, false, 4s},
                    CadenceCase{"Window", -15min, false, false, false, 2s},
                    CadenceCase{"AfterDueNotOut", 14min, false, false, false, 2s},
                    CadenceCase{"AfterDueAndOut", 1min, false, false, true, 60s},
                    CadenceCase{"LongAfterNotOut", 30h, false, false, false, 60s},
                    CadenceCase{"LongAfterAndOutIsOver", 24h + 1ms, false, false, true, std::nullopt},
                    CadenceCase{"LiveEarly", -48h, true, false, false, 2s},
                    CadenceCase{"JustContained", -48h, false, true, false, 2s}),
    [](const auto& c) { return c.param.name; });

TEST(Cadence, WithoutADueItStaysRoutine) {
  EXPECT_EQ(cadence({kDue, std::nullopt, false, false, false}, Polling{}).interval, 60s);
}

TEST(CandidateCadence, IsSlowFarFromDueAndOverAfterIt) {
  const auto at = [](Millis from_due, bool live = false) {
    return candidate_cadence({kDue + from_due, kDue, live, false, false}, Polling{}, 60s);
  };
  EXPECT_EQ(at(-48h).interval, 600s);
  EXPECT_EQ(at(-24h - 10s).interval, 10s) << "never jumps over the near phase";
  EXPECT_EQ(at(-24h).interval, 60s);
  EXPECT_EQ(at(-1min).interval, 60s) << "the window is for what was announced";
  EXPECT_EQ(at(15min).interval, 60s);
  EXPECT_EQ(at(15min + 1ms).interval, std::nullopt);
  EXPECT_EQ(at(-48h, true).interval, 2s);
  for (const Millis t : {Millis{-48h}, Millis{-1h}, Millis{0}}) EXPECT_EQ(at(t).urgency, Urgency::spare);
  EXPECT_EQ(at(-48h, true).urgency, Urgency::incident);
  EXPECT_EQ(candidate_cadence({kDue, std::nullopt, false, false, false}, Polling{}, 60s).interval, 600s);
}

}  // namespace
}  // namespace embargod

// The canary over real sockets and a real store: no fake would show that word comes through.

#include "daemon/canary.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>

#include "daemon/sys/system_clock.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

TEST(Canary, WordOfItsPageComesThroughAndNothingIsLeft) {
  const TempFolder folder;
  const SystemClock clock{Millis{50}};
  const std::string nest = folder.path() + "/canary";
  Canary canary{clock, {.folder = nest, .interval = Millis{0}}, [](const Result<CanaryFlight>&) {}};
  const auto flight = canary.fly();
  ASSERT_TRUE(flight) << to_string(flight.error());
  EXPECT_LT(flight->took, Millis{10'000});
  EXPECT_FALSE(std::filesystem::exists(nest));
}

TEST(Canary, WhereItsStoreCannotBeItIsLostAndSaysSo) {
  const SystemClock clock{Millis{50}};
  Canary canary{clock, {.folder = "/proc/no-such-place", .interval = Millis{0}}, [](const Result<CanaryFlight>&) {}};
  const auto flight = canary.fly();
  ASSERT_FALSE(flight);
  EXPECT_FALSE(to_string(flight.error()).empty());
}

TEST(Canary, FliesByItselfAndStopsInMidAir) {
  const TempFolder folder;
  const SystemClock clock{Millis{50}};
  std::promise<bool> landed;
  std::atomic<int> landings{0};
  Canary canary{
      clock, {.folder = folder.path() + "/canary", .interval = Millis{20}}, [&](const Result<CanaryFlight>& flight) {
        if (landings++ == 0) landed.set_value(flight.has_value());
      }};
  canary.start();
  auto first = landed.get_future();
  ASSERT_EQ(first.wait_for(std::chrono::seconds{40}), std::future_status::ready);
  EXPECT_TRUE(first.get());
  canary.set_interval(Millis{10});
  canary.stop();
  canary.stop();
  EXPECT_GE(landings, 1);
}

}  // namespace
}  // namespace embargod

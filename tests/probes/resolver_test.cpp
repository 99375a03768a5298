#include "probes/resolver.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace embargod {
namespace {

std::optional<HostAddresses> answer_in_time(Resolver& r, const std::string& host, Millis now) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::chrono::steady_clock::now() < end) {
    if (auto a = r.addresses(host, now)) return a;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return std::nullopt;
}

bool has(const HostAddresses& a, const std::string& address) {
  for (const std::string& one : a.list)
    if (same_address(one, address)) return true;
  return false;
}

TEST(SystemResolver, FindsTheAddressesOfAHost) {
  const auto r = make_system_resolver();
  const auto found = answer_in_time(*r, "localhost", Millis{0});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->failure, "");
  EXPECT_TRUE(has(*found, "127.0.0.1"));
}

TEST(SystemResolver, KeepsAnAnswerForAMinute) {
  const auto r = make_system_resolver();
  ASSERT_TRUE(answer_in_time(*r, "localhost", Millis{1'000}));
  EXPECT_TRUE(r->addresses("localhost", Millis{1'000} + kAddressesKept - Millis{1}));
  EXPECT_FALSE(r->addresses("localhost", Millis{1'000} + kAddressesKept));
  EXPECT_TRUE(answer_in_time(*r, "localhost", Millis{1'000} + kAddressesKept));
}

TEST(SystemResolver, AsksForManyHostsAndMayGoAtAnyMoment) {
  for (int round = 0; round < 20; ++round) {
    const auto r = make_system_resolver();
    for (int i = 0; i < 30; ++i) EXPECT_FALSE(r->addresses("127.0.0." + std::to_string(i), Millis{0}));
    if (round % 2 == 1) continue;  // gone with its questions open
    for (int i = 0; i < 30; ++i) EXPECT_TRUE(answer_in_time(*r, "127.0.0." + std::to_string(i), Millis{0}));
  }
}

}  // namespace
}  // namespace embargod

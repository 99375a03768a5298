#include "probes/host_budget.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace embargod {
namespace {

constexpr Millis operator""_t(unsigned long long ms) { return Millis{static_cast<std::int64_t>(ms)}; }

/// The tickets that start at `now`; each keeps its connection.
std::vector<HostBudget::Ticket> started(HostBudget& b, Millis now) {
  std::vector<HostBudget::Ticket> all;
  while (const auto t = b.next(now)) all.push_back(*t);
  return all;
}

using Tickets = std::vector<HostBudget::Ticket>;

TEST(HostBudget, LetsABurstGoAndThenTheRate) {
  HostBudget b{{2.0, 3, 100}};
  for (HostBudget::Ticket t = 1; t <= 6; ++t) b.enqueue("a", Urgency::routine, t);
  EXPECT_EQ(started(b, 1000_t), (Tickets{1, 2, 3}));
  EXPECT_EQ(b.next_start(1000_t), 1500_t);
  EXPECT_EQ(started(b, 1499_t), Tickets{});
  EXPECT_EQ(started(b, 1500_t), Tickets{4});
  EXPECT_EQ(started(b, 2500_t), (Tickets{5, 6}));
  EXPECT_EQ(b.queued(), 0U);
  EXPECT_EQ(b.next_start(2500_t), std::nullopt);
}

TEST(HostBudget, SavesUpNoMoreThanTheBurst) {
  HostBudget b{{10.0, 2, 100}};
  for (HostBudget::Ticket t = 1; t <= 5; ++t) b.enqueue("a", Urgency::routine, t);
  EXPECT_EQ(started(b, 0_t).size(), 2U);
  EXPECT_EQ(started(b, 3'600'000_t).size(), 2U);
}

TEST(HostBudget, StopsAtTheConnectionCapUntilOneIsGivenBack) {
  HostBudget b{{1000.0, 1000, 2}};
  for (HostBudget::Ticket t = 1; t <= 4; ++t) b.enqueue("a", Urgency::routine, t);
  EXPECT_EQ(started(b, 0_t), (Tickets{1, 2}));
  EXPECT_EQ(b.next_start(0_t), std::nullopt);
  EXPECT_EQ(started(b, 10'000_t), Tickets{});
  b.finished("a");
  EXPECT_EQ(b.next_start(10'000_t), 10'000_t);
  EXPECT_EQ(started(b, 10'000_t), Tickets{3});
}

TEST(HostBudget, PutsUrgencyFirstAndArrivalSecond) {
  HostBudget b{{1000.0, 1000, 100}};
  b.enqueue("a", Urgency::routine, 1);
  b.enqueue("a", Urgency::window, 2);
  b.enqueue("a", Urgency::incident, 3);
  b.enqueue("a", Urgency::near_due, 4);
  b.enqueue("a", Urgency::window, 5);
  b.enqueue("a", Urgency::incident, 6);
  EXPECT_EQ(started(b, 0_t), (Tickets{3, 6, 2, 5, 4, 1}));
}

TEST(HostBudget, KeepsSitesApart) {
  HostBudget b{{1.0, 1, 1}};
  b.enqueue("slow", Urgency::incident, 1);
  b.enqueue("slow", Urgency::incident, 2);
  b.enqueue("other", Urgency::routine, 3);
  b.enqueue("third", Urgency::routine, 4);
  auto got = started(b, 0_t);
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (Tickets{1, 3, 4}));
  b.finished("slow");
  EXPECT_EQ(started(b, 1000_t), Tickets{2});
}

struct HoldCase {
  const char* name;
  std::int64_t first, second;
  std::int64_t want;
};

class HostBudgetHold : public testing::TestWithParam<HoldCase> {};
TEST_P(HostBudgetHold, LastsAsLongAsTheLongest) {
  HostBudget b{{1000.0, 1000, 100}};
  b.hold("a", Millis{GetParam().first});
  b.hold("a", Millis{GetParam().second});
  b.enqueue("a", Urgency::incident, 1);
  EXPECT_EQ(b.next_start(0_t), Millis{GetParam().want});
  EXPECT_EQ(started(b, Millis{GetParam().want - 1}), Tickets{});
  EXPECT_EQ(started(b, Millis{GetParam().want}), Tickets{1});
}
INSTANTIATE_TEST_SUITE_P(Holds, HostBudgetHold,
                         testing::Values(HoldCase{"Longer", 1000, 5000, 5000}, HoldCase{"Shorter", 5000, 1000, 5000}),
                         [](const auto& p) { return p.param.name; });

TEST(HostBudget, BeginsGentlyAfterAHold) {
  HostBudget b{{2.0, 20, 100}};
  b.hold("a", 10'000_t);
  for (HostBudget::Ticket t = 1; t <= 20; ++t) b.enqueue("a", Urgency::routine, t);
  EXPECT_EQ(started(b, 10'000_t).size(), 1U);
  EXPECT_EQ(started(b, 10'500_t).size(), 1U);
}

TEST(HostBudget, AFurtherHopMakesADebt) {
  HostBudget b{{1.0, 1, 10}};
  b.enqueue("a", Urgency::routine, 1);
  EXPECT_EQ(started(b, 0_t), Tickets{1});
  b.charge("a", 0_t);
  b.charge("a", 0_t);
  b.enqueue("a", Urgency::routine, 2);
  EXPECT_EQ(b.next_start(0_t), 3000_t);
  EXPECT_EQ(started(b, 2999_t), Tickets{});
  EXPECT_EQ(started(b, 3000_t), Tickets{2});
}

TEST(HostBudget, NonsenseStillMoves) {
  HostBudget b{{0.0, 0, 0}};
  b.enqueue("a", Urgency::routine, 1);
  EXPECT_EQ(started(b, 0_t), Tickets{1});
}

TEST(HostBudget, ServesManySitesWithoutLosingOne) {
  HostBudget b{{5.0, 2, 2}};
  std::size_t got = 0;
  for (HostBudget::Ticket t = 0; t < 5000; ++t) b.enqueue("s" + std::to_string(t % 97), static_cast<Urgency>(t % 4), t);
  std::vector<bool> seen(5000, false);
  for (Millis now{0}; got < 5000; now += 100_t) {
    ASSERT_LT(now, 100'000_t);
    while (const auto t = b.next(now)) {
      ASSERT_FALSE(seen[*t]);
      seen[*t] = true;
      ++got;
      b.finished("s" + std::to_string(*t % 97));
    }
  }
  EXPECT_EQ(b.queued(), 0U);
}

}  // namespace
}  // namespace embargod

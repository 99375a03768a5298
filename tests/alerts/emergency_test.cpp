#include "alerts/emergency.h"

#include <gtest/gtest.h>

#include "tests/alerts/sample_alerts.h"

namespace embargod {
namespace {

TEST(EmergencyOutboxTest, HoldsOldestFirstForEachReceiver) {
  EmergencyOutbox box;
  box.put(sample_alert("A", 1, Notice::opened), {"webhook-1", "email-1"});
  box.put(sample_alert("A", 2, Notice::resolved), {"webhook-1"});
  ASSERT_EQ(box.pending("webhook-1").size(), 2U);
  EXPECT_EQ(box.pending("webhook-1").front().key, "A:1");
  EXPECT_EQ(box.pending("email-1").size(), 1U);
  EXPECT_TRUE(box.pending("alertmanager-1").empty());
}

TEST(EmergencyOutboxTest, TheSameKeyIsHeldOnceAndNotAgainAfterAcceptance) {
  EmergencyOutbox box;
  Alert again = sample_alert("A", 1, Notice::opened);
  box.put(again, {"webhook-1"});
  again.annotations["how_sure"] = "confirmed";
  box.put(again, {"webhook-1"});
  ASSERT_EQ(box.pending("webhook-1").size(), 1U);
  EXPECT_EQ(box.pending("webhook-1").front().annotations.at("how_sure"), "confirmed");
  box.mark_accepted("webhook-1", "A:1");
  box.put(again, {"webhook-1"});
  EXPECT_TRUE(box.pending("webhook-1").empty());
  EXPECT_TRUE(box.was_accepted("webhook-1", "A:1"));
  EXPECT_FALSE(box.was_accepted("email-1", "A:1"));
}

TEST(EmergencyOutboxTest, WhatIsDurableLeavesButItsAcceptanceIsKnownUntilForgotten) {
  EmergencyOutbox box;
  box.put(sample_alert("A", 1, Notice::opened), {"webhook-1", "email-1"});
  box.mark_accepted("webhook-1", "A:1");
  box.now_durable("A:1");
  EXPECT_TRUE(box.pending("email-1").empty());
  EXPECT_TRUE(box.was_accepted("webhook-1", "A:1"));
  box.forget("webhook-1", "A:1");
  EXPECT_FALSE(box.was_accepted("webhook-1", "A:1"));
}

TEST(EmergencyOutboxTest, AtAThousandTheOldestUpdatesGoFirstAndPagesLast) {
  EmergencyOutbox box;
  box.put(sample_alert("P", 1, Notice::opened), {"alertmanager-1"});
  for (int i = 0; i < 5; ++i) box.put(sample_alert("U", i, Notice::updated, kNoon + Seconds{i}), {"alertmanager-1"});
  for (int i = 0; i < 1'003; ++i)
    box.put(sample_ticket("T" + std::to_string(i), 1, Notice::opened, kNoon + Seconds{i}), {"alertmanager-1"});
  const std::vector<Alert> left = box.pending("alertmanager-1");
  ASSERT_EQ(left.size(), 1'000U);
  EXPECT_EQ(left.front().key, "P:1") << "the page outlives a flood of tickets";
  for (const Alert& a : left) EXPECT_NE(a.notice, Notice::updated);
  EXPECT_EQ(left[1].key, "T4:1") << "1 + 1003 without updates: the four oldest tickets went";
}

}  // namespace
}  // namespace embargod

// Drills by themselves: real pages, engine and store in a practice world; the receivers at the end are played.

#include "daemon/drill.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <thread>

#include "daemon/sys/system_clock.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

class DrillGroundTest : public testing::Test {
 protected:
  ~DrillGroundTest() override { ground_.stop(); }

  Result<Trial> send(const std::string& receiver, const Alert& a) {
    const std::lock_guard lock{mutex_};
    sent_.emplace_back(receiver, a);
    const auto it = answers_.find(receiver);
    const Outcome outcome = it == answers_.end() ? Outcome::accepted : it->second;
    return Trial{.receipt = {.outcome = outcome, .detail = "played", .retry_after = {}}, .took = Millis{1}};
  }
  std::vector<std::pair<std::string, Alert>> sent() {
    const std::lock_guard lock{mutex_};
    return sent_;
  }
  std::vector<DrillRecord> ended() {
    const std::lock_guard lock{mutex_};
    return ended_;
  }
  std::string begin(Millis ack_within = Millis{0}) {
    const auto id = ground_.begin({.by = "Duty officer", .receivers = {}, .ack_within = ack_within});
    EXPECT_TRUE(id) << to_string(id.error());
    return id.value_or("");
  }
  /// Polls with a deadline; false: it did not come to that.
  template <class Holds>
  bool wait_for(Holds holds, Millis bound = Millis{40'000}) {
    const Millis deadline = clock_.ticks() + bound;
    while (!holds()) {
      if (clock_.ticks() >= deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
  }
  DrillRecord outcome() {
    EXPECT_TRUE(wait_for([&] { return !ended().empty(); }));
    return ended().empty() ? DrillRecord{} : ended().back();
  }

  const TempFolder folder_;
  const SystemClock clock_{Millis{50}};
  std::mutex mutex_;  // the next three
  std::vector<std::pair<std::string, Alert>> sent_;
  std::vector<DrillRecord> ended_;
  std::map<std::string, Outcome> answers_;
  DrillGround ground_{{.clock = clock_,
                       .folder = folder_.path() + "/drill",
                       .frame = [] { return DrillGround::Frame{"https://embargo.example.org", "Europe/London"}; },
                       .receivers = [](const std::vector<std::string>&) -> Result<std::vector<std::string>> {
                         return std::vector<std::string>{"webhook-1", "email-1"};
                       },
                       .send = [this](const std::string& r, const Alert& a, Millis) { return send(r, a); },
                       .ended =
                           [this](const DrillRecord& r) {
                             const std::lock_guard lock{mutex_};
                             ended_.push_back(r);
                           },
                       .stored = [this](int) -> Result<std::vector<DrillRecord>> { return ended(); }}};
};

TEST_F(DrillGroundTest, TellsAllIsAcknowledgedAndGivesTheAllClear) {
  const std::string id = begin(Millis{30'000});
  ASSERT_TRUE(wait_for([&] { return ground_.acknowledge(id, "On call").has_value(); }));
  EXPECT_EQ(ground_.acknowledge(id, "Another").error().code, Errc::conflict);
  const DrillRecord r = outcome();
  EXPECT_TRUE(has_passed(r)) << drill_summary(r);
  EXPECT_EQ(r.id, id);
  EXPECT_EQ(r.acknowledged_by, "On call");
  ASSERT_EQ(r.told.size(), 2U);
  EXPECT_EQ(r.told[0].receiver, "webhook-1");
  EXPECT_TRUE(r.detected && r.told[0].took && *r.detected <= *r.told[0].took);
  const auto messages = sent();
  ASSERT_EQ(messages.size(), 4U);
  for (const auto& [receiver, alert] : messages) {
    EXPECT_EQ(alert.name, "EmbargodDrill") << receiver;
    EXPECT_EQ(alert.incident, id) << "one incident for all of it";
    EXPECT_TRUE(alert.annotations.at("summary").starts_with("[DRILL] "));
  }
  EXPECT_EQ(messages[0].second.status, AlertStatus::firing);
  EXPECT_EQ(messages[3].second.status, AlertStatus::resolved);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/drill"));
}

TEST_F(DrillGroundTest, WhoRejectsIsAFindingAndGetsNoAllClear) {
  answers_["email-1"] = Outcome::rejected;
  begin();
  const DrillRecord r = outcome();
  EXPECT_FALSE(has_passed(r));
  EXPECT_EQ(r.told.at(1).outcome, "rejected");
  ASSERT_EQ(r.cleared.size(), 1U);
  EXPECT_EQ(r.cleared[0].receiver, "webhook-1");
}

TEST_F(DrillGroundTest, OneAtATimeAndWhoStopsIsToldThatItWasCutShort) {
  const std::string id = begin(Millis{60'000});
  const auto second = ground_.begin({.by = "Another", .receivers = {}, .ack_within = Millis{0}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
  std::thread reader{[&] {
    for (int n = 0; n < 200; ++n) EXPECT_TRUE(ground_.newest(10));
  }};
  ASSERT_TRUE(wait_for([&] { return sent().size() >= 2; }));
  reader.join();
  ground_.stop();
  ASSERT_EQ(ended().size(), 1U);
  EXPECT_EQ(ended()[0].id, id);
  EXPECT_EQ(ended()[0].fault, "embargod was stopped");
  EXPECT_FALSE(has_passed(ended()[0]));
  EXPECT_EQ(ground_.begin({.by = "x", .receivers = {}, .ack_within = Millis{0}}).error().code, Errc::unavailable);
  EXPECT_EQ(ground_.acknowledge(id, "x").error().code, Errc::conflict);
  EXPECT_EQ(ground_.acknowledge("01NOTTHERE", "x").error().code, Errc::not_found);
}

TEST_F(DrillGroundTest, AFaultOnTheWayIsInTheRecord) {
  DrillGround lost{{.clock = clock_,
                    .folder = "/proc/no-such-place",
                    .frame = [] { return DrillGround::Frame{"", "Europe/London"}; },
                    .receivers = [](const std::vector<std::string>&) -> Result<std::vector<std::string>> {
                      return std::vector<std::string>{"webhook-1"};
                    },
                    .send = [this](const std::string& r, const Alert& a, Millis) { return send(r, a); },
                    .ended =
                        [this](const DrillRecord& r) {
                          const std::lock_guard lock{mutex_};
                          ended_.push_back(r);
                        },
                    .stored = [this](int) -> Result<std::vector<DrillRecord>> { return ended(); }}};
  ASSERT_TRUE(lost.begin({.by = "x", .receivers = {}, .ack_within = Millis{0}}));
  const DrillRecord r = outcome();
  EXPECT_FALSE(r.fault.empty());
  EXPECT_TRUE(r.told.empty());
  EXPECT_TRUE(sent().empty());
}

}  // namespace
}  // namespace embargod

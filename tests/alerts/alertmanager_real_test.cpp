// Against a real Alertmanager: what amtool sees and what its own receivers are told.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <nlohmann/json.hpp>

#include "alerts/channels/alertmanager.h"
#include "alerts/outbox_worker.h"
#include "tests/alerts/real_clock.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/alertmanager.h"
#include "tests/support/http_sink.h"
#include "tests/support/memory_outbox.h"

namespace embargod {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

class AlertmanagerRealTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(RealAlertmanager::installed()) << "prometheus-alertmanager is not installed"; }
  /// How often Alertmanager's own receiver was told each status of an alert.
  [[nodiscard]] std::map<std::string, int> told() const {
    std::map<std::string, int> counts;
    for (const SinkRequest& r : receiver_.requests()) ++counts[json::parse(r.body).at("status").get<std::string>()];
    return counts;
  }

  RealClock clock_;
  HttpSink receiver_;
};

TEST_F(AlertmanagerRealTest, AmtoolSeesExactlyTheContractsLabels) {
  const RealAlertmanager real;
  AlertmanagerNotifier notifier{"alertmanager-1", {real.url() + "/", {}}};
  const Instant now = clock_.now();
  const Alert page = sample_alert("01J", 1, Notice::opened, now - 3s);
  const Alert update = sample_alert("01J", 2, Notice::updated, now - 3s);
  ASSERT_EQ(notifier.deliver({page}, now).outcome, Outcome::accepted);
  ASSERT_EQ(notifier.deliver({update, sample_ticket("B", 1, Notice::opened, now)}, now).outcome, Outcome::accepted);
  json alerts;
  ASSERT_TRUE(eventually([&] { return (alerts = json::parse(real.alerts())).size() == 2; })) << alerts;
  const json& early = alerts[0].at("labels").at("alertname") == "EmbargoEarly" ? alerts[0] : alerts[1];
  EXPECT_EQ(early.at("labels").get<Labels>(), page.labels) << "an update is the same alert";
  EXPECT_EQ(early.at("annotations").get<Labels>(), page.annotations);
  EXPECT_EQ(early.at("generatorURL"), page.annotations.at("link"));
  EXPECT_EQ(parse_rfc3339(early.at("startsAt").get<std::string>()).value(), now - 3s);
  EXPECT_EQ(parse_rfc3339(early.at("endsAt").get<std::string>()).value(), now + 24h);
}

TEST_F(AlertmanagerRealTest, AResolveIsToldAndTheAlertIsGone) {
  const RealAlertmanager real{receiver_.url()};
  AlertmanagerNotifier notifier{"alertmanager-1", {real.url(), {}}};
  const Instant begun = clock_.now();
  ASSERT_EQ(notifier.deliver({sample_alert("01J", 1, Notice::opened, begun)}, begun).outcome, Outcome::accepted);
  ASSERT_TRUE(eventually([&] { return told()["firing"] == 1; })) << real.log();
  EXPECT_EQ(told()["resolved"], 0);
  const Alert over = sample_alert("01J", 2, Notice::resolved, begun);
  ASSERT_EQ(notifier.deliver({over}, clock_.now()).outcome, Outcome::accepted);
  EXPECT_TRUE(eventually([&] { return told()["resolved"] == 1; })) << real.log();
  EXPECT_TRUE(eventually([&] { return json::parse(real.alerts()).empty(); }));
  ASSERT_EQ(notifier.deliver({over}, clock_.now()).outcome, Outcome::accepted) << "a repeated resolve is harmless";
}

TEST_F(AlertmanagerRealTest, WhatItCannotTakeIsRejectedWithItsWords) {
  const RealAlertmanager real;
  AlertmanagerNotifier notifier{"alertmanager-1", {real.url(), {}}};
  Alert bad = sample_alert("01J", 1, Notice::opened, clock_.now());
  bad.labels["not a label"] = "x";
  const Receipt receipt = notifier.deliver({bad}, clock_.now());
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_NE(receipt.detail.find("HTTP 400: "), std::string::npos) << receipt.detail;
  EXPECT_NE(receipt.detail.find("not a label"), std::string::npos) << receipt.detail;
}

TEST_F(AlertmanagerRealTest, DownAndUpAgainNothingIsLostAndItIsToldOnce) {
  RealAlertmanager real{receiver_.url()};
  real.stop();
  MemoryOutbox outbox;
  EmergencyOutbox emergency;
  std::atomic<int> accepted{0};
  std::atomic<int> failed{0};
  const auto report = [&](const DeliveryReport& r) {
    if (r.key.empty() || r.alertname == "EmbargodWatchdog") return;
    ++(r.outcome == Outcome::accepted ? accepted : failed);
  };
  OutboxTiming timing;
  timing.backoff_first = 50ms;
  timing.backoff_cap = 200ms;
  timing.idle_poll = 50ms;
  timing.resend = 300ms;
  timing.min_firing = 2s;
  std::vector<std::unique_ptr<Notifier>> notifiers;
  notifiers.push_back(std::make_unique<AlertmanagerNotifier>("alertmanager-1", AlertmanagerSettings{real.url(), {}}));
  OutboxWorker worker{
      {outbox, emergency, clock_, report, [] { return true; }, "http://127.0.0.1:9750"}, std::move(notifiers), timing};
  worker.start();
  const Instant begun = clock_.now();
  outbox.add("alertmanager-1", sample_alert("01J", 1, Notice::opened, begun));
  outbox.add("alertmanager-1", sample_alert("01J", 2, Notice::resolved, begun));
  ASSERT_TRUE(eventually([&] { return failed >= 3; }));
  EXPECT_EQ(accepted, 0);

  real.start_again();
  const auto early_told = [&](const std::string& status) {
    int n = 0;
    for (const SinkRequest& r : receiver_.requests()) {
      const json body = json::parse(r.body);
      if (body.at("commonLabels").at("alertname") == "EmbargoEarly" && body.at("status") == status) ++n;
    }
    return n;
  };
  EXPECT_TRUE(eventually([&] { return early_told("firing") == 1; }, 20s)) << real.log();
  EXPECT_TRUE(eventually([&] { return early_told("resolved") == 1; }, 20s)) << real.log();
  EXPECT_TRUE(worker.drain_and_stop(5s));
  EXPECT_EQ(accepted, 2);
  EXPECT_EQ(early_told("firing"), 1);
  const json alerts = json::parse(real.alerts());
  ASSERT_EQ(alerts.size(), 1U) << alerts;
  EXPECT_EQ(alerts[0].at("labels").get<Labels>(),
            (Labels{{"alertname", "EmbargodWatchdog"}, {"severity", "info"}, {"service", "embargod"}}));
}

}  // namespace
}  // namespace embargod

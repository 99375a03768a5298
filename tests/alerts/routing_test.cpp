#include <gtest/gtest.h>

#include "alerts/channels/make_notifiers.h"
#include "alerts/outbox.h"
#include "tests/alerts/sample_alerts.h"

namespace embargod {
namespace {

AlertSettings all_channels() {
  AlertSettings s;
  s.alertmanagers = {{"http://127.0.0.1:9093", {}}, {"http://127.0.0.2:9093/am/", "am-two"}};
  WebhookSettings all;
  all.url = Secret{"http://127.0.0.1:9000/hook"};
  all.severities = {Severity::page, Severity::ticket, Severity::info};
  WebhookSettings pages = all;
  pages.severities = {Severity::page};
  s.webhooks = {all, pages};
  s.emails = {
      {{"duty@example.org"}, "embargod@example.org", "smtp://127.0.0.1:25", {Severity::page, Severity::ticket}, {}}};
  return s;
}

std::vector<ReceiverTraits> all_traits() {
  std::vector<ReceiverTraits> traits;
  for (const auto& n : make_notifiers(all_channels(), "Europe/London")) traits.push_back(n->traits());
  return traits;
}

TEST(MakeNotifiers, NumbersEachKindAndSaysWhatItWants) {
  const std::vector<ReceiverTraits> t = all_traits();
  ASSERT_EQ(t.size(), 5U);
  const char* const names[] = {"alertmanager-1", "am-two", "webhook-1", "webhook-2", "email-1"};
  const bool standing[] = {true, true, false, false, false};
  const bool watchdog[] = {true, true, true, false, false};
  for (std::size_t i = 0; i < t.size(); ++i) {
    EXPECT_EQ(t[i].name, names[i]);
    EXPECT_EQ(t[i].standing, standing[i]) << names[i];
    EXPECT_EQ(t[i].watchdog, watchdog[i]) << names[i];
  }
}

struct RouteCase {
  const char* name;
  Alert alert;
  std::vector<std::string> want;
};

class RouteTest : public testing::TestWithParam<RouteCase> {};
TEST_P(RouteTest, BySeverityAndNotice) { EXPECT_EQ(route(GetParam().alert, all_traits()), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Table, RouteTest,
    testing::Values(RouteCase{"Page",
                              sample_alert("A", 1, Notice::opened),
                              {"alertmanager-1", "am-two", "webhook-1", "webhook-2", "email-1"}},
                    RouteCase{"Ticket",
                              sample_ticket("A", 1, Notice::opened),
                              {"alertmanager-1", "am-two", "webhook-1", "email-1"}},
                    RouteCase{"Update", sample_alert("A", 2, Notice::updated), {"alertmanager-1", "am-two"}},
                    RouteCase{"Acknowledged", sample_alert("A", 2, Notice::acknowledged), {}},
                    RouteCase{"Reopened",
                              sample_alert("A", 2, Notice::reopened),
                              {"alertmanager-1", "am-two", "webhook-1", "webhook-2", "email-1"}},
                    RouteCase{"Resolved",
                              sample_ticket("A", 2, Notice::resolved),
                              {"alertmanager-1", "am-two", "webhook-1", "email-1"}}),
    [](const auto& c) { return c.param.name; });

TEST(AlertWords, AreThoseOfTheContract) {
  EXPECT_STREQ(to_string(AlertStatus::firing), "firing");
  EXPECT_STREQ(to_string(AlertStatus::resolved), "resolved");
  EXPECT_STREQ(to_string(DeliveryState::pending), "pending");
  EXPECT_STREQ(to_string(DeliveryState::accepted), "accepted");
  EXPECT_STREQ(to_string(DeliveryState::superseded), "superseded");
  EXPECT_EQ(standing_id(sample_alert("A", 1, Notice::opened)), "A/EmbargoEarly");
}

}  // namespace
}  // namespace embargod

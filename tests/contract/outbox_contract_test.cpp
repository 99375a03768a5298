// What every Outbox must do.

#include "tests/contract/store_contract.h"

#include <gmock/gmock.h>

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class OutboxContract : public StoreContract {};

TEST_P(OutboxContract, AnAlertIsQueuedOncePerReceiver) {
  const Incident i = stored_incident("therapies");
  Commit c = at_noon_plus(0);
  c.alerts = {{stored_alert(i, 1), {"am", "hook"}}};
  commit(c);
  c.alerts = {{stored_alert(i, 1), {"am", "hook", "mail"}}, {stored_alert(i, 2), {"am"}}};
  commit(c);
  EXPECT_THAT(pending_keys("am"), ElementsAre(i.id + ":1", i.id + ":2"));
  EXPECT_THAT(pending_keys("am", 1), ElementsAre(i.id + ":1"));
  EXPECT_THAT(pending_keys("hook"), ElementsAre(i.id + ":1"));
  EXPECT_THAT(pending_keys("mail"), ElementsAre(i.id + ":1"));
  EXPECT_THAT(pending_keys("nobody"), IsEmpty());
}

TEST_P(OutboxContract, MarksMoveARowAndSurviveARestart) {
  const Incident i = stored_incident("therapies");
  const auto first = enqueue(stored_alert(i, 1));
  const auto second = enqueue(stored_alert(i, 2));
  const auto third = enqueue(stored_alert(i, 3));
  ASSERT_LT(first, second);
  ASSERT_TRUE(outbox().mark_retry(first, noon_plus(60), "503 Service Unavailable"));
  ASSERT_TRUE(outbox().mark_accepted(second, noon_plus(5), "200"));
  ASSERT_TRUE(outbox().mark_superseded(third));
  restart();
  const auto rows = outbox().pending("am", 10).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].id, first);
  EXPECT_EQ(rows[0].attempts, 1);
  EXPECT_EQ(rows[0].next_try, noon_plus(60));
  EXPECT_EQ(rows[0].detail, "503 Service Unavailable");
  EXPECT_EQ(outbox().pending_count().value(), 1);
  const auto shown = reader().deliveries(i.id).value();
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[1].state, DeliveryState::accepted);
  EXPECT_EQ(shown[1].accepted_at, noon_plus(5));
  EXPECT_EQ(shown[1].attempts, 1);
  EXPECT_EQ(shown[2].state, DeliveryState::superseded);
  EXPECT_EQ(outbox().mark_accepted(99'999, noon_plus(0), "").error().code, Errc::not_found);
}

TEST_P(OutboxContract, UntoldIsWhatBeginsAndNobodyAccepted) {
  const Incident i = stored_incident("therapies");
  const auto keys = [this] {
    std::vector<std::string> found;
    const auto rows = outbox().untold(10).value();
    found.reserve(rows.size());
    for (const Delivery& d : rows) found.push_back(d.receiver + " " + d.alert.key);
    return found;
  };
  Commit c = at_noon_plus(0);
  Alert update = stored_alert(i, 2);
  update.notice = Notice::updated;
  Alert over = stored_alert(i, 3);
  over.status = AlertStatus::resolved;
  over.notice = Notice::resolved;
  c.alerts = {{stored_alert(i, 1), {"am", "hook"}}, {update, {"am"}}, {over, {"am"}}};
  commit(c);
  EXPECT_THAT(keys(), ElementsAre("am " + i.id + ":1", "hook " + i.id + ":1"));
  ASSERT_TRUE(outbox().mark_accepted(outbox().pending("hook", 1).value().at(0).id, noon_plus(5), "200"));
  EXPECT_THAT(keys(), IsEmpty()) << "one receiver is enough";
}

TEST_P(OutboxContract, AcceptedIsFinal) {
  const Incident i = stored_incident("therapies");
  const auto id = enqueue(stored_alert(i, 1));
  ASSERT_TRUE(outbox().mark_superseded(id));
  ASSERT_TRUE(outbox().mark_accepted(id, noon_plus(5), "200"));  // it had gone out all the same
  ASSERT_TRUE(outbox().mark_accepted(id, noon_plus(9), "again"));
  ASSERT_TRUE(outbox().mark_retry(id, noon_plus(60), "late"));
  ASSERT_TRUE(outbox().mark_superseded(id));
  const auto row = reader().deliveries(i.id).value().at(0);
  EXPECT_EQ(row.state, DeliveryState::accepted);
  EXPECT_EQ(row.accepted_at, noon_plus(5));
  EXPECT_EQ(row.detail, "200");
  EXPECT_EQ(row.attempts, 1);
}

TEST_P(OutboxContract, StandingIsTheNewestAcceptedRowOfEachAlert) {
  const Incident a = stored_incident("a");
  const Incident b = stored_incident("b");
  const Incident never = stored_incident("never");
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(a, 1)), noon_plus(1), ""));
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(a, 2)), noon_plus(2), ""));
  enqueue(stored_alert(a, 3));  // not accepted yet: what stands is still step 2
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(b, 1)), noon_plus(1), ""));
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(b, 2, AlertStatus::resolved)), noon_plus(10), ""));
  enqueue(stored_alert(never, 1));
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(a, 1), "other"), noon_plus(3), ""));

  const auto keys = [this](int resolved_since) {
    std::vector<std::string> out;
    const auto rows = outbox().standing("am", noon_plus(resolved_since)).value();
    out.reserve(rows.size());
    for (const auto& d : rows) out.push_back(d.alert.key);
    return out;
  };
  EXPECT_THAT(keys(10), ElementsAre(a.id + ":2", b.id + ":2"));
  EXPECT_THAT(keys(11), ElementsAre(a.id + ":2"));
}

TEST_P(OutboxContract, AlertnamesOfOneIncidentStandApart) {
  const Incident i = stored_incident("a");
  Alert near_due = stored_alert(i, 2);
  near_due.name = "EmbargoBlindNearDue";
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(i, 1)), noon_plus(1), ""));
  ASSERT_TRUE(outbox().mark_accepted(enqueue(near_due), noon_plus(2), ""));
  EXPECT_EQ(outbox().standing("am", noon_plus(0)).value().size(), 2U);
  EXPECT_EQ(outbox().first_accepted("am", near_due).value(), noon_plus(2));
}

TEST_P(OutboxContract, FirstAcceptedCountsFromTheLastAcceptedResolve) {
  const Incident i = stored_incident("a");
  const Alert alert = stored_alert(i, 1);
  EXPECT_FALSE(outbox().first_accepted("am", alert).value().has_value());
  const auto first = enqueue(alert);
  EXPECT_FALSE(outbox().first_accepted("am", alert).value().has_value());
  ASSERT_TRUE(outbox().mark_accepted(first, noon_plus(1), ""));
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(i, 2)), noon_plus(2), ""));
  EXPECT_EQ(outbox().first_accepted("am", alert).value(), noon_plus(1));
  EXPECT_FALSE(outbox().first_accepted("hook", alert).value().has_value());
  const auto resolve = enqueue(stored_alert(i, 3, AlertStatus::resolved));
  EXPECT_EQ(outbox().first_accepted("am", alert).value(), noon_plus(1)) << "the resolve is not accepted yet";
  ASSERT_TRUE(outbox().mark_accepted(resolve, noon_plus(400), ""));
  EXPECT_FALSE(outbox().first_accepted("am", alert).value().has_value());
  ASSERT_TRUE(outbox().mark_accepted(enqueue(stored_alert(i, 4)), noon_plus(500), ""));
  EXPECT_EQ(outbox().first_accepted("am", alert).value(), noon_plus(500));
}

INSTANTIATE_TEST_SUITE_P(Of, OutboxContract, testing::ValuesIn(kStoreMakers),
                         [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod

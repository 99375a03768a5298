// Who is told next and again: the rules as pure functions, the boundary on both sides.

#include "daemon/watch/escalation.h"

#include <gtest/gtest.h>

#include "daemon/watch/alerting.h"
#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

constexpr AlertKind kEarlyPage{IncidentKind::early, Severity::page};
constexpr AlertKind kLateTicket{IncidentKind::late, Severity::ticket};

/// hook-1 and phone-1 in the first tier, mail-1 in the second, desk-1 in none, am-1 an Alertmanager.
struct EscalationWorld {
  std::vector<ReceiverTraits> receivers;
  AlertSettings alerts;
  std::string zone = "Europe/London";
  AlertThread thread;
  std::optional<Acknowledgement> ack;
  bool knows = true;

  EscalationWorld() {
    const std::vector<Severity> both{Severity::page, Severity::ticket};
    receivers.push_back({.name = "am-1", .severities = both, .standing = true});
    for (const char* n : {"hook-1", "phone-1", "mail-1", "desk-1"})
      receivers.push_back({.name = n, .severities = both});
    alerts.escalation = EscalationSettings{.tiers = {{"hook-1", "phone-1"}, {"mail-1"}}};
    thread.alert = "EmbargoEarly";
  }
  [[nodiscard]] TellingRules rules() const { return {receivers, alerts, zone, knows}; }
  Names begin(AlertKind a = kEarlyPage) { return begin_round(thread, a, rules(), kDue); }
  Escalation at(Millis after, AlertKind a = kEarlyPage) { return escalate(thread, a, ack, rules(), kDue + after); }
  void takes(const std::string& name) { thread.accepted.push_back(name); }
};

TEST(Escalate, TheFirstTierAndWhoIsInNoneAreToldAtOnceAndAlertmanagerBesideThem) {
  EscalationWorld w;
  EXPECT_EQ(w.begin(), (Names{"desk-1", "hook-1", "phone-1"}));
  EXPECT_EQ(w.thread.tier, 1);
}

TEST(Escalate, TheNextTierIsToldAfterTheWaitAndNotBefore) {
  EscalationWorld w;
  (void)w.begin();
  w.takes("hook-1");
  EXPECT_EQ(w.at(10min - 1ms).tell, Names{});
  const Escalation e = w.at(10min);
  EXPECT_EQ(e.tell, Names{"mail-1"});
  EXPECT_EQ(e.tier, 2);
  EXPECT_FALSE(e.undelivered);
  EXPECT_EQ(w.at(11min).tell, Names{}) << "once";
}

TEST(Escalate, TheNextTierIsToldSoonerWhereNothingOfTheTierWasAccepted) {
  EscalationWorld w;
  (void)w.begin();
  w.takes("desk-1");  // in no tier: says nothing of the first
  EXPECT_EQ(w.at(60s - 1ms).tell, Names{});
  const Escalation e = w.at(60s);
  EXPECT_EQ(e.tell, Names{"mail-1"});
  EXPECT_TRUE(e.undelivered);
}

TEST(Escalate, OneAcceptanceOfTheTierIsEnough) {
  EscalationWorld w;
  (void)w.begin();
  w.takes("phone-1");
  EXPECT_EQ(w.at(5min - 1ms).tell, Names{});
}

TEST(Escalate, WithoutNewsOfDeliveriesNothingCountsAsUndelivered) {
  EscalationWorld w;
  w.knows = false;
  (void)w.begin();
  EXPECT_EQ(w.at(4min).tell, Names{});
  EXPECT_EQ(w.at(10min).tell, Names{"mail-1"});
}

TEST(Escalate, AnAcknowledgementQuietsTiersAndReminders) {
  EscalationWorld w;
  (void)w.begin();
  w.ack = Acknowledgement{.by = "A. Person", .at = kDue + 30s, .note = ""};
  for (const Millis t : {Millis{60s}, Millis{10min}, Millis{50min}}) {
    EXPECT_EQ(w.at(t).tell, Names{});
    EXPECT_EQ(w.at(t).remind, Names{});
  }
}

TEST(Escalate, AnAcknowledgementOfBeforeCoversNothingThatBeganLater) {
  EscalationWorld w;
  w.ack = Acknowledgement{.by = "A. Person", .at = kDue - 1ms, .note = ""};
  (void)w.begin();
  EXPECT_EQ(w.at(60s).tell, Names{"mail-1"});
}

TEST(Escalate, ReminderComeAtTheirIntervalToThoseToldSoFar) {
  EscalationWorld w;
  (void)w.begin();
  w.takes("hook-1");
  EXPECT_EQ(w.at(5min - 1ms).remind, Names{});
  EXPECT_EQ(w.at(5min).remind, (Names{"hook-1", "phone-1", "desk-1"}));
  const std::string first = reminder_key("X", w.thread);
  const Escalation both = w.at(10min);
  EXPECT_EQ(both.tell, Names{"mail-1"});
  EXPECT_EQ(both.remind, (Names{"hook-1", "phone-1", "desk-1"})) << "who is told now is not reminded as well";
  EXPECT_EQ(w.at(15min).remind, (Names{"hook-1", "phone-1", "mail-1", "desk-1"}));
  EXPECT_EQ(first, "X:EmbargoEarly.1.reminder-1");
  EXPECT_EQ(reminder_key("X", w.thread), "X:EmbargoEarly.1.reminder-3");
}

TEST(Escalate, OnlyPagesAreReminded) {
  EscalationWorld w;
  (void)w.begin(kLateTicket);
  w.takes("hook-1");
  EXPECT_EQ(w.at(2h, kLateTicket).remind, Names{});
}

TEST(Escalate, TheAllClearGoesToWhoWasToldAndNobodyElse) {
  EscalationWorld w;
  (void)w.begin();
  EXPECT_EQ(end_round(w.thread, w.rules()), (Names{"hook-1", "phone-1", "desk-1"}));
  EXPECT_EQ(w.at(2h).tell, Names{}) << "what is over goes nowhere";
}

TEST(Escalate, WhatComesBackIsToldToAllWhoHeardThatItWasOver) {
  EscalationWorld w;
  (void)w.begin();
  (void)w.at(60s);
  EXPECT_EQ(end_round(w.thread, w.rules()).size(), 4U);
  w.thread.tier = 1;  // as if the tiers were fewer then
  EXPECT_EQ(w.begin(), (Names{"desk-1", "hook-1", "phone-1", "mail-1"}));
  EXPECT_EQ(w.thread.round, 2);
  EXPECT_EQ(tier_key("X", w.thread), "X:EmbargoEarly.2.tier-1");
}

TEST(Escalate, AReloadThatRemovesATierOrReceiverLosesNobodyElse) {
  EscalationWorld w;
  (void)w.begin();
  w.takes("hook-1");
  w.alerts.escalation->tiers = {{"mail-1"}};  // the first tier is gone: who is first now is told at once
  EXPECT_EQ(w.at(1s).tell, Names{"mail-1"});
  w.receivers.erase(w.receivers.begin() + 1);  // hook-1
  EXPECT_EQ(end_round(w.thread, w.rules()), (Names{"phone-1", "mail-1", "desk-1"}));
}

TEST(Escalate, ATierWithoutAnybodyForTheAlertIsPassedOver) {
  EscalationWorld w;
  for (ReceiverTraits& r : w.receivers)
    if (r.name != "mail-1") r.severities = {Severity::page};
  EXPECT_EQ(w.begin(kLateTicket), Names{"mail-1"});
}

TEST(Escalate, WithoutTheKeysNothingIsToldBesideTheSteps) {
  EscalationWorld w;
  w.alerts = {};
  EXPECT_EQ(w.begin(), (Names{"hook-1", "phone-1", "mail-1", "desk-1"}));
  w.receivers.push_back({.name = "new-1", .severities = {Severity::page}});
  const Escalation e = w.at(2h);
  EXPECT_EQ(e.tell, Names{});
  EXPECT_EQ(e.remind, Names{});
}

// ---- routes ----

AlertRoute office_route() {
  return {.kinds = {"late"},
          .severities = {},
          .hours = RouteHours{.days = {1, 2, 3, 4, 5}, .from = "08:00", .to = "18:00"},
          .receivers = {"desk-1"}};
}

TEST(Routes, TheFirstThatMatchesDecidesAndElseTheSeverities) {
  EscalationWorld w;
  w.alerts.escalation.reset();
  w.alerts.routes = {{.kinds = {"late"}, .severities = {}, .hours = {}, .receivers = {"desk-1"}},
                     {.kinds = {}, .severities = {Severity::ticket}, .hours = {}, .receivers = {"mail-1"}}};
  EXPECT_EQ(audience_of(kLateTicket, w.rules(), kDue).at_once, Names{"desk-1"});
  EXPECT_EQ(audience_of({IncidentKind::gap, Severity::ticket}, w.rules(), kDue).at_once, Names{"mail-1"});
  EXPECT_EQ(audience_of(kEarlyPage, w.rules(), kDue).at_once.size(), 4U);
}

TEST(Routes, OutsideItsHoursAnAlertWaitsAndIsToldWhenTheyBegin) {
  EscalationWorld w;
  w.alerts.escalation.reset();
  w.alerts.routes = {office_route()};
  const Instant evening = *parse_rfc3339("2018-04-25T18:00:00+01:00");  // a Wednesday
  EXPECT_EQ(begin_round(w.thread, kLateTicket, w.rules(), evening - 1ms), Names{"desk-1"});
  w.thread = {};
  EXPECT_EQ(begin_round(w.thread, kLateTicket, w.rules(), evening), Names{});
  EXPECT_EQ(escalate(w.thread, kLateTicket, {}, w.rules(), evening + 14h - 1ms).tell, Names{});
  EXPECT_EQ(escalate(w.thread, kLateTicket, {}, w.rules(), evening + 14h).tell, Names{"desk-1"});
}

TEST(Routes, WhatIsOverBeforeItsHoursWasToldToNobody) {
  EscalationWorld w;
  w.alerts.routes = {office_route()};
  (void)begin_round(w.thread, kLateTicket, w.rules(), *parse_rfc3339("2018-04-28T12:00:00Z"));  // a Saturday
  EXPECT_EQ(end_round(w.thread, w.rules()), Names{});
}

TEST(Routes, APageIsNeverHeldBack) {
  EscalationWorld w;
  AlertRoute r = office_route();
  r.kinds.clear();  // refused by the config's reader; held here too
  w.alerts.routes = {r};
  w.alerts.escalation.reset();
  EXPECT_EQ(begin_round(w.thread, kEarlyPage, w.rules(), *parse_rfc3339("2018-04-28T03:00:00Z")), Names{"desk-1"});
}

TEST(Routes, HoursFollowTheClockOnTheWallThroughAClockChange) {
  const RouteHours hours{.days = {0, 1}, .from = "08:00", .to = "18:00"};
  const std::string london = "Europe/London";
  // Clocks go forward on Sunday 25 March 2018, back on Sunday 28 October.
  EXPECT_FALSE(is_within(hours, *parse_rfc3339("2018-03-25T06:59:59.999Z"), london));
  EXPECT_TRUE(is_within(hours, *parse_rfc3339("2018-03-25T07:00:00Z"), london));
  EXPECT_FALSE(is_within(hours, *parse_rfc3339("2018-10-28T07:59:59.999Z"), london));
  EXPECT_TRUE(is_within(hours, *parse_rfc3339("2018-10-28T08:00:00Z"), london));
  EXPECT_FALSE(is_within(hours, *parse_rfc3339("2018-10-28T18:00:00Z"), london));
}

TEST(Routes, TheKindsThatTheReaderTakesForPagesAreThose) {
  for (int k = 0; k < kIncidentKindCount; ++k) {
    const auto kind = static_cast<IncidentKind>(k);
    const bool pages = alert_severity(kind) == Severity::page || kind == IncidentKind::blind;  // near a due
    EXPECT_EQ(pages, kind == IncidentKind::early || kind == IncidentKind::blind) << to_string(kind);
  }
}

}  // namespace
}  // namespace embargod

// Tiers through the engine, a store and lanes in virtual time: restarts, reloads, receivers that are down.

#include <gtest/gtest.h>

#include "alerts/receiver_lane.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPageUrl = "https://stats.example.org/pub/page";

/// phone-1, then mail-1; desk-1 in no tier.
class TiersWorld {
 public:
  TiersWorld() {
    rig.receivers = {{.name = "phone-1", .severities = {Severity::page, Severity::ticket}},
                     {.name = "mail-1", .severities = {Severity::page, Severity::ticket}},
                     {.name = "desk-1", .severities = {Severity::page, Severity::ticket}}};
    rig.settings.alerts.escalation = EscalationSettings{.tiers = {{"phone-1"}, {"mail-1"}}};
    rig.deliveries = &news;
    rig.prober.answer(kPageUrl, kLive, live_answer());
    for (const ReceiverTraits& r : rig.receivers) add_lane(r);
  }

  void run_until(Instant end) {
    if (!rig.engine) rig.start();
    while (rig.clock.now() < end) {
      rig.engine->turn(std::min(Millis{1'000}, end - rig.clock.now()));
      for (auto& [name, lane] : lanes) (void)lane->turn([] { return false; });
    }
  }

  /// "firing", "resolved", "reminder", "acknowledged" as this receiver accepted them.
  [[nodiscard]] std::vector<std::string> got_by(const std::string& name) const {
    const auto it = taken.find(name);
    return it == taken.end() ? std::vector<std::string>{} : it->second;
  }
  [[nodiscard]] long count(const std::string& name, const std::string& word) const {
    const auto all = got_by(name);
    return std::count(all.begin(), all.end(), word);
  }
  [[nodiscard]] std::string id() { return rig.incidents(IncidentKind::early).at(0).id; }

  static inline const Instant kLive = kDue - 47h;
  WatchRig rig{kDue - 48h};
  DeliveryNews news;
  std::set<std::string> down;
  std::map<std::string, std::vector<std::string>> taken;
  std::vector<Alert> alerts;
  std::map<std::string, std::unique_ptr<ReceiverLane>> lanes;

 private:
  class Sink final : public Notifier {
   public:
    Sink(ReceiverTraits traits, TiersWorld& world) : traits_{std::move(traits)}, world_{world} {}
    [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
    [[nodiscard]] Receipt deliver(const std::vector<Alert>& told, Instant) override {
      if (world_.down.contains(traits_.name)) return {.outcome = Outcome::retry, .detail = "down", .retry_after = {}};
      for (const Alert& a : told) {
        world_.alerts.push_back(a);
        const bool is_ack = a.notice == Notice::acknowledged;
        const char* word = is_ack ? "acknowledged" : a.notice == Notice::reminder ? "reminder" : to_string(a.status);
        world_.taken[traits_.name].emplace_back(word);
      }
      return {.outcome = Outcome::accepted, .detail = "ok", .retry_after = {}};
    }

   private:
    ReceiverTraits traits_;
    TiersWorld& world_;
  };

  void add_lane(const ReceiverTraits& r) {
    lanes[r.name] = std::make_unique<ReceiverLane>(
        OutboxWorker::Doors{rig.store, rig.emergency, rig.clock,
                            [this](const DeliveryReport& d) {
                              if (d.outcome == Outcome::accepted && !d.key.empty())
                                news.put({d.key.substr(0, d.key.find(':')), d.alertname, d.receiver});
                            },
                            [] { return true; }, ""},
        std::make_unique<Sink>(r, *this), OutboxTiming{}, [] { return 0.5; });
  }
};

TEST(Tiers, ADeadFirstReceiverIsPassedOverAfterAMinute) {
  TiersWorld w;
  w.down = {"phone-1"};
  w.run_until(TiersWorld::kLive + 55s);
  EXPECT_EQ(w.count("mail-1", "firing"), 0);
  w.run_until(TiersWorld::kLive + 150s);
  EXPECT_EQ(w.count("mail-1", "firing"), 1);
  EXPECT_EQ(w.count("desk-1", "firing"), 1);
}

TEST(Tiers, ALivingFirstReceiverHasTenMinutesAlsoOverARestart) {
  TiersWorld w;
  w.run_until(TiersWorld::kLive + 5min);
  w.rig.start();  // what a restarted process knows
  w.run_until(TiersWorld::kLive + 9min);
  EXPECT_EQ(w.count("mail-1", "firing"), 0);
  w.run_until(TiersWorld::kLive + 12min);
  EXPECT_EQ(w.count("mail-1", "firing"), 1);
  EXPECT_EQ(w.count("phone-1", "firing"), 1) << "not once more";
  EXPECT_NE(w.rig.log.text.find("incident escalated"), std::string::npos);
}

TEST(Tiers, AnAcknowledgementQuietsAndExpires) {
  TiersWorld w;
  w.run_until(TiersWorld::kLive + 3min);
  ASSERT_TRUE(
      w.rig.engine->execute({.what = Command::What::acknowledge, .id = w.id(), .by = "A. Person", .reason = ""}));
  const Instant given = w.rig.clock.now();
  EXPECT_EQ(*w.rig.incidents(IncidentKind::early)[0].acknowledged->expires, given + 1h);
  w.run_until(given + 59min);
  EXPECT_EQ(w.got_by("mail-1").size(), 0U);
  EXPECT_EQ(w.got_by("phone-1"), std::vector<std::string>{"firing"});
  w.run_until(given + 1h + 5s);
  EXPECT_EQ(w.got_by("phone-1"), (std::vector<std::string>{"firing", "reminder"}));
  EXPECT_NE(w.alerts.back().annotations.at("summary").find("No longer acknowledged, still live, 1 h"),
            std::string::npos);
  EXPECT_FALSE(w.rig.incidents(IncidentKind::early)[0].acknowledged);
  w.run_until(given + 1h + 11min);
  EXPECT_EQ(w.count("mail-1", "firing"), 1) << "the wait begins anew";
}

TEST(Tiers, WhoKeepsIncidentsOfItsOwnHearsThatOneIsTaken) {
  TiersWorld w;
  for (ReceiverTraits& r : w.rig.receivers) r.acknowledgements = r.name != "phone-1";
  w.run_until(TiersWorld::kLive + 3min);
  ASSERT_TRUE(
      w.rig.engine->execute({.what = Command::What::acknowledge, .id = w.id(), .by = "A. Person", .reason = ""}));
  w.run_until(TiersWorld::kLive + 4min);
  EXPECT_EQ(w.got_by("desk-1"), (std::vector<std::string>{"firing", "acknowledged"}));
  EXPECT_EQ(w.got_by("phone-1"), std::vector<std::string>{"firing"}) << "it holds nothing that could be acknowledged";
  EXPECT_EQ(w.got_by("mail-1"), std::vector<std::string>{}) << "never told of it";
  EXPECT_NE(w.alerts.back().annotations.at("acknowledged").find("A. Person"), std::string::npos);
}

TEST(Tiers, TheAllClearGoesToWhoWasToldAndRemindersSayHowLong) {
  TiersWorld w;
  w.rig.prober.answer(kPageUrl, TiersWorld::kLive + 8min, ScriptedAnswer{});
  w.run_until(TiersWorld::kLive + 20min);
  EXPECT_EQ(w.got_by("phone-1"), (std::vector<std::string>{"firing", "reminder", "resolved"}));
  EXPECT_EQ(w.got_by("mail-1"), std::vector<std::string>{}) << "never told of it, so not of its end";
  for (const Alert& a : w.alerts)
    if (a.notice == Notice::reminder) {
      EXPECT_TRUE(a.annotations.at("summary").starts_with("Still live, 5 min: \"")) << a.annotations.at("summary");
    }
}

TEST(Tiers, HalfOfTheReceiversDownForTwoHoursGetFiringOnceAndResolvedOnce) {
  TiersWorld w;
  w.down = {"phone-1", "desk-1"};
  w.rig.prober.answer(kPageUrl, TiersWorld::kLive + 70min, ScriptedAnswer{});
  w.run_until(TiersWorld::kLive + 2h);
  w.down.clear();
  w.run_until(TiersWorld::kLive + 2h + 6min);
  for (const char* name : {"phone-1", "mail-1", "desk-1"}) {
    EXPECT_EQ(w.count(name, "firing"), 1) << name;
    EXPECT_EQ(w.count(name, "resolved"), 1) << name;
  }
  EXPECT_EQ(w.count("phone-1", "reminder"), 0) << "what it missed is not told in a heap";
  EXPECT_GT(w.count("mail-1", "reminder"), 10);
}

TEST(Tiers, AReloadThatRemovesAReceiverGoesOnWithTheOthers) {
  TiersWorld w;
  w.run_until(TiersWorld::kLive + 2min);
  w.rig.receivers.erase(w.rig.receivers.begin());
  w.rig.settings.alerts.escalation->tiers = {{"mail-1"}};
  w.lanes.erase("phone-1");
  w.rig.engine->replace_plan(w.rig.plan({.releases = {release_with({"page", "tables"})}, .notes = {}}));
  w.rig.prober.answer(kPageUrl, TiersWorld::kLive + 8min, ScriptedAnswer{});
  w.run_until(TiersWorld::kLive + 20min);
  EXPECT_EQ(w.got_by("phone-1"), std::vector<std::string>{"firing"});
  EXPECT_EQ(w.count("mail-1", "firing"), 1);
  EXPECT_EQ(w.count("mail-1", "resolved"), 1);
}

}  // namespace
}  // namespace embargod

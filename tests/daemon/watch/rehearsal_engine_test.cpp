// Rehearsals through the engine and a store in virtual time.

#include <gtest/gtest.h>

#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

constexpr const char* kStagedPage = "https://stats.example.org/pub/page";

/// Planned from 10 to 40 minutes after the start, two days before due.
class RehearsalWorld {
 public:
  explicit RehearsalWorld(Schedule schedule = {.releases = {release_with({"page"})}, .notes = {}})
      : rig{kBegin, std::move(schedule)} {
    rig.start();
  }

  [[nodiscard]] Result<void> plan(Instant from = kFrom, Instant until = kUntil) {
    return rig.engine->execute({.what = Command::What::plan_rehearsal,
                                .id = {},
                                .by = "Publication team",
                                .reason = "New web platform",
                                .rehearsal = Rehearsal{.id = rehearsal_id("therapies-2018-01", from, kBegin),
                                                       .release = "therapies-2018-01",
                                                       .from = from,
                                                       .until = until,
                                                       .by = "Publication team",
                                                       .reason = "New web platform",
                                                       .planned = {},
                                                       .cancelled = {},
                                                       .incident = {},
                                                       .outcome = {}}});
  }
  [[nodiscard]] Rehearsal rehearsal() { return got(rig.store.rehearsals(1)).at(0); }
  [[nodiscard]] std::vector<Incident> early() { return rig.incidents(IncidentKind::early); }
  [[nodiscard]] Result<void> order(Command::What what, const std::string& id) {
    return rig.engine->execute({.what = what, .id = id, .by = "N.N.", .reason = "enough"});
  }
  /// "EmbargoRehearsal ticket firing" of each row for webhook-1.
  [[nodiscard]] std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const Delivery& d : got(rig.store.pending("webhook-1", 1'000)))
      out.push_back(d.alert.name + " " + to_string(d.alert.severity) + " " + to_string(d.alert.status));
    return out;
  }
  [[nodiscard]] Labels said(std::size_t k) {
    return got(rig.store.pending("webhook-1", 1'000)).at(k).alert.annotations;
  }

  static inline const Instant kBegin = kDue - 48h;
  static inline const Instant kFrom = kBegin + 10min;
  static inline const Instant kUntil = kBegin + 40min;
  WatchRig rig;
};

using RehearsalTold = std::vector<std::string>;

bool says(const Labels& annotations, const char* key, const char* words) {
  const auto it = annotations.find(key);
  return it != annotations.end() && it->second.find(words) != std::string::npos;
}

TEST(RehearsalInTheEngine, IsToldMarkedAsATicketAndClosesWithItsWindow) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.prober.answer(kStagedPage, w.kFrom + 15min, ScriptedAnswer{});
  w.rig.run_until(w.kFrom + 8min);
  ASSERT_EQ(w.early().size(), 1U);
  EXPECT_TRUE(in_rehearsal(w.early()[0]));
  EXPECT_EQ(w.rehearsal().incident, w.early()[0].id);
  EXPECT_EQ(w.rig.meter.rehearsed, RehearsalTold{"therapies-2018-01"});
  w.rig.run_until(w.kUntil + 2min);
  EXPECT_EQ(w.told(), (RehearsalTold{"EmbargoRehearsal ticket firing", "EmbargoRehearsal ticket resolved"}));
  EXPECT_TRUE(w.said(0).at("summary").starts_with("[REHEARSAL] \"")) << w.said(0).at("summary");
  EXPECT_TRUE(says(w.said(0), "description", "No embargo was lifted"));
  EXPECT_TRUE(says(w.said(0), "description", "Publication team planned this rehearsal"));
  EXPECT_TRUE(says(w.said(0), "what_to_do", "before the window ends Monday 23 April 2018, 10:10 BST"));
  EXPECT_TRUE(says(w.said(0), "rehearsal", "New web platform"));
  EXPECT_TRUE(w.said(1).at("summary").starts_with("[REHEARSAL] Over: "));
  EXPECT_EQ(w.early()[0].state, IncidentState::closed);
  EXPECT_TRUE(in_rehearsal(w.early()[0]));
  EXPECT_EQ(w.rehearsal().outcome->text, "seen live: incident " + w.early()[0].id);
  EXPECT_TRUE(w.rig.meter.rehearsed.empty());
}

TEST(RehearsalInTheEngine, LiveAfterItsWindowIsABreachOfItsOwn) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.prober.answer(kStagedPage, w.kFrom + 15min, ScriptedAnswer{});
  w.rig.prober.answer(kStagedPage, w.kUntil + 10min, live_answer());
  w.rig.run_until(w.kUntil + 15min);
  EXPECT_EQ(w.told(), (RehearsalTold{"EmbargoRehearsal ticket firing", "EmbargoRehearsal ticket resolved",
                                     "EmbargoEarly page firing"}));
  ASSERT_EQ(w.early().size(), 2U);
  EXPECT_FALSE(w.early()[0].rehearsal.has_value()) << "the newest";
}

TEST(RehearsalInTheEngine, StillLiveAtItsEndPagesWhoeverAcknowledgedIt) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  const std::string id = w.early().at(0).id;
  ASSERT_TRUE(w.order(Command::What::acknowledge, id).has_value());
  EXPECT_FALSE(w.order(Command::What::close, id).has_value()) << "it is live: its end must be seen";
  EXPECT_FALSE(w.order(Command::What::dismiss, id).has_value());
  w.rig.run_until(w.kUntil - 1s);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoRehearsal ticket firing"});
  w.rig.run_until(w.kUntil + 3s);
  EXPECT_EQ(w.told(), (RehearsalTold{"EmbargoRehearsal ticket firing", "EmbargoRehearsal ticket resolved",
                                     "EmbargoEarly page firing"}));
  EXPECT_TRUE(says(w.said(1), "summary", "still public: a breach now")) << w.said(1).at("summary");
  EXPECT_TRUE(says(w.said(2), "description", "this is a breach now"));
  EXPECT_FALSE(says(w.said(2), "summary", "[REHEARSAL]"));
  ASSERT_EQ(w.early().size(), 1U);
  EXPECT_EQ(w.early()[0].rehearsal->why_over, "its window ended");
  EXPECT_FALSE(w.early()[0].acknowledged.has_value());
  EXPECT_TRUE(w.rig.meter.rehearsed.empty());
}

TEST(RehearsalInTheEngine, LiveBeforeItsWindowIsABreachAndStaysOne) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom - 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoEarly page firing"});
  EXPECT_FALSE(w.early().at(0).rehearsal.has_value());
  EXPECT_TRUE(w.rig.meter.rehearsed.empty()) << "the Prometheus rules must go on paging";
  w.rig.prober.answer(kStagedPage, w.kFrom + 9min, ScriptedAnswer{});
  w.rig.prober.answer(kStagedPage, w.kFrom + 15min, live_answer());
  w.rig.run_until(w.kFrom + 18min);
  EXPECT_EQ(w.told().back(), "EmbargoEarly page firing") << "what came back in the window is the same breach";
  EXPECT_EQ(w.early().size(), 1U);
}

TEST(RehearsalInTheEngine, WhatWasContainedBeforeItsWindowIsNoPartOfIt) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kBegin + 2min, live_answer());
  w.rig.prober.answer(kStagedPage, w.kBegin + 4min, ScriptedAnswer{});
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  EXPECT_EQ(w.told(), (RehearsalTold{"EmbargoEarly page firing", "EmbargoEarly page resolved",
                                     "EmbargoRehearsal ticket firing"}));
}

TEST(RehearsalInTheEngine, OneAfterAnotherThatOverranIsARehearsalAgain) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.prober.answer(kStagedPage, w.kUntil + 5min, ScriptedAnswer{});
  w.rig.prober.answer(kStagedPage, w.kUntil + 65min, live_answer());
  w.rig.run_until(w.kUntil + 10min);
  EXPECT_EQ(w.told().back(), "EmbargoEarly page resolved");
  ASSERT_TRUE(w.plan(w.kUntil + 60min, w.kUntil + 90min).has_value());
  w.rig.run_until(w.kUntil + 70min);
  EXPECT_EQ(w.told().back(), "EmbargoRehearsal ticket firing");
  EXPECT_EQ(w.early().size(), 2U);
}

TEST(RehearsalInTheEngine, WhatWasNeverSeenDarkMayHaveBeenLiveBefore) {
  RehearsalWorld w;
  w.rig.prober.answer(kStagedPage, w.kBegin - 1h, live_answer());
  ASSERT_TRUE(w.plan(w.kBegin, w.kUntil).has_value());
  w.rig.run_until(w.kBegin + 2min);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoEarly page firing"});
}

TEST(RehearsalInTheEngine, CancelledWhileLiveItIsABreachAtOnce) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  const std::string id = w.rehearsal().id;
  ASSERT_TRUE(w.order(Command::What::cancel_rehearsal, id).has_value());
  EXPECT_EQ(w.told().back(), "EmbargoEarly page firing");
  EXPECT_EQ(w.early().at(0).rehearsal->why_over, "N.N. cancelled it: enough");
  EXPECT_EQ(w.rehearsal().cancelled->by, "N.N.");
  EXPECT_EQ(w.order(Command::What::cancel_rehearsal, id).error().code, Errc::conflict);
  EXPECT_EQ(w.order(Command::What::cancel_rehearsal, "01X").error().code, Errc::not_found);
}

TEST(RehearsalInTheEngine, ADueThatMovesTooNearEndsIt) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  Release moved = release_with({"page"});
  moved.due.at = w.kUntil + 10min;
  w.rig.engine->replace_plan(w.rig.plan({.releases = {moved}, .notes = {}}));
  w.rig.run_until(w.kFrom + 9min);
  EXPECT_EQ(w.told().back(), "EmbargoEarly page firing");
  EXPECT_TRUE(says(w.said(w.told().size() - 1), "description", "less than 30 min after its window"));
}

TEST(RehearsalInTheEngine, SurvivesARestart) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.run_until(w.kFrom + 2min);
  w.rig.start();
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoRehearsal ticket firing"});
  w.rig.start();
  w.rig.run_until(w.kUntil - 5s);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoRehearsal ticket firing"});
  w.rig.clock.advance(10s);  // it ends while nobody runs
  w.rig.start();
  w.rig.run_until(w.kUntil + 30s);
  EXPECT_EQ(w.told().back(), "EmbargoEarly page firing");
}

TEST(RehearsalInTheEngine, CoversItsOwnReleaseOnly) {
  Release other = release_with({"other"});
  other.id = "maternity-2018-01";
  for (Target& t : other.targets) {
    t.release = other.id;
    t.id = other.id + "/other";
  }
  RehearsalWorld w{{.releases = {release_with({"page"}), other}, .notes = {}}};
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer("https://stats.example.org/pub/other", w.kFrom + 5min, live_answer());
  w.rig.run_until(w.kFrom + 8min);
  EXPECT_EQ(w.told(), RehearsalTold{"EmbargoEarly page firing"});
}

TEST(RehearsalInTheEngine, NeverSeenLiveItProvedNothingAndSaysSo) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.run_until(w.kUntil + 1min);
  EXPECT_TRUE(w.told().empty());
  EXPECT_TRUE(w.rehearsal().outcome->text.starts_with("never seen live"));
  EXPECT_NE(w.rig.log.text.find("never seen live"), std::string::npos);
}

TEST(RehearsalInTheEngine, BackAfterItsWindowBeforeItWasAgreedGoneIsABreach) {
  RehearsalWorld w;
  ASSERT_TRUE(w.plan().has_value());
  w.rig.prober.answer(kStagedPage, w.kFrom + 5min, live_answer());
  w.rig.prober.answer(kStagedPage, w.kUntil - 2500ms, ScriptedAnswer{});  // one or two dark looks: not contained yet
  w.rig.prober.answer(kStagedPage, w.kUntil + 900ms, live_answer());
  w.rig.run_until(w.kUntil + 20s);
  EXPECT_EQ(w.told().back(), "EmbargoEarly page firing");
  EXPECT_EQ(w.early().size(), 1U);
}

}  // namespace
}  // namespace embargod

#pragma once
// The engine's turn: start what is due, take what came back, judge it, commit, and only then count and tell.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "alerts/emergency.h"
#include "config/lint_report.h"
#include "config/types/clock.h"
#include "daemon/watch/command.h"
#include "daemon/watch/delivery_news.h"
#include "daemon/watch/discovery_watch.h"
#include "daemon/watch/emergency_journal.h"
#include "daemon/watch/evidence_vault.h"
#include "daemon/watch/log.h"
#include "daemon/watch/meter.h"
#include "daemon/watch/plan.h"
#include "daemon/watch/store.h"
#include "probes/prober.h"

namespace embargod {

class Engine final : public Commands {
 public:
  struct Doors {
    const Clock& clock;
    Prober& prober;
    Store& store;
    EvidenceVault& vault;
    Meter& meter;
    EmergencyOutbox& emergency;
    Log& log;
    std::function<void()> poke_outbox;    // new rows are there; may be empty
    EmergencyJournal* journal = nullptr;  // null: none
    DeliveryNews* deliveries = nullptr;   // what receivers accept; null: nobody says, so nothing counts as undelivered
  };

  Engine(Doors doors, std::shared_ptr<const Plan> plan);
  ~Engine() override;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Loads what the former run left: open incidents go on, the gap is blind time. Before the first turn. Error: the
  /// store's.
  [[nodiscard]] Result<void> open();

  /// One turn of at most `up_to` (shorter if something is due). Engine thread.
  void turn(Millis up_to);

  /// Flushes what is held in memory and writes the clean stop. Engine thread, last.
  void stop();

  /// Hands over a new plan; taken at the next turn. Any thread.
  void replace_plan(std::shared_ptr<const Plan> plan);

  /// Commands. Any thread but the engine's, which must keep turning.
  [[nodiscard]] Result<void> run(const Command& c) override;

  /// Engine thread (simulate and tests): as run(), at once.
  [[nodiscard]] Result<void> execute(const Command& c);

  // Any thread:
  [[nodiscard]] bool first_round_done() const;  // every target was looked at once
  [[nodiscard]] Millis last_progress() const;   // ticks of the last turn that got through to its end
  [[nodiscard]] Millis last_stored() const;     // ticks of the last beat that the store took while it took commits too
  [[nodiscard]] bool store_ok() const;          // the last commit went through
  [[nodiscard]] std::vector<ListingStatus> listings() const;
  [[nodiscard]] std::shared_ptr<const LintReport> lint() const;  // of all that is watched; null before open()

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace embargod

#pragma once
// The engine's inside. engine.cpp starts, reloads and takes people's decisions; engine_turn.cpp looks, commits and lets
// time pass.

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/watch/casework.h"
#include "daemon/watch/engine.h"
#include "daemon/watch/ledger.h"
#include "daemon/watch/mailbox.h"
#include "daemon/watch/roster.h"

namespace embargod {

class Engine::Core {
 public:
  Core(Doors doors, std::shared_ptr<const Plan> plan)
      : doors_{std::move(doors)},
        plan_{std::move(plan)},
        ledger_{doors_.store, doors_.emergency, doors_.log, doors_.clock},
        cases_{ledger_, doors_.meter, doors_.log} {}

  Result<void> open();
  void turn(Millis up_to);
  void stop();
  Result<void> execute(const Command& c);

  Mailbox& mailbox() { return mailbox_; }
  Prober& prober() { return doors_.prober; }
  std::atomic<bool> first_round{false};
  std::atomic<std::int64_t> progress{0};
  std::atomic<bool> store_ok{true};

 private:
  struct Kept {
    std::string incident;
    const Observation* observation;
  };
  /// Counted only when the commit that they belong to was tried.
  struct Counted {
    Liveness outcome;
    Millis took;
    TargetTrack track;
  };

  void use_plan(std::shared_ptr<const Plan> plan);
  void adopt_schedule();
  void restore(const StoredState& state);
  void start_looks();
  void take(const Observation& o);
  void record(Watched& w, const Look& look, const TrackStep& step, Liveness before);
  void plan_next(Watched& w, bool opened);
  void keep_evidence();
  void housekeeping();
  void watch_sites(Instant now);
  void notice_missing_answers();
  void count_blind(Millis since);
  void check_clock();
  void answer_letters();
  Result<void> lift(const Command& c);
  void commit(Ledger::When when);
  [[nodiscard]] Cadence cadence_of(const Watched& w) const;
  [[nodiscard]] Millis time_to_wait(Millis up_to) const;
  [[nodiscard]] std::optional<Instant> lifted(const std::string& release) const;
  [[nodiscard]] std::optional<Instant> embargo_end(const Release& r) const;

  Doors doors_;
  std::shared_ptr<const Plan> plan_;
  Ledger ledger_;
  Casework cases_;
  Roster roster_;
  Mailbox mailbox_;
  std::map<std::string, Lift> lifts_;
  std::vector<Kept> to_keep_;
  std::vector<Counted> counted_;
  std::uint64_t tokens_ = 0;
  [[nodiscard]] Millis housekeeping_every() const {
    // Every second while something is open or out of sight; else fewer wake-ups.
    return any_blind_ || !cases_.empty() ? Millis{1'000} : Millis{5'000};
  }

  bool any_blind_ = false;
  Millis last_housekeeping_{0};
  Millis last_beat_{0};
  Millis last_retire_{0};
  std::optional<Millis> wall_less_ticks_;
  Millis worst_lag_{0};
};

}  // namespace embargod

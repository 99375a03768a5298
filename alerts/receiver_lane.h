#pragma once
// One receiver's deliveries: look at what waits, plan, send, mark. No thread of its own, so that tests drive it in
// virtual time.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "alerts/lane_plan.h"
#include "alerts/notifier.h"
#include "alerts/outbox_worker.h"

namespace embargod {

/// What turn() did and when it wants to be called again.
struct Turn {
  Millis wait{0};        // until something becomes due; 0 = at once
  int accepted = 0;      // steps accepted in this turn
  std::size_t left = 0;  // steps still waiting, held and failing ones too
};

/// turn() belongs to one thread at a time; swap() and cancel() may be called by any.
/// Inside a process all waits are measured in ticks, so that a stepped clock neither releases a held resolve nor stops
/// a retry.
class ReceiverLane {
 public:
  /// `random` gives values in [0, 1) for the jitter.
  ReceiverLane(OutboxWorker::Doors doors, std::unique_ptr<Notifier> notifier, OutboxTiming timing,
               std::function<double()> random);

  /// Sends what is due, one delivery after the other. Between two, `interrupted` may ask for a new look first. Never
  /// throws for what a store or a receiver does; what a store refuses to mark is remembered, not told again, and marked
  /// later.
  Turn turn(const std::function<bool()>& interrupted);

  /// Sends one alert now, beside all that waits: the thread of turn() between two turns. Never throws.
  Trial try_out(const Alert& alert);

  /// The next delivery goes to this notifier, which must have the same name; standing alerts are resent to it at once.
  void swap(std::unique_ptr<Notifier> notifier);
  void cancel();

 private:
  struct Try {  // of an alert that failed in this process
    int attempts = 0;
    Millis next_ticks{0};
    bool rejected = false;
  };
  struct Mark {  // decided, but the store has not taken it yet
    bool accepted = false;
    Instant at{};
    std::string detail;
  };
  struct Shown {  // the newest accepted step of a standing alert
    Alert alert;
    std::optional<std::int64_t> row;
    Millis accepted_ticks{0};
    Millis firing_ticks{0};
    Millis next_resend_ticks{0};
  };

  std::shared_ptr<Notifier> take_notifier();
  LaneView gather();
  void gather_rows(LaneView& view);
  void gather_memory(LaneView& view) const;
  void load_standing();
  void add_held(LaneView& view) const;
  void forget_old();
  void supersede(const Waiting& w);
  bool send(Notifier& notifier, const Waiting& w, bool as_firing);
  std::size_t send_digest(Notifier& notifier, const LaneView& view, const std::vector<std::size_t>& members);
  void took_one();
  void accepted(const Waiting& w, const Alert& sent, const std::string& detail);
  void failed(const Waiting& w, const Receipt& receipt);
  [[nodiscard]] Millis pause_after(int attempts, const Receipt& receipt) const;
  void put_off(const Waiting& w, const Receipt& receipt, Millis wait);
  void resend(Notifier& notifier, const LaneView& view, const std::vector<std::size_t>& held);
  void feed_watchdog(Notifier& notifier);
  Receipt deliver(Notifier& notifier, const std::vector<Alert>& alerts);
  Receipt deliver_as_is(Notifier& notifier, const std::vector<Alert>& alerts);
  void mark(std::int64_t row, Mark mark);
  void settle_marks();
  void store_says(const Result<void>& result);
  void report(const Receipt& receipt, const Alert* alert, int attempts);
  [[nodiscard]] Alert watchdog_alert() const;
  [[nodiscard]] Instant wall(Millis ticks) const { return doors_.clock.now() + (ticks - doors_.clock.ticks()); }

  const OutboxWorker::Doors doors_;
  const OutboxTiming timing_;
  const std::function<double()> random_;
  const Instant started_at_;

  std::mutex mutex_;  // guards next_ and, for cancel(), the pointer current_
  std::shared_ptr<Notifier> current_;
  std::unique_ptr<Notifier> next_;

  ReceiverTraits traits_;
  int limit_;                            // of one read; doubled when it is reached
  std::map<std::string, Try> tries_;     // by alert key
  std::map<std::string, Instant> told_;  // by alert key: accepted from memory, row not seen yet
  std::map<std::int64_t, Mark> unmarked_;
  std::map<std::string, Shown> shown_;  // by standing id
  bool standing_loaded_ = false;
  bool store_fine_ = true;
  int failures_in_a_row_ = 0;
  int failed_resends_ = 0;
  std::optional<Millis> next_watchdog_;  // ticks
  std::deque<Millis> told_at_;           // ticks: messages accepted lately, for the digest rule
  Millis no_digests_until_{0};           // ticks: one was rejected
};

}  // namespace embargod

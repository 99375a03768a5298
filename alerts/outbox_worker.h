#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "alerts/emergency.h"
#include "alerts/notifier.h"
#include "alerts/outbox.h"
#include "config/types/clock.h"

namespace embargod {

/// The worker's knobs; the defaults are the contract's (design.md 5.5). Tests shrink them.
struct OutboxTiming {
  Millis resend{60'000};               // standing alerts
  Millis min_firing{5 * 60'000};       // a standing alert is resolved no sooner than this after its first acceptance
  Millis resolve_repeat{15 * 60'000};  // resolves are resent this long
  Millis backoff_first{1'000};         // grows by a third each time, with full jitter, up to
  Millis backoff_cap{5 * 60'000};
  Millis idle_poll{1'000};  // look at the store at least so often
};

/// Told after each attempt, for metrics and logs. Called on the receiver's thread. A store that refuses the worker's
/// reads or marks is told too, once each time it begins: then alertname and key are empty and detail begins "store: ".
struct DeliveryReport {
  std::string receiver;
  Outcome outcome;
  std::string key;  // empty for resends
  std::string alertname;
  std::string detail;
  int attempts = 0;
};

/// What a receiver answered to an alert that was sent by hand.
struct Trial {
  Receipt receipt;
  Millis took{0};
};

/// Delivers the outbox: a thread per receiver, so that channels never block each other. Retries for ever, in order
/// within an incident.
class OutboxWorker {
 public:
  struct Doors {
    Outbox& outbox;
    EmergencyOutbox& emergency;
    const Clock& clock;
    std::function<void(const DeliveryReport&)> report;  // may be empty; called on several threads
    std::function<bool()> progress;  // true while the engine advances: feeds EmbargodWatchdog; any thread
    std::string external_url;        // for the watchdog's annotations
    /// Adds what only this receiver is to read to its own copy of an alert (not for standing receivers, whose alerts
    /// are shared by many); nothing of it is stored. May be empty; called on several threads.
    std::function<void(Alert&, const std::string& receiver)> address = {};
  };

  OutboxWorker(Doors doors, std::vector<std::unique_ptr<Notifier>> notifiers, OutboxTiming timing = {});
  ~OutboxWorker();  // stops
  OutboxWorker(const OutboxWorker&) = delete;
  OutboxWorker& operator=(const OutboxWorker&) = delete;

  void start();

  /// New rows may be there: look now. Any thread.
  void poke();

  /// Swaps the receivers (reload). Rows of receivers that are gone stay in the store. A receiver that keeps its name
  /// keeps its thread and what it knows; a delivery under way is finished by the old notifier. Returns at once, but for
  /// a name that is removed and added again while its old delivery is still under way (up to 10 s).
  void replace(std::vector<std::unique_ptr<Notifier>> notifiers);

  /// Sends `alert` to one receiver through its own channel, beside the outbox: nothing is stored, tried again or
  /// resent. It waits for the delivery under way, for at most `bound` in all. Errors: not_found (names the known
  /// receivers), busy (another is tried there), unavailable (no receipt in time, or the daemon stops). Any thread.
  [[nodiscard]] Result<Trial> try_out(const std::string& receiver, const Alert& alert, Millis bound);

  /// Ends the waiting of try_out(), for good. Any thread.
  void refuse_trials();

  /// Delivers what is pending for at most `bound`, then stops; false if something was left (failing, or a resolve held
  /// for min_firing): it is in the store and goes out after the next start. What failed is tried once more, not waited
  /// for. Idempotent.
  bool drain_and_stop(Millis bound);

 private:
  class Lane;
  std::shared_ptr<Lane> make_lane(std::unique_ptr<Notifier> notifier) const;

  Doors doors_;
  OutboxTiming timing_;
  std::mutex life_;   // one of start, replace, drain_and_stop at a time
  std::mutex mutex_;  // lanes_, for poke() and try_out(): never held for long
  std::vector<std::shared_ptr<Lane>> lanes_;
  std::vector<std::shared_ptr<Lane>> retired_;  // of removed receivers, finishing their last delivery
  bool started_ = false;
  bool stopped_ = false;
  bool drained_ = true;
};

}  // namespace embargod

#pragma once
// A receiver in virtual time: FakeClock, MemoryOutbox and a notifier that answers as the test says.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/receiver_lane.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_outbox.h"

namespace embargod {

struct Sent {
  Instant at;
  std::string key;
  AlertStatus status;
  bool accepted;
};

class ScriptedNotifier final : public Notifier {
 public:
  ScriptedNotifier(ReceiverTraits traits, std::vector<Sent>& sent, std::function<Receipt(const Alert&)>& answer)
      : traits_{std::move(traits)}, sent_{sent}, answer_{answer} {}
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override {
    Receipt receipt;
    for (const Alert& a : alerts) {
      receipt = answer_(a);
      sent_.push_back({now, a.key, a.status, receipt.outcome == Outcome::accepted});
    }
    return receipt;
  }

 private:
  ReceiverTraits traits_;
  std::vector<Sent>& sent_;
  std::function<Receipt(const Alert&)>& answer_;
};

inline Receipt take() { return {.outcome = Outcome::accepted, .detail = "HTTP 200", .retry_after = {}}; }
inline Receipt away() { return {.outcome = Outcome::retry, .detail = "Couldn't connect to server", .retry_after = {}}; }

/// A receiver in virtual time: hours pass in milliseconds.
class LaneWorld {
 public:
  explicit LaneWorld(ReceiverTraits traits) : traits_{std::move(traits)} { start(); }

  void start() {  // again: what a restarted process knows
    lane_ = std::make_unique<ReceiverLane>(
        OutboxWorker::Doors{outbox, emergency, clock, [this](const DeliveryReport& r) { reports.push_back(r); },
                            [this] { return progress; }, "http://127.0.0.1:9750"},
        std::make_unique<ScriptedNotifier>(traits_, sent, answer), OutboxTiming{}, [] { return 0.9; });
  }

  void run_for(Millis duration) {
    const Millis end = clock.ticks() + duration;
    while (clock.ticks() < end) {
      const Turn turn = lane_->turn([] { return false; });
      clock.advance(std::min(turn.wait, end - clock.ticks()));
    }
  }

  std::int64_t add(Alert a) {
    a.decided_at = clock.now();
    return outbox.add(traits_.name, a);
  }

  [[nodiscard]] std::vector<std::string> accepted_keys() const {
    std::vector<std::string> keys;
    for (const Sent& s : sent)
      if (s.accepted) keys.push_back(s.key + (s.status == AlertStatus::firing ? "" : " resolved"));
    return keys;
  }
  [[nodiscard]] std::int64_t left() { return outbox.pending_count().value_or(-1); }
  ReceiverLane& lane() { return *lane_; }

  FakeClock clock{kNoon};
  MemoryOutbox outbox;
  EmergencyOutbox emergency;
  bool progress = true;
  std::function<Receipt(const Alert&)> answer = [](const Alert&) { return take(); };
  std::vector<Sent> sent;
  std::vector<DeliveryReport> reports;

 private:
  ReceiverTraits traits_;
  std::unique_ptr<ReceiverLane> lane_;
};

inline ReceiverTraits plain_traits() { return {.name = "webhook-1", .severities = {Severity::page, Severity::ticket}}; }
inline ReceiverTraits standing_traits() {
  return {.name = "alertmanager-1", .severities = {Severity::page, Severity::ticket}, .standing = true};
}

}  // namespace embargod

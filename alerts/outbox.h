#pragma once
// What is still to be told. Rows are written by the engine's commit; the outbox worker reads and marks them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "alerts/notifier.h"

namespace embargod {

// Stored; never renumber.
enum class DeliveryState : std::uint8_t { pending = 0, accepted = 1, superseded = 2 };
[[nodiscard]] const char* to_string(DeliveryState s);

/// One alert for one receiver. (alert.key, receiver) is unique.
struct Delivery {
  std::int64_t id = 0;  // rises with the order of decision
  std::string receiver;
  Alert alert;
  DeliveryState state = DeliveryState::pending;
  int attempts = 0;
  Instant next_try{};  // wall time
  std::optional<Instant> accepted_at;
  std::string detail;  // of the last attempt
};

/// Firing, and not merely better known than before.
[[nodiscard]] inline bool begins(const Alert& a) {
  return a.status == AlertStatus::firing && (a.notice == Notice::opened || a.notice == Notice::reopened);
}

/// Receivers' rows. Implementations are safe for several threads at once; every call is one transaction.
class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Pending rows of a receiver, oldest first, at most `limit`, whether due or not (the worker keeps their order).
  [[nodiscard]] virtual Result<std::vector<Delivery>> pending(const std::string& receiver, int limit) = 0;

  /// The newest accepted row of each standing alert of a receiver: all that fire, and those resolved since
  /// `resolved_since`.
  [[nodiscard]] virtual Result<std::vector<Delivery>> standing(const std::string& receiver, Instant resolved_since) = 0;

  /// When a receiver first accepted a firing row of this incident and alertname since its last accepted resolve; unset
  /// if never.
  [[nodiscard]] virtual Result<std::optional<Instant>> first_accepted(const std::string& receiver,
                                                                      const Alert& alert) = 0;

  [[nodiscard]] virtual Result<void> mark_accepted(std::int64_t id, Instant at, const std::string& detail) = 0;
  [[nodiscard]] virtual Result<void> mark_retry(std::int64_t id, Instant next_try, const std::string& detail) = 0;
  [[nodiscard]] virtual Result<void> mark_superseded(std::int64_t id) = 0;

  /// Pending rows that first tell of a firing alert (opened or reopened) which no receiver has accepted, oldest first,
  /// of at most `limit` rows that were looked at.
  [[nodiscard]] virtual Result<std::vector<Delivery>> untold(int limit) = 0;

  /// Rows still pending, over all receivers.
  [[nodiscard]] virtual Result<std::int64_t> pending_count() = 0;
};

}  // namespace embargod

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "config/digest_settings.h"
#include "config/types/time.h"

namespace embargod {

enum class Outcome : std::uint8_t {
  accepted = 0,  // the receiver said so (2xx, SMTP 250)
  retry = 1,     // not now: refused connection, timeout, 429, 5xx, SMTP 4xx
  rejected = 2,  // never: 400, 413, SMTP 5xx. Kept and counted, and tried again rarely, since a receiver may be mended
};

struct Receipt {
  Outcome outcome = Outcome::retry;
  std::string detail;                 // one line for the log and the delivery table: "503 Service Unavailable"
  std::optional<Millis> retry_after;  // as the receiver asked
  bool partly_refused = false;  // accepted, but a part of the audience refused for good (one of several mailboxes)
};

/// How a receiver wants alerts. Constant over its life.
struct ReceiverTraits {
  std::string name;  // "alertmanager-1": a metric label, never a URL
  std::vector<Severity> severities;
  bool standing = false;                   // holds alerts by label set: wants updates, resends and a late resolve
  bool watchdog = false;                   // gets EmbargodWatchdog
  bool acknowledgements = false;           // keeps incidents of its own: is told that a person has taken one
  std::optional<DigestSettings> digest{};  // set: people read it, who are told of many in one message
};

inline constexpr Millis kDeliveryDeadline{10'000};

/// One way to reach people. deliver() blocks up to its own deadline (kDeliveryDeadline) and is called by that
/// receiver's thread only.
class Notifier {
 public:
  virtual ~Notifier() = default;
  [[nodiscard]] virtual const ReceiverTraits& traits() const = 0;

  /// Sends `alerts` now: one for plain receivers, any number for standing ones. `now` stamps endsAt and Date.
  [[nodiscard]] virtual Receipt deliver(const std::vector<Alert>& alerts, Instant now) = 0;

  /// The process stops: a deliver() under way returns within about a second, with retry. For good; any thread.
  virtual void cancel() {}
};

}  // namespace embargod

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "config/types/time.h"
#include "config/types/url.h"
#include "probes/observation.h"

namespace embargod {

/// How much depends on this look: when the budget of a host is short, the higher goes first. `spare`: a guess, which
/// takes what all that was announced leaves over.
enum class Urgency : std::uint8_t { spare = 0, routine = 1, near_due = 2, window = 3, incident = 4 };

struct ProbeRequest {
  std::uint64_t token = 0;  // comes back in the Observation
  std::string target;       // target id, for the Observation
  Url url;
  Urgency urgency = Urgency::routine;
  Route route = Route::plain;
  std::size_t max_body = 0;  // decoded bytes; 0: the prober's own cap
};

/// Makes requests and tells what was seen. Owned and called by one thread (the engine's), but for wake().
class Prober {
 public:
  virtual ~Prober() = default;

  /// Queues a request; it starts as soon as its host's budget allows. Never blocks. Every start() yields one
  /// Observation.
  virtual void start(ProbeRequest request) = 0;

  /// Drives transfers until something finished, wake() was called, or `up_to` has passed. Returns what finished.
  [[nodiscard]] virtual std::vector<Observation> wait(Millis up_to) = 0;

  /// Ends a wait() early. Any thread, and safe from several at once.
  virtual void wake() = 0;

  /// Requests queued or in flight.
  [[nodiscard]] virtual std::size_t pending() const = 0;
};

}  // namespace embargod

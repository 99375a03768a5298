#pragma once

#include "config/types/time.h"

namespace embargod {

/// The one door to time: wall time to state when, ticks to measure how long. Only daemon/sys reads real clocks.
/// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  /// UTC wall time; jumps when the host's clock is stepped.
  [[nodiscard]] virtual Instant now() const = 0;

  /// Time since boot, counting suspend (CLOCK_BOOTTIME): never steps, never goes back.
  [[nodiscard]] virtual Millis ticks() const = 0;

  /// Bound on |now() - UTC|; widens every InstantBounds.
  [[nodiscard]] virtual Millis uncertainty() const = 0;

  /// False while no time server has confirmed the clock: reports then say "clock not verified".
  [[nodiscard]] virtual bool verified() const = 0;
};

}  // namespace embargod

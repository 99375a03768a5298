#pragma once

#include "config/types/clock.h"

namespace embargod {

/// Time that passes only when the prober of a simulation lets it: four days in a second. Not thread-safe.
class VirtualClock final : public Clock {
 public:
  VirtualClock(Instant start, Millis error, bool verified) : wall_{start}, error_{error}, verified_{verified} {}

  [[nodiscard]] Instant now() const override { return wall_; }
  [[nodiscard]] Millis ticks() const override { return ticks_; }  // from the start: true time, whatever the wall says
  [[nodiscard]] Millis uncertainty() const override { return error_; }
  [[nodiscard]] bool verified() const override { return verified_; }

  void advance(Millis d) {
    wall_ += d;
    ticks_ += d;
  }

  /// The wall clock is set.
  void step(Millis by) { wall_ += by; }

 private:
  Instant wall_;
  Millis ticks_{0};
  Millis error_;
  bool verified_;
};

}  // namespace embargod

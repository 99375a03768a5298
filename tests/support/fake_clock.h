#pragma once

#include "config/types/clock.h"

namespace embargod {

/// A clock that a test moves by hand. Not thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start) : wall_{start} {}

  [[nodiscard]] Instant now() const override { return wall_; }
  [[nodiscard]] Millis ticks() const override { return ticks_; }
  [[nodiscard]] Millis uncertainty() const override { return uncertainty_; }
  [[nodiscard]] bool verified() const override { return verified_; }

  void advance(Millis d) {
    wall_ += d;
    ticks_ += d;
  }
  /// An NTP step: wall time jumps, ticks do not.
  void step_wall(Millis d) { wall_ += d; }
  void set_uncertainty(Millis e) { uncertainty_ = e; }
  void set_verified(bool v) { verified_ = v; }

 private:
  Instant wall_;
  Millis ticks_{0};
  Millis uncertainty_{5};
  bool verified_ = true;
};

}  // namespace embargod

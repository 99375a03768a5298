#pragma once

#include <chrono>

#include "config/types/clock.h"

namespace embargod {

/// Sockets wait in real time, so tests of them need a clock that runs.
class RealClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  }
  [[nodiscard]] Millis ticks() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  [[nodiscard]] Millis uncertainty() const override { return Millis{5}; }
  [[nodiscard]] bool verified() const override { return true; }
};

}  // namespace embargod

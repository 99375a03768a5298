#pragma once

#include <chrono>

#include "config/types/clock.h"

namespace embargod {

/// Real time, for tests of threads and real peers.
class RealClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
  [[nodiscard]] Millis ticks() const override {
    return std::chrono::floor<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  [[nodiscard]] Millis uncertainty() const override { return Millis{0}; }
  [[nodiscard]] bool verified() const override { return true; }
};

}  // namespace embargod

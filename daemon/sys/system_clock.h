#pragma once

#include <mutex>
#include <optional>

#include "config/types/clock.h"

namespace embargod {

/// What the clock's error may be, from what time servers said and what has happened since. Pure arithmetic; no locking.
class ClockBound {
 public:
  /// `assumed`: the bound that holds until a time server has answered.
  explicit ClockBound(Millis assumed) : assumed_{assumed} {}

  /// A server's verdict at `ticks`. `wall_minus_ticks` there: a later difference is a step of the wall clock, and
  /// widens the bound.
  void measured(Micros error, Millis ticks, Millis wall_minus_ticks);

  /// No server answered at `ticks`: from here on the bound grows faster, and the clock counts as not verified.
  void unanswered(Millis ticks);

  /// +15 ppm of the age, 500 ppm once unanswered, and every step of the wall clock since.
  [[nodiscard]] Millis at(Millis ticks, Millis wall_minus_ticks) const;

  /// How far the wall clock was stepped since the last answer; 0 before the first.
  [[nodiscard]] Millis step_since(Millis wall_minus_ticks) const;

  [[nodiscard]] bool verified() const { return verified_; }

 private:
  struct Measured {
    Micros error{0};
    Millis ticks{0};
    Millis wall_minus_ticks{0};
  };
  Millis assumed_;
  std::optional<Measured> last_;
  std::optional<Millis> unanswered_since_;
  bool verified_ = false;
};

/// CLOCK_REALTIME and CLOCK_BOOTTIME. Any thread.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(Millis assumed_error) : bound_{assumed_error} {}

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Millis ticks() const override;
  [[nodiscard]] Millis uncertainty() const override;
  [[nodiscard]] bool verified() const override;

  /// For ClockDiscipline: error and verification change together.
  void measured(Micros error);
  void contradicted(Micros error);  // servers answered, but no majority agrees: the bound holds, unverified
  void unanswered();
  [[nodiscard]] Millis step_since_measured() const;

 private:
  mutable std::mutex mutex_;
  ClockBound bound_;
};

}  // namespace embargod

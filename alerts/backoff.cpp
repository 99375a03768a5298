#include "alerts/backoff.h"

#include <algorithm>
#include <cmath>

namespace embargod {

Millis backoff(int failures, double random, const BackoffRange& range) {
  constexpr int kMaxSteps = 100;
  constexpr double kGrowth = 4.0 / 3;
  const int steps = std::clamp(failures - 1, 0, kMaxSteps);
  const double ceiling = std::min(static_cast<double>(range.first.count()) * std::pow(kGrowth, steps),
                                  static_cast<double>(range.cap.count()));
  const Millis jittered{std::llround(ceiling * std::clamp(random, 0.0, 1.0))};
  return std::min(std::max(jittered, range.first / 4), range.cap);
}

Millis backoff(int failures, double random, const BackoffRange& range, std::optional<Millis> retry_after) {
  const Millis own = backoff(failures, random, range);
  return retry_after ? std::max(own, std::min(*retry_after, range.cap)) : own;
}

}  // namespace embargod

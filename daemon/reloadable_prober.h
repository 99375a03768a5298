#pragma once

#include <memory>
#include <mutex>

#include "probes/prober.h"

namespace embargod {

/// A prober whose inner one can be exchanged while it runs: a reload may change budgets, addresses and timeouts. What
/// is in flight finishes on the old one. Engine thread, but for wake() and exchange().
class ReloadableProber final : public Prober {
 public:
  explicit ReloadableProber(std::unique_ptr<Prober> first) : current_{std::move(first)} {}

  /// The next start() goes to `next`. Any thread.
  void exchange(std::unique_ptr<Prober> next);

  void start(ProbeRequest request) override;
  [[nodiscard]] std::vector<Observation> wait(Millis up_to) override;
  void wake() override;
  [[nodiscard]] std::size_t pending() const override;

 private:
  void adopt_next();

  mutable std::mutex mutex_;  // guards the pointers, never held while waiting
  std::shared_ptr<Prober> current_;
  std::shared_ptr<Prober> leaving_;  // until its last answer
  std::shared_ptr<Prober> next_;
};

}  // namespace embargod

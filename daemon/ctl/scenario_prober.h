#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/scenario.h"
#include "daemon/ctl/virtual_clock.h"
#include "probes/prober.h"

namespace embargod {

/// Answers from a scenario instead of a network; waiting moves the virtual clock. Borrows both. One thread.
class ScenarioProber final : public Prober {
 public:
  ScenarioProber(const Scenario& scenario, VirtualClock& clock);

  void start(ProbeRequest request) override;

  /// Moves the clock to the next finished answer, or by `up_to` if that comes first.
  [[nodiscard]] std::vector<Observation> wait(Millis up_to) override;

  void wake() override {}
  [[nodiscard]] std::size_t pending() const override { return finished_.size(); }

  [[nodiscard]] std::int64_t looks() const { return looks_; }

 private:
  struct Hop {
    const ScenarioAnswer* answer;  // nullptr: nothing is there yet, 404
    Millis latency;
  };
  [[nodiscard]] Hop answer_at(const std::string& url, Instant t) const;
  void fill(Observation& o, const Hop& hop) const;

  const Scenario& scenario_;
  VirtualClock& clock_;
  std::map<std::string, std::vector<const ScenarioAnswer*>> answers_;  // by URL, by time
  std::multimap<Millis, Observation> finished_;                        // by the ticks at which they are complete
  std::int64_t looks_ = 0;
};

}  // namespace embargod

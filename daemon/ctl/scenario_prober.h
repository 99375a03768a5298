#pragma once

#include <map>
#include <vector>

#include "daemon/ctl/played_web.h"
#include "daemon/ctl/virtual_clock.h"
#include "probes/prober.h"

namespace embargod {

/// A prober whose waiting moves a virtual clock: what is finished is told at the time it is complete. One thread.
class VirtualTimeProber : public Prober {
 public:
  explicit VirtualTimeProber(VirtualClock& clock) : clock_{clock} {}

  /// Moves the clock to the next finished answer, or by `up_to` if that comes first.
  [[nodiscard]] std::vector<Observation> wait(Millis up_to) override;
  void wake() override {}
  [[nodiscard]] std::size_t pending() const override { return finished_.size(); }

 protected:
  /// What is known of every look when it starts.
  [[nodiscard]] Observation begin(const ProbeRequest& request) const;
  /// The look took so long in virtual time: dates it, and tells it then.
  void finish(Observation o, Millis took);
  [[nodiscard]] VirtualClock& clock() const { return clock_; }

 private:
  VirtualClock& clock_;
  std::multimap<Millis, Observation> finished_;  // by the ticks at which they are complete
};

/// Answers from a scenario instead of a network. Borrows both.
class ScenarioProber final : public VirtualTimeProber {
 public:
  ScenarioProber(PlayedWeb& web, VirtualClock& clock) : VirtualTimeProber{clock}, web_{web} {}

  void start(ProbeRequest request) override;

 private:
  PlayedWeb& web_;
};

}  // namespace embargod

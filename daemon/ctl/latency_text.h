#pragma once
// The latency budget in words, for `embargoctl check config`. Pure.

#include <array>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/settings.h"
#include "daemon/watch/latency.h"

namespace embargod {

/// Two tables: the steps in each phase, and what they come to for each receiver; then what is not in them.
[[nodiscard]] std::string latency_text(const std::array<LatencyPhase, 3>& phases, const Polling& polling,
                                       const std::vector<ReceiverTraits>& receivers);

/// A line for each phase that can take longer than `bound`, with what to change.
[[nodiscard]] std::vector<std::string> latency_warnings(const std::array<LatencyPhase, 3>& phases, Millis bound);

}  // namespace embargod

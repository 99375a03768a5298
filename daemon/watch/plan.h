#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/release.h"
#include "config/settings.h"
#include "daemon/watch/alerting.h"
#include "probes/liveness.h"

namespace embargod {

/// Everything the engine works by, swapped whole on reload. Immutable.
struct Plan {
  Schedule schedule;
  std::vector<std::unique_ptr<CompiledProfile>> profiles;  // every profile that a target names
  Polling polling;
  AlertContext context;
  std::vector<ReceiverTraits> receivers;
  Millis retention{std::int64_t{400} * 24 * 3'600'000};
};

/// Compiles the profiles that the schedule uses. Faults carry the config's marks.
[[nodiscard]] Checked<std::shared_ptr<const Plan>> make_plan(const Settings& settings, const Schedule& schedule,
                                                             const std::vector<ReceiverTraits>& receivers);

}  // namespace embargod

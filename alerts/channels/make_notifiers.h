#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/settings.h"

namespace embargod {

/// One notifier per configured receiver and Alertmanager peer: by its name (alertmanager-1 where the settings
/// have none), kind by kind in the order of the config. `zone` is the zone in which mails state local times.
[[nodiscard]] std::vector<std::unique_ptr<Notifier>> make_notifiers(const AlertSettings& settings,
                                                                    const std::string& zone);

/// Which receivers get an alert, by severity and notice (updates go to standing receivers only). Pure.
[[nodiscard]] std::vector<std::string> route(const Alert& alert, const std::vector<ReceiverTraits>& receivers);

}  // namespace embargod

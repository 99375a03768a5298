#include "daemon/watch/plan.h"

#include <algorithm>
#include <set>

namespace embargod {

Checked<std::shared_ptr<const Plan>> make_plan(const Settings& settings, const Schedule& schedule,
                                               const std::vector<ReceiverTraits>& receivers) {
  std::set<std::string> used;
  for (const Release& r : schedule.releases)
    for (const Target& t : r.targets) used.insert(t.profile);

  auto plan = std::make_shared<Plan>();
  Faults faults;
  // All are compiled, also those that no target names today: a fault must not wait for the day of a reload.
  for (const Profile& p : settings.profiles) {
    auto compiled = compile(p);
    if (!compiled)
      faults.insert(faults.end(), compiled.error().begin(), compiled.error().end());
    else if (used.contains(p.name))
      plan->profiles.push_back(std::move(*compiled));
  }
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};

  plan->schedule = schedule;
  plan->polling = settings.polling;
  plan->receivers = receivers;
  plan->retention = settings.storage.retention;
  plan->context = AlertContext{.zone = settings.timezone,
                               .external_url = settings.web.external_url,
                               .incident_interval = settings.polling.incident_interval,
                               .blind_after = settings.polling.blind_after};
  return std::shared_ptr<const Plan>{std::move(plan)};
}

}  // namespace embargod

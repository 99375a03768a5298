#include <algorithm>

#include "alerts/channels/make_notifiers.h"

namespace embargod {

std::vector<std::string> route(const Alert& alert, const std::vector<ReceiverTraits>& receivers) {
  std::vector<std::string> names;
  for (const ReceiverTraits& r : receivers) {
    if (alert.notice == Notice::updated && !r.standing) continue;
    if (alert.notice == Notice::reminder && r.standing) continue;
    if (alert.notice == Notice::acknowledged && !r.acknowledgements) continue;
    if (std::find(r.severities.begin(), r.severities.end(), alert.severity) == r.severities.end()) continue;
    names.push_back(r.name);
  }
  return names;
}

}  // namespace embargod

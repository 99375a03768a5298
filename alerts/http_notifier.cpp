#include "alerts/http_notifier.h"

#include <string>
#include <utility>

namespace embargod {

Receipt HttpNotifier::deliver(const std::vector<Alert>& alerts, Instant now) {
  Receipt receipt{.outcome = Outcome::accepted, .detail = {}, .retry_after = {}};
  for (const Alert& alert : alerts) {
    receipt = judge(poster_.exchange(request(alert, now)));
    if (receipt.outcome != Outcome::accepted) break;
  }
  return receipt;
}

Receipt accepted_only_by(int status, HttpAnswer answer) {
  Receipt& r = answer.receipt;
  if (r.outcome == Outcome::accepted && answer.status != status) {
    r.outcome = Outcome::retry;
    r.detail += ", where " + std::to_string(status) + " says that it was taken";
  }
  return std::move(r);
}

}  // namespace embargod

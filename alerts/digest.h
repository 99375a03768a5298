#pragma once
// Many alerts in one message, for receivers that people read: forty releases of one day make no storm (ADR 0020).

#include <memory>
#include <vector>

#include "alerts/alert.h"
#include "alerts/notifier.h"
#include "config/digest_settings.h"

namespace embargod {

/// One alert that names each of `members` (two or more, all firing or all resolved) in its annotation `listed`, a line
/// each: what it says, the first URL, the incident's id. Its key follows from theirs, whatever their order: the same
/// members in a retry are the same message. It has no incident of its own: `incident` is that key. Pure.
[[nodiscard]] Alert make_digest(const std::vector<Alert>& members);

/// The same notifier, whose traits say that it takes digests.
[[nodiscard]] std::unique_ptr<Notifier> with_digests(std::unique_ptr<Notifier> notifier, const DigestSettings& rule);

}  // namespace embargod

#pragma once
// Answers that are not what a visitor of the site sees: bot walls, sign-in forms, maintenance, proxies on the way.
// Pure.

#include <string>

#include "probes/observation.h"
#include "probes/page.h"

namespace embargod {

struct Blocked {
  Cause cause = Cause::none;  // challenge, sign_in, maintenance, intermediary; none: nothing of the kind
  std::string rule;           // "engine: cf-mitigated: challenge"
};

/// By headers, and by bodies too short to be anything else: certain, whatever the status. (conventions.md: EDGI's
/// list.)
[[nodiscard]] Blocked blocked_for_sure(const Observation& o);

/// By what the page says: a password field, "checking your browser", "down for maintenance". Only asked where no rule
/// of the recipe has recognised the page. `page` is null where the body is no readable HTML.
[[nodiscard]] Blocked blocked_by_looks(const Observation& o, const Page* page);

/// The page says that there is nothing (in its title or first heading): "page not found", "404", "no longer available".
[[nodiscard]] bool says_not_found(const Page& page);

}  // namespace embargod

#pragma once
// What concerns several releases at once, perhaps of several files.

#include <vector>

#include "config/profile.h"
#include "config/release.h"

namespace embargod {

/// The same bytes on the wire, whatever the spelling of scheme and host.
[[nodiscard]] bool same_address(const Url& a, const Url& b);

/// Adds a note for every URL that more than one release names. `id_marks` stand for schedule.releases, in the same
/// order.
void note_shared_urls(Schedule& schedule, const std::vector<Mark>& id_marks);

}  // namespace embargod

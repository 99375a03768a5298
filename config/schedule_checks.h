#pragma once
// What concerns several releases at once, perhaps of several files.

#include <string>
#include <vector>

#include "config/profile.h"
#include "config/release.h"

namespace embargod {

/// The same bytes on the wire, whatever the spelling of scheme and host.
[[nodiscard]] bool same_address(const Url& a, const Url& b);

/// What is the same for the same address, as a key.
[[nodiscard]] std::string whole_address(const Url& url);

/// Adds a note for every URL that more than one release names. `id_marks` stand for schedule.releases, in the same
/// order.
void note_shared_urls(Schedule& schedule, const std::vector<Mark>& id_marks);

/// Whether lint_schedule() says it too, and more: such notes are left out where its findings are shown.
[[nodiscard]] bool is_said_by_lint(const std::string& note);

}  // namespace embargod

#pragma once
// What of a commit the emergency journal keeps, as JSON. Pure; lossless for what it keeps.

#include <string>
#include <string_view>

#include "daemon/watch/store.h"

namespace embargod {

[[nodiscard]] std::string journal_text(const Commit& c);

/// Errors: corrupt, unsupported (a newer form).
[[nodiscard]] Result<Commit> commit_of(std::string_view text);

}  // namespace embargod

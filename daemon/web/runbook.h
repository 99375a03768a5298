#pragma once

#include <string>
#include <string_view>

namespace embargod {

/// The part of deploy/OPERATIONS.md for people on call as HTML: "At night" and every alert, each heading with the
/// anchor that `runbook_url` names (#embargoearly). Reads the few forms of Markdown that the file uses; everything else
/// is escaped text. Pure.
[[nodiscard]] std::string runbook_html(std::string_view operations_md);

}  // namespace embargod

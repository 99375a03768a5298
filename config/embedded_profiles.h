#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace embargod {

/// Name ("profiles/generic.yaml") and bytes of each shipped profile, as they were when the program was built.
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& embedded_profiles();

}  // namespace embargod

#pragma once
// Zip archives made in memory, for tests of what reads them.

#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace embargod {

/// Names and contents, in this order; all with the modification time `mtime`. The first is stored, the others are
/// deflated, as OpenDocument wants it.
[[nodiscard]] std::string make_zip(const std::vector<std::pair<std::string, std::string>>& members,
                                   std::time_t mtime = 1'777'000'000);

}  // namespace embargod

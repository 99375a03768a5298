#pragma once

#include <string>
#include <vector>

namespace embargod {

/// Rows under a head, columns aligned by what is seen, two blanks between; no trailing blanks. Control characters of
/// outside text do not reach the terminal. Good for a person at night and for a pipe.
[[nodiscard]] std::string plain_table(const std::vector<std::string>& head,
                                      const std::vector<std::vector<std::string>>& rows);

}  // namespace embargod

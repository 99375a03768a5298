#pragma once
// Letters of protocols and addresses: ASCII alone, whatever the locale.

#include <algorithm>
#include <string>
#include <string_view>

namespace embargod {

[[nodiscard]] constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

[[nodiscard]] inline std::string ascii_lowered(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return out;
}

}  // namespace embargod

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace embargod {

/// RFC 4648 section 4, padded.
[[nodiscard]] std::string base64(std::string_view bytes);

/// Only what base64() writes: no white space, no second way to say the same. Unset otherwise.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace embargod

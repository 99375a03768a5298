#pragma once

#include <string_view>

namespace embargod {

/// A template or style sheet of daemon/web/assets, which are part of the binary; "" for a name that is none.
[[nodiscard]] std::string_view asset(std::string_view name);

}  // namespace embargod

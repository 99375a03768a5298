#pragma once

#include <string>
#include <string_view>

namespace embargod {

/// & < > " ' as entities, for element text and quoted attributes. Pure.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace embargod

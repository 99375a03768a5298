#pragma once
// An XPath cut into its tokens (XPath 1.0 section 3.7).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

enum class Tok : std::uint8_t { end, name, number, literal, sign };

struct XToken {
  Tok kind = Tok::end;
  std::string text;  // of a sign: "//", "::", "!=", ...
  std::size_t at = 0;
};

/// The last is `end`. Unset: a character that XPath has no use for, or an open quote. Names may yet be operators.
[[nodiscard]] std::optional<std::vector<XToken>> xpath_tokens(std::string_view text);

}  // namespace embargod

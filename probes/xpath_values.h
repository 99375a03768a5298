#pragma once
// XPath's conversions and text functions (XPath 1.0 section 4). Pure.

#include <string>
#include <string_view>

namespace embargod {

[[nodiscard]] double xpath_number(std::string_view text);  // NaN if it is none
[[nodiscard]] std::string xpath_text(double number);
[[nodiscard]] double xpath_round(double number);

[[nodiscard]] std::string xpath_normalize(std::string_view text);
[[nodiscard]] std::size_t xpath_length(std::string_view text);  // in characters
/// Characters at 1-based positions p with round(first) <= p < round(first) + round(length).
[[nodiscard]] std::string xpath_substring(std::string_view text, double first, double length);
[[nodiscard]] std::string xpath_translate(std::string_view text, std::string_view from, std::string_view to);

}  // namespace embargod

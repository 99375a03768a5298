#pragma once

#include <cstdint>

namespace embargod {

enum class Severity : std::uint8_t { page = 0, ticket = 1, info = 2 };  // stored; never renumber
[[nodiscard]] const char* to_string(Severity s);

}  // namespace embargod

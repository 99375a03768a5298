#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace embargod {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4). Pure.
[[nodiscard]] Digest sha256(std::string_view bytes);

/// HMAC-SHA-256 (RFC 2104). Pure.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex(const Digest& d);

}  // namespace embargod

#pragma once
// What a zip archive in memory says of its members. Nothing is ever unpacked, so a bomb costs nothing.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

struct ZipMember {
  std::string name;        // as stored
  std::uint64_t size = 0;  // unpacked, as stated
  std::uint32_t crc = 0;   // CRC-32 of the unpacked bytes, as stated
};

/// Sorted by name. Unset: no zip archive, or its central directory, which stands at its end, is cut or broken. Pure.
[[nodiscard]] std::optional<std::vector<ZipMember>> zip_members(std::string_view body);

}  // namespace embargod

#pragma once
// One gzip member (RFC 1952) at a time: a WARC file is a row of them. Pure.

#include <cstddef>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// No name, no time: the same bytes in give the same bytes out (with the same zlib).
[[nodiscard]] std::string gzip_member(std::string_view plain);

struct GzipMember {
  std::string plain;
  std::size_t size = 0;  // of the member itself, in the bytes that it was read from
};

/// The member that `bytes` begin with; its CRC and length are checked. Errors: out_of_order (it ends before it is
/// whole), corrupt, unsupported (more than `most` bytes when unpacked).
[[nodiscard]] Result<GzipMember> read_gzip_member(std::string_view bytes, std::size_t most);

}  // namespace embargod

#pragma once
// Records of WARC 1.1 (ISO 28500:2017), each a gzip member of its own. The writer.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embargod {

inline constexpr const char* kRevisitProfile = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";

struct WarcRecord {
  std::string type;                                         // "response"
  std::vector<std::pair<std::string, std::string>> fields;  // the named ones, but for Type, Block-Digest and Length
  std::string block;

  /// The first value of a field, compared without case; nullptr if there is none.
  [[nodiscard]] const std::string* field(std::string_view name) const;
};

/// "<urn:uuid:...>", random (RFC 9562, version 4).
[[nodiscard]] std::string new_record_id();

/// As a gzip member. Adds WARC-Block-Digest (SHA-256, hexadecimal as all our digests) and Content-Length. Values must
/// be free of line breaks.
[[nodiscard]] std::string warc_member(const WarcRecord& r);

/// Where the payload of an HTTP block begins: behind the empty line; the block's size if there is none.
[[nodiscard]] std::size_t http_payload_at(std::string_view block);

}  // namespace embargod

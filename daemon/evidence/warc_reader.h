#pragma once
// Reads back what warc.h writes, and no more than that: every byte is accounted for, digests are checked. Pure; for
// bytes of unknown origin too.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "daemon/evidence/warc.h"

namespace embargod {

inline constexpr std::size_t kMostRecord = std::size_t{64} << 20U;  // bytes of one record, unpacked

struct PlacedRecord {
  std::size_t offset = 0;  // of its member in the file
  std::size_t size = 0;    // of its member
  WarcRecord record;       // fields as read, with Block-Digest and Length
};

/// One record without its gzip wrapper. Error corrupt: no WARC 1.1 record, a field that is missing, doubled or ill
/// formed, a length that does not fit, a digest that is not that of the block or of the payload.
[[nodiscard]] Result<WarcRecord> read_warc_record(std::string_view plain);

/// Reads a file record by record.
class WarcReader {
 public:
  explicit WarcReader(std::string_view file) : file_{file} {}

  /// The next record; unset at the end. Errors: out_of_order (the last record is cut), corrupt, unsupported (too
  /// large); offset() is that of the record then.
  [[nodiscard]] Result<std::optional<PlacedRecord>> next();

  [[nodiscard]] std::size_t offset() const { return offset_; }

 private:
  std::string_view file_;
  std::size_t offset_ = 0;
};

}  // namespace embargod

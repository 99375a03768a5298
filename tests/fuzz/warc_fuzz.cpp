// WARC files as they lie on a disk or in an export: unpacked member by member, and as plain records.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/evidence/warc.h"
#include "daemon/evidence/warc_reader.h"

namespace {

using namespace embargod;

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  WarcReader reader{bytes};
  std::size_t end = 0;
  for (;;) {
    const auto next = reader.next();
    check(next.has_value() || reader.offset() == end);
    if (!next || !*next) break;
    check((*next)->offset == end && (*next)->size > 0);
    end += (*next)->size;
  }
  check(end <= size);
  if (const auto record = read_warc_record(bytes)) {
    check(!record->type.empty() && record->block.size() < size);
    check(record->field("warc-record-id") != nullptr && http_payload_at(record->block) <= record->block.size());
  }
  return 0;
}

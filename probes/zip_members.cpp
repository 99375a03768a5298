#include "probes/zip_members.h"

#include <zip.h>

#include <algorithm>
#include <memory>
#include <tuple>

namespace embargod {
namespace {

struct ArchiveCleanup {
  void operator()(zip_t* z) const { zip_discard(z); }
};

}  // namespace

std::optional<std::vector<ZipMember>> zip_members(std::string_view body) {
  if (!body.starts_with("PK")) return std::nullopt;  // an archive behind other bytes is not what a site serves as one
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(body.data(), body.size(), 0, &error);
  if (source == nullptr) return std::nullopt;
  const std::unique_ptr<zip_t, ArchiveCleanup> archive{zip_open_from_source(source, ZIP_RDONLY, &error)};
  zip_error_fini(&error);
  if (!archive) {
    zip_source_free(source);
    return std::nullopt;
  }
  const zip_int64_t count = zip_get_num_entries(archive.get(), ZIP_FL_UNCHANGED);
  std::vector<ZipMember> members;
  members.reserve(static_cast<std::size_t>(std::max<zip_int64_t>(count, 0)));
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_UNCHANGED | ZIP_FL_ENC_RAW, &stat) != 0)
      return std::nullopt;
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_CRC;
    if ((stat.valid & kNeeded) != kNeeded) return std::nullopt;
    members.push_back({stat.name, stat.size, stat.crc});
  }
  std::sort(members.begin(), members.end(), [](const ZipMember& a, const ZipMember& b) {
    return std::tie(a.name, a.size, a.crc) < std::tie(b.name, b.size, b.crc);
  });
  return members;
}

}  // namespace embargod

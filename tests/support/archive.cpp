#include "tests/support/archive.h"

#include <zip.h>

#include <stdexcept>

namespace embargod {
namespace {

void must_zip(bool good) {
  if (!good) throw std::runtime_error{"libzip failed"};
}

}  // namespace

std::string make_zip(const std::vector<std::pair<std::string, std::string>>& members, std::time_t mtime) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const target = zip_source_buffer_create(nullptr, 0, 0, &error);
  must_zip(target != nullptr);
  zip_t* const archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  must_zip(archive != nullptr);
  zip_source_keep(target);  // zip_close() would free it
  for (const auto& [name, content] : members) {
    zip_source_t* const source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    must_zip(index >= 0);
    const auto at = static_cast<zip_uint64_t>(index);
    must_zip(zip_set_file_compression(archive, at, index == 0 ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0);
    must_zip(zip_file_set_mtime(archive, at, mtime, 0) == 0);
  }
  must_zip(zip_close(archive) == 0);
  zip_stat_t stat;
  must_zip(zip_source_open(target) == 0 && zip_source_stat(target, &stat) == 0);
  std::string bytes(stat.size, '\0');
  must_zip(zip_source_read(target, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size()));
  zip_source_close(target);
  zip_source_free(target);
  zip_error_fini(&error);
  return bytes;
}

}  // namespace embargod

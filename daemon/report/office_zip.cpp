#include "daemon/report/office_zip.h"

#include <zip.h>

#include <memory>
#include <new>
#include <sstream>

namespace embargod {
namespace {

struct ZipCleanup {
  void operator()(zip_t* z) const { zip_discard(z); }
  void operator()(zip_source_t* s) const { zip_source_free(s); }
};

// In memory libzip fails for want of memory only.
void must(bool done) {
  if (!done) throw std::bad_alloc{};
}

// 1 January 1980, 00:00: where the time of DOS begins. Set as such, since a time_t would be turned into local time.
constexpr zip_uint16_t kDosTime = 0;
constexpr zip_uint16_t kDosDate = (1U << 5U) | 1U;

void add_part(zip_t* archive, const OfficePart& part) {
  zip_source_t* source = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
  must(source != nullptr);
  const zip_int64_t index = zip_file_add(archive, part.name.c_str(), source, ZIP_FL_ENC_GUESS);
  if (index < 0) zip_source_free(source);
  must(index >= 0);
  const auto at = static_cast<zip_uint64_t>(index);
  const bool is_stored = part.packing == OfficePart::Packing::stored;
  must(zip_set_file_compression(archive, at, is_stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) == 0);
  must(zip_file_set_dostime(archive, at, kDosTime, kDosDate, 0) == 0);
}

}  // namespace

std::string office_zip(const std::vector<OfficePart>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, ZipCleanup> target{zip_source_buffer_create(nullptr, 0, 0, &error)};
  must(target != nullptr);
  zip_source_keep(target.get());  // closing the archive drops one hold on it
  std::unique_ptr<zip_t, ZipCleanup> archive{zip_open_from_source(target.get(), ZIP_TRUNCATE, &error)};
  zip_error_fini(&error);
  if (!archive) zip_source_free(target.get());
  must(archive != nullptr);
  for (const OfficePart& p : parts) add_part(archive.get(), p);
  must(zip_close(archive.get()) == 0);
  [[maybe_unused]] const zip_t* closed = archive.release();  // zip_close() has freed it
  zip_stat_t stat;
  must(zip_source_open(target.get()) == 0 && zip_source_stat(target.get(), &stat) == 0);
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(target.get(), bytes.data(), bytes.size());
  zip_source_close(target.get());
  must(read == static_cast<zip_int64_t>(bytes.size()));
  return bytes;
}

pugi::xml_node add_element(pugi::xml_node parent, const char* name, XmlAttributes attributes) {
  pugi::xml_node node = parent.append_child(name);
  for (const auto& [key, value] : attributes) node.append_attribute(key).set_value(std::string{value}.c_str());
  return node;
}

void add_xml_text(pugi::xml_node parent, const std::string& text) {
  parent.append_child(pugi::node_pcdata).set_value(text.c_str());
}

std::string xml_bytes(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + out.str();
}

}  // namespace embargod

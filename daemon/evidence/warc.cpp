#include "daemon/evidence/warc.h"

#include <openssl/rand.h>

#include <array>
#include <cassert>

#include "config/types/digest.h"
#include "config/types/url.h"
#include "daemon/evidence/gzip.h"

namespace embargod {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

}  // namespace

const std::string* WarcRecord::field(std::string_view name) const {
  for (const auto& [key, value] : fields)
    if (same_name(key, name)) return &value;
  return nullptr;
}

std::string new_record_id() {
  std::array<std::uint8_t, 16> b{};
  [[maybe_unused]] const int ok = RAND_bytes(b.data(), static_cast<int>(b.size()));
  assert(ok == 1);
  b[6] = static_cast<std::uint8_t>((b[6] & 0x0FU) | 0x40U);
  b[8] = static_cast<std::uint8_t>((b[8] & 0x3FU) | 0x80U);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id = "<urn:uuid:";
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += kDigits[b[i] >> 4U];
    id += kDigits[b[i] & 0x0FU];
  }
  return id + ">";
}

std::string warc_member(const WarcRecord& r) {
  std::string text = "WARC/1.1\r\nWARC-Type: " + r.type + "\r\n";
  for (const auto& [name, value] : r.fields) {
    assert(value.find_first_of("\r\n") == std::string::npos);
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
  }
  text += "WARC-Block-Digest: sha256:" + hex(sha256(r.block)) + "\r\n";
  text += "Content-Length: " + std::to_string(r.block.size()) + "\r\n\r\n";
  text += r.block;
  text += "\r\n\r\n";
  return gzip_member(text);
}

std::size_t http_payload_at(std::string_view block) {
  const auto end = block.find("\r\n\r\n");
  return end == std::string_view::npos ? block.size() : end + 4;
}

}  // namespace embargod

#include "config/types/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cassert>

namespace embargod {

Digest sha256(std::string_view bytes) {
  Digest out{};
  unsigned int size = 0;
  [[maybe_unused]] const int ok = EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha256(), nullptr);
  assert(ok == 1 && size == out.size());
  return out;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest out{};
  unsigned int size = 0;
  [[maybe_unused]] const auto* ok =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
           bytes.size(), out.data(), &size);
  assert(ok != nullptr && size == out.size());
  return out;
}

std::string hex(const Digest& d) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string s;
  s.reserve(d.size() * 2);
  for (const std::uint8_t b : d) {
    s += kDigits[b >> 4U];
    s += kDigits[b & 0x0FU];
  }
  return s;
}

}  // namespace embargod

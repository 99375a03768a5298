#include "daemon/evidence/base64.h"

#include <algorithm>
#include <cstdint>

namespace embargod {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kLetters[group >> (18U - 6U * k) & 63U] : '=';
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    std::size_t letters = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const auto at = kLetters.find(text[i + k]);
      if (at == std::string_view::npos && text[i + k] != '=') return std::nullopt;
      group = group << 6U | (at == std::string_view::npos ? 0U : static_cast<std::uint32_t>(at));
      if (at != std::string_view::npos) ++letters;
    }
    if (letters < 2) return std::nullopt;
    for (std::size_t k = 0; k + 1 < letters; ++k) out += static_cast<char>(group >> (16U - 8U * k) & 255U);
  }
  if (base64(out) != text) return std::nullopt;
  return out;
}

}  // namespace embargod

#include "probes/xpath_tokens.h"

#include <algorithm>
#include <array>

namespace embargod {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_number_char(char c) { return c >= '0' && c <= '9'; }
bool is_name_char(char c) { return is_name_start(c) || is_number_char(c) || c == '-' || c == '.'; }

}  // namespace

std::optional<std::vector<XToken>> xpath_tokens(std::string_view s) {
  std::vector<XToken> tokens;
  std::size_t i = 0;
  const auto take = [&](Tok kind, std::size_t length) {
    tokens.push_back({kind, std::string{s.substr(i, length)}, i});
    i += length;
  };
  while (i < s.size()) {
    const char c = s[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
    } else if (is_number_char(c) || (c == '.' && i + 1 < s.size() && is_number_char(s[i + 1]))) {
      std::size_t n = 0;
      while (i + n < s.size() && is_number_char(s[i + n])) ++n;
      if (i + n < s.size() && s[i + n] == '.') ++n;
      while (i + n < s.size() && is_number_char(s[i + n])) ++n;
      take(Tok::number, n);
    } else if (is_name_start(c)) {
      std::size_t n = 1;
      while (i + n < s.size() && is_name_char(s[i + n])) ++n;
      take(Tok::name, n);
    } else if (c == '"' || c == '\'') {
      const auto close = s.find(c, i + 1);
      if (close == std::string_view::npos) return std::nullopt;
      tokens.push_back({Tok::literal, std::string{s.substr(i + 1, close - i - 1)}, i});
      i = close + 1;
    } else {
      constexpr auto kTwo = std::to_array<std::string_view>({"//", "::", "..", "!=", "<=", ">="});
      const bool two = std::find(kTwo.begin(), kTwo.end(), s.substr(i, 2)) != kTwo.end();
      if (!two && std::string_view{"()[].@,/|+-=<>*:"}.find(c) == std::string_view::npos) return std::nullopt;
      take(Tok::sign, two ? 2 : 1);
    }
  }
  tokens.push_back({Tok::end, {}, s.size()});
  return tokens;
}

}  // namespace embargod

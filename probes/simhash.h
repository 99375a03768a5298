#pragma once
// A fingerprint under which near texts are near. Pure.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace embargod {

/// Position and length of a word in a text, in bytes. Every byte above 127 is a letter.
struct TextWord {
  std::size_t at = 0;
  std::size_t size = 0;
};
[[nodiscard]] std::vector<TextWord> text_words(std::string_view text);

struct TextPrint {
  std::uint64_t simhash = 0;  // Charikar 2002
  std::size_t words = 0;
};

/// Over words and pairs of words, without regard to ASCII case. Whatever holds a digit (times, numbers of a request)
/// counts as one word.
[[nodiscard]] TextPrint text_print(std::string_view text);

/// Spreads the bits of a number over all 64 (splitmix64, Steele 2014).
[[nodiscard]] std::uint64_t spread(std::uint64_t x);

}  // namespace embargod

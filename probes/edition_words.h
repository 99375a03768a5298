#pragma once
// A text cut into words and numbers, as edition.cpp reads it. Pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// What stands between a word and the one before it.
enum class Gap : std::uint8_t {
  none,             // "Q1", "v4", "25th": letters and digits touch
  blank,            // blanks, commas, brackets, underscores and the like
  dash,             // one dash without blanks: "2026-01"
  spaced_dash,      // "January - March"
  slash,            // "2025/26"
  apostrophe,       // "Jan '26"
  figure,           // point, comma or a sign within a figure: "2,026", "4.1", "£2026"
  end_of_sentence,  // a full stop and a blank; a line's end; the text's begin
};

/// A run of letters, or of digits.
struct Word {
  std::string lower;             // ASCII letters in lower case; of digits: as written
  std::size_t at = 0;            // in the text
  std::size_t lower_length = 0;  // bytes in the text
  int digits = 0;                // how many; 0: a word of letters
  int number = 0;                // up to nine digits
  Gap gap = Gap::end_of_sentence;
  bool leading_zero = false;
  bool after_plus = false;
  bool after_point = false;  // the gap is one full stop
};

[[nodiscard]] std::vector<Word> edition_words(std::string_view text);

/// English and Welsh, full or short ("Sept"), with Welsh mutations ("i Fawrth"). January is 0.
[[nodiscard]] std::optional<int> month_named(const std::string& lower);

}  // namespace embargod

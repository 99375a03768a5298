#include "probes/simhash.h"

#include <algorithm>
#include <array>

#include "config/types/ascii.h"

namespace embargod {
namespace {

bool is_number(char c) { return c >= '0' && c <= '9'; }
bool is_word_byte(char c) {
  return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || is_number(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::uint64_t hash_of(std::string_view word) {  // FNV-1a, finished
  std::uint64_t h = 0xcbf29ce484222325U;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(ascii_lower(c))) * 0x100000001b3U;
  return spread(h);
}

}  // namespace

std::uint64_t spread(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::vector<TextWord> text_words(std::string_view text) {
  std::vector<TextWord> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (end > i) words.push_back({i, end - i});
    i = std::max(end, i + 1);
  }
  return words;
}

TextPrint text_print(std::string_view text) {
  std::array<int, 64> weight{};
  const auto add = [&weight](std::uint64_t h) {
    for (unsigned bit = 0; bit < 64; ++bit) weight[bit] += ((h >> bit) & 1U) != 0 ? 1 : -1;
  };
  TextPrint print;
  std::uint64_t before = 0;
  for (const TextWord& w : text_words(text)) {
    const std::string_view word = text.substr(w.at, w.size);
    const std::uint64_t h = std::any_of(word.begin(), word.end(), is_number) ? hash_of("#") : hash_of(word);
    add(h);
    if (print.words > 0) add(spread(before * 3 + h));
    before = h;
    ++print.words;
  }
  for (unsigned bit = 0; bit < 64; ++bit)
    if (weight[bit] > 0) print.simhash |= std::uint64_t{1} << bit;
  return print;
}

}  // namespace embargod

#include "probes/edition_words.h"

#include <algorithm>
#include <array>

namespace embargod {
namespace {

constexpr std::size_t kMostEditionWords = 200'000;

bool is_digit_char(char c) { return c >= '0' && c <= '9'; }
/// Bytes of other scripts count as letters, so that "é" does not part a word.
bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space_char(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct Sign {
  std::string_view bytes;
  char plain;
};
/// Typographic signs that are several bytes long.
constexpr std::array<Sign, 12> kSigns = {{{"\xE2\x80\x93", '-'},
                                          {"\xE2\x80\x94", '-'},
                                          {"\xE2\x80\x92", '-'},
                                          {"\xE2\x80\x91", '-'},
                                          {"\xE2\x80\x90", '-'},
                                          {"\xE2\x88\x92", '-'},
                                          {"\xE2\x80\x99", '\''},
                                          {"\xE2\x80\x98", '\''},
                                          {"\xC2\xA0", ' '},
                                          {"\xC2\xA3", '#'},
                                          {"\xE2\x82\xAC", '#'},
                                          {"\xC2\xA9", ' '}}};

/// The sign at the front as one ASCII character, and how many bytes it takes; {0, 0}: no sign but a letter.
std::pair<char, std::size_t> sign_at(std::string_view s) {
  for (const Sign& sign : kSigns)
    if (s.starts_with(sign.bytes)) return {sign.plain, sign.bytes.size()};
  if (is_word_char(s[0]) || is_digit_char(s[0])) return {'\0', 0};
  return {s[0], 1};
}

/// What the signs between two words amount to. `signs` has one ASCII character each.
Gap gap_of(const std::string& signs, bool between_digits) {
  if (signs.empty()) return Gap::none;
  const bool blank_within = std::any_of(signs.begin(), signs.end(), is_space_char);
  const auto count = [&signs](char c) { return std::count(signs.begin(), signs.end(), c); };
  if (count('-') == 1 && signs.size() == 1) return Gap::dash;
  if (count('-') == 1 && std::all_of(signs.begin(), signs.end(), [](char c) { return c == '-' || is_space_char(c); }))
    return Gap::spaced_dash;
  if (signs == "/") return Gap::slash;
  if (!signs.empty() && signs.back() == '\'' && signs.size() <= 2) return Gap::apostrophe;
  if (signs.find_first_of("#$%") != std::string::npos) return Gap::figure;
  if (!blank_within && between_digits && signs.size() == 1 && signs.find_first_of(".,:") == 0) return Gap::figure;
  if (!blank_within && signs == ".") return Gap::figure;
  if (signs.find_first_of("!?;\n") != std::string::npos) return Gap::end_of_sentence;
  if (signs.size() > 1 && signs[0] == '.' && is_space_char(signs[1])) return Gap::end_of_sentence;
  return Gap::blank;
}

/// "May" and "June" are no short forms: behind them a full stop ends the sentence.
bool is_short_month(const std::string& lower) {
  static constexpr auto kShort = std::to_array<std::string_view>(
      {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"});
  return std::find(kShort.begin(), kShort.end(), lower) != kShort.end();
}

std::size_t run_length(std::string_view s, bool digits) {
  std::size_t n = 0;
  while (n < s.size() && (digits ? is_digit_char(s[n]) : sign_at(s.substr(n)).second == 0 && !is_digit_char(s[n]))) ++n;
  return n;
}

}  // namespace

std::vector<Word> edition_words(std::string_view text) {
  std::vector<Word> words;
  std::string signs;
  for (std::size_t i = 0; i < text.size() && words.size() < kMostEditionWords;) {
    if (const auto [plain, length] = sign_at(text.substr(i)); length > 0) {
      signs += plain;
      i += length;
      continue;
    }
    Word w;
    const bool digits = is_digit_char(text[i]);
    w.at = i;
    w.lower_length = run_length(text.substr(i), digits);
    w.lower = text.substr(i, w.lower_length);
    for (char& c : w.lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (digits) {
      w.digits = static_cast<int>(std::min<std::size_t>(w.lower_length, 1000));
      for (std::size_t k = 0; k < w.lower_length && k < 9; ++k) w.number = w.number * 10 + (w.lower[k] - '0');
      w.leading_zero = w.lower[0] == '0';
    }
    const bool figures = digits && !words.empty() && words.back().digits > 0;
    w.gap = words.empty() && signs.empty() ? Gap::end_of_sentence : gap_of(signs, figures);
    // A month's short form may carry a full stop: "Sept. 2026".
    if (w.gap == Gap::end_of_sentence && digits && signs == ". " && !words.empty() &&
        is_short_month(words.back().lower))
      w.gap = Gap::blank;
    w.after_plus = !signs.empty() && signs.back() == '+';
    w.after_point = signs == ".";
    signs.clear();
    i += w.lower_length;
    words.push_back(std::move(w));
  }
  // What stands behind the last word ("2026%") belongs to it.
  if (!words.empty() && gap_of(signs, false) == Gap::figure && signs != ".") {
    Word tail;
    tail.gap = Gap::figure;
    tail.at = text.size();
    words.push_back(std::move(tail));
  }
  return words;
}

std::optional<int> month_named(const std::string& lower) {
  struct Name {
    std::string_view word;
    int month;
  };
  static constexpr std::array kNames = std::to_array<Name>(
      {{"january", 0},  {"jan", 0},       {"ionawr", 0},    {"february", 1},   {"feb", 1},        {"chwefror", 1},
       {"march", 2},    {"mar", 2},       {"mawrth", 2},    {"fawrth", 2},     {"april", 3},      {"apr", 3},
       {"ebrill", 3},   {"may", 4},       {"mai", 4},       {"fai", 4},        {"june", 5},       {"jun", 5},
       {"mehefin", 5},  {"fehefin", 5},   {"july", 6},      {"jul", 6},        {"gorffennaf", 6}, {"orffennaf", 6},
       {"august", 7},   {"aug", 7},       {"awst", 7},      {"september", 8},  {"sept", 8},       {"sep", 8},
       {"medi", 8},     {"fedi", 8},      {"october", 9},   {"oct", 9},        {"hydref", 9},     {"november", 10},
       {"nov", 10},     {"tachwedd", 10}, {"dachwedd", 10}, {"thachwedd", 10}, {"december", 11},  {"dec", 11},
       {"rhagfyr", 11}, {"ragfyr", 11}});
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.word == lower; });
  if (found == kNames.end()) return std::nullopt;
  return found->month;
}

}  // namespace embargod

#pragma once

#include <string_view>

namespace embargod {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes fixed-width decimal fields and separators from the front of a text. Each step says whether it fitted;
/// after one that did not, `rest` is not to be used.
struct FieldReader {
  std::string_view rest;

  [[nodiscard]] bool digits(std::size_t n, int& out) {
    if (rest.size() < n) return false;
    int value = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!is_digit(rest[i])) return false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(n);
    out = value;
    return true;
  }

  [[nodiscard]] bool one_of(std::string_view set) {
    if (rest.empty() || set.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }

  /// ".123456" as milliseconds, what is finer cut off; true with 0 if there is no point.
  [[nodiscard]] bool fraction(int& ms) {
    ms = 0;
    if (!one_of(".")) return true;
    if (rest.empty() || !is_digit(rest.front())) return false;
    int scale = 100;
    while (!rest.empty() && is_digit(rest.front())) {
      ms += (rest.front() - '0') * scale;
      scale /= 10;
      rest.remove_prefix(1);
    }
    return true;
  }

  /// "+01:00" or "-05:30" in minutes.
  [[nodiscard]] bool offset(int& minutes) {
    if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) return false;
    const int sign = rest.front() == '-' ? -1 : 1;
    rest.remove_prefix(1);
    int h = 0;
    int m = 0;
    if (!digits(2, h) || !one_of(":") || !digits(2, m) || h > 23 || m > 59) return false;
    minutes = sign * (h * 60 + m);
    return true;
  }
};

}  // namespace embargod

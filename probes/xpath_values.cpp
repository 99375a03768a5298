#include "probes/xpath_values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <vector>

namespace embargod {
namespace {

constexpr std::string_view kXmlBlanks = " \t\r\n";

bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }  // within a character of UTF-8

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> list;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && goes_on(text[end])) ++end;
    list.push_back(text.substr(i, end - i));
    i = end;
  }
  return list;
}

}  // namespace

double xpath_number(std::string_view text) {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto first = text.find_first_not_of(kXmlBlanks);
  if (first == std::string_view::npos) return nan;
  text = text.substr(first, text.find_last_not_of(kXmlBlanks) - first + 1);
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.find_first_not_of("0123456789.") != std::string_view::npos || digits.empty() || digits == ".") return nan;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? number : nan;
}

std::string xpath_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (number == 0) return "0";
  char buffer[400];  // 1e308 has 309 digits
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed);
  return {buffer, written.ptr};
}

double xpath_round(double number) { return std::floor(number + 0.5); }

std::string xpath_normalize(std::string_view text) {
  std::string out;
  for (std::size_t i = text.find_first_not_of(kXmlBlanks); i != std::string_view::npos;
       i = text.find_first_not_of(kXmlBlanks, i)) {
    const auto end = std::min(text.find_first_of(kXmlBlanks, i), text.size());
    if (!out.empty()) out += ' ';
    out += text.substr(i, end - i);
    i = end;
  }
  return out;
}

std::size_t xpath_length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), goes_on));
}

std::string xpath_substring(std::string_view text, double first, double length) {
  const double begin = xpath_round(first), end = begin + xpath_round(length);
  std::string out;
  double position = 1;
  for (std::size_t i = 0; i < text.size(); position += 1) {
    const std::size_t from = i++;
    while (i < text.size() && goes_on(text[i])) ++i;
    if (position >= begin && position < end) out += text.substr(from, i - from);
  }
  return out;
}

std::string xpath_translate(std::string_view text, std::string_view from, std::string_view to) {
  std::unordered_map<std::string_view, std::string_view> map;
  const auto keys = characters(from), values = characters(to);
  for (std::size_t i = 0; i < keys.size(); ++i)
    map.try_emplace(keys[i], i < values.size() ? values[i] : std::string_view{});
  std::string out;
  for (const std::string_view c : characters(text)) {
    const auto at = map.find(c);
    out += at == map.end() ? c : at->second;
  }
  return out;
}

}  // namespace embargod

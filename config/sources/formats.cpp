#include <array>

#include "config/sources/source.h"

namespace embargod {

const char* to_string(SourceFormat f) {
  switch (f) {
    case SourceFormat::yaml:
      return "yaml";
    case SourceFormat::csv:
      return "csv";
    case SourceFormat::ics:
      return "ics";
    case SourceFormat::json:
      return "json";
    case SourceFormat::ons:
      return "ons";
    case SourceFormat::govuk:
      return "govuk";
    case SourceFormat::ees:
      return "ees";
  }
  return "?";
}

const char* to_string(ItemStatus s) {
  switch (s) {
    case ItemStatus::provisional:
      return "provisional";
    case ItemStatus::confirmed:
      return "confirmed";
    case ItemStatus::postponed:
      return "postponed";
    case ItemStatus::cancelled:
      return "cancelled";
    case ItemStatus::published:
      return "published";
  }
  return "?";
}

std::optional<SourceFormat> format_of(std::string_view path) {
  struct Ending {
    std::string_view text;
    SourceFormat format;
  };
  constexpr std::array kEndings{Ending{".yml", SourceFormat::yaml}, Ending{".yaml", SourceFormat::yaml},
                                Ending{".csv", SourceFormat::csv}, Ending{".ics", SourceFormat::ics},
                                Ending{".json", SourceFormat::json}};
  std::string lower;
  for (const char c : path.substr(0, path.find_first_of("?#")))
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const Ending& e : kEndings)
    if (lower.ends_with(e.text)) return e.format;
  return std::nullopt;
}

}  // namespace embargod

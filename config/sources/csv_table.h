#pragma once
// CSV (RFC 4180) as rows of cells with their places.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/strict_yaml.h"

namespace embargod {

struct CsvCell {
  std::string text;  // without quotes; unquoted ones without blanks at their ends
  YamlPos at;
};

struct CsvRow {
  std::vector<CsvCell> cells;  // at least one
  YamlPos at;
  int number = 0;  // from 1, the header counted, empty lines not
};

inline constexpr std::size_t kMostCsvRows = 20'001;
inline constexpr std::size_t kMostCsvColumns = 100;
inline constexpr std::size_t kLongestCsvCell = 10'000;  // bytes

/// All rows, those of empty cells left out. Takes a byte order mark, CRLF, LF or CR, and comma, semicolon or tab,
/// whichever the first line holds most often, or as Excel's first line "sep=;" says. Quotes that are not closed or
/// stand in the middle of a value, and too much of anything, are one fault and nullopt. `csv` is UTF-8.
[[nodiscard]] std::optional<std::vector<CsvRow>> read_csv_table(std::string_view csv, FaultBook& faults);

}  // namespace embargod

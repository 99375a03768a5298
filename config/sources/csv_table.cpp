#include "config/sources/csv_table.h"

#include <csv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "config/sources/plain_source.h"

namespace embargod {
namespace {

constexpr const char* kTooLongCell = "a value is longer than 10000 bytes";
static_assert(kLongestCsvCell == 10'000);

struct CsvDialect {
  char delimiter = ',';
  std::size_t begin = 0;  // of the table
};

CsvDialect dialect_of(std::string_view csv) {
  CsvDialect d;
  if (csv.starts_with("\xEF\xBB\xBF")) d.begin = 3;
  const std::string_view text = csv.substr(d.begin);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() == 5 && line.starts_with("sep=")) {
    d.delimiter = line[4];
    d.begin += line.size();
    return d;
  }
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    bool is_quoted = false;
    std::ptrdiff_t count = 0;
    for (const char c : line) {
      if (c == '"') is_quoted = !is_quoted;
      if (c == candidate && !is_quoted) ++count;
    }
    if (count > most) {
      most = count;
      d.delimiter = candidate;
    }
  }
  return d;
}

/// libcsv, fed byte by byte: it tells where nothing stands, but what has been fed is known.
class CsvTableReader {
 public:
  CsvTableReader(std::string_view csv, FaultBook& faults)
      : csv_{csv}, places_{csv}, dialect_{dialect_of(csv)}, faults_{faults}, begin_{dialect_.begin} {
    // A delimiter is never a blank to be stripped; libcsv's own test would take a tab for one.
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser_, static_cast<unsigned char>(dialect_.delimiter));
    csv_set_blk_size(&parser_, std::size_t{16} << 10U);
    csv_set_space_func(&parser_, [](unsigned char c) { return c == ' ' ? 1 : 0; });
  }
  CsvTableReader(const CsvTableReader&) = delete;
  CsvTableReader& operator=(const CsvTableReader&) = delete;
  ~CsvTableReader() { csv_free(&parser_); }

  [[nodiscard]] std::optional<std::vector<CsvRow>> read() {
    if (std::string_view{",;\t|"}.find(dialect_.delimiter) == std::string_view::npos)
      return refuse({1, 5}, "\"sep=\" names no delimiter that is understood", "use a comma, a semicolon or a tab");
    for (std::size_t i = dialect_.begin; i < csv_.size(); ++i) {
      if (is_between_ && begin_ == i && is_skipped(csv_[i])) begin_ = i + 1;
      if (csv_parse(&parser_, &csv_[i], 1, &on_cell, &on_row, this) != 1) return refuse_quote();
      if (is_new_cell_) {
        begin_ = i + 1;
        is_new_cell_ = false;
        is_between_ = true;
      } else if (begin_ <= i) {
        is_between_ = false;
      }
      // Twice, since each quote in it may be doubled. A lost quote must not take in the whole file first.
      if (begin_ < i && i - begin_ > 2 * kLongestCsvCell) {
        began_ = begin_;
        limit_ = kTooLongCell;
      }
      if (!limit_.empty())
        return refuse(places_.of(began_), limit_, "split it, or look for a quote that is not closed");
    }
    if (csv_fini(&parser_, &on_cell, &on_row, this) != 0) return refuse_quote();
    if (!limit_.empty()) return refuse(places_.of(began_), limit_, "split it");
    return std::move(rows_);
  }

 private:
  /// What stands before a cell and is no part of it.
  [[nodiscard]] bool is_skipped(char c) const { return c == ' ' || (row_.cells.empty() && (c == '\r' || c == '\n')); }

  static void on_cell(void* bytes, std::size_t n, void* self) {
    auto& reader = *static_cast<CsvTableReader*>(self);
    CsvRow& row = reader.row_;
    if (n > kLongestCsvCell)
      reader.limit_ = kTooLongCell;
    else if (row.cells.size() >= kMostCsvColumns)
      reader.limit_ = "a row has more than " + std::to_string(kMostCsvColumns) + " values";
    else
      row.cells.push_back({std::string{static_cast<const char*>(bytes), n}, reader.places_.of(reader.begin_)});
    reader.is_new_cell_ = true;
    reader.began_ = reader.begin_;
  }

  static void on_row(int, void* self) { static_cast<CsvTableReader*>(self)->end_row(); }

  void end_row() {
    ++number_;
    CsvRow row = std::move(row_);
    row_ = {};
    const auto is_empty = [](const CsvCell& c) { return c.text.empty(); };
    if (std::all_of(row.cells.begin(), row.cells.end(), is_empty)) return;
    if (rows_.size() >= kMostCsvRows) {
      limit_ = "more than " + std::to_string(kMostCsvRows - 1) + " rows";
      return;
    }
    row.at = row.cells.front().at;
    row.number = number_;
    rows_.push_back(std::move(row));
  }

  std::optional<std::vector<CsvRow>> refuse(YamlPos at, const std::string& what, const std::string& to_do) {
    faults_.add(at, what, to_do);
    return std::nullopt;
  }

  std::optional<std::vector<CsvRow>> refuse_quote() {
    return refuse(places_.of(begin_),
                  "the quotes of the value that begins here are not closed, or have text around them",
                  "close them, and double a quote that stands inside");
  }

  std::string_view csv_;
  TextPlaces places_;
  CsvDialect dialect_;
  FaultBook& faults_;
  csv_parser parser_{};
  std::vector<CsvRow> rows_;
  CsvRow row_;
  int number_ = 0;
  std::size_t begin_;       // of the value that is being read
  bool is_between_ = true;  // nothing of it has come yet
  bool is_new_cell_ = false;
  std::size_t began_ = 0;  // where the value before it, or itself, began: that of a limit
  std::string limit_;      // what there is too much of
};

}  // namespace

std::optional<std::vector<CsvRow>> read_csv_table(std::string_view csv, FaultBook& faults) {
  return CsvTableReader{csv, faults}.read();
}

}  // namespace embargod

#include "daemon/impact/analytics.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "config/settings_reader.h"
#include "config/sources/csv_table.h"
#include "config/text_checks.h"
#include "config/types/ascii.h"
#include "config/types/digest.h"
#include "config/types/url.h"
#include "daemon/impact/url_key.h"

namespace embargod {
namespace {

constexpr std::size_t kMostFigures = 12;

// In small letters. The first that a head has decides.
constexpr std::array<std::string_view, 10> kPageColumns{
    "page location", "full page url", "page path + query string",    "page path and screen class",
    "page path",     "page",          "landing page + query string", "link url",
    "file name",     "event label"};

/// "# Start date: 20180423" -> "2018-04-23", for `key` "start date".
std::optional<std::string> date_in(std::string_view comment, std::string_view key) {
  const std::string text = ascii_lowered(comment);
  const std::size_t at = text.find(key);
  if (at == std::string::npos) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(at + key.size()))
    if (c >= '0' && c <= '9') digits += c;
  if (digits.size() != 8) return std::nullopt;
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6, 2);
}

struct Block {
  std::string_view text;
  std::size_t line = 1;  // in the file
};

struct Parts {
  std::vector<Block> blocks;
  std::optional<std::string> from, to;
};

/// An export is tables parted by lines that begin with '#'.
Parts parts_of(std::string_view csv) {
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  Parts parts;
  std::size_t line = 0;
  std::size_t begin = std::string_view::npos;
  std::size_t begin_line = 0;
  const auto end_block = [&](std::size_t end) {
    if (begin != std::string_view::npos) parts.blocks.push_back({csv.substr(begin, end - begin), begin_line});
    begin = std::string_view::npos;
  };
  for (std::size_t at = 0; at < csv.size();) {
    ++line;
    const std::size_t end = std::min(csv.find('\n', at), csv.size());
    const std::string_view text = csv.substr(at, end - at);
    if (text.starts_with('#')) {
      end_block(at);
      if (!parts.from) parts.from = date_in(text, "start date");
      if (!parts.to) parts.to = date_in(text, "end date");
    } else if (begin == std::string_view::npos && text.find_first_not_of(" \r") != std::string_view::npos) {
      begin = at;
      begin_line = line;
    }
    at = end + 1;
  }
  end_block(csv.size());
  return parts;
}

/// "8", "1,204", "12.5%", "00:03:12": what is worth showing beside a page.
bool is_figure(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
         text.find_first_not_of("0123456789.,:% ") == std::string_view::npos;
}

class TableReader {
 public:
  TableReader(const std::vector<CsvRow>& rows, const std::vector<WatchedUrl>& urls) : rows_{&rows} {
    for (const WatchedUrl& u : urls)
      if (const auto url = parse_url(u.url)) {
        UrlKey key = url_key(url->path_query);
        key.host = url->site();
        keys_.emplace_back(u.target, std::move(key));
      }
  }

  /// False: no column of pages.
  bool read(std::vector<AnalyticsRow>& out) const {
    const auto page = page_column();
    if (!page) return false;
    for (std::size_t i = 1; i < rows_->size(); ++i) {
      const CsvRow& row = (*rows_)[i];
      if (*page < row.cells.size()) add_row(row, *page, out);
    }
    return true;
  }

 private:
  [[nodiscard]] std::optional<std::size_t> page_column() const {
    if (rows_->empty()) return std::nullopt;
    const auto& head = rows_->front().cells;
    for (const std::string_view name : kPageColumns)
      for (std::size_t i = 0; i < head.size(); ++i)
        if (ascii_lowered(head[i].text) == name) return i;
    return std::nullopt;
  }

  void add_row(const CsvRow& row, std::size_t page, std::vector<AnalyticsRow>& out) const {
    const std::string& text = row.cells[page].text;
    if (text.empty() ||
        (!text.starts_with('/') && text.find("://") == std::string::npos && text.find('/') == text.npos))
      return;
    const bool has_host = !text.starts_with('/') && text.find("://") == std::string::npos;
    const UrlKey asked = url_key(has_host ? "https://" + text : text);
    for (const auto& [target, key] : keys_) {
      if (key.path != asked.path || (!key.query.empty() && key.query != asked.query)) continue;
      if (!asked.host.empty() && asked.host != key.host) continue;
      out.push_back({target, text, figures_of(row, page)});
    }
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> figures_of(const CsvRow& row, std::size_t page) const {
    std::vector<std::pair<std::string, std::string>> out;
    const auto& head = rows_->front().cells;
    for (std::size_t i = 0; i < row.cells.size() && i < head.size() && out.size() < kMostFigures; ++i)
      if (i != page && is_figure(row.cells[i].text)) out.emplace_back(head[i].text, row.cells[i].text);
    return out;
  }

  const std::vector<CsvRow>* rows_;
  std::vector<std::pair<std::string, UrlKey>> keys_;
};

Fault no_pages(std::string what) {
  return {Errc::invalid_input,
          {},
          std::move(what),
          "export a table with a column such as \"Page path and screen class\", \"Page location\" or \"File name\""};
}

}  // namespace

Result<AnalyticsExport> read_analytics(std::string_view csv, const std::vector<WatchedUrl>& urls) {
  if (const auto bad = invalid_utf8(csv))
    return fail(Errc::invalid_input, "not UTF-8 (byte " + std::to_string(*bad) + ")", {}, "export it as UTF-8 CSV");
  const Parts parts = parts_of(csv);
  AnalyticsExport out;
  if (parts.from && parts.to) out.period = *parts.from + " to " + *parts.to;
  bool has_pages = false;
  for (const Block& block : parts.blocks) {
    FaultBook faults{""};
    const auto rows = read_csv_table(block.text, faults);
    if (!rows) {
      Fault fault = faults.take().front();
      fault.where = "the table that begins in line " + std::to_string(block.line);
      return tl::unexpected(std::move(fault));
    }
    has_pages = TableReader{*rows, urls}.read(out.rows) || has_pages;
  }
  if (parts.blocks.empty()) return tl::unexpected(no_pages("there is no table in it"));
  if (!has_pages) return tl::unexpected(no_pages("no column of it names pages or files"));
  if (out.rows.size() > 1'000) out.rows.resize(1'000);
  return out;
}

Result<AnalyticsExport> read_analytics_file(const std::string& name, const std::string& path,
                                            const std::vector<WatchedUrl>& urls) {
  const auto bytes = read_file(path, kLargestAnalytics);
  if (!bytes) return tl::unexpected(bytes.error());
  auto out = read_analytics(*bytes, urls);
  if (!out) {
    Fault fault = out.error();
    fault.where = path + (fault.where.empty() ? "" : ": " + fault.where);
    return tl::unexpected(std::move(fault));
  }
  out->name = name;
  out->file = std::filesystem::path{path}.filename().string();
  out->digest = "sha256:" + hex(sha256(*bytes));
  return out;
}

}  // namespace embargod

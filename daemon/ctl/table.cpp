#include "daemon/ctl/table.h"

#include <algorithm>

#include "daemon/report/render_text.h"

namespace embargod {
namespace {

/// Code points, which is near enough to columns for what stands here.
std::size_t columns_of(const std::string& s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string plain_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> all;
  if (!head.empty()) all.push_back(head);
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const std::string& c : row) cells.push_back(c.empty() ? "-" : printable(c));
    all.push_back(std::move(cells));
  }
  std::vector<std::size_t> widths;
  for (const auto& row : all)
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k == widths.size()) widths.push_back(0);
      widths[k] = std::max(widths[k], columns_of(row[k]));
    }
  std::string out;
  for (const auto& row : all) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) {
      line += row[k];
      if (k + 1 < row.size()) line.append(widths[k] - columns_of(row[k]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace embargod

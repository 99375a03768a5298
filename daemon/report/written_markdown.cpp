// Plain text and Markdown as lines. Of Markdown only what reports have: headings, emphasis, lists, tables, footnotes.

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/report/written_report.h"

namespace embargod {
namespace {

bool is_markdown_mark(char c) { return std::string_view{"\\`*_{}[]()#+-.!|<>~$:="}.find(c) != std::string_view::npos; }

bool is_bullet(std::string_view text) {
  const auto at = text.find_first_not_of(' ');
  if (at == std::string_view::npos) return false;
  text.remove_prefix(at);
  return text.starts_with("- ") || text.starts_with("* ") || text.starts_with("\xE2\x80\xA2");
}

std::string without_bullet(std::string_view text) {
  if (!is_bullet(text)) return std::string{text};
  text.remove_prefix(text.find_first_not_of(' '));
  return std::string{text.substr(text.find(' ') == std::string_view::npos ? text.size() : text.find(' '))};
}

/// The character that an entity at `at` stands for, and how long it is.
std::pair<std::string_view, std::size_t> entity_at(std::string_view text, std::size_t at) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kEntities{
      {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}}};
  for (const auto& [entity, character] : kEntities)
    if (text.substr(at).starts_with(entity)) return {character, entity.size()};
  return {{}, 0};
}

/// What a line of Markdown shows. An autolink keeps its address, a footnote mark is dropped.
std::string shown(std::string_view line) {
  std::string out;
  for (std::size_t k = 0; k < line.size();) {
    const std::string_view rest = line.substr(k);
    const auto close = rest.find('>');
    if (rest[0] == '\\' && rest.size() > 1 && is_markdown_mark(rest[1])) {
      out += rest[1];
      k += 2;
    } else if (rest.starts_with("<!--") && rest.find("-->") != std::string_view::npos) {
      k += rest.find("-->") + 3;
    } else if ((rest.starts_with("<http://") || rest.starts_with("<https://")) && close != std::string_view::npos) {
      out += rest.substr(1, close - 1);
      k += close + 1;
    } else if (rest.starts_with("[^") && rest.find(']') != std::string_view::npos) {
      k += rest.find(']') + 1;
    } else if (const auto [character, size] = entity_at(line, k); size > 0) {
      out += character;
      k += size;
    } else if (rest.starts_with("**") || rest.starts_with("__")) {
      k += 2;
    } else {
      out += rest[0];
      ++k;
    }
  }
  return out;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// A line of "=" or "-" under a heading, or the rule of a table.
bool is_rule(std::string_view line) { return line.find_first_not_of("=-| :") == std::string_view::npos; }

}  // namespace

std::vector<WrittenLine> text_lines(std::string_view text) {
  std::vector<WrittenLine> lines;
  for (const std::string_view line : split_lines(text)) {
    const int number = static_cast<int>(lines.size()) + 1;
    const bool is_underline = is_rule(line);
    if (is_underline && !lines.empty()) lines.back().is_label = line.find_first_of("=-") != std::string_view::npos;
    lines.push_back({number, false, is_bullet(line), false, is_underline ? std::string{} : without_bullet(line)});
  }
  return lines;
}

std::vector<WrittenLine> markdown_lines(std::string_view markdown) {
  std::vector<WrittenLine> lines;
  for (std::string_view line : split_lines(markdown)) {
    WrittenLine l;
    l.number = static_cast<int>(lines.size()) + 1;
    if (is_rule(line)) {
      lines.push_back(std::move(l));
      continue;
    }
    const bool is_heading = line.starts_with('#');
    const bool is_bold = line.starts_with("**") && line.ends_with("**") && line.find("**", 2) == line.size() - 2;
    l.is_label = is_heading || (is_bold && line.find("TO COMPLETE") == std::string_view::npos);
    l.is_first = is_bullet(line) || line.starts_with('|');
    l.is_last = line.starts_with('|');
    if (is_heading || is_bullet(line) || line.starts_with('>'))
      line.remove_prefix(std::min(line.find_first_not_of("#-*> "), line.size()));
    l.text = shown(line);
    lines.push_back(std::move(l));
  }
  return lines;
}

}  // namespace embargod

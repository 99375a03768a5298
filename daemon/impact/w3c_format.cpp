// W3C extended log files (https://www.w3.org/TR/WD-logfile): IIS, CloudFront. Times are UTC by definition.

#include <utility>
#include <vector>

#include "daemon/impact/log_fields.h"

namespace embargod {
namespace {

constexpr std::string_view kFieldsDirective = "#Fields:";

/// The next word of `line`, which is cut off it. Tabs part words where there are any.
std::string_view next_word(std::string_view& line, char separator) {
  const std::size_t begin = line.find_first_not_of(separator);
  if (begin == std::string_view::npos) {
    line = {};
    return {};
  }
  const std::size_t end = line.find(separator, begin);
  const std::string_view word = line.substr(begin, end == std::string_view::npos ? end : end - begin);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
  return word;
}

class W3cFormat final : public LogFormat {
 public:
  explicit W3cFormat(std::map<std::string, LogField, std::less<>> own) : own_{std::move(own)} {}

  [[nodiscard]] const std::string& name() const override { return name_; }

  [[nodiscard]] LineKind read(std::string_view line, LogLine& out) override {
    if (line.starts_with('#')) {
      if (line.starts_with(kFieldsDirective)) take_fields(line.substr(kFieldsDirective.size()));
      return LineKind::directive;
    }
    if (columns_.empty()) return LineKind::unreadable;
    const char separator = line.find('\t') == std::string_view::npos ? ' ' : '\t';
    LogTexts texts;
    std::size_t column = 0;
    for (std::string_view rest = line; !rest.empty(); ++column) {
      const std::string_view word = next_word(rest, separator);
      if (word.empty()) break;
      if (column >= columns_.size()) return LineKind::unreadable;
      if (columns_[column] != LogField::ignore) texts.set(columns_[column], word);
    }
    if (column != columns_.size()) return LineKind::unreadable;
    return line_of(texts, memo_, out) ? LineKind::request : LineKind::unreadable;
  }

 private:
  // A log may change its columns in the middle. Of two columns for one field the better one counts.
  void take_fields(std::string_view names) {
    columns_.clear();
    std::map<LogField, std::pair<int, std::size_t>> best;  // rank and column
    while (!names.empty()) {
      const std::string_view name = next_word(names, ' ');
      if (name.empty()) break;
      columns_.push_back(LogField::ignore);
      RankedField f = w3c_field(name);
      if (const auto own = own_.find(name); own != own_.end()) f = {own->second, -1};
      if (f.field == LogField::ignore) continue;
      const auto [it, is_first] = best.try_emplace(f.field, f.rank, columns_.size() - 1);
      if (!is_first && f.rank < it->second.first) it->second = {f.rank, columns_.size() - 1};
    }
    for (const auto& [field, place] : best) columns_[place.second] = field;
  }

  std::map<std::string, LogField, std::less<>> own_;
  std::vector<LogField> columns_;
  LogTimeMemo memo_;
  std::string name_ = "W3C extended";
};

}  // namespace

std::unique_ptr<LogFormat> make_w3c_format(const std::map<std::string, LogField, std::less<>>& own) {
  return std::make_unique<W3cFormat>(own);
}

}  // namespace embargod

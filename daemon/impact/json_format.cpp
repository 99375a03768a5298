// One JSON object a line. Names of objects in objects are joined with dots; of an array the first text counts.

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "daemon/impact/log_fields.h"

namespace embargod {
namespace {

constexpr std::size_t kDeepest = 16;
constexpr int kOwnRank = -1;
constexpr int kNoRank = 1'000'000;

/// Takes the fields out of one object as it is read; nothing is built.
class FieldTaker final : public nlohmann::json::json_sax_t {
 public:
  explicit FieldTaker(const std::map<std::string, LogField, std::less<>>& own) : own_{&own} {}

  void begin() {
    path_.clear();
    lengths_.clear();
    depth_ = 0;
    ranks_.fill(kNoRank);
  }

  [[nodiscard]] LogTexts texts() const {
    LogTexts out;
    for (std::size_t i = 0; i < kLogFields; ++i)
      if (ranks_[i] != kNoRank) out.text[i] = values_[i];
    return out;
  }

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t value) override { return take(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return take(std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& written) override { return take(written); }
  bool string(string_t& value) override { return take(value); }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override {
    lengths_.push_back(path_.size());
    return ++depth_ <= kDeepest;
  }
  bool key(string_t& name) override {
    path_.resize(lengths_.back());
    if (!path_.empty()) path_ += '.';
    path_ += name;
    return true;
  }
  bool end_object() override {
    path_.resize(lengths_.back());
    lengths_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*size*/) override { return ++depth_ <= kDeepest; }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*fault*/) override {
    return false;
  }

 private:
  bool take(const std::string& value) {
    RankedField f = json_field(path_);
    if (const auto own = own_->find(path_); own != own_->end()) f = {own->second, kOwnRank};
    if (f.field == LogField::ignore) return true;
    const auto i = static_cast<std::size_t>(f.field);
    if (f.rank >= ranks_[i]) return true;
    ranks_[i] = f.rank;
    values_[i] = value;
    return true;
  }

  const std::map<std::string, LogField, std::less<>>* own_;
  std::string path_;
  std::vector<std::size_t> lengths_;  // of the paths around
  std::size_t depth_ = 0;
  std::array<int, kLogFields> ranks_{};
  std::array<std::string, kLogFields> values_;
};

class JsonFormat final : public LogFormat {
 public:
  explicit JsonFormat(std::map<std::string, LogField, std::less<>> own) : own_{std::move(own)}, taker_{own_} {}

  [[nodiscard]] const std::string& name() const override { return name_; }

  [[nodiscard]] LineKind read(std::string_view line, LogLine& out) override {
    taker_.begin();
    if (line.empty() || line.front() != '{' || !nlohmann::json::sax_parse(line.begin(), line.end(), &taker_))
      return LineKind::unreadable;
    return line_of(taker_.texts(), memo_, out) ? LineKind::request : LineKind::unreadable;
  }

 private:
  std::map<std::string, LogField, std::less<>> own_;
  FieldTaker taker_;
  LogTimeMemo memo_;
  std::string name_ = "JSON lines";
};

}  // namespace

std::unique_ptr<LogFormat> make_json_format(const std::map<std::string, LogField, std::less<>>& own) {
  return std::make_unique<JsonFormat>(own);
}

}  // namespace embargod

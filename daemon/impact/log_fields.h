#pragma once
// What log fields are called where, and how their texts become a LogLine. Private to daemon/impact.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/impact/log_format.h"
#include "daemon/impact/log_time.h"

namespace embargod {

enum class LogField : std::uint8_t {
  ignore,
  time,
  date,  // beside `clock`, in UTC: W3C
  clock,
  client,
  request,  // "GET /path HTTP/1.1"
  method,
  target,
  query,
  host,
  status,
  bytes,
  referrer,
  agent,
};
inline constexpr std::size_t kLogFields = 14;

/// The texts of one line by field; unset: the line has none.
struct LogTexts {
  std::array<std::optional<std::string_view>, kLogFields> text;
  [[nodiscard]] std::string_view of(LogField f) const {
    return text[static_cast<std::size_t>(f)].value_or(std::string_view{});
  }
  void set(LogField f, std::string_view value) { text[static_cast<std::size_t>(f)] = value; }
};

/// Thousands of lines carry the same second: reading it once is most of what reading a line costs.
struct LogTimeMemo {
  std::array<char, 32> text{};
  std::size_t size = 0;
  LogTime time;
};

/// False: no readable time or status. "-" is an empty text. Pure.
[[nodiscard]] bool line_of(const LogTexts& texts, LogTimeMemo& memo, LogLine& out);

/// nginx's variable without '$', or one of our names. Pure.
[[nodiscard]] LogField dollar_field(std::string_view name);

/// One of our names only; unset: no such name. Pure.
[[nodiscard]] std::optional<LogField> own_field(std::string_view name);

struct RankedField {
  LogField field = LogField::ignore;
  int rank = 0;  // where a line has several, the smallest counts
};
/// A name in JSON ("request.remote_ip" of an object in an object). Pure.
[[nodiscard]] RankedField json_field(std::string_view name);
/// A name in a #Fields directive. Pure.
[[nodiscard]] RankedField w3c_field(std::string_view name);

[[nodiscard]] Result<std::unique_ptr<LogFormat>> make_pattern_format(std::string_view pattern, std::string name);
[[nodiscard]] std::unique_ptr<LogFormat> make_json_format(const std::map<std::string, LogField, std::less<>>& own);
[[nodiscard]] std::unique_ptr<LogFormat> make_w3c_format(const std::map<std::string, LogField, std::less<>>& own);

}  // namespace embargod

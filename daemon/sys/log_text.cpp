// What a log line looks like. Pure.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/text_checks.h"
#include "daemon/sys/logging.h"

namespace embargod {
namespace {

using nlohmann::json;

/// A JSON string. Text that is one plain line stays readable; anything else is escaped down to ASCII.
std::string json_string(std::string_view text) {
  const bool plain = !not_one_line(text).has_value();
  return json(text).dump(-1, ' ', !plain, json::error_handler_t::replace);
}

/// Bare where it cannot be misread, else a JSON string.
std::string logfmt_value(std::string_view text) {
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
  });
  return bare ? std::string{text} : json_string(text);
}

std::string field_name(std::string_view name) {
  std::string out{name};
  std::replace_if(
      out.begin(), out.end(),
      [](unsigned char c) { return c <= ' ' || c >= 0x7F || c == '"' || c == '=' || c == '\\'; }, '_');
  return out.empty() ? "_" : out;
}

std::string journal_name(std::string_view name) {
  std::string out = "EMBARGOD_";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    out += letter ? static_cast<char>(c & ~0x20) : digit ? c : '_';
  }
  return out.substr(0, 64);  // the journal drops longer names
}

/// One line in plain view: escaped like a JSON string where need be, without the quotes.
std::string visible(std::string_view text) {
  if (!not_one_line(text)) return std::string{text};
  const std::string quoted_text = json_string(text);
  return quoted_text.substr(1, quoted_text.size() - 2);
}

int syslog_priority(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return 7;
    case LogLevel::info:
      return 6;
    case LogLevel::warn:
      return 4;
    case LogLevel::error:
      return 3;
  }
  return 6;
}

}  // namespace

const char* to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  return "?";
}

std::optional<LogLevel> log_level_from(std::string_view word) {
  for (const LogLevel l : {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error}) {
    if (word == to_string(l)) return l;
  }
  return std::nullopt;
}

std::optional<LogFormat> log_format_from(std::string_view word) {
  if (word == "logfmt") return LogFormat::logfmt;
  if (word == "json") return LogFormat::json;
  return std::nullopt;
}

std::string format_line(LogFormat format, Instant at, LogLevel level, std::string_view msg, const LogFields& fields) {
  if (format == LogFormat::logfmt) {
    std::string line = "ts=" + rfc3339(at) + " level=" + to_string(level) + " msg=" + logfmt_value(msg);
    for (const auto& [name, value] : fields) line += " " + field_name(name) + "=" + logfmt_value(value);
    return line;
  }
  std::string line =
      R"({"ts":")" + rfc3339(at) + R"(","level":")" + to_string(level) + R"(","msg":)" + json_string(msg);
  for (const auto& [name, value] : fields) line += "," + json_string(field_name(name)) + ":" + json_string(value);
  return line + "}";
}

std::vector<std::string> journal_items(LogLevel level, std::string_view msg, const LogFields& fields) {
  std::string message = "MESSAGE=" + visible(msg);
  for (const auto& [name, value] : fields) message += " " + field_name(name) + "=" + logfmt_value(value);
  std::vector<std::string> items{std::move(message), "PRIORITY=" + std::to_string(syslog_priority(level)),
                                 "SYSLOG_IDENTIFIER=embargod"};
  if (msg == kIncidentOpened) items.push_back("MESSAGE_ID=" + std::string{kIncidentOpenedMessageId});
  if (msg == kIncidentClosed) items.push_back("MESSAGE_ID=" + std::string{kIncidentClosedMessageId});
  for (const auto& [name, value] : fields) items.push_back(journal_name(name) + "=" + visible(value));
  return items;
}

}  // namespace embargod

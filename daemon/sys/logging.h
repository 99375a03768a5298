#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/clock.h"
#include "daemon/watch/log.h"

namespace embargod {

enum class LogFormat : std::uint8_t { logfmt, json };

struct LogSettings {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::logfmt;
};

[[nodiscard]] std::optional<LogLevel> log_level_from(std::string_view word);
[[nodiscard]] std::optional<LogFormat> log_format_from(std::string_view word);
[[nodiscard]] const char* to_string(LogLevel level);

/// Lines on stderr (`ts=2026-01-02T03:04:05.678Z level=info msg=listening address=127.0.0.1:9750`, or the same as
/// JSON); where stderr is the journal's (JOURNAL_STREAM), entries of their own with EMBARGOD_* fields instead. Any
/// thread. Lines whose message is kIncidentOpened or kIncidentClosed carry a MESSAGE_ID there, for `journalctl
/// MESSAGE_ID=`. `clock` must outlive the log.
[[nodiscard]] std::unique_ptr<Log> make_log(const LogSettings& settings, const Clock& clock);

inline constexpr std::string_view kIncidentOpened = "incident opened";
inline constexpr std::string_view kIncidentClosed = "incident closed";
inline constexpr std::string_view kIncidentOpenedMessageId = "26a99f4bb97c45f6a57a524cd82c7468";
inline constexpr std::string_view kIncidentClosedMessageId = "d24b758d57514bb4802cdc2c4e9a0ab0";

using LogFields = std::vector<Log::Field>;

/// One line without its line break. Values are data: line breaks, controls, characters that reverse text and bytes that
/// are not UTF-8 come out as escapes, so that no outside text can forge a line or steer a terminal. Pure.
[[nodiscard]] std::string format_line(LogFormat format, Instant at, LogLevel level, std::string_view msg,
                                      const LogFields& fields);

/// The same as "FIELD=value" items of a journal entry. Pure.
[[nodiscard]] std::vector<std::string> journal_items(LogLevel level, std::string_view msg, const LogFields& fields);

}  // namespace embargod

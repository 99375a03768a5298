#pragma once
// A line of an access log as the fields that counting needs. Formats: NCSA common and combined (Apache, nginx), with or
// without a host in front; a pattern in nginx's or Apache's own notation; JSON lines; W3C extended (IIS, CloudFront).

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// Views are into the line, or into the format's own memory: they hold until the next line is read.
struct LogLine {
  Instant time{};
  Millis resolution{1'000};  // of `time`, as written
  std::string_view client;   // address as written; empty: the log does not tell
  std::string_view method;   // "GET"
  std::string_view target;   // "/path?query", or a whole URL, as asked for
  std::string_view query;    // where the log has it apart; without '?'
  std::string_view host;     // empty: the log does not tell
  int status = 0;
  std::optional<std::int64_t> bytes;  // sent
  std::string_view referrer;
  std::string_view agent;
};

enum class LineKind : std::uint8_t { request, directive, unreadable };

/// One log's format. Not for use by two threads at once.
class LogFormat {
 public:
  virtual ~LogFormat() = default;
  /// `out` is filled for a request only. A time, a status and what was asked for must be there.
  [[nodiscard]] virtual LineKind read(std::string_view line, LogLine& out) = 0;
  /// "combined", "W3C extended": for people.
  [[nodiscard]] virtual const std::string& name() const = 0;
};

/// Which field of a JSON or W3C log says what: {"client", "x-forwarded-for"}. Keys: time, client, method, target,
/// query, host, status, bytes, referrer, agent.
using FieldNames = std::map<std::string, std::string, std::less<>>;

/// `format`: "common", "combined", "vhost" (a host in front of combined), "json", "w3c", or a pattern: nginx's
/// `log_format` ("$remote_addr ... \"$request\" $status"), Apache's `LogFormat` ("%h %l %u %t \"%r\" %>s %b"), or our
/// names ("$client $time $ignore"). Error invalid_input: an unknown word, a pattern without time, status or request,
/// two fields with nothing between them, names for a format that has none.
[[nodiscard]] Result<std::unique_ptr<LogFormat>> make_log_format(std::string_view format, const FieldNames& names);

/// The format of a log that begins with `lines` (whole lines), or an error that says how to name it.
[[nodiscard]] Result<std::string> detect_log_format(std::string_view lines);

}  // namespace embargod

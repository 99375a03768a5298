#include "daemon/impact/log_fields.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/impact/log_time.h"

namespace embargod {
namespace {

struct NamedField {
  std::string_view name;
  LogField field;
};

constexpr std::array kOwnNames{NamedField{"time", LogField::time},       NamedField{"client", LogField::client},
                               NamedField{"request", LogField::request}, NamedField{"method", LogField::method},
                               NamedField{"target", LogField::target},   NamedField{"query", LogField::query},
                               NamedField{"host", LogField::host},       NamedField{"status", LogField::status},
                               NamedField{"bytes", LogField::bytes},     NamedField{"referrer", LogField::referrer},
                               NamedField{"agent", LogField::agent}};

constexpr std::array kNginxNames{NamedField{"time_local", LogField::time},
                                 NamedField{"time_iso8601", LogField::time},
                                 NamedField{"msec", LogField::time},
                                 NamedField{"remote_addr", LogField::client},
                                 NamedField{"realip_remote_addr", LogField::ignore},
                                 NamedField{"request_method", LogField::method},
                                 NamedField{"request_uri", LogField::target},
                                 NamedField{"uri", LogField::target},
                                 NamedField{"args", LogField::query},
                                 NamedField{"query_string", LogField::query},
                                 NamedField{"http_host", LogField::host},
                                 NamedField{"server_name", LogField::host},
                                 NamedField{"body_bytes_sent", LogField::bytes},
                                 NamedField{"bytes_sent", LogField::bytes},
                                 NamedField{"http_referer", LogField::referrer},
                                 NamedField{"http_user_agent", LogField::agent}};

// In the order of preference within a field.
constexpr std::array kJsonNames{NamedField{"time_iso8601", LogField::time},
                                NamedField{"@timestamp", LogField::time},
                                NamedField{"timestamp", LogField::time},
                                NamedField{"EdgeStartTimestamp", LogField::time},
                                NamedField{"time", LogField::time},
                                NamedField{"ts", LogField::time},
                                NamedField{"msec", LogField::time},
                                NamedField{"time_local", LogField::time},
                                NamedField{"client", LogField::client},
                                NamedField{"client_ip", LogField::client},
                                NamedField{"remote_addr", LogField::client},
                                NamedField{"remote_ip", LogField::client},
                                NamedField{"clientip", LogField::client},
                                NamedField{"ClientIP", LogField::client},
                                NamedField{"request.client_ip", LogField::client},
                                NamedField{"request.remote_ip", LogField::client},
                                NamedField{"request", LogField::request},
                                NamedField{"method", LogField::method},
                                NamedField{"request_method", LogField::method},
                                NamedField{"ClientRequestMethod", LogField::method},
                                NamedField{"request.method", LogField::method},
                                NamedField{"target", LogField::target},
                                NamedField{"request_uri", LogField::target},
                                NamedField{"ClientRequestURI", LogField::target},
                                NamedField{"request.uri", LogField::target},
                                NamedField{"uri", LogField::target},
                                NamedField{"url", LogField::target},
                                NamedField{"path", LogField::target},
                                NamedField{"query", LogField::query},
                                NamedField{"args", LogField::query},
                                NamedField{"query_string", LogField::query},
                                NamedField{"http_host", LogField::host},
                                NamedField{"host", LogField::host},
                                NamedField{"ClientRequestHost", LogField::host},
                                NamedField{"request.host", LogField::host},
                                NamedField{"server_name", LogField::host},
                                NamedField{"vhost", LogField::host},
                                NamedField{"status", LogField::status},
                                NamedField{"status_code", LogField::status},
                                NamedField{"EdgeResponseStatus", LogField::status},
                                NamedField{"response", LogField::status},
                                NamedField{"body_bytes_sent", LogField::bytes},
                                NamedField{"bytes", LogField::bytes},
                                NamedField{"bytes_sent", LogField::bytes},
                                NamedField{"size", LogField::bytes},
                                NamedField{"EdgeResponseBytes", LogField::bytes},
                                NamedField{"referrer", LogField::referrer},
                                NamedField{"referer", LogField::referrer},
                                NamedField{"http_referer", LogField::referrer},
                                NamedField{"http_referrer", LogField::referrer},
                                NamedField{"ClientRequestReferer", LogField::referrer},
                                NamedField{"request.headers.Referer", LogField::referrer},
                                NamedField{"agent", LogField::agent},
                                NamedField{"user_agent", LogField::agent},
                                NamedField{"http_user_agent", LogField::agent},
                                NamedField{"ClientRequestUserAgent", LogField::agent},
                                NamedField{"request.headers.User-Agent", LogField::agent}};

constexpr std::array kW3cNames{NamedField{"date", LogField::date},
                               NamedField{"time", LogField::clock},
                               NamedField{"c-ip", LogField::client},
                               NamedField{"cs-method", LogField::method},
                               NamedField{"cs-uri-stem", LogField::target},
                               NamedField{"cs-uri", LogField::target},
                               NamedField{"cs-uri-query", LogField::query},
                               NamedField{"x-host-header", LogField::host},
                               NamedField{"cs-host", LogField::host},
                               NamedField{"cs(Host)", LogField::host},
                               NamedField{"sc-status", LogField::status},
                               NamedField{"sc-bytes", LogField::bytes},
                               NamedField{"cs(Referer)", LogField::referrer},
                               NamedField{"cs(User-Agent)", LogField::agent}};

template <std::size_t N>
RankedField ranked(const std::array<NamedField, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i].name == name) return {names[i].field, static_cast<int>(i)};
  return {};
}

std::string_view none_if_dash(std::string_view text) { return text == "-" ? std::string_view{} : text; }

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<LogTime> remembered(std::string_view text, LogTimeMemo& memo) {
  if (text == std::string_view{memo.text.data(), memo.size}) return memo.time;
  const auto read = log_time(text);
  if (read && text.size() <= memo.text.size()) {
    std::copy(text.begin(), text.end(), memo.text.begin());
    memo.size = text.size();
    memo.time = *read;
  }
  return read;
}

std::optional<LogTime> time_of(const LogTexts& t, LogTimeMemo& memo) {
  if (const auto time = t.of(LogField::time); !time.empty()) return remembered(time, memo);
  const std::string_view date = t.of(LogField::date);
  const std::string_view clock = t.of(LogField::clock);
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kLongest = 32;
  if (date.size() != kDate || clock.empty() || date.size() + 1 + clock.size() > kLongest) return std::nullopt;
  std::array<char, kLongest> both{};
  std::copy(date.begin(), date.end(), both.begin());
  both[kDate] = 'T';
  std::copy(clock.begin(), clock.end(), both.begin() + kDate + 1);
  return iso_time({both.data(), kDate + 1 + clock.size()}, true);
}

// "GET /path HTTP/1.1". What is no request line (a TLS hello on a plain port) asks for nothing of ours.
void split_request(std::string_view request, LogLine& out) {
  const std::size_t method_end = request.find(' ');
  if (method_end == std::string_view::npos) return;
  const std::size_t target_end = request.rfind(" HTTP/");
  out.method = request.substr(0, method_end);
  const std::size_t begin = method_end + 1;
  if (target_end == std::string_view::npos || target_end < begin) {
    out.target = request.substr(begin);  // HTTP/0.9
  } else {
    out.target = request.substr(begin, target_end - begin);
  }
}

}  // namespace

bool line_of(const LogTexts& texts, LogTimeMemo& memo, LogLine& out) {
  const auto time = time_of(texts, memo);
  const auto status = number<int>(texts.of(LogField::status));
  if (!time || !status || *status < 0 || *status > 999) return false;
  out = LogLine{};
  out.time = time->at;
  out.resolution = time->resolution;
  out.status = *status;
  out.client = none_if_dash(texts.of(LogField::client));
  if (const auto request = texts.of(LogField::request); !request.empty()) split_request(request, out);
  if (const auto method = none_if_dash(texts.of(LogField::method)); !method.empty()) out.method = method;
  if (const auto target = none_if_dash(texts.of(LogField::target)); !target.empty()) out.target = target;
  out.query = none_if_dash(texts.of(LogField::query));
  out.host = none_if_dash(texts.of(LogField::host));
  out.bytes = number<std::int64_t>(texts.of(LogField::bytes));
  if (out.bytes && *out.bytes < 0) out.bytes.reset();
  if (texts.of(LogField::bytes) == "-") out.bytes = 0;  // Apache's %b for none
  out.referrer = none_if_dash(texts.of(LogField::referrer));
  out.agent = none_if_dash(texts.of(LogField::agent));
  return true;
}

std::optional<LogField> own_field(std::string_view name) {
  for (const NamedField& f : kOwnNames)
    if (f.name == name) return f.field;
  return std::nullopt;
}

LogField dollar_field(std::string_view name) {
  if (const auto own = own_field(name)) return *own;
  return ranked(kNginxNames, name).field;
}

RankedField json_field(std::string_view name) { return ranked(kJsonNames, name); }
RankedField w3c_field(std::string_view name) { return ranked(kW3cNames, name); }

}  // namespace embargod

#include "daemon/impact/log_format.h"

#include <array>
#include <vector>

#include "config/text_checks.h"
#include "daemon/impact/log_fields.h"

namespace embargod {
namespace {

// The Common Log Format of NCSA httpd, and what Apache and nginx made of it.
constexpr std::string_view kCommon = R"(%h %l %u %t "%r" %>s %b)";
constexpr std::string_view kCombined = R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")";
constexpr std::string_view kVhost = R"(%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")";

Fault bad_format(std::string what, std::string to_do) {
  return {Errc::invalid_input, "the log format", std::move(what), std::move(to_do)};
}

using OwnFields = std::map<std::string, LogField, std::less<>>;

Result<OwnFields> own_fields(const FieldNames& names) {
  OwnFields out;
  for (const auto& [ours, theirs] : names) {
    const auto field = own_field(ours);
    if (!field)
      return tl::unexpected(bad_format(in_quotes(ours) + " is not a field",
                                       "fields: time, client, request, method, target, query, host, status, bytes, "
                                       "referrer, agent"));
    out.emplace(theirs, *field);
  }
  return out;
}

bool reads_as(std::string_view format, const std::vector<std::string_view>& lines) {
  const auto made = make_log_format(format, {});
  if (!made) return false;
  LogLine out;
  std::size_t requests = 0;
  for (const std::string_view line : lines) {
    const LineKind kind = (*made)->read(line, out);
    if (kind == LineKind::request) ++requests;
  }
  return requests * 2 > lines.size();
}

}  // namespace

Result<std::unique_ptr<LogFormat>> make_log_format(std::string_view format, const FieldNames& names) {
  const bool has_names = format == "json" || format == "w3c";
  if (!names.empty() && !has_names)
    return tl::unexpected(bad_format("fields are named for a format that has no names",
                                     "give a pattern with $client, $time ... in the places where they stand"));
  if (has_names) {
    const auto own = own_fields(names);
    if (!own) return tl::unexpected(own.error());
    return format == "json" ? make_json_format(*own) : make_w3c_format(*own);
  }
  if (format == "common") return make_pattern_format(kCommon, "common");
  if (format == "combined") return make_pattern_format(kCombined, "combined");
  if (format == "vhost") return make_pattern_format(kVhost, "combined with the host in front");
  if (format.find('$') == std::string_view::npos && format.find('%') == std::string_view::npos)
    return tl::unexpected(bad_format(in_quotes(format) + " is not a format",
                                     "use common, combined, vhost, json, w3c, or the server's own pattern"));
  return make_pattern_format(format, std::string{format});
}

Result<std::string> detect_log_format(std::string_view lines) {
  constexpr std::size_t kSample = 50;
  std::vector<std::string_view> sample;
  while (!lines.empty() && sample.size() < kSample) {
    const std::size_t end = lines.find('\n');
    std::string_view line = lines.substr(0, end);
    lines = end == std::string_view::npos ? std::string_view{} : lines.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("#Fields:")) return std::string{"w3c"};
    if (!line.empty() && !line.starts_with('#')) sample.push_back(line);
  }
  // "vhost" before "combined", which would take the host for the client and the client for a user's name.
  for (const char* format : {"vhost", "combined", "common", "json"})
    if (reads_as(format, sample)) return std::string{format};
  return tl::unexpected(bad_format(sample.empty() ? "the log has no lines" : "the lines are in no format that is known",
                                   "give --format with the server's own pattern, such as '$remote_addr [$time_local] "
                                   "\"$request\" $status $body_bytes_sent'"));
}

}  // namespace embargod

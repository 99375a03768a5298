// Any bytes as an access log of each format, as a format, as an analytics export and as a recorded count: fields are of
// the line, times in years that exist, a count that is taken comes back the same; never a crash or a hang.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "daemon/impact/analytics.h"
#include "daemon/impact/log_format.h"
#include "daemon/impact/url_key.h"
#include "daemon/watch/impact.h"

namespace {

using namespace embargod;

void promise(bool kept) {
  if (!kept) std::abort();
}

void read_lines(LogFormat& format, std::string_view text) {
  LogLine line;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (format.read(text.substr(0, end), line) == LineKind::request) {
      promise(line.status >= 0 && line.status <= 999);
      promise(!line.bytes || *line.bytes >= 0);
      promise(line.resolution > Millis{0} && line.resolution <= Seconds{1});
      const UrlKey key = url_key(line.target, line.query, line.host);
      promise(!key.path.empty());
      promise(path_key(key.path) == key.path || key.path.find('%') != std::string::npos);
    }
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  static constexpr const char* kFormats[] = {"common", "combined", "vhost", "json", "w3c"};
  static const std::vector<WatchedUrl> kUrls{{"a/page", "https://www.example.org/a", false, {}}};
  const unsigned which = data[0] % 9U;
  if (which < 5) {
    const auto format = make_log_format(kFormats[which], {});
    promise(format.has_value());
    read_lines(**format, text);
  } else if (which == 5) {
    const auto told = detect_log_format(text);
    promise(!told || make_log_format(*told, {}).has_value());
  } else if (which == 6) {
    const auto at = text.find('\n');
    const auto format = make_log_format(text.substr(0, at), {});
    if (format && at != std::string_view::npos) read_lines(**format, text.substr(at + 1));
  } else if (which == 7) {
    (void)read_analytics(text, kUrls);
  } else if (const auto impact = parse_impact(text)) {
    const auto again = parse_impact(impact_json(*impact));
    promise(again.has_value() && *again == *impact);
    (void)cautions_of(*impact);
  }
  return 0;
}

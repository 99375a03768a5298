#include "config/sources/ics_lines.h"

#include <algorithm>
#include <array>

#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::size_t kMostParams = 50;  // of one line; more is no calendar

std::string in_capitals(std::string_view text) {
  std::string s{text};
  std::transform(s.begin(), s.end(), s.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return s;
}

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::size_t name_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_name_char(text[n])) ++n;
  return n;
}

/// Takes ";KEY=VALUE" from the front; false if it is not one.
bool take_param(std::string_view& rest, IcsLine& line) {
  rest.remove_prefix(1);
  const std::size_t n = name_length(rest);
  if (n == 0 || n >= rest.size() || rest[n] != '=') return false;
  std::string key = in_capitals(rest.substr(0, n));
  rest.remove_prefix(n + 1);
  std::string value;
  bool is_quoted = false;
  while (!rest.empty() && (is_quoted || (rest[0] != ';' && rest[0] != ':'))) {
    if (rest[0] == '"')
      is_quoted = !is_quoted;
    else
      value += rest[0];
    rest.remove_prefix(1);
  }
  line.params.emplace_back(std::move(key), std::move(value));
  return !rest.empty() && line.params.size() <= kMostParams;
}

IcsLine parsed_line(std::string_view text, YamlPos at) {
  IcsLine line;
  line.at = at;
  const std::size_t n = name_length(text);
  std::string_view rest = text.substr(n);
  line.name = in_capitals(text.substr(0, n));
  bool is_good = n > 0 && !rest.empty();
  while (is_good && rest.starts_with(';')) is_good = take_param(rest, line);
  line.is_property = is_good && rest.starts_with(':');
  if (line.is_property) line.value = rest.substr(1);
  return line;
}

struct ZoneAlias {
  std::string_view name;
  const char* zone;
};
/// Windows names as in CLDR's windowsZones, and those of older American calendars.
constexpr std::array kZoneAliases{ZoneAlias{"GMT Standard Time", "Europe/London"},
                                  ZoneAlias{"Greenwich Standard Time", "Atlantic/Reykjavik"},
                                  ZoneAlias{"W. Europe Standard Time", "Europe/Berlin"},
                                  ZoneAlias{"Central Europe Standard Time", "Europe/Budapest"},
                                  ZoneAlias{"Central European Standard Time", "Europe/Warsaw"},
                                  ZoneAlias{"Romance Standard Time", "Europe/Paris"},
                                  ZoneAlias{"GTB Standard Time", "Europe/Bucharest"},
                                  ZoneAlias{"FLE Standard Time", "Europe/Kiev"},
                                  ZoneAlias{"Eastern Standard Time", "America/New_York"},
                                  ZoneAlias{"Central Standard Time", "America/Chicago"},
                                  ZoneAlias{"Mountain Standard Time", "America/Denver"},
                                  ZoneAlias{"Pacific Standard Time", "America/Los_Angeles"},
                                  ZoneAlias{"Atlantic Standard Time", "America/Halifax"},
                                  ZoneAlias{"AUS Eastern Standard Time", "Australia/Sydney"},
                                  ZoneAlias{"New Zealand Standard Time", "Pacific/Auckland"},
                                  ZoneAlias{"Tokyo Standard Time", "Asia/Tokyo"},
                                  ZoneAlias{"UTC", "UTC"},
                                  ZoneAlias{"Coordinated Universal Time", "UTC"},
                                  ZoneAlias{"US-Eastern", "America/New_York"},
                                  ZoneAlias{"US-Central", "America/Chicago"},
                                  ZoneAlias{"US-Mountain", "America/Denver"},
                                  ZoneAlias{"US-Pacific", "America/Los_Angeles"}};

/// The last `parts` parts of a path; "" if it has fewer.
std::string path_end(std::string_view path, int parts) {
  std::size_t at = path.size();
  for (; parts > 0; --parts) {
    if (at == 0) return {};
    at = path.rfind('/', at - 1);
    if (at == std::string_view::npos) return {};
  }
  return std::string{path.substr(at + 1)};
}

}  // namespace

std::string_view IcsLine::param(std::string_view wanted) const {
  for (const auto& [key, text] : params)
    if (key == wanted) return text;
  return {};
}

IcsLines::IcsLines(std::string_view text) : rest_{text} {
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);
}

std::string_view IcsLines::physical_line() {
  const std::size_t n = std::min(rest_.find('\n'), rest_.size());
  std::string_view line = rest_.substr(0, n);
  rest_.remove_prefix(std::min(n + 1, rest_.size()));
  ++line_;
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<IcsLine> IcsLines::next() {
  while (!rest_.empty()) {
    std::string text{physical_line()};
    const YamlPos at{line_, 1};
    while (!text.empty() && (rest_.starts_with(' ') || rest_.starts_with('\t'))) text += physical_line().substr(1);
    if (text.find_first_not_of(" \t") != std::string::npos) return parsed_line(text, at);
  }
  return std::nullopt;
}

std::string ics_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char after = i + 1 < value.size() ? value[i + 1] : '\0';
    if (value[i] != '\\' || std::string_view{"\\;,nN"}.find(after) == std::string_view::npos || after == '\0') {
      text += value[i];
      continue;
    }
    text += after == 'n' || after == 'N' ? '\n' : after;
    ++i;
  }
  return text;
}

Result<std::string> ics_zone(std::string_view tzid) {
  for (const ZoneAlias& alias : kZoneAliases)
    if (alias.name == tzid) return alias.zone;
  for (std::string zone : {std::string{tzid}, path_end(tzid, 2), path_end(tzid, 3)}) {
    // What date-tz looks for is a file: nothing that leads out of the zone data may reach it.
    const bool is_plain =
        !zone.empty() && zone.size() <= 100 && zone.find("..") == std::string::npos &&
        zone.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
            std::string::npos &&
        zone[0] != '/';
    if (is_plain && check_zone(zone)) return zone;
  }
  return fail(Errc::invalid_input, "TZID " + in_quotes(tzid) + " is no time zone that is known here", {},
              "use an IANA name such as Europe/London, or UTC times with Z; VTIMEZONE is not read");
}

}  // namespace embargod

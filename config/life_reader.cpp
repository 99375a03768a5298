// alerts.dead_man and alerts.canary.

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestPingUrl = 8192;
constexpr Millis kDay{24 * 3'600'000};

/// The content of the file without its last line break. Faults name the file, never what is in it.
std::optional<std::string> ping_url_of_file(const YamlMap& map, const std::string& folder) {
  std::string path;
  map.text("url_file", path, {.bytes = 4096});
  if (path.empty()) return std::nullopt;
  const YamlPos at = map.find("url_file")->at;
  auto content = read_file(from_folder(folder, path), kLongestPingUrl);
  if (!content) {
    map.faults().add(at, map.name("url_file") + ": " + in_quotes(path) + " " + content.error().what,
                     content.error().to_do, content.error().code);
    return std::nullopt;
  }
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r')) content->pop_back();
  if (content->empty()) {
    map.faults().add(at, map.name("url_file") + ": " + in_quotes(path) + " is empty", "write the ping URL into it");
    return std::nullopt;
  }
  return *content;
}

std::optional<std::string> ping_url(const YamlMap& map, const std::string& folder) {
  if (map.has("url") && map.has("url_file")) {
    map.faults().add(map.key_at("url_file"), map.name("url_file") + " is given beside url", "keep one of the two");
    return std::nullopt;
  }
  if (map.has("url_file")) return ping_url_of_file(map, folder);
  if (!map.has("url")) {
    map.faults().add(map.at(), map.name("url") + " is missing",
                     "give the ping URL of your check, or url_file, since whoever has it can silence the check");
    return std::nullopt;
  }
  std::string text;
  map.text("url", text, {.bytes = kLongestPingUrl});
  return text.empty() ? std::nullopt : std::optional{text};
}

}  // namespace

void read_dead_man(const YamlNode& node, const std::string& folder, std::optional<DeadManSettings>& out,
                   FaultBook& faults) {
  const YamlMap map{node, config_keys().dead_man, "alerts.dead_man.", faults};
  if (!map.is_map()) return;
  DeadManSettings d;
  map.duration("interval", d.interval, {Millis{1'000}, kDay});
  const auto url = ping_url(map, folder);
  if (!url) return;
  const std::string_view key = map.has("url") ? "url" : "url_file";
  if (const auto good = parse_url(*url); !good) {
    faults.add(map.find(key)->at, map.name(key) + ": " + good.error().what, good.error().to_do);
    return;
  }
  d.url = Secret{*url};
  out = std::move(d);
}

void read_canary(const YamlNode& node, Millis& interval, FaultBook& faults) {
  const YamlMap map{node, config_keys().canary, "alerts.canary.", faults};
  if (!map.is_map()) return;
  map.duration("interval", interval, {Millis{0}, kDay});
  const Millis shortest{5'000};
  if (interval > Millis{0} && interval < shortest)
    faults.add(map.find("interval")->at, map.name("interval") + " is shorter than 5s", "write 5m, or 0s for no canary");
}

}  // namespace embargod

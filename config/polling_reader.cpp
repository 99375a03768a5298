#include <algorithm>

#include "config/key_sets.h"
#include "config/network_names.h"
#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

constexpr Millis kShortest{100};
constexpr Millis kMinute{60'000};
constexpr Millis kDay{24 * 3'600'000};

/// Nearer to the due time polls at least as often. An interval that the file leaves out follows; one that it gives is
/// judged.
void settle_interval(const YamlMap& map, std::string_view name, Millis farther, std::string_view farther_name,
                     Millis& interval) {
  if (interval <= farther) return;
  const auto* given = map.is_map() ? map.find("interval") : nullptr;
  if (given == nullptr) {
    interval = farther;
    return;
  }
  map.faults().add(given->at,
                   std::string{name} + " (" + format_duration(interval) + ") is longer than " +
                       std::string{farther_name} + " (" + format_duration(farther) +
                       "), so it would poll less often as the due time comes nearer",
                   "swap the two, or leave one out");
}

void read_intervals(const YamlMap& map, Polling& out) {
  static const YamlNode kNothing{
      .kind = YamlNode::Kind::map, .is_quoted = false, .at = {}, .text = {}, .items = {}, .entries = {}};
  FaultBook& faults = map.faults();
  const Range<Millis> interval{kShortest, kDay};
  const auto* near_node = map.find("near");
  const auto* window_node = map.find("window");
  const YamlMap near{near_node == nullptr ? kNothing : *near_node, config_keys().near, "polling.near.", faults};
  const YamlMap window{window_node == nullptr ? kNothing : *window_node, config_keys().window, "polling.window.",
                       faults};

  map.duration("interval", out.interval, interval);
  near.duration("within", out.near.within, {kMinute, 366 * kDay});
  near.duration("interval", out.near.interval, interval);
  settle_interval(near, "polling.near.interval", out.interval, "polling.interval", out.near.interval);
  window.duration("before", out.window.before, {Millis{1}, kDay});
  window.duration("after", out.window.after, {Millis{1}, kDay});
  window.duration("interval", out.window.interval, interval);
  settle_interval(window, "polling.window.interval", out.near.interval, "polling.near.interval", out.window.interval);
  if (map.find("incident_interval") == nullptr) out.incident_interval = std::min(out.incident_interval, out.interval);
  map.duration("incident_interval", out.incident_interval, interval);
}

void read_allow_addresses(const YamlMap& map, std::vector<std::string>& out) {
  for (const auto& item : map.list("allow_addresses")) {
    const auto text = read_text(item, "an item of polling.allow_addresses", map.faults(), {.bytes = 100});
    if (!text) continue;
    auto range = parse_cidr(*text);
    if (range)
      out.push_back(std::move(*range));
    else
      map.faults().add(item.at, "polling.allow_addresses: " + range.error().what, range.error().to_do);
  }
}

void read_proxy(const YamlMap& map, std::string& out) {
  const auto* n = map.find("proxy");
  if (n == nullptr) return;
  const auto text = read_text(*n, "polling.proxy", map.faults(), {.bytes = 300, .may_be_empty = true});
  if (!text || text->empty()) return;
  const auto url = parse_url(*text);
  if (!url)
    map.faults().add(n->at, "polling.proxy: " + url.error().what, "write it like http://proxy.example.org:3128");
  else if (url->path_query != "/")
    map.faults().add(n->at, "polling.proxy must be scheme, host and port only",
                     "write it like http://proxy.example.org:3128");
  else
    out = *text;
}

}  // namespace

void read_polling(const YamlNode& node, Polling& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().polling, "polling.", faults};
  if (!map.is_map()) return;
  read_intervals(map, out);
  map.duration("timeout", out.timeout, {kShortest, 5 * kMinute});
  if (const auto* n = map.find("per_host")) {
    const YamlMap host{*n, config_keys().per_host, "polling.per_host.", faults};
    host.number("rate", out.per_host.rate, {0.01, 1'000});
    host.whole("burst", out.per_host.burst, {1, 10'000});
    host.whole("connections", out.per_host.connections, {1, 100});
  }
  read_allow_addresses(map, out.allow_addresses);
  read_proxy(map, out.proxy);
  map.duration("grace", out.grace, {Millis{1}, kDay});
  map.duration("blind_after", out.blind_after, {Millis{1}, kDay});
}

}  // namespace embargod

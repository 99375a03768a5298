#include "config/ack_link_reader.h"

#include "config/channels_reader.h"
#include "config/key_sets.h"

namespace embargod {
namespace {

constexpr std::size_t kShortestKey = 32;
constexpr Millis kShortestLink{60'000};
constexpr Millis kLongestLink{24 * 3'600'000};

}  // namespace

std::optional<AckLinkSettings> read_ack_links(const YamlNode& node, const std::string& folder, FaultBook& faults) {
  const YamlMap map{node, config_keys().ack_links, "alerts.ack_links.", faults};
  if (!map.is_map()) return std::nullopt;
  AckLinkSettings out;
  map.duration("expires", out.expires, {kShortestLink, kLongestLink});
  const YamlNode* n = map.need("key_file", "make one with: openssl rand -hex 32 > FILE, readable by embargod alone");
  if (n == nullptr) return std::nullopt;
  auto key = read_secret(map, "key_file", folder);
  if (!key) return std::nullopt;
  if (key->size() < kShortestKey) {
    faults.add(n->at, map.name("key_file") + ": the key is shorter than 32 characters",
               "make one with: openssl rand -hex 32 > FILE");
    return std::nullopt;
  }
  out.key = Secret{std::move(*key)};
  return out;
}

}  // namespace embargod

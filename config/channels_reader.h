#pragma once
// What the readers of all receivers share: names, severities, secret files. Private to config/.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "config/strict_yaml.h"

namespace embargod {

/// Gives each receiver of a config its name: `name`, else "<kind>-<n>", counted by kind. A name twice is a fault.
class ReceiverNames {
 public:
  [[nodiscard]] std::string read(const YamlMap& receiver, const std::string& kind);

 private:
  std::map<std::string, int> counts_;  // by kind
  std::map<std::string, int> lines_;   // by name: where it was given
};

/// "alerts.webhooks[0]."
[[nodiscard]] std::string item_prefix(std::string_view list, std::size_t i);

/// The content of the file that `key` names, without its last line break. Faults name the file, never what is in it.
[[nodiscard]] std::optional<std::string> read_secret(const YamlMap& map, std::string_view key,
                                                     const std::string& folder);

/// `severities`, if it is there.
void read_severities(const YamlMap& map, std::vector<Severity>& out);

}  // namespace embargod

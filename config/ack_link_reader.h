#pragma once

#include <optional>
#include <string>

#include "config/ack_link_settings.h"
#include "config/strict_yaml.h"

namespace embargod {

/// `alerts.ack_links`; the key file is read. Unset if anything is wrong: the faults say what, never what is in the
/// file.
[[nodiscard]] std::optional<AckLinkSettings> read_ack_links(const YamlNode& node, const std::string& folder,
                                                            FaultBook& faults);

}  // namespace embargod

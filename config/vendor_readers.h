#pragma once
// The receivers of config/channel_settings.h. Private to config/.

#include <string>

#include "config/channels_reader.h"

namespace embargod {

/// Reads each list of `alerts` and its receivers' names. `folder`: where secret files with relative paths are.
void read_vendor_channels(const YamlMap& alerts, const std::string& folder, ReceiverNames& names, AlertSettings& out);

/// ... and their names, in the config's order.
void add_vendor_names(const AlertSettings& alerts, std::vector<ReceiverName>& out);

}  // namespace embargod

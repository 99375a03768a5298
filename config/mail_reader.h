#pragma once
// An item of `alerts.emails`. Private to config/.

#include <string>
#include <vector>

#include "config/channels_reader.h"

namespace embargod {

/// `folder`: where `password_file` and `ca_file` with relative paths are.
void read_email(const YamlMap& map, const std::string& folder, ReceiverNames& names, std::vector<EmailSettings>& out);

}  // namespace embargod

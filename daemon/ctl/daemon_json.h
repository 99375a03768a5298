#pragma once
// JSON answers of the daemon, for embargoctl's commands: what is missing or of another type reads as nothing.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "config/types/result.h"

namespace embargod {

/// Asks the daemon at `url`. Error: its problem in one line, or corrupt if the answer is no JSON object.
[[nodiscard]] Result<nlohmann::ordered_json> daemon_json(const std::string& url, const std::string& path);

/// The text at `key`; empty if there is none.
[[nodiscard]] std::string text_at(const nlohmann::ordered_json& j, const char* key);

/// What is at `key`; null if there is nothing. Borrowed from `j`.
[[nodiscard]] const nlohmann::ordered_json& part(const nlohmann::ordered_json& j, const char* key);

}  // namespace embargod

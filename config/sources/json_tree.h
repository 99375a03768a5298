#pragma once
// JSON as the same tree that YAML becomes, so that one validator judges both.

#include <optional>
#include <string_view>

#include "config/strict_yaml.h"

namespace embargod {

/// One JSON value (RFC 8259, UTF-8). Strings are quoted scalars; numbers, true and false plain ones as they are
/// written; null is nothing. What cannot be read safely (size, depth, syntax, encoding) is one fault and nullopt; a key
/// that is given twice is a fault too, but the tree is returned. Memory is bounded by the limits. Pure.
[[nodiscard]] std::optional<YamlNode> parse_json_tree(std::string_view json, const YamlLimits& limits,
                                                      FaultBook& faults);

}  // namespace embargod

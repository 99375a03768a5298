#pragma once
// The rule language in YAML: groups of rules, in a profile and at a URL of a release.

#include "config/profile.h"
#include "config/strict_yaml.h"

namespace embargod {

/// Longest expression or literal of a condition, in bytes.
inline constexpr std::size_t kLongestPattern = 1000;

/// Bound of `negative_ttl`.
inline constexpr Millis kLongestNegativeTtl{86'400'000};

/// Reads the groups that `map` has. What only the compilers know (RE2, XPath, pointers, kinds) is not judged here.
void read_rule_groups(const YamlMap& map, RuleGroups& out);

/// An XPath, a pointer or a regular expression as text; adds a fault and leaves `out` if it cannot be one.
void read_pattern(const YamlMap& map, std::string_view key, std::string& out);

/// Whether `name` can be the name of a header (RFC 9110 5.1: a token).
[[nodiscard]] bool is_header_name(std::string_view name);

}  // namespace embargod

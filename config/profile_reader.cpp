#include <algorithm>
#include <cassert>

#include "config/embedded_profiles.h"
#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestPattern = 1000;

/// RFC 9110 5.1: a field name is a token.
bool is_header_name(std::string_view s) {
  constexpr std::string_view kExtras = "!#$%&'*+-.^_`|~";
  const auto allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kExtras.find(c) != std::string_view::npos;
  };
  return !s.empty() && s.size() <= 100 && std::all_of(s.begin(), s.end(), allowed);
}

void read_status(const YamlNode& node, const std::string& name, std::vector<int>& out, FaultBook& faults) {
  const Range<int> codes{100, 599};
  if (node.kind != YamlNode::Kind::sequence) {
    if (const auto code = read_whole(node, name, faults, codes)) out.push_back(*code);
    return;
  }
  if (node.items.empty()) faults.add(node.at, name + " is empty", "name at least one status, like [404, 410]");
  for (const auto& item : node.items)
    if (const auto code = read_whole(item, "an item of " + name, faults, codes)) out.push_back(*code);
}

void read_header(const YamlNode& node, const std::string& name, std::optional<Condition::Header>& out,
                 FaultBook& faults) {
  const YamlMap map{node, profile_keys().header, name + ".", faults};
  if (!map.is_map()) return;
  Condition::Header header;
  const auto* n = map.need("name");
  map.text("name", header.name, {.bytes = 200});
  map.text("contains", header.contains, {.bytes = kLongestPattern});
  if (n != nullptr && !header.name.empty() && !is_header_name(header.name))
    faults.add(n->at, map.name("name") + ": " + in_quotes(header.name) + " is not the name of a header",
               "write it without the colon");
  out = std::move(header);
}

void read_link(const YamlMap& map, std::optional<std::string>& out) {
  std::string link;
  map.text("link", link, {.bytes = kLongestPattern});
  if (link.empty()) return;
  const YamlPos at = map.find("link")->at;
  if (link.find("://") != std::string::npos)
    map.faults().add(at, map.name("link") + " is compared without the scheme",
                     "write host/path, or /path for the page's own host");
  else if (link.find_first_of(" \\") != std::string::npos)
    map.faults().add(at, map.name("link") + " holds a character that no address has");
  out = std::move(link);
}

Condition read_condition(const YamlNode& node, const std::string& name, FaultBook& faults) {
  Condition c;
  c.mark = faults.mark(node.at);
  const KeySet& keys = profile_keys().condition;
  const YamlMap map{node, keys, name + ".", faults};
  if (!map.is_map()) return c;
  std::vector<std::string> present;
  for (const auto key : keys.keys)
    if (map.has(key)) present.emplace_back(key);
  if (present.empty() && node.entries.empty())
    faults.add(node.at, name + " is empty", "write one condition, like {status: 404}");
  if (present.size() > 1)
    faults.add(node.at, name + " holds " + listed(present) + ", but a condition is only one of them",
               "if all must hold write {all: [{" + present[0] + ": ...}, {" + present[1] +
                   ": ...}]}; if one is enough, write two rules");
  if (const auto* n = map.find("status")) read_status(*n, map.name("status"), c.status, faults);
  if (const auto* n = map.find("header")) read_header(*n, map.name("header"), c.header, faults);
  const TextLimits pattern{.bytes = kLongestPattern, .may_have_lines = true};
  if (const auto* n = map.find("text")) c.text = read_text(*n, map.name("text"), faults, pattern);
  if (const auto* n = map.find("regex")) c.regex = read_text(*n, map.name("regex"), faults, pattern);
  read_link(map, c.link);
  return c;
}

Rule read_rule(const YamlNode& node, const std::string& name, FaultBook& faults) {
  Rule rule;
  rule.mark = faults.mark(node.at);
  const bool is_all =
      node.kind == YamlNode::Kind::map &&
      std::any_of(node.entries.begin(), node.entries.end(), [](const YamlEntry& e) { return e.key == "all"; });
  if (!is_all) {
    rule.all.push_back(read_condition(node, name, faults));
    return rule;
  }
  const YamlMap map{node, profile_keys().every, name + ".", faults};
  const auto* n = map.find("all");
  if (n == nullptr) return rule;
  if (n->kind == YamlNode::Kind::sequence && n->items.empty())
    faults.add(n->at, map.name("all") + " is empty, so it would always hold",
               "name the conditions that must hold together");
  const auto& items = map.list("all");
  for (std::size_t i = 0; i < items.size(); ++i)
    rule.all.push_back(read_condition(items[i], map.name("all") + "[" + std::to_string(i) + "]", faults));
  return rule;
}

Profile read_profile(const YamlEntry& entry, FaultBook& faults) {
  Profile profile;
  profile.name = entry.key;
  profile.mark = faults.mark(entry.at);
  const YamlMap map{entry.value, profile_keys().profile, "profile " + in_quotes(entry.key) + ": ", faults};
  if (!map.is_map()) return profile;
  const auto group = [&](std::string_view key, std::vector<Rule>& out) {
    const auto& rules = map.list(key);
    for (std::size_t i = 0; i < rules.size(); ++i)
      out.push_back(read_rule(rules[i], map.name(key) + "[" + std::to_string(i) + "]", faults));
  };
  group("unknown_if", profile.unknown_if);
  group("absent_if", profile.absent_if);
  group("gated_if", profile.gated_if);
  group("stub_if", profile.stub_if);
  group("live_if", profile.live_if);
  return profile;
}

std::vector<Profile> parse_shipped() {
  std::vector<Profile> out;
  for (const auto& [name, yaml] : embedded_profiles()) {
    FaultBook faults{std::string{name}};
    if (const auto node = parse_strict_yaml(yaml, kConfigLimits, faults)) read_profiles(*node, out, faults);
    assert(faults.empty() && "a shipped profile does not load");
  }
  return out;
}

}  // namespace

void read_profiles(const YamlNode& node, std::vector<Profile>& out, FaultBook& faults) {
  if (node.kind != YamlNode::Kind::map) {
    faults.add(node.at, "profiles must be a mapping of names to profiles");
    return;
  }
  const std::size_t shipped = out.size();
  for (const auto& entry : node.entries) {
    if (!is_id(entry.key))
      faults.add(entry.at,
                 "profile " + in_quotes(entry.key) + ": a name is made of a-z, 0-9 and -, at most 100 of them");
    const auto is_same = [&](const Profile& p) { return p.name == entry.key; };
    if (std::any_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(shipped), is_same))
      faults.add(entry.at, "profile " + in_quotes(entry.key) + " is part of the program and cannot be redefined",
                 "give yours another name, for example " + in_quotes("my-" + entry.key));
    if (entry.value.kind == YamlNode::Kind::nothing)
      faults.add(entry.at, "profile " + in_quotes(entry.key) + " has no rules", "write its rules, or delete the line");
    else
      out.push_back(read_profile(entry, faults));
  }
}

const std::vector<Profile>& shipped_profiles() {
  static const std::vector<Profile> profiles = parse_shipped();
  return profiles;
}

}  // namespace embargod

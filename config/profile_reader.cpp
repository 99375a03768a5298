#include <algorithm>
#include <array>
#include <cassert>

#include "config/embedded_profiles.h"
#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/rule_reader.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

EditionSource read_edition_source(const YamlNode& node, const std::string& name, FaultBook& faults) {
  EditionSource source;
  source.mark = faults.mark(node.at);
  const YamlMap map{node, profile_keys().edition, name + ".", faults};
  if (!map.is_map()) return source;
  std::vector<std::string> places;
  for (const std::string_view key : {"xpath", "json", "header"})
    if (map.has(key)) places.emplace_back(key);
  if (node.entries.empty())
    faults.add(node.at, name + " names no place",
               "write {xpath: \"//h1\"}, {json: /title}, {header: X} or {regex: ...}");
  if (places.size() > 1)
    faults.add(node.at, name + " holds " + listed(places) + ", but a place is only one of them",
               "write one after the other: the first that yields an edition counts");
  read_pattern(map, "xpath", source.xpath);
  read_pattern(map, "json", source.json);
  read_pattern(map, "header", source.header);
  read_pattern(map, "regex", source.regex);
  if (const auto* n = map.find("header"); n != nullptr && !source.header.empty() && !is_header_name(source.header))
    faults.add(n->at, map.name("header") + ": " + in_quotes(source.header) + " is not the name of a header",
               "write it without the colon");
  return source;
}

void read_fingerprint(const YamlNode& node, const std::string& name, FingerprintRules& out, FaultBook& faults) {
  const YamlMap map{node, profile_keys().fingerprint, name + ".", faults};
  if (!map.is_map()) return;
  const auto texts = [&](std::string_view key, std::vector<std::string>& list) {
    for (const auto& item : map.list(key))
      if (auto text = read_text(item, "an item of " + map.name(key), faults, {.bytes = kLongestPattern}))
        list.push_back(std::move(*text));
  };
  texts("ignore", out.ignore);
  texts("of", out.of);
}

void read_variants(const YamlMap& map, std::vector<VariantForm>& out) {
  constexpr std::array kForms{VariantForm::slash,  VariantForm::letter_case, VariantForm::www,
                              VariantForm::scheme, VariantForm::index,       VariantForm::print,
                              VariantForm::query,  VariantForm::welsh_host,  VariantForm::welsh_path};
  std::vector<std::string> words;
  for (const VariantForm f : kForms) words.emplace_back(to_string(f));
  for (const auto& item : map.list("variants")) {
    const auto word = read_word(item, "an item of " + map.name("variants"), map.faults(), words);
    for (const VariantForm f : kForms) {
      if (!word || *word != to_string(f)) continue;
      if (std::find(out.begin(), out.end(), f) != out.end())
        map.faults().add(item.at, map.name("variants") + " names " + *word + " twice", "keep one of the two");
      else
        out.push_back(f);
    }
  }
}

Profile read_profile(const YamlEntry& entry, FaultBook& faults) {
  Profile profile;
  profile.name = entry.key;
  profile.mark = faults.mark(entry.at);
  const YamlMap map{entry.value, profile_keys().profile, "profile " + in_quotes(entry.key) + ": ", faults};
  if (!map.is_map()) return profile;
  read_rule_groups(map, profile.rules);
  const auto& places = map.list("edition");
  for (std::size_t i = 0; i < places.size(); ++i)
    profile.edition.push_back(
        read_edition_source(places[i], map.name("edition") + "[" + std::to_string(i) + "]", faults));
  if (const auto* n = map.find("fingerprint"))
    read_fingerprint(*n, map.name("fingerprint"), profile.fingerprint, faults);
  read_variants(map, profile.variants);
  map.flag("siblings", profile.siblings);
  map.flag("cache_bypass", profile.cache_bypass);
  if (const auto* n = map.find("negative_ttl"))
    profile.negative_ttl = read_duration(*n, map.name("negative_ttl"), faults, {Millis{0}, kLongestNegativeTtl});
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

#include "config/rule_reader.h"

#include <algorithm>
#include <utility>

#include "config/key_sets.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr int kDeepest = 8;  // all, any and not inside each other
constexpr int kLargestBody = 2'000'000'000;
constexpr std::size_t kDigestHex = 64;

const TextLimits kPattern{.bytes = kLongestPattern, .may_have_lines = true};

std::optional<Condition> read_condition(const YamlNode& node, const std::string& name, int depth, FaultBook& faults);

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

/// equals, contains and regex of `map`: at most one.
ValueTest read_value_test(const YamlMap& map) {
  ValueTest test;
  std::vector<std::string> present;
  const auto one = [&](std::string_view key, std::optional<std::string>& out) {
    const auto* n = map.find(key);
    if (n == nullptr) return;
    present.emplace_back(key);
    TextLimits limits = kPattern;
    limits.may_be_empty = key == "equals";
    out = read_text(*n, map.name(key), map.faults(), limits);
  };
  one("equals", test.equals);
  one("contains", test.contains);
  one("regex", test.regex);
  if (present.size() > 1)
    map.faults().add(map.at(), map.name(present[0]) + ": " + listed(present) + " are given, but a value has one test",
                     "keep one of them, or write two conditions under all");
  return test;
}

HeaderIs read_header(const YamlNode& node, const std::string& name, FaultBook& faults) {
  HeaderIs header;
  const YamlMap map{node, profile_keys().header, name + ".", faults};
  if (!map.is_map()) return header;
  const auto* n = map.need("name");
  map.text("name", header.name, {.bytes = 200});
  header.value = read_value_test(map);
  if (n != nullptr && !header.name.empty() && !is_header_name(header.name))
    faults.add(n->at, map.name("name") + ": " + in_quotes(header.name) + " is not the name of a header",
               "write it without the colon");
  return header;
}

XPathIs read_xpath(const YamlNode& node, const std::string& name, FaultBook& faults) {
  XPathIs is;
  if (node.kind != YamlNode::Kind::map) {
    is.path = read_text(node, name, faults, kPattern).value_or("");
    return is;
  }
  const YamlMap map{node, profile_keys().xpath, name + ".", faults};
  (void)map.need("path", "write {path: \"//h1\", contains: ...}");
  map.text("path", is.path, kPattern);
  is.value = read_value_test(map);
  return is;
}

JsonIs read_json(const YamlNode& node, const std::string& name, FaultBook& faults) {
  JsonIs is;
  TextLimits limits{.bytes = kLongestPattern};
  limits.may_be_empty = true;  // the whole document
  if (node.kind != YamlNode::Kind::map) {
    is.pointer = read_text(node, name, faults, limits).value_or("");
    return is;
  }
  const YamlMap map{node, profile_keys().json, name + ".", faults};
  (void)map.need("pointer", "write {pointer: /details/state, equals: ...}");
  map.text("pointer", is.pointer, limits);
  is.value = read_value_test(map);
  return is;
}

/// The start of an address, without its scheme.
std::string read_address_start(const YamlNode& node, const std::string& name, FaultBook& faults) {
  const auto start = read_text(node, name, faults, {.bytes = kLongestPattern});
  if (!start) return {};
  if (start->find("://") != std::string::npos)
    faults.add(
        node.at, name + " is compared without the scheme",
        "write host/path, or /path for the " + std::string{name.ends_with("link") ? "page's" : "URL's"} + " own host");
  else if (start->find_first_of(" \\") != std::string::npos)
    faults.add(node.at, name + " holds a character that no address has");
  return *start;
}

ContentTypeIs read_content_type(const YamlNode& node, const std::string& name, FaultBook& faults) {
  const auto text = read_text(node, name, faults, {.bytes = 200});
  if (!text) return {};
  const std::size_t slash = text->find('/');
  const std::string type = text->substr(0, slash);
  const std::string subtype = slash == std::string::npos ? std::string{} : text->substr(slash + 1);
  if (!is_header_name(type) || type == "*" || (subtype != "*" && !is_header_name(subtype)))
    faults.add(node.at, name + ": " + in_quotes(*text) + " is not a media type",
               text->find(';') == std::string::npos ? "write it like text/html or image/*"
                                                    : "write it without parameters, like text/html");
  return {*text};
}

SizeIs read_size(const YamlNode& node, const std::string& name, FaultBook& faults) {
  SizeIs is;
  const YamlMap map{node, profile_keys().size, name + ".", faults};
  if (!map.is_map()) return is;
  const auto one = [&](std::string_view key, std::optional<std::uint64_t>& out) {
    if (const auto* n = map.find(key))
      if (const auto v = read_whole(*n, map.name(key), faults, {0, kLargestBody})) out = static_cast<std::uint64_t>(*v);
  };
  one("min", is.min);
  one("max", is.max);
  if (!map.has("min") && !map.has("max"))
    faults.add(node.at, name + " has no bound", "write {min: 10000}, {max: 5000000} or both, in bytes");
  if (is.min && is.max && *is.min > *is.max)
    faults.add(node.at, name + ": min is over max, so it would never hold", "swap them");
  return is;
}

DigestIs read_digest(const YamlNode& node, const std::string& name, FaultBook& faults) {
  constexpr std::string_view kStart = "sha256:";
  auto text = read_text(node, name, faults, {.bytes = 200});
  if (!text) return {};
  const std::string_view rest = std::string_view{*text}.substr(std::min(kStart.size(), text->size()));
  if (!text->starts_with(kStart) || rest.size() != kDigestHex ||
      rest.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    faults.add(node.at, name + ": " + in_quotes(*text) + " is not a digest",
               "write sha256: and 64 small hex digits, as embargoctl probe shows it");
  return {std::move(*text)};
}

EditionIs read_edition_word(const YamlNode& node, const std::string& name, FaultBook& faults) {
  const auto word = read_word(node, name, faults, {"former", "current", "later", "other"});
  if (word == "former") return {EditionIs::Which::former};
  if (word == "later") return {EditionIs::Which::later};
  if (word == "other") return {EditionIs::Which::other};
  return {EditionIs::Which::current};
}

std::vector<Condition> read_parts(const YamlNode& node, const std::string& name, int depth, FaultBook& faults) {
  std::vector<Condition> parts;
  const auto* items = read_list(node, name, faults);
  if (items == nullptr) return parts;
  if (items->empty())
    faults.add(
        node.at, name + " is empty, so it would " + (name.ends_with("all") ? "always" : "never") + " hold",
        name.ends_with("all") ? "name the conditions that must hold together" : "name the conditions to choose from");
  for (std::size_t i = 0; i < items->size(); ++i)
    if (auto c = read_condition((*items)[i], name + "[" + std::to_string(i) + "]", depth, faults))
      parts.push_back(std::move(*c));
  return parts;
}

NoneOf read_not(const YamlNode& node, const std::string& name, int depth, FaultBook& faults) {
  NoneOf none;
  if (node.kind == YamlNode::Kind::sequence) {
    faults.add(node.at, name + " takes one condition, not a list",
               "write {not: {any: [...]}} if none of them may hold");
    return none;
  }
  if (auto c = read_condition(node, name, depth, faults)) none.of.push_back(std::move(*c));
  return none;
}

/// The one condition `key` with the value `node`.
void read_kind(std::string_view key, const YamlNode& node, const std::string& name, FaultBook& faults, Condition& out) {
  const auto body = [&](BodyHas::Where where, bool is_regex) {
    return BodyHas{where, is_regex, read_text(node, name, faults, kPattern).value_or("")};
  };
  const auto address = [&](AddressIs::Of of) { return AddressIs{of, read_address_start(node, name, faults)}; };
  if (key == "status") {
    StatusIs is;
    read_status(node, name, is.codes, faults);
    out.is = std::move(is);
  } else if (key == "header") {
    out.is = read_header(node, name, faults);
  } else if (key == "final_url") {
    out.is = address(AddressIs::Of::final_url);
  } else if (key == "redirect") {
    out.is = address(AddressIs::Of::redirect);
  } else if (key == "link") {
    out.is = address(AddressIs::Of::link);
  } else if (key == "text" || key == "regex") {
    out.is = body(BodyHas::Where::sent, key == "regex");
  } else if (key == "visible_text" || key == "visible_regex") {
    out.is = body(BodyHas::Where::visible, key == "visible_regex");
  } else if (key == "xpath") {
    out.is = read_xpath(node, name, faults);
  } else if (key == "json") {
    out.is = read_json(node, name, faults);
  } else if (key == "content_type") {
    out.is = read_content_type(node, name, faults);
  } else if (key == "magic") {
    out.is = MagicIs{read_text(node, name, faults, {.bytes = 100}).value_or("")};
  } else if (key == "size") {
    out.is = read_size(node, name, faults);
  } else if (key == "digest") {
    out.is = read_digest(node, name, faults);
  } else if (key == "edition") {
    out.is = read_edition_word(node, name, faults);
  }
}

std::optional<Condition> read_condition(const YamlNode& node, const std::string& name, int depth, FaultBook& faults) {
  const KeySet& keys = profile_keys().condition;
  const YamlMap map{node, keys, name + ".", faults};
  if (!map.is_map()) return std::nullopt;
  std::vector<std::string> present;
  for (const auto key : keys.keys)
    if (map.has(key)) present.emplace_back(key);
  if (present.empty() && node.entries.empty())
    faults.add(node.at, name + " is empty", "write one condition, like {status: 404}");
  if (present.size() > 1)
    faults.add(node.at, name + " holds " + listed(present) + ", but a condition is only one of them",
               "if all must hold write {all: [{" + present[0] + ": ...}, {" + present[1] +
                   ": ...}]}; if one is enough, write two rules");
  if (present.size() != 1) return std::nullopt;
  const std::string& key = present[0];
  const auto* value = map.find(key);
  if (value == nullptr) return std::nullopt;
  Condition c;
  c.mark = faults.mark(node.at);
  const bool is_combination = key == "all" || key == "any" || key == "not";
  if (is_combination && depth >= kDeepest) {
    faults.add(node.at, name + " is nested more than " + std::to_string(kDeepest) + " levels deep",
               "write it as several rules");
    return std::nullopt;
  }
  if (key == "all")
    c.is = AllOf{read_parts(*value, map.name(key), depth + 1, faults)};
  else if (key == "any")
    c.is = AnyOf{read_parts(*value, map.name(key), depth + 1, faults)};
  else if (key == "not")
    c.is = read_not(*value, map.name(key), depth + 1, faults);
  else
    read_kind(key, *value, map.name(key), faults, c);
  return c;
}

}  // namespace

bool is_header_name(std::string_view name) {
  constexpr std::string_view kExtras = "!#$%&'*+-.^_`|~";
  const auto allowed = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kExtras.find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 100 && std::all_of(name.begin(), name.end(), allowed);
}

void read_pattern(const YamlMap& map, std::string_view key, std::string& out) { map.text(key, out, kPattern); }

void read_rule_groups(const YamlMap& map, RuleGroups& out) {
  const auto group = [&](std::string_view key, std::vector<Rule>& rules) {
    const auto& items = map.list(key);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (auto c = read_condition(items[i], map.name(key) + "[" + std::to_string(i) + "]", 0, map.faults()))
        rules.push_back(std::move(*c));
  };
  group("unknown_if", out.unknown_if);
  group("gated_if", out.gated_if);
  group("absent_if", out.absent_if);
  group("must_not_contain", out.must_not_contain);
  group("stub_if", out.stub_if);
  group("live_if", out.live_if);
  group("expect", out.expect);
}

}  // namespace embargod

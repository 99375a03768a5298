// Typed readings of what strict_yaml has parsed.

#include <algorithm>
#include <charconv>

#include "config/strict_yaml.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

const char* kind_words(const YamlNode& n) {
  switch (n.kind) {
    case YamlNode::Kind::nothing:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a mapping";
  }
  return "?";
}

bool is_scalar(const YamlNode& n, const std::string& name, const char* wanted, FaultBook& faults) {
  if (n.kind == YamlNode::Kind::scalar) return true;
  faults.add(n.at, name + " must be " + wanted + ", not " + kind_words(n));
  return false;
}

/// Plain words that YAML readers take for true, false or nothing.
bool is_yaml_word(std::string_view text) {
  std::string lower;
  for (const char c : text.substr(0, 6)) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view word : {"yes", "no", "on", "off", "true", "false"})
    if (lower == word) return true;
  return false;
}

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Faults that whole numbers and decimals share. `wanted` as in "a whole number".
bool is_plain_number(const YamlNode& n, const std::string& name, const char* wanted, FaultBook& faults) {
  if (!is_scalar(n, name, wanted, faults)) return false;
  if (n.is_quoted) {
    faults.add(n.at, name + " must be " + wanted + ", not text in quotes", "write it without quotes");
    return false;
  }
  const std::string_view digits = std::string_view{n.text}.substr(n.text.starts_with('-') ? 1 : 0);
  const bool is_octal_word = digits.starts_with("0o") && all_digits(digits.substr(2));
  if ((digits.size() > 1 && digits.front() == '0' && all_digits(digits)) || is_octal_word) {
    faults.add(n.at,
               name + ": " + in_quotes(n.text) + " is an octal number to some YAML readers and a decimal one to others",
               "write it without leading zeros");
    return false;
  }
  return true;
}

std::string range_words(const std::string& least, const std::string& most) {
  return "between " + least + " and " + most;
}

std::string short_number(double d) {
  std::string s = std::to_string(d);
  s.erase(s.find_last_not_of('0') + 1);
  if (s.ends_with('.')) s.pop_back();
  return s;
}

std::vector<std::string> as_strings(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

}  // namespace

std::optional<std::string> read_text(const YamlNode& n, const std::string& name, FaultBook& faults, TextLimits limits) {
  if (!is_scalar(n, name, "text", faults)) return std::nullopt;
  if (!n.is_quoted && is_yaml_word(n.text)) {
    faults.add(n.at, name + " must be text, but " + n.text + " without quotes is a yes/no value in YAML",
               "write \"" + n.text + "\" in quotes if it is meant as text");
    return std::nullopt;
  }
  if (n.text.empty() && !limits.may_be_empty) {
    faults.add(n.at, name + " is empty");
    return std::nullopt;
  }
  if (n.text.size() > limits.bytes) {
    faults.add(n.at, name + " is longer than " + std::to_string(limits.bytes) + " bytes");
    return std::nullopt;
  }
  std::string_view text = n.text;
  while (!text.empty()) {
    const std::size_t end = limits.may_have_lines ? std::min(text.find_first_of("\n\t"), text.size()) : text.size();
    if (const auto why = not_one_line(text.substr(0, end))) {
      faults.add(n.at, name + " holds " + *why);
      return std::nullopt;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return n.text;
}

std::optional<bool> read_flag(const YamlNode& n, const std::string& name, FaultBook& faults) {
  if (!is_scalar(n, name, "true or false", faults)) return std::nullopt;
  if (!n.is_quoted && (n.text == "true" || n.text == "false")) return n.text == "true";
  faults.add(n.at, name + " must be true or false, not " + in_quotes(n.text), "write true or false, without quotes");
  return std::nullopt;
}

std::optional<int> read_whole(const YamlNode& n, const std::string& name, FaultBook& faults, Range<int> range) {
  if (!is_plain_number(n, name, "a whole number", faults)) return std::nullopt;
  int value = 0;
  const char* end = n.text.data() + n.text.size();
  const auto [stop, error] = std::from_chars(n.text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) {
    faults.add(n.at, name + " must be a whole number, not " + in_quotes(n.text));
    return std::nullopt;
  }
  if (error != std::errc{} || value < range.least || value > range.most) {
    faults.add(n.at, name + " must be " + range_words(std::to_string(range.least), std::to_string(range.most)) +
                         ", not " + n.text);
    return std::nullopt;
  }
  return value;
}

std::optional<double> read_number(const YamlNode& n, const std::string& name, FaultBook& faults, Range<double> range) {
  if (!is_plain_number(n, name, "a number", faults)) return std::nullopt;
  double value = 0;
  const char* end = n.text.data() + n.text.size();
  const auto [stop, error] = std::from_chars(n.text.data(), end, value, std::chars_format::fixed);
  const bool is_decimal = n.text.find_first_not_of("-.0123456789") == std::string::npos;
  if (!is_decimal || stop != end || error != std::errc{}) {
    faults.add(n.at, name + " must be a number, not " + in_quotes(n.text));
    return std::nullopt;
  }
  if (!(value >= range.least && value <= range.most)) {
    faults.add(n.at, name + " must be " + range_words(short_number(range.least), short_number(range.most)) + ", not " +
                         n.text);
    return std::nullopt;
  }
  return value;
}

std::optional<Millis> read_duration(const YamlNode& n, const std::string& name, FaultBook& faults,
                                    Range<Millis> range) {
  if (!is_scalar(n, name, "a duration such as 30s or 5m", faults)) return std::nullopt;
  const auto value = parse_duration(n.text);
  if (!value) {
    faults.add(n.at, name + ": " + in_quotes(n.text) + ": " + value.error().what, value.error().to_do);
    return std::nullopt;
  }
  if (*value < range.least || *value > range.most) {
    faults.add(n.at, name + " must be " + range_words(format_duration(range.least), format_duration(range.most)) +
                         ", not " + n.text);
    return std::nullopt;
  }
  return *value;
}

std::optional<std::string> read_word(const YamlNode& n, const std::string& name, FaultBook& faults,
                                     const std::vector<std::string>& words) {
  if (!is_scalar(n, name, ("one of " + listed(words, " or ")).c_str(), faults)) return std::nullopt;
  if (std::find(words.begin(), words.end(), n.text) != words.end()) return n.text;
  faults.add(n.at, name + " must be " + listed(words, " or ") + ", not " + in_quotes(n.text),
             did_you_mean(n.text, words));
  return std::nullopt;
}

const std::vector<YamlNode>* read_list(const YamlNode& n, const std::string& name, FaultBook& faults) {
  if (n.kind == YamlNode::Kind::sequence) return &n.items;
  faults.add(n.at, name + " must be a list, not " + kind_words(n),
             n.kind == YamlNode::Kind::nothing ? "" : "write [ ] around it, or - before each item");
  return nullptr;
}

YamlMap::YamlMap(const YamlNode& node, const KeySet& keys, std::string prefix, FaultBook& faults)
    : node_{&node}, prefix_{std::move(prefix)}, faults_{&faults} {
  if (!is_map()) {
    faults.add(node.at, std::string{keys.called} + " must be a mapping (key: value), not " + kind_words(node),
               node.kind == YamlNode::Kind::scalar ? "write {" + std::string{keys.keys.front()} + ": ...}" : "");
    return;
  }
  for (const auto& entry : node.entries) {
    if (std::find(keys.keys.begin(), keys.keys.end(), entry.key) != keys.keys.end()) {
      if (entry.value.kind == YamlNode::Kind::nothing)
        faults.add(entry.at, name(entry.key) + " has no value", "give it one, or delete the line");
      continue;
    }
    std::string to_do = did_you_mean(entry.key, as_strings(keys.keys));
    for (const auto& known : keys.not_offered)
      if (known.key == entry.key) to_do = known.to_do;
    if (to_do.empty())
      to_do = (keys.keys.size() == 1 ? "its only key is " : "its keys are ") + listed(as_strings(keys.keys));
    faults.add(entry.at, in_quotes(entry.key) + " is not a key of " + std::string{keys.called}, std::move(to_do));
  }
}

const YamlNode* YamlMap::find(std::string_view key) const {
  for (const auto& entry : node_->entries)
    if (entry.key == key) return entry.value.kind == YamlNode::Kind::nothing ? nullptr : &entry.value;
  return nullptr;
}

YamlPos YamlMap::key_at(std::string_view key) const {
  for (const auto& entry : node_->entries)
    if (entry.key == key) return entry.at;
  return node_->at;
}

bool YamlMap::has(std::string_view key) const {
  return std::any_of(node_->entries.begin(), node_->entries.end(), [&](const YamlEntry& e) { return e.key == key; });
}

const YamlNode* YamlMap::need(std::string_view key, std::string to_do) const {
  if (is_map() && !has(key)) faults_->add(node_->at, name(key) + " is missing", std::move(to_do));
  return find(key);
}

void YamlMap::text(std::string_view key, std::string& out, TextLimits limits) const {
  if (const auto* n = find(key))
    if (auto value = read_text(*n, name(key), *faults_, limits)) out = std::move(*value);
}

void YamlMap::flag(std::string_view key, bool& out) const {
  if (const auto* n = find(key)) out = read_flag(*n, name(key), *faults_).value_or(out);
}

void YamlMap::whole(std::string_view key, int& out, Range<int> range) const {
  if (const auto* n = find(key)) out = read_whole(*n, name(key), *faults_, range).value_or(out);
}

void YamlMap::number(std::string_view key, double& out, Range<double> range) const {
  if (const auto* n = find(key)) out = read_number(*n, name(key), *faults_, range).value_or(out);
}

void YamlMap::duration(std::string_view key, Millis& out, Range<Millis> range) const {
  if (const auto* n = find(key)) out = read_duration(*n, name(key), *faults_, range).value_or(out);
}

const std::vector<YamlNode>& YamlMap::list(std::string_view key) const {
  static const std::vector<YamlNode> kEmpty;
  const auto* n = find(key);
  const auto* items = n == nullptr ? nullptr : read_list(*n, name(key), *faults_);
  return items == nullptr ? kEmpty : *items;
}

}  // namespace embargod

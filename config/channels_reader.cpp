#include "config/channels_reader.h"

#include <algorithm>

#include "config/key_sets.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestSecret = std::size_t{64} << 10U;
constexpr std::size_t kLongestName = 60;

}  // namespace

std::string ReceiverNames::read(const YamlMap& receiver, const std::string& kind) {
  std::string name = kind + "-" + std::to_string(++counts_[kind]);
  const YamlPos at = receiver.key_at("name");
  if (receiver.has("name")) {
    std::string given;
    receiver.text("name", given);
    if (given.empty()) return name;
    if (!is_id(given) || given.size() > kLongestName)
      receiver.faults().add(at, receiver.name("name") + ": " + in_quotes(given) + " is not a name",
                            "use a-z, 0-9 and -, at most 60, like duty-phone");
    else
      name = std::move(given);
  }
  const auto [earlier, is_new] = lines_.try_emplace(name, at.line);
  if (!is_new)
    receiver.faults().add(at,
                          receiver.name("name") + ": " + in_quotes(name) + " is the receiver in line " +
                              std::to_string(earlier->second) + " already",
                          "give each receiver a name of its own");
  return name;
}

std::string item_prefix(std::string_view list, std::size_t i) {
  return std::string{list} + "[" + std::to_string(i) + "].";
}

std::optional<std::string> read_secret(const YamlMap& map, std::string_view key, const std::string& folder) {
  std::string path;
  map.text(key, path, {.bytes = 4096});
  if (path.empty()) return std::nullopt;
  const YamlPos at = map.find(key)->at;
  const bool is_relative = !path.starts_with('/') && !folder.empty() && folder != ".";
  auto content = read_file(is_relative ? folder + "/" + path : path, kLargestSecret);
  if (!content) {
    map.faults().add(at, map.name(key) + ": " + in_quotes(path) + " " + content.error().what, content.error().to_do,
                     content.error().code);
    return std::nullopt;
  }
  if (content->ends_with('\n')) content->pop_back();
  if (content->ends_with('\r')) content->pop_back();
  if (content->empty()) {
    map.faults().add(at, map.name(key) + ": " + in_quotes(path) + " is empty", "write the secret into it");
    return std::nullopt;
  }
  return *content;
}

void read_severities(const YamlMap& map, std::vector<Severity>& out) {
  const auto* n = map.find("severities");
  if (n == nullptr) return;
  out.clear();
  const auto& items = map.list("severities");
  if (n->kind == YamlNode::Kind::sequence && items.empty())
    map.faults().add(n->at, map.name("severities") + " is empty, so this receiver would never be told anything",
                     "name page, ticket or info, or leave the line out");
  for (const auto& item : items) {
    const auto word = read_word(item, "an item of " + map.name("severities"), map.faults(), {"page", "ticket", "info"});
    if (!word) continue;
    for (const Severity s : {Severity::page, Severity::ticket, Severity::info})
      if (*word == to_string(s) && std::find(out.begin(), out.end(), s) == out.end()) out.push_back(s);
  }
}

}  // namespace embargod

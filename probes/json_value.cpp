#include "probes/json_value.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestJson = 8U << 20U;
constexpr std::size_t kDeepestJson = 200;
constexpr std::size_t kMostJsonValues = 1'000'000;  // 28 bytes each: "[0,0,0..." is not to grow into hundreds of MB
constexpr std::uint32_t kNoValue = UINT32_MAX;

struct Slice {
  std::uint32_t at = 0, length = 0;
};

/// Values lie in the order of the text: the first child follows its parent.
struct JsonNode {
  enum class Kind : std::uint8_t { text, literal, array, object };
  Kind kind = Kind::literal;
  std::uint32_t next = kNoValue;  // sibling
  std::uint32_t children = 0;
  Slice key, value;  // value: of text (decoded) and literal (number, true, false, null as written)
};

/// Every text of the body in one string, every value in one vector: memory stays near the body's own size.
struct JsonTree {
  std::string texts;
  std::vector<JsonNode> nodes;

  [[nodiscard]] std::string_view of(Slice s) const { return std::string_view{texts}.substr(s.at, s.length); }
  Slice keep(std::string_view s) {
    const Slice slice{static_cast<std::uint32_t>(texts.size()), static_cast<std::uint32_t>(s.size())};
    texts += s;
    return slice;
  }
};

/// Builds the tree from nlohmann's events, whose own tree would lose how numbers were written.
class TreeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit TreeBuilder(JsonTree& tree) : tree_{tree} {}

  bool null() { return add(JsonNode::Kind::literal, "null"); }
  bool boolean(bool b) { return add(JsonNode::Kind::literal, b ? "true" : "false"); }
  bool number_integer(number_integer_t n) { return add(JsonNode::Kind::literal, std::to_string(n)); }
  bool number_unsigned(number_unsigned_t n) { return add(JsonNode::Kind::literal, std::to_string(n)); }
  bool number_float(number_float_t, const string_t& written) { return add(JsonNode::Kind::literal, written); }
  bool string(string_t& s) { return add(JsonNode::Kind::text, s); }
  bool binary(binary_t&) { return false; }
  bool key(string_t& k) {
    key_ = tree_.keep(k);
    return true;
  }
  bool start_object(std::size_t) { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) { return open(JsonNode::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

 private:
  struct Open {
    std::uint32_t node, last_child;
  };

  bool add(JsonNode::Kind kind, std::string_view value) {
    if (tree_.nodes.size() >= kMostJsonValues) return false;
    const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
    JsonNode node;
    node.kind = kind;
    node.key = std::exchange(key_, Slice{});
    node.value = tree_.keep(value);
    tree_.nodes.push_back(node);
    if (!open_.empty()) {
      Open& parent = open_.back();
      if (parent.last_child != kNoValue) tree_.nodes[parent.last_child].next = index;
      parent.last_child = index;
      ++tree_.nodes[parent.node].children;
    }
    return true;
  }
  bool open(JsonNode::Kind kind) {
    if (open_.size() >= kDeepestJson || !add(kind, {})) return false;
    open_.push_back({static_cast<std::uint32_t>(tree_.nodes.size() - 1), kNoValue});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  JsonTree& tree_;
  std::vector<Open> open_;
  Slice key_;
};

std::vector<std::uint32_t> children_of(const JsonTree& tree, std::uint32_t parent) {
  std::vector<std::uint32_t> list;
  list.reserve(tree.nodes[parent].children);
  if (tree.nodes[parent].children > 0)
    for (std::uint32_t i = parent + 1; i != kNoValue; i = tree.nodes[i].next) list.push_back(i);
  return list;
}

/// Reference tokens of a pointer, decoded. Unset: no pointer.
std::optional<std::vector<std::string>> tokens_of(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (!pointer.empty() && pointer[0] != '/') return std::nullopt;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      tokens.emplace_back();
    } else if (pointer[i] != '~') {
      tokens.back() += pointer[i];
    } else {
      if (++i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
      tokens.back() += pointer[i] == '0' ? '~' : '/';
    }
  }
  return tokens;
}

/// RFC 6901 4: digits without leading zeros; "-" is past the end and so never there.
std::optional<std::size_t> array_index(const std::string& token) {
  if (token.empty() || token.size() > 8 || (token.size() > 1 && token[0] == '0')) return std::nullopt;
  std::size_t n = 0;
  for (const char c : token) {
    if (c < '0' || c > '9') return std::nullopt;
    n = n * 10 + static_cast<std::size_t>(c - '0');
  }
  return n;
}

/// kNoValue if it is not there. Of equal keys the last one counts, as with most readers.
std::uint32_t child_of(const JsonTree& tree, std::uint32_t parent, const std::string& token) {
  const JsonNode& node = tree.nodes[parent];
  if (node.children == 0) return kNoValue;
  if (node.kind == JsonNode::Kind::array) {
    const auto index = array_index(token);
    if (!index || *index >= node.children) return kNoValue;
    std::uint32_t at = parent + 1;
    for (std::size_t k = 0; k < *index; ++k) at = tree.nodes[at].next;
    return at;
  }
  if (node.kind != JsonNode::Kind::object) return kNoValue;
  std::uint32_t found = kNoValue;
  for (std::uint32_t i = parent + 1; i != kNoValue; i = tree.nodes[i].next)
    if (tree.of(tree.nodes[i].key) == token) found = i;
  return found;
}

void write_quoted(std::string& out, std::string_view text) {
  static constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHexDigits[byte >> 4U];
      out += kHexDigits[byte & 0x0FU];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write_canonical(std::string& out, const JsonTree& tree, std::uint32_t at) {  // at most kDeepestJson deep
  const JsonNode& node = tree.nodes[at];
  const auto key_of = [&tree](std::uint32_t i) { return tree.of(tree.nodes[i].key); };
  if (node.kind == JsonNode::Kind::literal) {
    out += tree.of(node.value);
  } else if (node.kind == JsonNode::Kind::text) {
    write_quoted(out, tree.of(node.value));
  } else {
    const bool object = node.kind == JsonNode::Kind::object;
    auto children = children_of(tree, at);
    if (object)
      std::sort(children.begin(), children.end(), [&key_of](std::uint32_t a, std::uint32_t b) {
        return std::pair{key_of(a), a} < std::pair{key_of(b), b};
      });
    out += object ? '{' : '[';
    bool first = true;
    for (std::size_t k = 0; k < children.size(); ++k) {
      if (object && k + 1 < children.size() && key_of(children[k]) == key_of(children[k + 1])) continue;
      if (!std::exchange(first, false)) out += ',';
      if (object) {
        write_quoted(out, key_of(children[k]));
        out += ':';
      }
      write_canonical(out, tree, children[k]);
    }
    out += object ? '}' : ']';
  }
}

/// kNoValue: nothing is there.
std::uint32_t value_at(const JsonTree& tree, std::uint32_t from, const std::vector<std::string>& tokens) {
  for (const std::string& token : tokens) {
    from = child_of(tree, from, token);
    if (from == kNoValue) break;
  }
  return from;
}

std::string text_of_value(const JsonTree& tree, std::uint32_t at) {
  const JsonNode& node = tree.nodes[at];
  if (node.kind == JsonNode::Kind::text) return std::string{tree.of(node.value)};
  std::string out;
  write_canonical(out, tree, at);
  return out;
}

}  // namespace

struct JsonBody::Inner {
  JsonTree tree;
};

JsonBody::JsonBody() : inner_{std::make_unique<Inner>()} {}
JsonBody::JsonBody(JsonBody&&) noexcept = default;
JsonBody& JsonBody::operator=(JsonBody&&) noexcept = default;
JsonBody::~JsonBody() = default;

bool is_json_pointer(std::string_view text) { return tokens_of(text).has_value(); }

std::optional<JsonBody> JsonBody::parse(std::string_view text) {
  // nlohmann takes a NUL for the end and leaves what follows unread.
  if (text.size() > kLargestJson || text.find('\0') != std::string_view::npos) return std::nullopt;
  JsonBody body;
  TreeBuilder builder{body.inner_->tree};
  try {
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return body;
}

std::optional<std::string> JsonBody::at(const std::string& pointer) const {
  const JsonTree& tree = inner_->tree;
  const auto tokens = tokens_of(pointer);
  const std::uint32_t at = tokens ? value_at(tree, 0, *tokens) : kNoValue;
  if (at == kNoValue) return std::nullopt;
  return text_of_value(tree, at);
}

std::optional<std::vector<std::vector<std::string>>> JsonBody::each(const std::string& list,
                                                                    const std::vector<std::string>& parts,
                                                                    std::size_t most) const {
  const JsonTree& tree = inner_->tree;
  const auto tokens = tokens_of(list);
  const std::uint32_t at = tokens ? value_at(tree, 0, *tokens) : kNoValue;
  if (at == kNoValue || tree.nodes[at].kind != JsonNode::Kind::array) return std::nullopt;
  std::vector<std::optional<std::vector<std::string>>> part_tokens;
  for (const std::string& part : parts) part_tokens.push_back(tokens_of(part));
  std::vector<std::vector<std::string>> rows;
  for (const std::uint32_t item : children_of(tree, at)) {
    if (rows.size() >= most) break;
    std::vector<std::string>& row = rows.emplace_back();
    for (const auto& part : part_tokens) {
      const std::uint32_t found = part ? value_at(tree, item, *part) : kNoValue;
      const bool is_text = found != kNoValue && tree.nodes[found].kind == JsonNode::Kind::text;
      const bool is_literal = found != kNoValue && tree.nodes[found].kind == JsonNode::Kind::literal;
      const std::string_view text = is_text || is_literal ? tree.of(tree.nodes[found].value) : std::string_view{};
      row.emplace_back(is_literal && text == "null" ? std::string_view{} : text);
    }
  }
  return rows;
}

bool looks_like_json(std::string_view content_type, std::string_view body) {
  if (contains_word(content_type, "json")) return true;
  const bool says_nothing = trimmed(content_type).empty() || contains_word(content_type, "text/plain") ||
                            contains_word(content_type, "octet-stream");
  if (!says_nothing) return false;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (body[first] == '{' || body[first] == '[');
}

}  // namespace embargod

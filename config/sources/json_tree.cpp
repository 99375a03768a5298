#include "config/sources/json_tree.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "config/sources/plain_source.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

/// Tells how far the parser has read: nlohmann's own events carry no position.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedBytes(std::string_view rest, std::size_t* read) : at_{rest.data()}, read_{read} {}
  reference operator*() const { return *at_; }
  CountedBytes& operator++() {
    ++at_;
    ++*read_;
    return *this;
  }
  CountedBytes operator++(int) {
    CountedBytes before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountedBytes& a, const CountedBytes& b) { return a.at_ == b.at_; }
  friend bool operator!=(const CountedBytes& a, const CountedBytes& b) { return !(a == b); }

 private:
  const char* at_;
  std::size_t* read_;
};

/// Builds the tree from nlohmann's events. Each returns whether to go on.
class JsonTreeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  JsonTreeBuilder(std::string_view json, const YamlLimits& limits, FaultBook& faults)
      : json_{json}, places_{json}, limits_{limits}, faults_{faults} {
    if (json.starts_with("\xEF\xBB\xBF")) resume_ = 3;
  }

  [[nodiscard]] std::size_t* read_count() { return &read_; }
  [[nodiscard]] YamlNode take() { return std::move(root_); }

  bool null() { return add(YamlNode::Kind::nothing, {}, false); }
  bool boolean(bool value) { return add(YamlNode::Kind::scalar, value ? "true" : "false", false); }
  bool number_integer(number_integer_t) { return add_number(); }
  bool number_unsigned(number_unsigned_t) { return add_number(); }
  bool number_float(number_float_t, const string_t&) { return add_number(); }
  bool string(string_t& value) { return add(YamlNode::Kind::scalar, std::move(value), true); }
  bool binary(binary_t&) { return false; }  // not in JSON text

  bool start_object(std::size_t) { return open(YamlNode::Kind::map); }
  bool start_array(std::size_t) { return open(YamlNode::Kind::sequence); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    Open& map = open_.back();
    const YamlPos at = next_token();
    resume_ = read_;
    const auto [first, is_new] = map.seen.emplace(name, at);
    if (!is_new)
      faults_.add(at, in_quotes(name) + " is given twice, first in line " + std::to_string(first->second.line),
                  "keep one of the two");
    map.is_dropped = !is_new;
    map.pending = YamlEntry{std::move(name), at, {}};
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& e) {
    // "[json...] parse error at line 2, column 5: syntax error while parsing value - invalid literal; last read: ..."
    std::string_view what = e.what();
    constexpr int kOverflow = 406;  // its text holds the number, however long
    const std::size_t dash = what.find(" - ");
    what = e.id == kOverflow || dash == std::string_view::npos ? "a number is too large" : what.substr(dash + 3);
    what = what.substr(0, what.find("; last read"));
    const bool is_cut =
        what.starts_with("unexpected end of input") || what.find("missing closing") != std::string::npos;
    faults_.add(places_.of(position == 0 ? 0 : position - 1), "not valid JSON: " + std::string{what},
                is_cut ? "the text ends too early: perhaps it was cut" : "");
    return false;
  }

 private:
  struct Open {
    YamlNode node;
    YamlEntry pending;        // map: the key whose value comes next
    bool is_dropped = false;  // that value has been refused with its key
    std::unordered_map<std::string, YamlPos> seen;
  };

  /// Where the token begins that was read last: only blanks, commas and colons stand between two.
  [[nodiscard]] YamlPos next_token() {
    begin_ = std::min(json_.find_first_not_of(" \t\r\n,:", resume_), json_.size());
    return places_.of(begin_);
  }

  bool refuse(YamlPos at, std::string what, std::string to_do) {
    faults_.add(at, std::move(what), std::move(to_do));
    return false;
  }

  bool make(YamlNode& node, YamlNode::Kind kind) {
    node.kind = kind;
    node.at = next_token();
    resume_ = read_;
    if (++nodes_ <= limits_.nodes) return true;
    return refuse(node.at, "more than " + std::to_string(limits_.nodes) + " values in one file",
                  "split it into several files");
  }

  bool add(YamlNode::Kind kind, std::string text, bool is_quoted) {
    YamlNode node;
    if (!make(node, kind)) return false;
    node.text = std::move(text);
    node.is_quoted = is_quoted;
    place(std::move(node));
    return true;
  }

  bool add_number() {
    YamlNode node;
    if (!make(node, YamlNode::Kind::scalar)) return false;
    const std::string_view rest = json_.substr(begin_);
    node.text = rest.substr(0, rest.find_first_not_of("+-.0123456789eE"));
    resume_ = begin_ + node.text.size();
    place(std::move(node));
    return true;
  }

  bool open(YamlNode::Kind kind) {
    YamlNode node;
    if (!make(node, kind)) return false;
    if (static_cast<int>(open_.size()) >= limits_.depth)
      return refuse(node.at, "nested more than " + std::to_string(limits_.depth) + " levels deep", "");
    open_.push_back({std::move(node), {}, false, {}});
    return true;
  }

  bool close() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    resume_ = read_;
    place(std::move(done));
    return true;
  }

  void place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    if (parent.is_dropped) return;
    parent.pending.value = std::move(node);
    parent.node.entries.push_back(std::move(parent.pending));
  }

  std::string_view json_;
  TextPlaces places_;
  const YamlLimits& limits_;
  FaultBook& faults_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  std::size_t read_ = 0;    // bytes that the parser has taken
  std::size_t resume_ = 0;  // behind the last token
  std::size_t begin_ = 0;   // of this one
};

}  // namespace

std::optional<YamlNode> parse_json_tree(std::string_view json, const YamlLimits& limits, FaultBook& faults) {
  if (json.size() > limits.bytes) {
    faults.add({}, "larger than " + std::to_string(limits.bytes >> 20U) + " MB", "split it into several files");
    return std::nullopt;
  }
  JsonTreeBuilder tree{json, limits, faults};
  const bool is_good = nlohmann::json::sax_parse(CountedBytes{json, tree.read_count()},
                                                 CountedBytes{json.substr(json.size()), nullptr}, &tree);
  if (!is_good) return std::nullopt;
  return tree.take();
}

}  // namespace embargod

#pragma once
// YAML as a tree of plain values with positions, refused where it is ambiguous. Nothing of yaml-cpp shows here.
// Scalars stay text: who reads a number says so, therefore `2018-01`, `09:30` and `3.0` are never turned into something
// else.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/profile.h"
#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

struct YamlPos {
  int line = 0;    // from 1; 0 = unknown
  int column = 0;  // from 1, in characters
  friend bool operator==(const YamlPos&, const YamlPos&) = default;
};

struct YamlEntry;

/// A scalar, a sequence, a map with unique keys, or nothing (`key:` and `~`).
struct YamlNode {
  enum class Kind : std::uint8_t { nothing, scalar, sequence, map };
  Kind kind = Kind::nothing;
  bool is_quoted = false;  // scalar in quotes or a block
  YamlPos at;
  std::string text;                // scalar
  std::vector<YamlNode> items;     // sequence
  std::vector<YamlEntry> entries;  // map, in the file's order
};

struct YamlEntry {
  std::string key;
  YamlPos at;
  YamlNode value;
};

/// Collects the faults of one file. Not thread-safe.
class FaultBook {
 public:
  explicit FaultBook(std::string file) : file_{std::move(file)} {}

  void add(YamlPos at, std::string what, std::string to_do = {}, Errc code = Errc::invalid_input);

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] Mark mark(YamlPos at) const { return Mark{file_, at.line, at.column}; }

  /// In the order of the file, at most 200: more help nobody.
  [[nodiscard]] Faults take();

 private:
  struct Entry {
    YamlPos at;
    std::size_t order;
    Fault fault;
  };
  std::string file_;
  std::vector<Entry> entries_;
  std::size_t dropped_ = 0;
};

struct YamlLimits {
  std::size_t bytes;
  std::size_t nodes;
  int depth = 32;
};
inline constexpr YamlLimits kConfigLimits{.bytes = std::size_t{1} << 20U, .nodes = 50'000};
inline constexpr YamlLimits kScheduleLimits{.bytes = std::size_t{4} << 20U, .nodes = 500'000};

/// One document. What cannot be read safely (size, depth, encoding, syntax, anchors, tags, several documents) is one
/// fault and nullopt; duplicate and merge keys are faults too, but the tree is returned so that the rest can be judged.
[[nodiscard]] std::optional<YamlNode> parse_strict_yaml(std::string_view yaml, const YamlLimits& limits,
                                                        FaultBook& faults);

/// The keys that a mapping may have. `path` is how CONFIGURATION.md writes it, `called` how a fault names it.
struct KeySet {
  struct NotOffered {
    std::string_view key;
    std::string_view to_do;
  };
  std::string_view path;
  std::string_view called;
  std::vector<std::string_view> keys;
  std::vector<NotOffered> not_offered;  // keys that people may expect, and what to do instead
};

template <class T>
struct Range {
  T least;
  T most;
};

// Typed readings of one scalar; `name` is what faults call it. They add a fault and return nullopt where it does not
// fit.
struct TextLimits {
  std::size_t bytes = 500;
  bool may_be_empty = false;
  bool may_have_lines = false;  // else one printable line
};
[[nodiscard]] std::optional<std::string> read_text(const YamlNode& n, const std::string& name, FaultBook& faults,
                                                   TextLimits limits = {});
[[nodiscard]] std::optional<bool> read_flag(const YamlNode& n, const std::string& name, FaultBook& faults);
[[nodiscard]] std::optional<int> read_whole(const YamlNode& n, const std::string& name, FaultBook& faults,
                                            Range<int> range);
[[nodiscard]] std::optional<double> read_number(const YamlNode& n, const std::string& name, FaultBook& faults,
                                                Range<double> range);
[[nodiscard]] std::optional<Millis> read_duration(const YamlNode& n, const std::string& name, FaultBook& faults,
                                                  Range<Millis> range);
/// One of `words`; else a fault that lists them.
[[nodiscard]] std::optional<std::string> read_word(const YamlNode& n, const std::string& name, FaultBook& faults,
                                                   const std::vector<std::string>& words);
/// The items, or nullptr and a fault if it is no list.
[[nodiscard]] const std::vector<YamlNode>* read_list(const YamlNode& n, const std::string& name, FaultBook& faults);

/// A mapping under a KeySet: unknown keys and keys without a value are faults at once. Borrows node and faults.
class YamlMap {
 public:
  /// `prefix` is put before a key in faults: "polling.", "release \"x\": ".
  YamlMap(const YamlNode& node, const KeySet& keys, std::string prefix, FaultBook& faults);

  [[nodiscard]] bool is_map() const { return node_->kind == YamlNode::Kind::map; }
  [[nodiscard]] YamlPos at() const { return node_->at; }
  [[nodiscard]] FaultBook& faults() const { return *faults_; }
  [[nodiscard]] std::string name(std::string_view key) const { return prefix_ + std::string{key}; }

  /// The value of `key`; nullptr if absent or without a value.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  /// Where `key` stands, else where the mapping begins.
  [[nodiscard]] YamlPos key_at(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  /// As find(); absent is a fault with `to_do`.
  [[nodiscard]] const YamlNode* need(std::string_view key, std::string to_do = {}) const;

  // Leave `out` as it is, its default, where the key is absent or faulty.
  void text(std::string_view key, std::string& out, TextLimits limits = {}) const;
  void flag(std::string_view key, bool& out) const;
  void whole(std::string_view key, int& out, Range<int> range) const;
  void number(std::string_view key, double& out, Range<double> range) const;
  void duration(std::string_view key, Millis& out, Range<Millis> range) const;
  /// Absent: empty.
  [[nodiscard]] const std::vector<YamlNode>& list(std::string_view key) const;

 private:
  const YamlNode* node_;
  std::string prefix_;
  FaultBook* faults_;
};

}  // namespace embargod

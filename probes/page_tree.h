#pragma once
// An HTML page as one flat tree: nodes in the order of the page, so that a subtree is a range of nodes and its text a
// range of bytes. Nothing here recurses, however deep a page is.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "probes/html_parser.h"

namespace embargod {

using NodeIndex = std::uint32_t;

class PageTree final : public HtmlEvents {
 public:
  static constexpr NodeIndex kRoot = 0;  // the document itself
  static constexpr std::uint32_t kTextName = 0;
  static constexpr std::uint32_t kRootName = 1;

  struct Node {
    std::uint32_t name = kTextName;  // number of the name; kTextName: a text
    NodeIndex parent = kRoot;
    NodeIndex end = 0;                           // one past the last node within
    std::uint32_t text_begin = 0, text_end = 0;  // of all text within
    std::uint32_t attributes = 0;                // of the first; those of the next node begin where these end
  };
  struct Attribute {
    std::uint32_t name = 0, at = 0, length = 0;
  };

  PageTree();

  // What the parser calls.
  void start(const char* name, const unsigned char** attributes) override;
  void end(const char* name) override;
  void text(std::string_view part) override;
  [[nodiscard]] bool full() const override { return full_; }
  /// Closes what is open. To be called once, after the last event.
  void finish();

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const Node& node(NodeIndex i) const { return nodes_[i]; }
  [[nodiscard]] bool is_text(NodeIndex i) const { return nodes_[i].name == kTextName; }
  [[nodiscard]] bool is_element(NodeIndex i) const { return nodes_[i].name > kRootName; }
  [[nodiscard]] std::string_view text_of(NodeIndex i) const {
    return std::string_view{text_}.substr(nodes_[i].text_begin, nodes_[i].text_end - nodes_[i].text_begin);
  }
  [[nodiscard]] std::string_view name_of(std::uint32_t name) const { return names_[name]; }
  [[nodiscard]] std::string_view tag(NodeIndex i) const { return names_[nodes_[i].name]; }
  /// Number of a name that stands in the page; unset: it does not.
  [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view name) const;
  [[nodiscard]] std::size_t name_count() const { return names_.size(); }

  [[nodiscard]] const std::vector<Attribute>& attributes() const { return attributes_; }
  [[nodiscard]] std::uint32_t attributes_end(NodeIndex i) const;
  [[nodiscard]] std::string_view value_of(const Attribute& a) const {
    return std::string_view{values_}.substr(a.at, a.length);
  }
  /// Value of an element's attribute; unset: it has none of that name.
  [[nodiscard]] std::optional<std::string_view> attribute(NodeIndex i, std::string_view name) const;

 private:
  std::uint32_t intern(std::string_view name);
  bool take_one();  // false: the page has too much in it

  std::string text_, values_;
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<NodeIndex> open_;
  bool full_ = false;
};

}  // namespace embargod

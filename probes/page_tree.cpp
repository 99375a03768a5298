#include "probes/page_tree.h"

namespace embargod {
namespace {

// A page of 8 MB could hold three million elements; no page for readers does. 24 bytes a node, 12 an attribute.
constexpr std::size_t kMostNodes = 1'000'000;  // attributes included
constexpr std::size_t kMostNames = 10'000;     // different ones

}  // namespace

PageTree::PageTree() {
  names_ = {"#text", "#document"};
  Node root;
  root.name = kRootName;
  nodes_.push_back(root);
  open_.push_back(kRoot);
}

std::uint32_t PageTree::intern(std::string_view name) {
  const auto [at, is_new] = numbers_.try_emplace(std::string{name}, static_cast<std::uint32_t>(names_.size()));
  if (is_new) names_.emplace_back(name);
  full_ = full_ || names_.size() > kMostNames;
  return at->second;
}

bool PageTree::take_one() {
  full_ = full_ || nodes_.size() + attributes_.size() >= kMostNodes;
  return !full_;
}

void PageTree::start(const char* name, const unsigned char** attributes) {
  if (!take_one()) return;
  Node n;
  n.name = intern(name);
  n.parent = open_.back();
  n.text_begin = static_cast<std::uint32_t>(text_.size());
  n.attributes = static_cast<std::uint32_t>(attributes_.size());
  open_.push_back(static_cast<NodeIndex>(nodes_.size()));
  nodes_.push_back(n);
  for (; attributes != nullptr && attributes[0] != nullptr && take_one(); attributes += 2) {
    const std::string_view value{attributes[1] != nullptr ? reinterpret_cast<const char*>(attributes[1]) : ""};
    attributes_.push_back({intern(reinterpret_cast<const char*>(attributes[0])),
                           static_cast<std::uint32_t>(values_.size()), static_cast<std::uint32_t>(value.size())});
    values_ += value;
  }
}

void PageTree::end(const char*) {
  if (full_ || open_.size() < 2) return;
  Node& n = nodes_[open_.back()];
  n.end = static_cast<NodeIndex>(nodes_.size());
  n.text_end = static_cast<std::uint32_t>(text_.size());
  open_.pop_back();
}

void PageTree::text(std::string_view part) {
  if (part.empty()) return;
  const bool goes_on = nodes_.size() > 1 && nodes_.back().name == kTextName && nodes_.back().parent == open_.back() &&
                       nodes_.back().text_end == text_.size();
  if (!goes_on) {
    if (!take_one()) return;
    Node n;
    n.parent = open_.back();
    n.end = static_cast<NodeIndex>(nodes_.size()) + 1;
    n.text_begin = static_cast<std::uint32_t>(text_.size());
    n.attributes = static_cast<std::uint32_t>(attributes_.size());
    nodes_.push_back(n);
  }
  text_ += part;
  nodes_.back().text_end = static_cast<std::uint32_t>(text_.size());
}

void PageTree::finish() {
  while (open_.size() > 1) end("");
  nodes_[kRoot].end = static_cast<NodeIndex>(nodes_.size());
  nodes_[kRoot].text_end = static_cast<std::uint32_t>(text_.size());
}

std::optional<std::uint32_t> PageTree::number_of(std::string_view name) const {
  const auto at = numbers_.find(std::string{name});
  if (at == numbers_.end()) return std::nullopt;
  return at->second;
}

std::uint32_t PageTree::attributes_end(NodeIndex i) const {
  return i + 1 < nodes_.size() ? nodes_[i + 1].attributes : static_cast<std::uint32_t>(attributes_.size());
}

std::optional<std::string_view> PageTree::attribute(NodeIndex i, std::string_view name) const {
  for (std::uint32_t a = nodes_[i].attributes; a < attributes_end(i); ++a)
    if (names_[attributes_[a].name] == name) return value_of(attributes_[a]);
  return std::nullopt;
}

}  // namespace embargod

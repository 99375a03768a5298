#include "probes/xpath_walk.h"

#include <algorithm>

namespace embargod {

AxisWalker::AxisWalker(const XStep& step, const PageTree& tree, XBudget& budget)
    : step_{step}, tree_{tree}, budget_{budget}, name_{tree.number_of(step.name)} {}

void AxisWalker::take(NodeIndex i, XNodeSet& out) {
  budget_.charge(1);
  const bool fits = step_.test == XTest::any_node || (step_.test == XTest::text && tree_.is_text(i)) ||
                    (step_.test == XTest::any_name && tree_.is_element(i) && step_.axis != XAxis::attribute) ||
                    (step_.test == XTest::name && step_.axis != XAxis::attribute && name_ == tree_.node(i).name);
  if (fits) out.push_back({i, 0});
}

void AxisWalker::take_attributes(NodeIndex i, XNodeSet& out) {
  for (std::uint32_t a = tree_.node(i).attributes; a < tree_.attributes_end(i) && budget_.charge(1); ++a) {
    const bool fits = step_.test == XTest::any_node || step_.test == XTest::any_name ||
                      (step_.test == XTest::name && name_ == tree_.attributes()[a].name);
    if (fits) out.push_back({i, a + 1});
  }
}

void AxisWalker::ancestors(NodeIndex i, XNodeSet& out) {
  for (; !budget_.spent(); i = tree_.node(i).parent) {
    take(i, out);
    if (i == PageTree::kRoot) return;
  }
}

void AxisWalker::range(NodeIndex begin, NodeIndex end, XNodeSet& out) {
  for (NodeIndex i = begin; i < end && !budget_.spent(); ++i) take(i, out);
}

void AxisWalker::siblings(NodeIndex begin, NodeIndex end, XNodeSet& out) {
  for (NodeIndex i = begin; i < end && !budget_.spent(); i = tree_.node(i).end) take(i, out);
}

void AxisWalker::walk(XNode from, XNodeSet& out) {
  if (step_.test == XTest::name && !name_) return;
  if (from.attribute != 0) return walk_from_attribute(from, out);
  const auto& node = tree_.node(from.node);
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  switch (step_.axis) {
    case XAxis::self:
      return take(from.node, out);
    case XAxis::child:
      return siblings(from.node + 1, node.end, out);
    case XAxis::descendant:
      return range(from.node + 1, node.end, out);
    case XAxis::descendant_or_self:
      return range(from.node, node.end, out);
    case XAxis::attribute:
      return take_attributes(from.node, out);
    case XAxis::following:
      return range(node.end, tree_.node(PageTree::kRoot).end, out);
    case XAxis::ancestor_or_self:
      return ancestors(from.node, out);
    case XAxis::parent:
      if (from.node != PageTree::kRoot) take(node.parent, out);
      return;
    case XAxis::ancestor:
      if (from.node != PageTree::kRoot) ancestors(node.parent, out);
      return;
    case XAxis::following_sibling:
      if (from.node != PageTree::kRoot) siblings(node.end, tree_.node(node.parent).end, out);
      return;
    case XAxis::preceding_sibling:
      if (from.node != PageTree::kRoot) siblings(node.parent + 1, from.node, out);
      std::reverse(out.begin() + before, out.end());
      return;
    case XAxis::preceding:
      return preceding(from.node, out);
    case XAxis::none:
      return;
  }
}

/// An attribute has no children and no siblings; what follows its element's start tag follows it.
void AxisWalker::walk_from_attribute(XNode from, XNodeSet& out) {
  const bool self =
      step_.axis == XAxis::self || step_.axis == XAxis::descendant_or_self || step_.axis == XAxis::ancestor_or_self;
  if (self && step_.test == XTest::any_node) out.push_back(from);  // elsewhere a name means an element
  if (step_.axis == XAxis::parent) take(from.node, out);
  if (step_.axis == XAxis::ancestor || step_.axis == XAxis::ancestor_or_self) ancestors(from.node, out);
  if (step_.axis == XAxis::following) range(from.node + 1, tree_.node(PageTree::kRoot).end, out);
  if (step_.axis == XAxis::preceding) preceding(from.node, out);
}

void AxisWalker::preceding(NodeIndex from, XNodeSet& out) {
  NodeIndex ancestor = from == PageTree::kRoot ? from : tree_.node(from).parent;
  for (NodeIndex i = from; i-- > 1 && !budget_.spent();) {
    if (i == ancestor) {
      ancestor = tree_.node(i).parent;
    } else {
      take(i, out);
    }
  }
}

}  // namespace embargod

#pragma once
// The axes of XPath over a page (XPath 1.0 section 2.2).

#include <cstdint>
#include <optional>

#include "probes/page_tree.h"
#include "probes/xpath_budget.h"
#include "probes/xpath_eval.h"
#include "probes/xpath_program.h"

namespace embargod {

/// Takes one step of a path, its predicates left aside. Borrows everything.
class AxisWalker {
 public:
  AxisWalker(const XStep& step, const PageTree& tree, XBudget& budget);

  /// Appends the nodes that the step leads to, in the order of its axis. Fewer if the budget is spent.
  void walk(XNode from, XNodeSet& out);

 private:
  void walk_from_attribute(XNode from, XNodeSet& out);
  void take(NodeIndex i, XNodeSet& out);
  void take_attributes(NodeIndex i, XNodeSet& out);
  void ancestors(NodeIndex i, XNodeSet& out);
  void range(NodeIndex begin, NodeIndex end, XNodeSet& out);
  void siblings(NodeIndex begin, NodeIndex end, XNodeSet& out);
  void preceding(NodeIndex from, XNodeSet& out);

  const XStep& step_;
  const PageTree& tree_;
  XBudget& budget_;
  std::optional<std::uint32_t> name_;  // number of the name wanted; unset: the page has no such name
};

}  // namespace embargod

#pragma once
// XPath's comparisons (XPath 1.0 section 3.4).

#include "probes/page_tree.h"
#include "probes/xpath_budget.h"
#include "probes/xpath_eval.h"
#include "probes/xpath_program.h"

namespace embargod {

/// As XPath's number().
[[nodiscard]] double xpath_to_number(const XValue& v, const PageTree& tree);

/// Time is that of reading both sides once, however many pairs they make. Borrows everything.
class Comparison {
 public:
  Comparison(const PageTree& tree, XBudget& budget) : tree_{tree}, budget_{budget} {}

  /// `op`: equal to greater_equal.
  [[nodiscard]] bool compare(XOp op, const XValue& a, const XValue& b);

 private:
  bool set_against(XOp op, const XNodeSet& nodes, const XValue& v);
  bool sets_equal(XOp op, const XNodeSet& a, const XNodeSet& b);
  bool sets_ordered(XOp op, const XNodeSet& a, const XNodeSet& b);

  const PageTree& tree_;
  XBudget& budget_;
};

}  // namespace embargod

#pragma once
// Runs an XPath program over a page, within a budget: what costs time is counted as it is done.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/types/result.h"
#include "probes/page_tree.h"
#include "probes/xpath_budget.h"
#include "probes/xpath_program.h"

namespace embargod {

/// A node of the tree, or one of its attributes; smaller is earlier in the page.
struct XNode {
  NodeIndex node = 0;
  std::uint32_t attribute = 0;  // 0: the node itself; else 1 + number of the attribute
  friend auto operator<=>(const XNode&, const XNode&) = default;
};

using XNodeSet = std::vector<XNode>;  // in order of the page, each once
using XValue = std::variant<XNodeSet, double, bool, std::string>;

/// Error unavailable: the budget is spent, some 10 million nodes visited or 160 MB of text compared.
[[nodiscard]] Result<XValue> evaluate_xpath(const XPathProgram& program, const PageTree& tree);

/// The same from a node on, within a budget that several share.
[[nodiscard]] Result<XValue> evaluate_xpath(const XPathProgram& program, const PageTree& tree, XNode from,
                                            XBudget& budget);

[[nodiscard]] std::string_view xpath_string(const PageTree& tree, XNode n);

/// As XPath's string() and boolean().
[[nodiscard]] std::string xpath_to_text(const XValue& v, const PageTree& tree);
[[nodiscard]] bool xpath_holds(const XValue& v);

}  // namespace embargod

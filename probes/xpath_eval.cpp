#include "probes/xpath_eval.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "probes/expression.h"
#include "probes/xpath_budget.h"
#include "probes/xpath_compare.h"
#include "probes/xpath_values.h"
#include "probes/xpath_walk.h"

namespace embargod {
namespace {

struct XContext {
  XNode node;
  std::size_t position = 1, size = 1;
};

class Evaluator {
 public:
  Evaluator(const XPathProgram& program, const PageTree& tree, XBudget& budget)
      : program_{program}, tree_{tree}, budget_{budget} {}

  XValue value(XIndex i, const XContext& at) {
    const XExpression& e = program_.expressions[i];
    if (!budget_.charge(1)) return false;
    switch (e.op) {
      case XOp::literal:
        return e.text;
      case XOp::number:
        return e.value;
      case XOp::call:
        return call(e, at);
      case XOp::path:
        return path(e, at);
      case XOp::negate:
        return -number(e.operands[0], at);
      case XOp::or_:
        return xpath_holds(value(e.operands[0], at)) || xpath_holds(value(e.operands[1], at));
      case XOp::and_:
        return xpath_holds(value(e.operands[0], at)) && xpath_holds(value(e.operands[1], at));
      case XOp::unite:
        return unite(e, at);
      case XOp::add:
        return number(e.operands[0], at) + number(e.operands[1], at);
      case XOp::subtract:
        return number(e.operands[0], at) - number(e.operands[1], at);
      case XOp::multiply:
        return number(e.operands[0], at) * number(e.operands[1], at);
      case XOp::divide:
        return number(e.operands[0], at) / number(e.operands[1], at);
      case XOp::modulo:
        return std::fmod(number(e.operands[0], at), number(e.operands[1], at));
      case XOp::equal:
      case XOp::not_equal:
      case XOp::less:
      case XOp::less_equal:
      case XOp::greater:
      case XOp::greater_equal:
        return Comparison{tree_, budget_}.compare(e.op, value(e.operands[0], at), value(e.operands[1], at));
    }
    return false;
  }
  [[nodiscard]] bool spent() const { return budget_.spent(); }

 private:
  double number(XIndex i, const XContext& at) {
    const XValue v = value(i, at);
    if (const auto* nodes = std::get_if<XNodeSet>(&v); nodes != nullptr && !nodes->empty())
      budget_.charge_text(xpath_string(tree_, nodes->front()));
    return xpath_to_number(v, tree_);
  }

  // ---- paths ----

  XNodeSet path(const XExpression& e, const XContext& at) {
    XNodeSet nodes;
    if (!e.operands.empty()) {
      XValue start = value(e.operands[0], at);
      if (auto* set = std::get_if<XNodeSet>(&start)) nodes = std::move(*set);
      for (const XIndex p : e.predicates) keep_where(p, nodes);
    } else {
      nodes.push_back(e.absolute ? XNode{PageTree::kRoot, 0} : at.node);
    }
    for (const XStep& s : e.steps) nodes = walk(s, nodes);
    return nodes;
  }

  XNodeSet unite(const XExpression& e, const XContext& at) {
    XNodeSet all;
    for (const XIndex operand : e.operands) {
      const XValue v = value(operand, at);
      if (const auto* set = std::get_if<XNodeSet>(&v)) all.insert(all.end(), set->begin(), set->end());
    }
    in_order(all);
    return all;
  }

  void in_order(XNodeSet& nodes) {
    if (std::adjacent_find(nodes.begin(), nodes.end(), std::greater_equal<>{}) == nodes.end()) return;
    budget_.charge(nodes.size() * 4);
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  }

  XNodeSet walk(const XStep& step, const XNodeSet& from) {
    AxisWalker walker{step, tree_, budget_};
    XNodeSet all, found;
    for (const XNode& n : from) {
      if (budget_.spent()) break;
      if (all.size() > 2 * tree_.nodes().size() + 1000) in_order(all);  // the same nodes over and over
      if (step.predicates.empty()) {
        walker.walk(n, all);
        continue;
      }
      found.clear();
      walker.walk(n, found);
      for (const XIndex p : step.predicates) keep_where(p, found);
      all.insert(all.end(), found.begin(), found.end());
    }
    in_order(all);
    return all;
  }

  /// Nodes in the order of their axis.
  void keep_where(XIndex predicate, XNodeSet& nodes) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < nodes.size() && !budget_.spent(); ++i) {
      const XValue v = value(predicate, {nodes[i], i + 1, nodes.size()});
      const auto* n = std::get_if<double>(&v);
      if (n != nullptr ? *n == static_cast<double>(i + 1) : xpath_holds(v)) nodes[kept++] = nodes[i];
    }
    nodes.resize(kept);
  }

  // ---- functions (4) ----

  /// Text of an argument, without a copy where it stands in the page; `keep` holds what does not.
  std::string_view text(XIndex i, const XContext& at, std::string& keep) {
    XValue v = value(i, at);
    std::string_view view;
    if (const auto* nodes = std::get_if<XNodeSet>(&v)) {
      view = nodes->empty() ? std::string_view{} : xpath_string(tree_, nodes->front());
    } else {
      auto* own = std::get_if<std::string>(&v);
      keep = own != nullptr ? std::move(*own) : xpath_to_text(v, tree_);
      view = keep;
    }
    budget_.charge_text(view);
    return view;
  }
  std::string_view text_or_self(const XExpression& e, const XContext& at, std::string& keep) {
    if (!e.operands.empty()) return text(e.operands[0], at, keep);
    budget_.charge_text(xpath_string(tree_, at.node));
    return xpath_string(tree_, at.node);
  }

  XValue call(const XExpression& e, const XContext& at) {
    std::string keep, keep2, keep3;
    switch (e.function) {
      case XFunction::true_:
        return true;
      case XFunction::false_:
        return false;
      case XFunction::position:
        return static_cast<double>(at.position);
      case XFunction::last:
        return static_cast<double>(at.size);
      case XFunction::boolean:
        return xpath_holds(value(e.operands[0], at));
      case XFunction::not_:
        return !xpath_holds(value(e.operands[0], at));
      case XFunction::count:
        return static_cast<double>(set(e.operands[0], at).size());
      case XFunction::sum:
        return sum(set(e.operands[0], at));
      case XFunction::floor:
        return std::floor(number(e.operands[0], at));
      case XFunction::ceiling:
        return std::ceil(number(e.operands[0], at));
      case XFunction::round:
        return xpath_round(number(e.operands[0], at));
      case XFunction::number:
        return xpath_or_number(e, at);
      case XFunction::string:
        return std::string{text_or_self(e, at, keep)};
      case XFunction::normalize_space:
        return xpath_normalize(text_or_self(e, at, keep));
      case XFunction::string_length:
        return static_cast<double>(xpath_length(text_or_self(e, at, keep)));
      case XFunction::concat:
        return concat(e, at);
      case XFunction::name:
      case XFunction::local_name:
        return name_of(e, at);
      case XFunction::namespace_uri:
        return std::string{};
      case XFunction::translate:
        return xpath_translate(copied(text(e.operands[0], at, keep)), text(e.operands[1], at, keep2),
                               text(e.operands[2], at, keep3));
      default:
        break;
    }
    const std::string_view whole = text(e.operands[0], at, keep);
    if (e.function == XFunction::substring) {
      const double first = number(e.operands[1], at);
      budget_.charge_copy(whole);
      return xpath_substring(
          whole, first, e.operands.size() > 2 ? number(e.operands[2], at) : std::numeric_limits<double>::infinity());
    }
    return part_of(e.function, whole, text(e.operands[1], at, keep2));
  }

  /// Empty if the budget does not allow it.
  std::string copied(std::string_view text) {
    return std::string{budget_.charge_copy(text) ? text : std::string_view{}};
  }

  XValue part_of(XFunction f, std::string_view whole, std::string_view part) {
    if (f == XFunction::contains) return holds_literal(whole, part);
    if (f == XFunction::starts_with) return whole.starts_with(part);
    if (whole.size() < part.size()) return std::string{};  // nothing at all may have no address either
    const void* const found =
        part.empty() ? whole.data() : memmem(whole.data(), whole.size(), part.data(), part.size());
    if (found == nullptr) return std::string{};
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - whole.data());
    return copied(f == XFunction::substring_before ? whole.substr(0, at) : whole.substr(at + part.size()));
  }

  double xpath_or_number(const XExpression& e, const XContext& at) {
    if (!e.operands.empty()) return number(e.operands[0], at);
    budget_.charge_text(xpath_string(tree_, at.node));
    return xpath_number(xpath_string(tree_, at.node));
  }

  XNodeSet set(XIndex i, const XContext& at) {
    XValue v = value(i, at);
    auto* nodes = std::get_if<XNodeSet>(&v);
    return nodes != nullptr ? std::move(*nodes) : XNodeSet{};  // none only if the budget is spent
  }

  double sum(const XNodeSet& nodes) {
    double total = 0;
    for (const XNode& n : nodes) {
      if (!budget_.charge_text(xpath_string(tree_, n))) break;
      total += xpath_number(xpath_string(tree_, n));
    }
    return total;
  }

  std::string concat(const XExpression& e, const XContext& at) {
    std::string all, keep;
    for (const XIndex operand : e.operands) {
      const std::string_view part = text(operand, at, keep);
      if (!budget_.charge_copy(part)) break;
      all += part;
    }
    return all;
  }

  std::string name_of(const XExpression& e, const XContext& at) {
    XNode n = at.node;
    if (!e.operands.empty()) {
      const XNodeSet nodes = set(e.operands[0], at);
      if (nodes.empty()) return {};
      n = nodes.front();
    }
    if (n.attribute != 0) return std::string{tree_.name_of(tree_.attributes()[n.attribute - 1].name)};
    return tree_.is_element(n.node) ? std::string{tree_.tag(n.node)} : std::string{};
  }

  const XPathProgram& program_;
  const PageTree& tree_;
  XBudget& budget_;
};

}  // namespace

Result<XValue> evaluate_xpath(const XPathProgram& program, const PageTree& tree) {
  XBudget budget;
  return evaluate_xpath(program, tree, XNode{PageTree::kRoot, 0}, budget);
}

Result<XValue> evaluate_xpath(const XPathProgram& program, const PageTree& tree, XNode from, XBudget& budget) {
  Evaluator run{program, tree, budget};
  XValue v = run.value(program.root, {from, 1, 1});
  if (run.spent()) return fail(Errc::unavailable, "the XPath asks too much of this page");
  return v;
}

}  // namespace embargod

#include "probes/xpath_compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>
#include <utility>

#include "probes/xpath_values.h"

namespace embargod {
namespace {

bool compares(XOp op, double a, double b) {
  switch (op) {
    case XOp::less:
      return a < b;
    case XOp::less_equal:
      return a <= b;
    case XOp::greater:
      return a > b;
    case XOp::greater_equal:
      return a >= b;
    case XOp::equal:
      return a == b;
    case XOp::not_equal:
      return a != b;
    default:
      return false;
  }
}

bool is_equality(XOp op) { return op == XOp::equal || op == XOp::not_equal; }

XOp mirrored(XOp op) {
  switch (op) {
    case XOp::less:
      return XOp::greater;
    case XOp::less_equal:
      return XOp::greater_equal;
    case XOp::greater:
      return XOp::less;
    case XOp::greater_equal:
      return XOp::less_equal;
    default:
      return op;
  }
}

}  // namespace

double xpath_to_number(const XValue& v, const PageTree& tree) {
  if (const auto* n = std::get_if<double>(&v)) return *n;
  if (const auto* b = std::get_if<bool>(&v)) return *b ? 1 : 0;
  if (const auto* s = std::get_if<std::string>(&v)) return xpath_number(*s);
  const auto& nodes = std::get<XNodeSet>(v);
  return xpath_number(nodes.empty() ? std::string_view{} : xpath_string(tree, nodes.front()));
}

bool Comparison::compare(XOp op, const XValue& a, const XValue& b) {
  const auto* left = std::get_if<XNodeSet>(&a);
  const auto* right = std::get_if<XNodeSet>(&b);
  if (left != nullptr && right != nullptr)
    return is_equality(op) ? sets_equal(op, *left, *right) : sets_ordered(op, *left, *right);
  if (left != nullptr) return set_against(op, *left, b);
  if (right != nullptr) return set_against(mirrored(op), *right, a);
  if (is_equality(op)) {
    if (std::holds_alternative<bool>(a) || std::holds_alternative<bool>(b))
      return (xpath_holds(a) == xpath_holds(b)) == (op == XOp::equal);
    if (!std::holds_alternative<double>(a) && !std::holds_alternative<double>(b)) {
      const auto &x = std::get<std::string>(a), &y = std::get<std::string>(b);
      budget_.charge_text(x);
      return (x == y) == (op == XOp::equal);
    }
  }
  return compares(op, xpath_to_number(a, tree_), xpath_to_number(b, tree_));
}

bool Comparison::set_against(XOp op, const XNodeSet& nodes, const XValue& v) {
  if (std::holds_alternative<bool>(v)) {
    if (is_equality(op)) return (xpath_holds(XValue{nodes}) == std::get<bool>(v)) == (op == XOp::equal);
    return compares(op, nodes.empty() ? 0 : 1, std::get<bool>(v) ? 1 : 0);
  }
  const auto* text = std::get_if<std::string>(&v);
  const bool as_text = text != nullptr && is_equality(op);
  const double wanted = as_text ? 0 : xpath_to_number(v, tree_);
  return std::any_of(nodes.begin(), nodes.end(), [&](const XNode& n) {
    const std::string_view value = xpath_string(tree_, n);
    if (!budget_.charge_text(value)) return false;
    return as_text ? (value == *text) == (op == XOp::equal) : compares(op, xpath_number(value), wanted);
  });
}

/// Some pair is equal (or not): by a table, since pairs are too many.
bool Comparison::sets_equal(XOp op, const XNodeSet& a, const XNodeSet& b) {
  std::unordered_set<std::string_view> values;
  for (const XNode& n : a) {
    const std::string_view value = xpath_string(tree_, n);
    if (!budget_.charge_text(value)) return false;
    values.insert(value);
  }
  for (const XNode& n : b) {
    const std::string_view value = xpath_string(tree_, n);
    if (!budget_.charge_text(value)) return false;
    const bool there = values.contains(value);
    if (op == XOp::equal ? there : values.size() > (there ? 1U : 0U)) return true;
  }
  return false;
}

bool Comparison::sets_ordered(XOp op, const XNodeSet& a, const XNodeSet& b) {
  const auto ends = [this](const XNodeSet& set) {
    std::pair<double, double> e{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    for (const XNode& n : set) {
      const std::string_view value = xpath_string(tree_, n);
      if (!budget_.charge_text(value)) break;
      e.first = std::fmin(e.first, xpath_number(value));  // both pass over NaN
      e.second = std::fmax(e.second, xpath_number(value));
    }
    return e;
  };
  const auto left = ends(a), right = ends(b);
  const bool up = op == XOp::less || op == XOp::less_equal;
  return up ? compares(op, left.first, right.second) : compares(op, left.second, right.first);
}

std::string_view xpath_string(const PageTree& tree, XNode n) {
  return n.attribute != 0 ? tree.value_of(tree.attributes()[n.attribute - 1]) : tree.text_of(n.node);
}

std::string xpath_to_text(const XValue& v, const PageTree& tree) {
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
  if (const auto* n = std::get_if<double>(&v)) return xpath_text(*n);
  const auto& nodes = std::get<XNodeSet>(v);
  return nodes.empty() ? std::string{} : std::string{xpath_string(tree, nodes.front())};
}

bool xpath_holds(const XValue& v) {
  if (const auto* b = std::get_if<bool>(&v)) return *b;
  if (const auto* n = std::get_if<double>(&v)) return *n != 0 && !std::isnan(*n);
  if (const auto* s = std::get_if<std::string>(&v)) return !s->empty();
  return !std::get<XNodeSet>(v).empty();
}

}  // namespace embargod

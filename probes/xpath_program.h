#pragma once
// XPath 1.0, read into a program for xpath_eval.h. Our own and not libxml2's evaluator: that one compares sets pair by
// pair and copies the text of every node it looks at, and its operation limit counts neither. `//td = //tr` or
// `//*[contains(., 'x')]` keep it busy for minutes on a page of half a megabyte. Tests hold both to the same results.

#include <cstdint>
#include <string>
#include <vector>

#include "config/types/result.h"

namespace embargod {

enum class XAxis : std::uint8_t {
  ancestor,
  ancestor_or_self,
  attribute,
  child,
  descendant,
  descendant_or_self,
  following,
  following_sibling,
  none,  // namespace::, which HTML has none of
  parent,
  preceding,
  preceding_sibling,
  self,
};

enum class XTest : std::uint8_t { name, any_name, any_node, text, nothing };  // nothing: comments, which are not kept

enum class XFunction : std::uint8_t {
  boolean,
  ceiling,
  concat,
  contains,
  count,
  false_,
  floor,
  last,
  local_name,
  name,
  namespace_uri,
  normalize_space,
  not_,
  number,
  position,
  round,
  starts_with,
  string,
  string_length,
  substring,
  substring_after,
  substring_before,
  sum,
  translate,
  true_,
};

enum class XOp : std::uint8_t {
  literal,  // text
  number,   // value
  call,     // function, operands
  path,     // [operand 0: where it starts], predicates of that, steps
  negate,   // operand 0
  // two operands each:
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  unite,
};

using XIndex = std::uint32_t;  // of an expression in the program

struct XStep {
  XAxis axis = XAxis::child;
  XTest test = XTest::any_node;
  std::string name;  // in lower case, as the parser gives HTML's
  std::vector<XIndex> predicates;
};

struct XExpression {
  XOp op = XOp::literal;
  std::string text;
  double value = 0;
  XFunction function = XFunction::true_;
  std::vector<XIndex> operands;
  std::vector<XIndex> predicates;
  std::vector<XStep> steps;
  bool absolute = false;
};

struct XPathProgram {
  std::vector<XExpression> expressions;
  XIndex root = 0;
};

/// Error invalid_input: it does not compile, is over 1,000 bytes or nests over 40 deep; variables, prefixed names and
/// functions beyond XPath's own (document() among them), id() and lang()
/// are refused: @id and @lang say the same.
[[nodiscard]] Result<XPathProgram> compile_xpath(const std::string& expression);

}  // namespace embargod

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "probes/xpath_program.h"
#include "probes/xpath_tokens.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestXPath = 1000;
constexpr int kDeepestXPath = 40;

struct FunctionForm {
  std::string_view name;
  XFunction function;
  std::size_t least, most;  // arguments
};
constexpr std::size_t kAnyNumber = 100;
constexpr auto kFunctions = std::to_array<FunctionForm>({{"boolean", XFunction::boolean, 1, 1},
                                                         {"ceiling", XFunction::ceiling, 1, 1},
                                                         {"concat", XFunction::concat, 2, kAnyNumber},
                                                         {"contains", XFunction::contains, 2, 2},
                                                         {"count", XFunction::count, 1, 1},
                                                         {"false", XFunction::false_, 0, 0},
                                                         {"floor", XFunction::floor, 1, 1},
                                                         {"last", XFunction::last, 0, 0},
                                                         {"local-name", XFunction::local_name, 0, 1},
                                                         {"name", XFunction::name, 0, 1},
                                                         {"namespace-uri", XFunction::namespace_uri, 0, 1},
                                                         {"normalize-space", XFunction::normalize_space, 0, 1},
                                                         {"not", XFunction::not_, 1, 1},
                                                         {"number", XFunction::number, 0, 1},
                                                         {"position", XFunction::position, 0, 0},
                                                         {"round", XFunction::round, 1, 1},
                                                         {"starts-with", XFunction::starts_with, 2, 2},
                                                         {"string", XFunction::string, 0, 1},
                                                         {"string-length", XFunction::string_length, 0, 1},
                                                         {"substring", XFunction::substring, 2, 3},
                                                         {"substring-after", XFunction::substring_after, 2, 2},
                                                         {"substring-before", XFunction::substring_before, 2, 2},
                                                         {"sum", XFunction::sum, 1, 1},
                                                         {"translate", XFunction::translate, 3, 3},
                                                         {"true", XFunction::true_, 0, 0}});

struct AxisForm {
  std::string_view name;
  XAxis axis;
};
constexpr auto kAxes = std::to_array<AxisForm>({{"ancestor", XAxis::ancestor},
                                                {"ancestor-or-self", XAxis::ancestor_or_self},
                                                {"attribute", XAxis::attribute},
                                                {"child", XAxis::child},
                                                {"descendant", XAxis::descendant},
                                                {"descendant-or-self", XAxis::descendant_or_self},
                                                {"following", XAxis::following},
                                                {"following-sibling", XAxis::following_sibling},
                                                {"namespace", XAxis::none},
                                                {"parent", XAxis::parent},
                                                {"preceding", XAxis::preceding},
                                                {"preceding-sibling", XAxis::preceding_sibling},
                                                {"self", XAxis::self}});

bool is_node_type(std::string_view name) {
  return name == "node" || name == "text" || name == "comment" || name == "processing-instruction";
}

/// By precedence, one method a level. After the first fault every method returns at once.
class XPathParser {
 public:
  explicit XPathParser(std::vector<XToken> tokens) : tokens_{std::move(tokens)} {}

  XPathProgram program() {
    program_.root = expression();
    if (token().kind != Tok::end) complain("unexpected \"" + token().text + "\"");
    if (fault_.empty() && !is_sound()) complain("a path or union of something that is not a path");
    return std::move(program_);
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  struct Level {
    std::string_view word;
    XOp op;
  };

  [[nodiscard]] const XToken& token(std::size_t ahead = 0) const {
    return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool at_sign(std::string_view sign, std::size_t ahead = 0) const {
    return token(ahead).kind == Tok::sign && token(ahead).text == sign;
  }
  bool take_sign(std::string_view sign) {
    if (!at_sign(sign)) return false;
    ++next_;
    return true;
  }
  void expect_sign(std::string_view sign) {
    if (!take_sign(sign)) complain("\"" + std::string{sign} + "\" is missing");
  }
  void complain(const std::string& what) {
    if (fault_.empty()) fault_ = what + " at character " + std::to_string(token().at + 1);
    next_ = tokens_.size() - 1;  // nothing more is read
  }

  XIndex add(XExpression e) {
    program_.expressions.push_back(std::move(e));
    return static_cast<XIndex>(program_.expressions.size() - 1);
  }
  XIndex add_binary(XOp op, XIndex left, XIndex right) {
    XExpression e;
    e.op = op;
    e.operands = {left, right};
    return add(std::move(e));
  }

  XIndex expression() {
    if (++depth_ > kDeepestXPath) complain("the expression is nested too deep");
    const XIndex e = fault_.empty() ? level(0) : 0;
    --depth_;
    return e;
  }

  /// Left-associative operators, loosest first. Their names are operators only here, where an operand has just ended.
  XIndex level(std::size_t n) {
    static const std::array<std::vector<Level>, 6> kLevels = {
        {{{"or", XOp::or_}},
         {{"and", XOp::and_}},
         {{"=", XOp::equal}, {"!=", XOp::not_equal}},
         {{"<", XOp::less}, {"<=", XOp::less_equal}, {">", XOp::greater}, {">=", XOp::greater_equal}},
         {{"+", XOp::add}, {"-", XOp::subtract}},
         {{"*", XOp::multiply}, {"div", XOp::divide}, {"mod", XOp::modulo}}}};
    if (n == kLevels.size()) return unary();
    XIndex left = level(n + 1);
    while (fault_.empty()) {
      const auto& ops = kLevels.at(n);
      const auto op = std::find_if(ops.begin(), ops.end(), [this](const Level& l) {
        return (token().kind == Tok::sign || token().kind == Tok::name) && token().text == l.word;
      });
      if (op == ops.end()) break;
      ++next_;
      left = add_binary(op->op, left, level(n + 1));
    }
    return left;
  }

  XIndex unary() {
    bool minus = false, any = false;
    while (take_sign("-")) {
      minus = !minus;
      any = true;
    }
    const XIndex operand = union_of();
    if (!any) return operand;
    XExpression e;
    e.op = XOp::negate;
    e.operands = {operand};
    const XIndex once = add(e);
    if (minus) return once;
    e.operands = {once};
    return add(std::move(e));
  }

  XIndex union_of() {
    XIndex left = path();
    while (fault_.empty() && take_sign("|")) left = add_binary(XOp::unite, left, path());
    return left;
  }

  [[nodiscard]] bool starts_primary() const {
    if (token().kind == Tok::number || token().kind == Tok::literal || at_sign("(")) return true;
    return token().kind == Tok::name && at_sign("(", 1) && !is_node_type(token().text);
  }
  [[nodiscard]] bool starts_step() const {
    return token().kind == Tok::name || at_sign("*") || at_sign("@") || at_sign(".") || at_sign("..");
  }

  XIndex path() {
    XExpression e;
    e.op = XOp::path;
    if (starts_primary()) {
      const XIndex primary = primary_expression();
      if (!at_sign("[") && !at_sign("/") && !at_sign("//")) return primary;
      e.operands = {primary};
      e.predicates = predicates();
      if (at_sign("/") || at_sign("//")) slash_steps(e);
    } else if (at_sign("/") || at_sign("//")) {
      e.absolute = true;
      if (at_sign("/") && (++next_, !starts_step())) return add(std::move(e));  // "/" alone
      if (at_sign("//")) {
        slash_steps(e);
      } else {
        e.steps.push_back(step());
        slash_steps(e);
      }
    } else {
      e.steps.push_back(step());
      slash_steps(e);
    }
    return add(std::move(e));
  }

  void slash_steps(XExpression& e) {
    while (fault_.empty() && (at_sign("/") || at_sign("//"))) {
      const bool deep = at_sign("//");
      ++next_;
      XStep next = step();
      if (deep && next.axis == XAxis::child && next.predicates.empty()) {
        next.axis = XAxis::descendant;  // the same nodes, found in one pass
      } else if (deep) {
        e.steps.push_back({XAxis::descendant_or_self, XTest::any_node, {}, {}});
      }
      e.steps.push_back(std::move(next));
    }
  }

  std::vector<XIndex> predicates() {
    std::vector<XIndex> list;
    while (fault_.empty() && take_sign("[")) {
      list.push_back(expression());
      expect_sign("]");
    }
    return list;
  }

  XStep step() {
    XStep s;
    if (take_sign(".")) {
      s.axis = XAxis::self;
      return s;
    }
    if (take_sign("..")) {
      s.axis = XAxis::parent;
      return s;
    }
    if (take_sign("@")) {
      s.axis = XAxis::attribute;
    } else if (token().kind == Tok::name && at_sign("::", 1)) {
      const auto form =
          std::find_if(kAxes.begin(), kAxes.end(), [this](const AxisForm& a) { return a.name == token().text; });
      if (form == kAxes.end()) {
        complain("\"" + token().text + "\" is not an axis");
        return s;
      }
      s.axis = form->axis;
      next_ += 2;
    }
    node_test(s);
    s.predicates = predicates();
    return s;
  }

  void node_test(XStep& s) {
    if (take_sign("*")) {
      s.test = XTest::any_name;
      return;
    }
    if (token().kind != Tok::name) {
      complain(token().kind == Tok::end ? "the path ends too early"
                                        : "a name was expected, not \"" + token().text + "\"");
      return;
    }
    const std::string name = token().text;
    ++next_;
    if (at_sign(":")) {
      complain("a name with a prefix, which HTML does not have,");
    } else if (is_node_type(name) && take_sign("(")) {
      s.test = name == "node" ? XTest::any_node : name == "text" ? XTest::text : XTest::nothing;
      if (name == "processing-instruction" && token().kind == Tok::literal) ++next_;
      expect_sign(")");
    } else {
      s.test = XTest::name;
      s.name = name;
      for (char& c : s.name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }

  XIndex primary_expression() {
    XExpression e;
    if (take_sign("(")) {
      const XIndex inner = expression();
      expect_sign(")");
      return inner;
    }
    if (token().kind == Tok::name) return call();
    e.op = token().kind == Tok::number ? XOp::number : XOp::literal;
    e.text = token().text;
    if (e.op == XOp::number) e.value = std::strtod(e.text.c_str(), nullptr);
    ++next_;
    return add(std::move(e));
  }

  XIndex call() {
    const auto form = std::find_if(kFunctions.begin(), kFunctions.end(),
                                   [this](const FunctionForm& f) { return f.name == token().text; });
    if (form == kFunctions.end()) {
      complain("there is no function \"" + token().text + "\"");
      return 0;
    }
    XExpression e;
    e.op = XOp::call;
    e.function = form->function;
    next_ += 2;
    while (fault_.empty() && !at_sign(")")) {
      e.operands.push_back(expression());
      if (!at_sign(")")) expect_sign(",");
    }
    if (e.operands.size() < form->least || e.operands.size() > form->most)
      complain("the number of arguments of \"" + std::string{form->name} + "\" is wrong");
    expect_sign(")");
    const bool of_nodes = form->function == XFunction::count || form->function == XFunction::sum ||
                          form->function == XFunction::local_name || form->function == XFunction::name ||
                          form->function == XFunction::namespace_uri;
    if (of_nodes && !e.operands.empty() && fault_.empty() && !is_node_set(e.operands[0]))
      complain("\"" + std::string{form->name} + "\" wants a path");
    return add(std::move(e));
  }

  [[nodiscard]] bool is_node_set(XIndex i) const {
    const XExpression& e = program_.expressions[i];
    return e.op == XOp::path || e.op == XOp::unite;
  }

  /// Paths and unions start from nodes: "(1)/a" is no expression.
  [[nodiscard]] bool is_sound() const {
    return std::all_of(program_.expressions.begin(), program_.expressions.end(), [this](const XExpression& e) {
      if (e.op != XOp::path && e.op != XOp::unite) return true;
      return std::all_of(e.operands.begin(), e.operands.end(), [this](XIndex i) { return is_node_set(i); });
    });
  }

  std::vector<XToken> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  std::string fault_;
  XPathProgram program_;
};

}  // namespace

Result<XPathProgram> compile_xpath(const std::string& expression) {
  const auto refuse = [](const std::string& why) {
    return fail(Errc::invalid_input, "the XPath does not compile: " + why, {}, "it is XPath 1.0 over HTML");
  };
  if (expression.size() > kLongestXPath) return refuse("it is longer than 1000 bytes");
  auto tokens = xpath_tokens(expression);
  if (!tokens) return refuse("an open quote, or a character that has no place in it");
  XPathParser parser{std::move(*tokens)};
  XPathProgram program = parser.program();
  if (!parser.fault().empty()) return refuse(parser.fault());
  return program;
}

}  // namespace embargod

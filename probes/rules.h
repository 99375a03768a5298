#pragma once
// The conditions of a recipe as matchers over one answer.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/result.h"
#include "probes/evidence.h"
#include "probes/expression.h"
#include "probes/page.h"

namespace embargod {

/// Held, not held, or not to be told from what was received (a page that cannot be parsed). Through all, any and not it
/// goes as in three-valued logic: `all` is no if one part is no, `any` is yes if one part is yes, else the doubt stays.
enum class Held : std::uint8_t { yes, no, unreadable };

/// One condition with all that is inside it, compiled. Immutable; one thread at a time.
class Matcher {
 public:
  /// Unset and faults with the marks of the config: an expression that RE2 or XPath refuses, a pointer, kind or
  /// combination that is none.
  [[nodiscard]] static std::optional<Matcher> make(const Condition& c, Faults& faults);

  /// Appends to `why`, if given, what was looked at and found.
  [[nodiscard]] Held test(Evidence& e, std::string* why) const;

  [[nodiscard]] const std::string& words() const { return words_; }  // "status and (text or not xpath)"

 private:
  /// A value that was found, against equals, contains or regex.
  struct Value {
    ValueTest test;
    std::optional<Expression> regex;
    bool ignores_case = false;
    [[nodiscard]] bool fits(std::string_view text) const;
    [[nodiscard]] bool any() const { return !test.equals && !test.contains && !test.regex; }
  };

  [[nodiscard]] Held test_leaf(Evidence& e, std::string* why) const;
  [[nodiscard]] Held test_parts(Evidence& e, std::string* why) const;

  [[nodiscard]] Held holds(const StatusIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const HeaderIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const AddressIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const BodyHas& is, Evidence& e) const;
  [[nodiscard]] Held holds(const XPathIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const JsonIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const ContentTypeIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const MagicIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const SizeIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const DigestIs& is, Evidence& e) const;
  [[nodiscard]] Held holds(const EditionIs& is, Evidence& e) const;

  struct Compile;  // fills a matcher from each kind of condition

  Condition condition_;
  std::string words_;
  int cost_ = 0;  // parts that cost less are asked first
  Value value_;
  std::optional<Expression> regex_;
  std::optional<XPath> xpath_;
  std::vector<Matcher> parts_;  // of all, any and not, the cheap ones first
};

struct CompiledRule {
  std::string name;  // "nhs-digital stub_if[0]: text"
  Matcher matcher;
};

/// The groups of a profile, or of one target.
struct CompiledGroups {
  std::vector<CompiledRule> unknown_if, gated_if, absent_if, must_not_contain, stub_if, live_if, expect;
};

/// Rules are named "<owner> <group>[n]: kinds"; faults are appended.
[[nodiscard]] CompiledGroups compile_groups(const std::string& owner, const RuleGroups& groups, Faults& faults);

}  // namespace embargod

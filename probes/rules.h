#pragma once
// The conditions of a recipe as matchers over one Observation.

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/result.h"
#include "probes/observation.h"

namespace embargod {

/// Held, not held, or not to be told from what was received (a page that cannot be parsed).
enum class Held : std::uint8_t { yes, no, unreadable };

/// An Observation with what several conditions need of it, made once. Borrows the Observation.
class Evidence {
 public:
  explicit Evidence(const Observation& o) : seen{o} {}
  const Observation& seen;

  /// The page's links without their scheme ("host/path"); nullptr if the page is unreadable. A body that is no HTML has
  /// none.
  [[nodiscard]] const std::vector<std::string>* links();

  /// "host" or "host:port" of the page; empty if it has no usable address.
  [[nodiscard]] const std::string& site();

 private:
  void read();
  bool read_ = false;
  bool readable_ = false;
  std::string site_;
  std::vector<std::string> links_;
};

/// One condition, compiled. Immutable; any thread.
class Matcher {
 public:
  /// Error invalid_input with the condition's mark: RE2 refuses the expression, or the condition is empty.
  [[nodiscard]] static Result<Matcher> make(const Condition& c);

  [[nodiscard]] Held test(Evidence& e) const;
  [[nodiscard]] const char* kind() const;  // "status", "header", "text", "regex", "link"
  [[nodiscard]] std::string why(Held held, const Observation& o) const;

 private:
  [[nodiscard]] Held test_link(Evidence& e) const;

  Condition condition_;
  std::unique_ptr<RE2> regex_;
};

struct CompiledRule {
  std::string name;  // "nhs-digital stub_if[0]: text"
  std::vector<Matcher> all;

  [[nodiscard]] Held test(Evidence& e, std::string* why) const;
};

/// Rules named "<profile> <group>[n]: kinds"; faults are appended.
[[nodiscard]] std::vector<CompiledRule> compile_rules(const std::string& group, const std::vector<Rule>& rules,
                                                      Faults& faults);

}  // namespace embargod

#pragma once
// Is it public? Judges the facts of one probe by a recipe. Pure.

#include <memory>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/release.h"
#include "probes/observation.h"

namespace embargod {

/// The outcome always names the rule that decided.
struct Judgement {
  Liveness liveness = Liveness::unknown;
  Cause cause = Cause::none;  // set if unknown
  std::string rule;           // "nhs-digital stub_if[0]: text", "engine: 404", "engine: redirect to another host"
};

/// One step of an explanation, for `embargoctl probe`: a rule, whether it held, and why.
struct RuleTrace {
  std::string rule;
  bool held = false;
  std::string why;
};

/// A recipe with its RE2 matchers. Immutable; any thread.
class CompiledProfile {
 public:
  virtual ~CompiledProfile() = default;
  [[nodiscard]] virtual const std::string& name() const = 0;

  /// Order (domain.md 4.7): transport and cut bodies, unknown_if, redirects, gated_if, absent_if, 401/403/429/5xx,
  /// stub_if, live_if. `trace`, if given, receives every rule that was tried.
  [[nodiscard]] virtual Judgement judge(const Observation& o, std::vector<RuleTrace>* trace) const = 0;
};

/// Faults carry the marks of the config. Errors: a regular expression that RE2 refuses (size and memory capped).
[[nodiscard]] Checked<std::unique_ptr<CompiledProfile>> compile(const Profile& profile);

}  // namespace embargod

#pragma once
// Is it public? Judges the facts of one probe by a recipe. Pure.

#include <memory>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/release.h"
#include "probes/observation.h"
#include "probes/site_picture.h"

namespace embargod {

/// The outcome always names the rule that decided.
struct Judgement {
  Liveness liveness = Liveness::unknown;
  Cause cause = Cause::none;  // set if unknown
  std::string rule;           // "nhs-digital stub_if[0]: text", "engine: 404", "engine: redirect to another host"
  bool marked = false;        // live by a positive sign (live_if, must_not_contain, edition, a link to the release): no
                              // other page of the site can look so. Live without it rests on the status alone
  std::string wrong;          // live, but not what was announced: the `expect` rule that failed, or the edition read
  std::string edition;        // as read; empty: none
  std::string fingerprint;    // Fingerprinter::of; only of 2xx
};

[[nodiscard]] Judgement judgement(Liveness l, std::string rule, Cause c = Cause::none);
[[nodiscard]] Judgement judged_unknown(Cause c, std::string rule);
[[nodiscard]] Judgement judged_live(std::string rule, bool marked);

/// One step of an explanation, for `embargoctl probe`: a rule, whether it held, and why.
struct RuleTrace {
  std::string rule;
  bool held = false;
  std::string why;
};

/// What a person approved as the former edition of a `latest` target.
struct Baseline {
  std::string target;
  std::string url;
  std::string fingerprint;
  std::string edition;  // as read then; may be empty
  Instant seen{};       // when the approved answer was complete
  Instant approved{};
  std::string by;
  friend bool operator==(const Baseline&, const Baseline&) = default;
};

/// What is known beside the answer itself. Borrowed for the call; null: not known.
struct Surroundings {
  const Baseline* baseline = nullptr;
  const SitePicture* picture = nullptr;
};

/// A profile with its matchers, shared by the targets that name it. Immutable; one thread at a time judges by it.
class CompiledProfile {
 public:
  virtual ~CompiledProfile() = default;
  [[nodiscard]] virtual const Profile& profile() const = 0;
};

/// Faults carry the marks of the config. Errors: an expression that RE2 or XPath refuses (size and memory capped), a
/// pointer or kind that is none.
[[nodiscard]] Checked<std::shared_ptr<const CompiledProfile>> compile(const Profile& profile);

/// How one target is judged: its own rules, its profile's, and the default of its role.
class Recipe {
 public:
  virtual ~Recipe() = default;

  /// Order (domain.md 4.7): transport, cut bodies and certain blocks; unknown_if; gated_if, absent_if; 404 and 410;
  /// redirects elsewhere; other statuses; must_not_contain; stub_if; soft 404 by the picture; edition and baseline;
  /// live_if, or the role's default. `trace`, if given, receives every rule that was tried.
  [[nodiscard]] virtual Judgement judge(const Observation& o, const Surroundings& around,
                                        std::vector<RuleTrace>* trace) const = 0;

  /// Role latest without an edition or any edition source: nothing is known until a person approves a baseline.
  [[nodiscard]] virtual bool needs_baseline() const = 0;

  [[nodiscard]] virtual bool may_bypass() const = 0;  // the cache, with a query of our own
  [[nodiscard]] virtual bool asks_siblings() const = 0;
};

/// `release` gives listings and announcements what they must not show: its URLs and title. Copies what it needs of
/// target and release. Faults as compile().
[[nodiscard]] Checked<std::unique_ptr<Recipe>> make_recipe(std::shared_ptr<const CompiledProfile> profile,
                                                           const Target& target, const Release& release);

}  // namespace embargod

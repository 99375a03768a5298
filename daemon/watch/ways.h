#pragma once
// By which other ways a page is asked for, and when it is better not to ask at all. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/types/time.h"
#include "probes/observation.h"

namespace embargod {

/// The ways to one host beside the plain one.
class OtherWays {
 public:
  /// Routes worth asking now: another address, the other family than that of `last_ip`, past the cache if allowed.
  [[nodiscard]] std::vector<Route> all(const std::string& last_ip, bool may_bypass, Millis now_ticks) const;

  /// One of them, in turn.
  [[nodiscard]] std::optional<Route> next(const std::string& last_ip, bool may_bypass, Millis now_ticks);

  /// The host has no such way: it is not asked for ten minutes.
  void missing(Route r, Millis now_ticks) { missing_[r] = now_ticks; }

 private:
  std::map<Route, Millis> missing_;
  std::size_t turn_ = 0;
};

/// How long caches keep the 404 that stands where a release will be (domain.md 6.6): a look shortly before due may
/// plant one that hides the release after it.
class NegativeCaching {
 public:
  /// Of a dark answer. `configured`: what the operator knows of it, instead of what the answer says.
  void note(const Observation& o, std::optional<Millis> configured, std::optional<Instant> due);

  /// A plain look at `at` could leave a 404 in a cache beyond `due`, by more than ten seconds.
  [[nodiscard]] bool would_plant(Instant at, Instant due) const;

 private:
  Millis lifetime_{0};
  Millis longest_{0};                  // of this watch
  std::optional<Instant> copy_until_;  // a cache answers until then from the copy that it has: a look adds nothing
  bool ends_by_due_ = false;           // the site shortens lifetimes so that they end when the release is out
};

}  // namespace embargod

#pragma once
// Where an answer tells its edition, compiled from a profile's `edition`.

#include <optional>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/result.h"
#include "probes/evidence.h"
#include "probes/expression.h"
#include "probes/page.h"

namespace embargod {

/// Immutable; one thread at a time.
class EditionFinder {
 public:
  /// Faults (an expression or pointer that does not compile, a regex without exactly one group) are appended.
  [[nodiscard]] static EditionFinder make(const std::vector<EditionSource>& sources, Faults& faults);

  [[nodiscard]] bool empty() const { return places_.empty(); }

  /// The first place that yields an edition counts. `order` is left to the caller.
  [[nodiscard]] EditionSeen find(Evidence& e) const;

 private:
  struct Place {
    EditionSource source;
    std::optional<XPath> xpath;
    std::optional<Expression> regex;
  };
  [[nodiscard]] static std::optional<std::string> text_at(const Place& place, Evidence& e, bool& unreadable);

  std::vector<Place> places_;
};

}  // namespace embargod

#pragma once
// Where the coming edition may be, guessed from where past ones were. Pure.

#include <string>
#include <unordered_set>
#include <vector>

#include "config/release.h"
#include "config/settings.h"

namespace embargod {

/// A guessed URL. It is a secret: people outside learn from it where to look.
struct Candidate {
  Target target;     // id "<release>/candidate-<6 or more hex digits>", which depends on the URL alone; with its rule
  std::string from;  // "former_urls[0]", "url_templates[1]": what it was made of
};

struct CandidateList {
  std::vector<Candidate> found;    // the likeliest first, at most CandidateSettings::most
  std::vector<std::string> notes;  // why there are none of a former URL; names places, never a URL
};

/// Guesses for the releases of one schedule: only on hosts that the settings list, never a URL that some release
/// announces or that a past edition had. Borrows both arguments.
class CandidateMaker {
 public:
  CandidateMaker(const Schedule& schedule, const CandidateSettings& settings);

  /// Of a cancelled release: none.
  [[nodiscard]] CandidateList of(const Release& r) const;

 private:
  const CandidateSettings& settings_;
  std::unordered_set<std::string> taken_;  // address_key() of every announced and former URL
};

}  // namespace embargod

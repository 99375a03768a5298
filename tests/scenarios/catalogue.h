#pragma once
// The scenario files as a catalogue of rows, and the ways they are played.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/simulate.h"

namespace embargod {

struct NotPlayed {
  std::string row;
  std::string part;  // "all": no file plays the row
  std::string reason;
};

/// LM-01 ... LM-44 of domain.md 3, HC-1 ... HC-38 of reliability.md 2.1.
[[nodiscard]] std::vector<std::string> catalogue_rows();

/// Every file of tests/scenarios but not_played.yml, by name. Throws what does not read.
[[nodiscard]] std::vector<Scenario> catalogue_files();
[[nodiscard]] std::vector<NotPlayed> not_played();

/// "early contained, blind closed x2".
[[nodiscard]] std::string verdict_words(const std::vector<Incident>& incidents);
[[nodiscard]] std::string expected_words(const Expectations& e);

/// The scenario with its time stopped at `at` for `extra`: what is answered then stands, and everything later, the due
/// times too, moves on by as much. It ends when that time is over.
[[nodiscard]] Scenario stretched(Scenario s, Millis at, Millis extra);

/// How long nobody could tell from what `url` answers, until the scenario's end; `edges`: how often that began or
/// ended.
struct Injected {
  Millis time{0};
  int edges = 0;
};
[[nodiscard]] Injected injected_unknown(const Scenario& s, const Url& url);

}  // namespace embargod

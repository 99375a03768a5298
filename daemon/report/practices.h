#pragma once
// Which practices of the Code a kind of incident is filed under, by edition. Producers did not label alike, so one
// label is proposed, the others are offered, and a person chooses. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "daemon/watch/incident.h"

namespace embargod {

struct Practices {
  std::vector<std::string> proposed;  // empty: none is proposed
  std::vector<std::string> alternatives;
};

/// "Code of Practice for Statistics, edition 2.0 (February 2018)"; the edition's own text if unknown.
[[nodiscard]] std::string code_name(std::string_view edition);

[[nodiscard]] Practices practices_for(std::string_view edition, IncidentKind kind);

/// Every label of an edition: lint holds a report to them.
[[nodiscard]] const std::vector<std::string>& all_practices(std::string_view edition);

}  // namespace embargod

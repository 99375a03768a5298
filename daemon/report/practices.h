#pragma once
// Which practices of the Code a kind of incident is filed under, by edition. Producers did not label alike, so one
// label is proposed, the others are offered, and a person chooses. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "config/practices.h"
#include "daemon/watch/incident.h"

namespace embargod {

struct Practices {
  std::vector<std::string> proposed;  // empty: none is proposed
  std::vector<std::string> alternatives;
};

[[nodiscard]] Practices practices_for(std::string_view edition, IncidentKind kind);

}  // namespace embargod

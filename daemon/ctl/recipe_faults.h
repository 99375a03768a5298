#pragma once
// What only the compilers of rules know: expressions, pointers, kinds, editions.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/liveness.h"

namespace embargod {

using CompiledProfiles = std::map<std::string, std::shared_ptr<const CompiledProfile>>;

/// Those that can be compiled, by name; the faults of others go to `faults`.
[[nodiscard]] CompiledProfiles compile_profiles(const std::vector<Profile>& profiles, Faults& faults);

/// Of the rules of the release's URLs. A profile that is not there has been told of before.
[[nodiscard]] Faults recipe_faults(const Release& r, const CompiledProfiles& profiles);

}  // namespace embargod

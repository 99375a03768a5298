#include "daemon/ctl/recipe_faults.h"

#include <utility>

namespace embargod {

CompiledProfiles compile_profiles(const std::vector<Profile>& profiles, Faults& faults) {
  CompiledProfiles compiled;
  for (const Profile& p : profiles) {
    auto one = compile(p);
    if (one)
      compiled.emplace(p.name, std::move(*one));
    else
      faults.insert(faults.end(), one.error().begin(), one.error().end());
  }
  return compiled;
}

Faults recipe_faults(const Release& r, const CompiledProfiles& profiles) {
  Faults all;
  for (const Target& t : r.targets) {
    const auto profile = profiles.find(t.profile);
    if (profile == profiles.end()) continue;
    if (const auto recipe = make_recipe(profile->second, t, r); !recipe)
      all.insert(all.end(), recipe.error().begin(), recipe.error().end());
  }
  return all;
}

}  // namespace embargod

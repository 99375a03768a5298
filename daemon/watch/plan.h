#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/release.h"
#include "config/settings.h"
#include "daemon/watch/alerting.h"
#include "probes/liveness.h"

namespace embargod {

struct DiscoveryPlan;  // discovery_watch.h

/// One URL that is looked at: a target of the schedule, another form of its URL, or a guess at where the release may be
/// (Target::candidate_rule).
struct Part {
  const Release* release = nullptr;  // in Plan::schedule
  Target target;                     // of another form: its own id ("<target>+www") and URL
  std::unique_ptr<Recipe> recipe;
  std::string form_of;  // target id, if this is another form of its URL; else empty
  std::optional<Millis> negative_ttl;
};

/// Everything the engine works by, swapped whole on reload. Immutable, but that only the engine judges by its recipes.
struct Plan {
  std::shared_ptr<const Settings> settings;
  Schedule announced;       // the operator's own files
  Schedule schedule;        // those, and what calendars announced
  std::vector<Part> parts;  // in the schedule's order, other forms after their target, guesses after a release's last
  std::shared_ptr<const DiscoveryPlan> discovery;  // never null
  Polling polling;
  AlertContext context;
  std::vector<ReceiverTraits> receivers;
  Millis candidate_interval{60'000};
  Millis retention{std::int64_t{400} * 24 * 3'600'000};
};

/// Compiles the profiles, each target's own rules and the rules of sources, and derives the other forms of URLs that
/// profiles ask for. Faults carry the config's marks.
[[nodiscard]] Checked<std::shared_ptr<const Plan>> make_plan(const Settings& settings, const Schedule& schedule,
                                                             const std::vector<ReceiverTraits>& receivers);

/// `plan` with another schedule over the same announced one. Errors: as above.
[[nodiscard]] Checked<std::shared_ptr<const Plan>> with_schedule(const Plan& plan, Schedule schedule);

/// What keeps `releases` from being watched: an unknown profile, rules of their own that cannot be compiled.
[[nodiscard]] Faults unwatchable(const Settings& settings, const std::vector<Release>& releases);

}  // namespace embargod

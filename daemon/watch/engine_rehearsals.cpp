#include <algorithm>

#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

const Release* find_release(const Schedule& s, const std::string& id) {
  const auto it = std::find_if(s.releases.begin(), s.releases.end(), [&](const Release& r) { return r.id == id; });
  return it == s.releases.end() ? nullptr : &*it;
}

}  // namespace

Result<void> Engine::Core::plan_rehearsal(const Command& c) {
  if (!c.rehearsal) return fail(Errc::invalid_input, "a rehearsal without its plan");
  Rehearsal r = *c.rehearsal;
  r.planned = doors_.clock.now();
  return rehearsals_.plan(r, {.release = find_release(plan_->schedule, r.release),
                              .is_lifted = lifts_.contains(r.release),
                              .now = r.planned,
                              .zone = plan_->context.zone});
}

Result<void> Engine::Core::cancel_rehearsal(const Command& c) {
  const Instant now = doors_.clock.now();
  auto done = rehearsals_.cancel(c.id, c.by, c.reason, now);
  if (done) cases_.end_rehearsals({}, now);
  return done;
}

/// Only where nothing else of the release is a breach: what others make of it must never hide one.
void Engine::Core::show_rehearsals() {
  if (rehearsals_.empty() && shown_rehearsals_.empty()) return;
  const Instant now = doors_.clock.now();
  std::vector<std::string> covered;
  for (const Rehearsal& r : rehearsals_.unended())
    if (covers(r, find_release(plan_->schedule, r.release), now, now) && !cases_.in_breach(r.release))
      covered.push_back(r.release);
  if (covered == shown_rehearsals_) return;
  doors_.meter.rehearsals(covered);
  shown_rehearsals_ = std::move(covered);
}

}  // namespace embargod

// Casework: which early incidents are rehearsals, and from when they are none any more.

#include <algorithm>

#include "daemon/watch/casework.h"

namespace embargod {

const Release* Casework::announced(const std::string& release) const {
  const auto& all = plan_->schedule.releases;
  const auto it = std::find_if(all.begin(), all.end(), [&](const Release& r) { return r.id == release; });
  return it == all.end() ? nullptr : &*it;
}

/// What was never seen dark, or was live before, may have been public before the window began: no rehearsal covers it.
const Rehearsal* Casework::rehearsal_of(const Sight& s) const {
  if (kind_of(s.verdict) != IncidentKind::early) return nullptr;
  if (!s.before.dark.sent || s.before.conclusive == Liveness::live) return nullptr;
  return rehearsals_.of(s.release, s.look);
}

void Casework::end_rehearsals(const std::string& release, Instant now) {
  std::vector<Step> steps;
  for (const auto& [id, i] : unclosed_) {
    if (!in_rehearsal(i) || (!release.empty() && i.release != release)) continue;
    const std::string why = rehearsals_.why_over(i.rehearsal->id, announced(i.release), now);
    if (!why.empty()) steps.push_back(end_rehearsal(i, why, now));
  }
  for (Step& s : steps)
    if (!s.events.empty()) settle(std::move(s), now);
}

/// It came back after its window, before anybody could agree that it was gone.
void Casework::count_rehearsal_over(Step& next, Instant now) const {
  const Incident& i = next.incident;
  if (!in_rehearsal(i) || !is_active(i)) return;
  const std::string why = rehearsals_.why_over(i.rehearsal->id, announced(i.release), now);
  if (why.empty()) return;
  Step over = end_rehearsal(i, why, now);
  if (!over.rehearsal_over) return;
  over.events.insert(over.events.begin(), next.events.begin(), next.events.end());
  over.new_exposure = next.new_exposure;
  next = std::move(over);
}

bool Casework::in_breach(const std::string& release) const {
  return std::any_of(unclosed_.begin(), unclosed_.end(), [&](const auto& e) {
    const Incident& i = e.second;
    return i.kind == IncidentKind::early && i.release == release && is_active(i) && !in_rehearsal(i);
  });
}

}  // namespace embargod

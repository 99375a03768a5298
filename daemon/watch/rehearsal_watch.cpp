#include "daemon/watch/rehearsal_watch.h"

namespace embargod {

void RehearsalWatch::load(const std::vector<Rehearsal>& stored) {
  for (const Rehearsal& r : stored) (is_over(r) ? ended_ : unended_)[r.id] = r;
}

std::vector<Rehearsal> RehearsalWatch::unended() const {
  std::vector<Rehearsal> out;
  out.reserve(unended_.size());
  for (const auto& [id, r] : unended_) out.push_back(r);
  return out;
}

void RehearsalWatch::put(const Rehearsal& r, const char* what, const std::string& by, const std::string& text,
                         Instant now) {
  ledger_.put(r);
  ledger_.put(Event{.at = now, .incident = r.incident, .release = r.release, .what = what, .by = by, .text = text});
}

Result<void> RehearsalWatch::plan(const Rehearsal& r, const RehearsalFacts& facts) {
  if (auto ok = may_plan(r, facts, unended()); !ok) return ok;
  unended_[r.id] = r;
  put(r, "rehearsal_planned", r.by, r.id + ", from " + rfc3339(r.from) + " until " + rfc3339(r.until) + ": " + r.reason,
      facts.now);
  log_.info("rehearsal planned", {{"rehearsal", r.id},
                                  {"release", r.release},
                                  {"from", rfc3339(r.from)},
                                  {"until", rfc3339(r.until)},
                                  {"by", r.by}});
  return {};
}

Result<void> RehearsalWatch::cancel(const std::string& id, const std::string& by, const std::string& reason,
                                    Instant now) {
  const std::string where = "rehearsal " + id;
  if (by.empty() || reason.empty())
    return fail(Errc::invalid_input, "it is not said who cancels it, and why", where, "give \"by\" and \"reason\"");
  const auto it = unended_.find(id);
  if (it == unended_.end() && ended_.contains(id))
    return fail(Errc::conflict, ended_.at(id).cancelled ? "it was cancelled before" : "it is over", where);
  if (it == unended_.end())
    return fail(Errc::not_found, "there is no such rehearsal", where, "see embargoctl rehearsal list");
  Rehearsal r = it->second;
  r.cancelled = RehearsalCancel{.by = by, .at = now, .reason = reason};
  unended_.erase(it);
  ended_[id] = r;
  put(r, "rehearsal_cancelled", by, id + ": " + reason, now);
  log_.info("rehearsal cancelled", {{"rehearsal", id}, {"release", r.release}, {"by", by}});
  return {};
}

const Rehearsal* RehearsalWatch::of(const Release& release, const Look& look) const {
  for (const auto& [id, r] : unended_)
    if (r.release == release.id && covers(r, &release, look.sent, look.done)) return &r;
  return nullptr;
}

std::string RehearsalWatch::why_over(const std::string& id, const Release* release, Instant now) const {
  const auto it = unended_.find(id);
  if (it != unended_.end()) return why_rehearsal_is_over(it->second, release, now);
  const auto ended = ended_.find(id);
  return ended == ended_.end() ? "it is not on record any more" : why_rehearsal_is_over(ended->second, release, now);
}

void RehearsalWatch::seen_live(const std::string& id, const std::string& incident) {
  const auto it = unended_.find(id);
  if (it == unended_.end()) return;
  it->second.incident = incident;
  ledger_.put(it->second);
}

void RehearsalWatch::pass_time(Instant now) {
  for (auto it = unended_.begin(); it != unended_.end();) {
    Rehearsal& r = it->second;
    if (now < r.until) {
      ++it;
      continue;
    }
    const bool was_seen = !r.incident.empty();
    r.outcome = RehearsalOutcome{
        .at = now,
        .text = was_seen ? "seen live: incident " + r.incident : "never seen live: this rehearsal proved nothing"};
    put(r, "rehearsal_over", "embargod", r.id + ", " + r.outcome->text, now);
    log_.write(was_seen ? LogLevel::info : LogLevel::warn,
               was_seen ? "rehearsal over" : "rehearsal over, and its release was never seen live",
               {{"rehearsal", r.id}, {"release", r.release}, {"by", r.by}});
    ended_[r.id] = r;
    it = unended_.erase(it);
  }
}

}  // namespace embargod

#include "daemon/watch/casework.h"

#include <algorithm>

#include "alerts/channels/make_notifiers.h"

namespace embargod {
namespace {

constexpr std::chrono::minutes kWatchAfterContained{15};

bool is_exposure_kind(IncidentKind k) {
  return k == IncidentKind::early || k == IncidentKind::suspect || k == IncidentKind::unscheduled;
}

std::string event_line(const Incident& i) { return i.release.empty() ? i.site : i.release; }

/// The two that an operator searches the journal for have names of their own (daemon/sys/logging.h).
std::string log_line(const Event& e) {
  if (e.what == "first_sight") return "incident opened";
  if (e.what == "closed" || e.what == "dismissed") return "incident closed";
  return "incident " + e.what;
}

void rest_on_clock(Incident& i, bool verified) { i.clock_verified = i.clock_verified && verified; }

}  // namespace

std::string mute_mark(const Incident& i) { return std::string{to_string(i.kind)} + ":" + i.id; }

void Casework::load(const StoredState& state) {
  ordinals_ = state.ordinals;
  for (const Incident& i : state.unclosed) {
    unclosed_[i.id] = i;
    meter_.incident(i, false);
  }
  accepted(state.accepted);
  for (const Incident& i : state.dismissed_drifts) dismissed_drifts_[i.release] = i;
}

Incident* Casework::unclosed(const std::string& release, IncidentKind kind) {
  for (auto& [id, i] : unclosed_)
    if (i.kind == kind && i.release == release) return &i;
  return nullptr;
}

bool Casework::may_open(IncidentKind kind, const Sight& s) {
  if (unclosed(s.release.id, kind) != nullptr) return false;
  const std::string prefix = std::string{to_string(kind)} + ":";
  if (s.before.muted_by.starts_with(prefix)) return false;
  // A release is late once, and incomplete once: if it is taken down after it was out, that is another kind of trouble.
  if (kind == IncidentKind::late || kind == IncidentKind::incomplete)
    return !s.before.released && ordinals_[ordinal_key(s.release.id, s.release.due.at, kind)] == 0;
  const Incident* early = kind == IncidentKind::suspect ? unclosed(s.release.id, IncidentKind::early) : nullptr;
  return early == nullptr || !is_active(*early);
}

Casework::Outcome Casework::look(const Sight& seen, Instant now) {
  Outcome out;
  Sight s = seen;
  s.rehearsal = rehearsal_of(s);
  end_rehearsals(s.release.id, now);
  const auto kind = kind_of(s.verdict);
  std::vector<std::string> ids;
  for (const auto& [id, i] : unclosed_)
    if (i.release == s.release.id && !i.release.empty() && i.kind != IncidentKind::drift) ids.push_back(id);
  for (const std::string& id : ids) {
    const Incident& i = unclosed_.at(id);
    if (i.kind == IncidentKind::suspect && kind == IncidentKind::early) {
      settle(close_by_itself(i, now, "the page is the release itself: see the early incident"), now);
      continue;
    }
    if (i.kind == IncidentKind::unscheduled && (kind == IncidentKind::early || s.verdict == Verdict::on_time)) {
      settle(close_by_itself(i, now, "the release has a confirmed date now"), now);
      continue;
    }
    // The release got another date after this one was over: what comes now is judged, and counted, by the new date.
    const bool redated = i.kind == IncidentKind::early && kind == i.kind && i.state == IncidentState::contained &&
                         s.release.status == ReleaseStatus::confirmed && i.due != s.release.due.at;
    if (redated) {
      settle(close_by_itself(i, now, "the release has another due time now"), now);
      continue;
    }
    // What was over before the window began is no part of the rehearsal, and the rehearsal none of it.
    const bool before_rehearsal = i.kind == IncidentKind::early && kind == i.kind && s.rehearsal != nullptr &&
                                  !in_rehearsal(i) && i.contained && *i.contained < s.rehearsal->from;
    if (before_rehearsal) {
      settle(close_by_itself(i, now, "a rehearsal of the release has begun: it has an incident of its own"), now);
      continue;
    }
    Step next = step(i, s);
    count_rehearsal_over(next, now);
    if (next.new_exposure) out.keep_for.push_back(id);
    if (next.incident != i || !next.events.empty()) settle(std::move(next), now);
  }
  if (kind && may_open(*kind, s)) {
    const auto due = s.release.status == ReleaseStatus::provisional && kind == IncidentKind::early
                         ? s.release.due.period_begin
                         : s.release.due.at;
    Step opened = open_incident(*kind, s, ++ordinals_[ordinal_key(s.release.id, due, *kind)]);
    if (opened.new_exposure) out.keep_for.push_back(opened.incident.id);
    out.opened = true;
    if (opened.incident.rehearsal) rehearsals_.seen_live(opened.incident.rehearsal->id, opened.incident.id);
    settle(std::move(opened), now);
  }
  return out;
}

void Casework::settle(Step s, Instant now) {
  Incident& i = s.incident;
  const bool is_new = !unclosed_.contains(i.id);
  if (s.rehearsal_over) tell_rehearsal_over(i, now);
  for (const Notice n : s.notices) tell(i, n, now);
  for (const Event& e : s.events) {
    ledger_.put(e);
    log_.info(log_line(e), {{"incident", i.id},
                            {"kind", to_string(i.kind)},
                            {"state", to_string(i.state)},
                            {i.release.empty() ? "site" : "release", event_line(i)},
                            {"by", e.by}});
  }
  ledger_.put(i);
  meter_.incident(i, is_new);
  if (is_over(i))
    unclosed_.erase(i.id);
  else
    unclosed_[i.id] = i;
}

void Casework::pass_time(Instant now, Millis error, const std::map<std::string, std::optional<Instant>>& due_of) {
  end_rehearsals({}, now);
  std::vector<Step> steps;
  for (const auto& [id, i] : unclosed_) {
    if (is_active(i) && is_exposure_kind(i.kind)) {
      // The due that it was judged by, or the release's present one if that came earlier: nobody is embargoed beyond
      // it.
      std::optional<Instant> end = i.due;
      if (const auto it = due_of.find(i.release); it != due_of.end() && it->second)
        end = end ? std::min(*end, *it->second) : *it->second;
      if (end && i.kind != IncidentKind::unscheduled && now - error >= *end) {
        steps.push_back(end_embargo(i, *end, EndedBy::due, now));
        continue;
      }
    }
    if (may_close(i, now)) steps.push_back(close_by_itself(i, now, "24 h have passed"));
  }
  for (Step& s : steps) settle(std::move(s), now);
}

void Casework::blind(const std::string& site, const std::vector<BlindSight>& sights, Instant now, bool clock_verified) {
  std::optional<Incident> current;
  for (const auto& [id, i] : unclosed_)
    if (i.kind == IncidentKind::blind && i.site == site) current = i;
  int& ordinal = ordinals_[ordinal_key(site, std::nullopt, IncidentKind::blind)];
  auto next = watch_blind(current, site, sights, now, plan_->polling.blind_after, ordinal + 1);
  if (!next) return;
  if (!current) ++ordinal;
  rest_on_clock(next->step.incident, clock_verified);
  for (const Notice n : next->near_due) tell_near_due(next->step.incident, n, now);
  settle(std::move(next->step), now);
}

void Casework::drift(const std::vector<DriftSight>& sights, Instant now, bool clock_verified) {
  std::set<std::string> told;
  for (const DriftSight& s : sights) {
    if (s.release == nullptr) continue;
    told.insert(s.release->id);
    drift_of(s, now, clock_verified);
  }
  std::vector<Step> over;
  for (const auto& [id, i] : unclosed_) {
    if (i.kind != IncidentKind::drift || told.contains(i.release)) continue;
    if (auto next = watch_drift(i, {.release = nullptr, .due = i.due, .drifts = nullptr}, {}, now, i.ordinal))
      over.push_back(std::move(*next));
  }
  for (Step& s : over) settle(std::move(s), now);
}

void Casework::drift_of(const DriftSight& sight, Instant now, bool clock_verified) {
  const Release& r = *sight.release;
  static const std::vector<Drift> kNothing;
  const auto it = dismissed_drifts_.find(r.id);
  const auto& dismissed = it != dismissed_drifts_.end() && it->second.due == r.due.at ? it->second.drifts : kNothing;
  std::optional<Incident> current;
  if (const Incident* known = unclosed(r.id, IncidentKind::drift)) current = *known;
  // Twice at most: one that ends because the release has another due time may be one by the new due time.
  for (bool again = true; again;) {
    int& ordinal = ordinals_[ordinal_key(r.id, r.due.at, IncidentKind::drift)];
    auto next = watch_drift(current, sight, dismissed, now, ordinal + 1);
    if (!next) return;
    if (!current) ++ordinal;
    again = is_over(next->incident);
    current.reset();
    rest_on_clock(next->incident, clock_verified);
    settle(std::move(*next), now);
  }
}

std::string Casework::strangers(const StrangerSight& sight, Instant now) {
  std::optional<Incident> current;
  for (const auto& [id, i] : unclosed_)
    if (is_of_strangers(i) && i.site == sight.site) current = i;
  int& ordinal = ordinals_[ordinal_key(sight.site, std::nullopt, IncidentKind::unscheduled)];
  auto next = watch_strangers(current, sight, ordinal + 1);
  if (!next) return {};
  if (!current) ++ordinal;
  std::string keep_for = next->new_exposure ? next->incident.id : std::string{};
  settle(std::move(*next), now);
  return keep_for;
}

std::vector<Incident> Casework::strangers_told() const {
  std::vector<Incident> out;
  for (const auto& [id, i] : unclosed_)
    if (is_of_strangers(i)) out.push_back(i);
  return out;
}

Result<void> Casework::decide(const Command& c, Instant now, std::map<std::string, std::string>& muted) {
  const auto it = unclosed_.find(c.id);
  if (it == unclosed_.end()) return fail(Errc::not_found, "no unclosed incident has this id", "incident " + c.id);
  auto next = apply(it->second, c, now);
  if (!next) return tl::unexpected<Fault>{next.error()};
  const auto& escalation = plan_->settings->alerts.escalation;
  if (c.what == Command::What::acknowledge && escalation && escalates(next->incident))
    next->incident.acknowledged->expires = now + escalation->ack_expires;
  if (c.what == Command::What::acknowledge) tell_acknowledged(next->incident, now);
  if (is_over(next->incident))
    for (const TargetExposure& t : next->incident.targets) {
      const bool is_up = !t.spans.empty() && !t.spans.back().went_down;
      // A gap that a person has dealt with lasts on while the URL is gone; other kinds while it is there.
      if (is_up != (next->incident.kind == IncidentKind::gap)) muted[t.target] = mute_mark(next->incident);
    }
  if (next->incident.kind == IncidentKind::drift && next->incident.state == IncidentState::dismissed)
    dismissed_drifts_[next->incident.release] = next->incident;
  settle(std::move(*next), now);
  return {};
}

void Casework::lift(const std::string& release, Instant now) {
  std::vector<Step> steps;
  for (const auto& [id, i] : unclosed_) {
    if (i.release != release || !is_active(i)) continue;
    steps.push_back(i.kind == IncidentKind::drift ? close_by_itself(i, now, "the embargo was lifted")
                                                  : end_embargo(i, now, EndedBy::lift, now));
  }
  for (Step& s : steps)
    if (!s.events.empty()) settle(std::move(s), now);
}

void Casework::widen(Millis by) {
  for (auto& [id, i] : unclosed_) {
    for (TargetExposure& t : i.targets)
      if (!t.spans.empty() && !t.spans.back().went_down) t.spans.back().last_live_error += by;
  }
}

bool Casework::live_early(const std::string& release) const {
  return std::any_of(unclosed_.begin(), unclosed_.end(), [&](const auto& e) {
    return e.second.release == release && is_active(e.second) && is_exposure_kind(e.second.kind);
  });
}

bool Casework::just_contained(const std::string& release, Instant now) const {
  return std::any_of(unclosed_.begin(), unclosed_.end(), [&](const auto& e) {
    const Incident& i = e.second;
    return i.release == release && is_exposure_kind(i.kind) && i.contained && now - *i.contained < kWatchAfterContained;
  });
}

std::set<std::string> Casework::watched_targets() const {
  std::set<std::string> out;
  for (const auto& [id, i] : unclosed_)
    if (is_active(i) && is_exposure_kind(i.kind))
      for (const TargetExposure& t : i.targets) out.insert(t.target);
  return out;
}

}  // namespace embargod

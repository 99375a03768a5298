#include "daemon/store/memory_store.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "daemon/store/dismissals.h"
#include "daemon/store/incident_codec.h"

namespace embargod {
namespace {

/// The scope of an incident's identity, and when it was over.
std::string memory_ordinal_key(const Incident& i) {
  return ordinal_key(i.release.empty() ? i.site : i.release, i.due, i.kind);
}

bool over_before(const Incident& i, Instant before) { return is_over(i) && i.closed.value_or(i.detected) < before; }

}  // namespace

Result<StoredState> MemoryStore::load() {
  const std::lock_guard lock{mutex_};
  StoredState out;
  for (const auto& [target, track] : tracks_) out.tracks.push_back(track);
  for (const auto& [key, span] : spans_) {  // by target, then first_sent: the last of a target is its newest
    if (!out.newest_spans.empty() && out.newest_spans.back().target == key.first) {
      out.newest_spans.back() = span;
    } else {
      out.newest_spans.push_back(span);
    }
  }
  for (const auto& [id, i] : incidents_) {
    if (!is_over(i)) out.unclosed.push_back(i);
  }
  std::sort(out.unclosed.begin(), out.unclosed.end(), [](const Incident& a, const Incident& b) {
    return std::tie(a.detected, a.id) < std::tie(b.detected, b.id);
  });
  out.ordinals = ordinals_;
  for (const auto& [release, lift] : lifts_) out.lifts.push_back(lift);
  for (const auto& [target, baseline] : baselines_) out.baselines.push_back(baseline);
  load_calendars(out);
  std::set<std::tuple<std::string, std::string, std::string>> accepted;
  for (const auto& [id, d] : deliveries_) {
    const auto it = incidents_.find(d.alert.incident);
    if (it == incidents_.end() || is_over(it->second) || d.state != DeliveryState::accepted) continue;
    if (d.alert.status == AlertStatus::firing) accepted.emplace(d.alert.incident, d.alert.name, d.receiver);
  }
  for (const auto& [incident, alertname, receiver] : accepted) out.accepted.push_back({incident, alertname, receiver});
  out.last_beat = last_beat_;
  out.stopped_cleanly = stopped_cleanly_;
  return out;
}

/// What calendars said, what was in force, and which contradictions a person has waved away.
void MemoryStore::load_calendars(StoredState& out) const {
  for (const KnownRelease* known : in_schedule_order()) {
    if (known->newest.current) out.releases.push_back(known->newest.release);
  }
  for (const auto& [key, reading] : readings_) out.readings.push_back(reading);
  std::sort(out.readings.begin(), out.readings.end(), [](const SourceReading& a, const SourceReading& b) {
    return std::tie(a.source, b.fetched) < std::tie(b.source, a.fetched);
  });
  for (const auto& [source, state] : calendars_) {
    out.calendars.push_back(state);
    out.calendars.back().rows.clear();
  }
  out.due_revisions = due_revisions_;
  for (const auto& [id, rehearsal] : rehearsals_) out.rehearsals.push_back(rehearsal);
  std::sort(out.rehearsals.begin(), out.rehearsals.end(),
            [](const Rehearsal& a, const Rehearsal& b) { return std::tie(a.from, a.id) < std::tie(b.from, b.id); });
  for (const auto& [listing, known] : known_) out.known.push_back(known);
  std::vector<Incident> dismissed;
  for (const auto& [id, i] : incidents_) {
    if (is_dismissed_drift(i)) dismissed.push_back(i);
  }
  out.dismissed_drifts = newest_dismissals(std::move(dismissed), last_beat_);
}

void MemoryStore::commit_calendars(const Commit& c) {
  for (const auto& source : c.dropped_calendars) {
    calendars_.erase(source);
    std::erase_if(readings_, [&source](const auto& r) { return r.first.first == source; });
  }
  for (const auto& key : c.dropped_readings) readings_.erase(key);
  for (const auto& r : c.readings) readings_[{r.source, r.fetched}] = r;
  for (const auto& state : c.calendars) calendars_[state.source] = state;
  due_revisions_.insert(due_revisions_.end(), c.due_revisions.begin(), c.due_revisions.end());
  for (const auto& k : c.known) known_[k.listing] = k;
  for (const auto& d : c.drills) drills_[d.id] = d;
  for (const auto& r : c.rehearsals) rehearsals_[r.id] = r;
  impacts_.insert(impacts_.end(), c.impacts.begin(), c.impacts.end());
  entries_.insert(entries_.end(), c.entries.begin(), c.entries.end());
  marks_.insert(marks_.end(), c.marks.begin(), c.marks.end());
}

void MemoryStore::enqueue(const Outgoing& out) {
  for (const auto& receiver : out.receivers) {
    if (!delivery_keys_.emplace(out.alert.key, receiver).second) continue;
    Delivery d;
    d.id = ++last_delivery_;
    d.receiver = receiver;
    d.alert = out.alert;
    d.next_try = out.alert.decided_at;
    pending_.emplace(receiver, d.id);
    deliveries_.emplace(d.id, std::move(d));
  }
}

void MemoryStore::beat_locked(Instant at, bool clean_stop) {
  last_beat_ = at;
  stopped_cleanly_ = clean_stop;
}

Result<void> MemoryStore::commit(const Commit& c) {
  const std::lock_guard lock{mutex_};
  for (const auto& t : c.tracks) tracks_[t.target] = t;
  for (const auto& s : c.spans) spans_[{s.target, s.first_sent}] = s;
  for (const auto& i : c.incidents) {
    incidents_[i.id] = i;
    int& ordinal = ordinals_[memory_ordinal_key(i)];
    ordinal = std::max(ordinal, i.ordinal);
  }
  for (const auto& b : c.blind) blind_[{b.target, b.from}] = b;
  for (const auto& out : c.alerts) enqueue(out);
  events_.insert(events_.end(), c.events.begin(), c.events.end());
  for (const auto& l : c.lifts) lifts_.emplace(l.release, l);
  for (const auto& b : c.baselines) baselines_[b.target] = b;
  for (const auto& e : c.evidence) {
    const bool known = std::any_of(evidence_.begin(), evidence_.end(), [&e](const EvidenceRow& k) {
      return k.incident == e.incident && k.digest == e.digest && k.target == e.target;
    });
    if (!known) evidence_.push_back(e);
  }
  commit_calendars(c);
  beat_locked(c.at, false);
  return {};
}

Result<std::vector<std::string>> MemoryStore::adopt_schedule(const Schedule& s, Instant seen) {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> changed;
  std::set<std::string> present;
  for (const Release& announced : s.releases) {
    const Release r = recorded(announced);
    const bool is_new = !releases_.contains(r.id);
    KnownRelease& known = releases_[r.id];
    const bool differs = is_new || known.newest.release != r;
    if (differs || !known.newest.current) changed.push_back(r.id);
    if (differs) {
      known.newest.revision = is_new ? 1 : known.newest.revision + 1;
      known.newest.revision_seen = seen;
      known.newest.release = r;
    }
    known.newest.current = true;
    known.position = present.size();
    present.insert(r.id);
  }
  for (auto& [id, known] : releases_) {
    if (present.contains(id) || !known.newest.current) continue;
    known.newest.current = false;
    changed.push_back(id);
  }
  return changed;
}

Result<void> MemoryStore::beat(Instant at) {
  const std::lock_guard lock{mutex_};
  beat_locked(at, false);
  return {};
}

Result<void> MemoryStore::stopped(Instant at) {
  const std::lock_guard lock{mutex_};
  beat_locked(at, true);
  return {};
}

Result<std::vector<std::string>> MemoryStore::retire(Instant before) {
  const std::lock_guard lock{mutex_};
  std::erase_if(spans_, [before](const auto& s) { return s.second.last_done < before; });
  std::erase_if(blind_, [before](const auto& b) { return b.second.to && *b.second.to < before; });
  std::set<std::string> gone;
  for (const auto& [id, i] : incidents_) {
    if (over_before(i, before)) gone.insert(id);
  }
  std::set<std::string> freed;
  std::erase_if(evidence_, [&](const EvidenceRow& e) {
    if (!gone.contains(e.incident)) return false;
    freed.insert(e.path);
    return true;
  });
  for (const auto& e : evidence_) freed.erase(e.path);
  std::erase_if(events_,
                [&](const Event& e) { return e.incident.empty() ? e.at < before : gone.contains(e.incident); });
  std::erase_if(deliveries_, [&](const auto& entry) {
    const Delivery& d = entry.second;
    if (d.state == DeliveryState::pending) return false;  // what is still to be told stays, however old
    const bool old = d.alert.incident.empty() ? d.alert.decided_at < before : gone.contains(d.alert.incident);
    if (old) delivery_keys_.erase({d.alert.key, d.receiver});
    return old;
  });
  std::erase_if(impacts_, [&](const ImpactRecord& i) { return gone.contains(i.incident); });
  std::erase_if(entries_, [&](const ReportEntry& e) { return gone.contains(e.incident); });
  std::erase_if(marks_, [&](const ReportMark& m) { return gone.contains(m.incident); });
  for (const auto& id : gone) incidents_.erase(id);
  return std::vector<std::string>{freed.begin(), freed.end()};
}

/// Former ones last.
std::vector<const MemoryStore::KnownRelease*> MemoryStore::in_schedule_order() const {
  std::vector<const KnownRelease*> order;
  order.reserve(releases_.size());
  for (const auto& [id, known] : releases_) order.push_back(&known);
  const auto place = [](const KnownRelease* k) {
    return std::pair{!k->newest.current, k->newest.current ? k->position : 0};
  };
  std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
  return order;
}

Result<std::vector<StoredRelease>> MemoryStore::releases() {
  const std::lock_guard lock{mutex_};
  std::vector<StoredRelease> out;
  for (const KnownRelease* known : in_schedule_order()) {
    out.push_back(known->newest);
    if (const auto lift = lifts_.find(known->newest.release.id); lift != lifts_.end()) out.back().lift = lift->second;
  }
  return out;
}

Result<std::vector<TargetTrack>> MemoryStore::tracks() {
  const std::lock_guard lock{mutex_};
  std::vector<TargetTrack> out;
  out.reserve(tracks_.size());
  for (const auto& [target, track] : tracks_) out.push_back(track);
  return out;
}

Result<std::vector<Incident>> MemoryStore::incidents(int limit) {
  const std::lock_guard lock{mutex_};
  std::vector<Incident> out;
  out.reserve(incidents_.size());
  for (const auto& [id, i] : incidents_) out.push_back(i);
  std::sort(out.begin(), out.end(), [](const Incident& a, const Incident& b) {
    return std::tie(a.detected, a.id) > std::tie(b.detected, b.id);
  });
  out.resize(std::min(out.size(), static_cast<std::size_t>(std::max(limit, 0))));
  return out;
}

Result<std::optional<Incident>> MemoryStore::incident(const std::string& id) {
  const std::lock_guard lock{mutex_};
  const auto found = incidents_.find(id);
  return found == incidents_.end() ? std::nullopt : std::optional{found->second};
}

Result<std::vector<BlindSpan>> MemoryStore::blind(Instant from, Instant to) {
  const std::lock_guard lock{mutex_};
  std::vector<BlindSpan> out;
  for (const auto& [key, b] : blind_) {
    if (b.from < to && (!b.to || *b.to > from)) out.push_back(b);
  }
  std::stable_sort(out.begin(), out.end(), [](const BlindSpan& a, const BlindSpan& b) { return a.from < b.from; });
  return out;
}

Result<std::vector<ObservationSpan>> MemoryStore::spans(const std::string& target, Instant from, Instant to) {
  const std::lock_guard lock{mutex_};
  std::vector<ObservationSpan> out;
  for (auto at = spans_.lower_bound({target, Instant::min()}); at != spans_.end() && at->first.first == target; ++at) {
    if (at->second.first_sent <= to && at->second.last_done >= from) out.push_back(at->second);
  }
  return out;
}

Result<std::vector<Event>> MemoryStore::events(const std::string& incident) {
  const std::lock_guard lock{mutex_};
  std::vector<Event> out;
  std::copy_if(events_.begin(), events_.end(), std::back_inserter(out),
               [&](const Event& e) { return e.incident == incident; });
  return out;
}

Result<std::vector<DeliveryRow>> MemoryStore::deliveries(const std::string& incident) {
  const std::lock_guard lock{mutex_};
  std::vector<DeliveryRow> out;
  for (const auto& [id, d] : deliveries_) {
    if (d.alert.incident != incident) continue;
    out.push_back({d.alert.key, d.receiver, d.alert.name, d.alert.status, d.state, d.attempts, d.alert.decided_at,
                   d.accepted_at, d.detail});
  }
  return out;
}

Result<std::vector<Baseline>> MemoryStore::baselines() {
  const std::lock_guard lock{mutex_};
  std::vector<Baseline> out;
  out.reserve(baselines_.size());
  for (const auto& [target, baseline] : baselines_) out.push_back(baseline);
  return out;
}

Result<std::vector<EvidenceRow>> MemoryStore::evidence(const std::string& incident) {
  const std::lock_guard lock{mutex_};
  std::vector<EvidenceRow> out;
  std::copy_if(evidence_.begin(), evidence_.end(), std::back_inserter(out),
               [&](const EvidenceRow& e) { return e.incident == incident; });
  return out;
}

Result<std::vector<CalendarState>> MemoryStore::calendars() {
  const std::lock_guard lock{mutex_};
  std::vector<CalendarState> out;
  out.reserve(calendars_.size());
  for (const auto& [source, state] : calendars_) out.push_back(state);
  return out;
}

Result<std::vector<DueRevision>> MemoryStore::due_revisions(const std::string& release) {
  const std::lock_guard lock{mutex_};
  std::vector<DueRevision> out;
  std::copy_if(due_revisions_.begin(), due_revisions_.end(), std::back_inserter(out),
               [&](const DueRevision& r) { return r.release == release; });
  return out;
}

Result<std::vector<Rehearsal>> MemoryStore::rehearsals(int limit) {
  const std::lock_guard lock{mutex_};
  std::vector<Rehearsal> out;
  out.reserve(rehearsals_.size());
  for (const auto& [id, rehearsal] : rehearsals_) out.push_back(rehearsal);
  std::sort(out.begin(), out.end(),
            [](const Rehearsal& a, const Rehearsal& b) { return std::tie(b.from, b.id) < std::tie(a.from, a.id); });
  if (out.size() > static_cast<std::size_t>(std::max(0, limit))) out.resize(static_cast<std::size_t>(limit));
  return out;
}

Result<std::vector<ImpactRecord>> MemoryStore::impacts(const std::string& incident) {
  const std::lock_guard lock{mutex_};
  std::vector<ImpactRecord> out;
  std::copy_if(impacts_.begin(), impacts_.end(), std::back_inserter(out),
               [&](const ImpactRecord& i) { return i.incident == incident; });
  return out;
}

Result<std::vector<ReportEntry>> MemoryStore::entries(const std::string& incident) {
  const std::lock_guard lock{mutex_};
  std::vector<ReportEntry> out;
  std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(out),
               [&](const ReportEntry& e) { return e.incident == incident; });
  return out;
}

Result<std::vector<ReportMark>> MemoryStore::marks(const std::string& report) {
  const std::lock_guard lock{mutex_};
  std::vector<ReportMark> out;
  std::copy_if(marks_.begin(), marks_.end(), std::back_inserter(out),
               [&](const ReportMark& m) { return m.report == report; });
  return out;
}

Result<std::vector<DrillRecord>> MemoryStore::drills(int limit) {
  const std::lock_guard lock{mutex_};
  std::vector<DrillRecord> out;
  out.reserve(drills_.size());
  for (const auto& [id, drill] : drills_) out.push_back(drill);
  std::sort(out.begin(), out.end(), [](const DrillRecord& a, const DrillRecord& b) {
    return std::tie(b.began, b.id) < std::tie(a.began, a.id);
  });
  if (out.size() > static_cast<std::size_t>(limit)) out.resize(static_cast<std::size_t>(limit));
  return out;
}

Result<std::vector<Delivery>> MemoryStore::pending(const std::string& receiver, int limit) {
  const std::lock_guard lock{mutex_};
  std::vector<Delivery> out;
  for (auto at = pending_.lower_bound({receiver, 0}); at != pending_.end() && at->first == receiver; ++at) {
    if (static_cast<std::int64_t>(out.size()) >= limit) break;
    out.push_back(deliveries_.at(at->second));
  }
  return out;
}

Result<std::vector<Delivery>> MemoryStore::standing(const std::string& receiver, Instant resolved_since) {
  const std::lock_guard lock{mutex_};
  std::map<std::pair<std::string, std::string>, const Delivery*> newest;
  for (const auto& [id, d] : deliveries_) {
    if (d.receiver == receiver && d.state == DeliveryState::accepted) newest[{d.alert.incident, d.alert.name}] = &d;
  }
  std::vector<Delivery> out;
  for (const auto& [identity, d] : newest) {
    if (d->alert.status == AlertStatus::firing || d->accepted_at >= resolved_since) out.push_back(*d);
  }
  std::sort(out.begin(), out.end(), [](const Delivery& a, const Delivery& b) { return a.id < b.id; });
  return out;
}

Result<std::optional<Instant>> MemoryStore::first_accepted(const std::string& receiver, const Alert& alert) {
  const std::lock_guard lock{mutex_};
  std::optional<Instant> first;
  for (const auto& [id, d] : deliveries_) {
    if (d.receiver != receiver || d.state != DeliveryState::accepted) continue;
    if (d.alert.incident != alert.incident || d.alert.name != alert.name) continue;
    if (d.alert.status == AlertStatus::resolved) {
      first.reset();
    } else if (!first || *d.accepted_at < *first) {
      first = d.accepted_at;
    }
  }
  return first;
}

Result<void> MemoryStore::mark(std::int64_t id, DeliveryState to, const Delivery& with) {
  const auto found = deliveries_.find(id);
  if (found == deliveries_.end()) return fail(Errc::not_found, "no delivery " + std::to_string(id));
  Delivery& d = found->second;
  // Accepted is final; a row that was superseded may still turn out to have been accepted.
  if (d.state == DeliveryState::accepted || (d.state == DeliveryState::superseded && to != DeliveryState::accepted))
    return {};
  if (to != DeliveryState::superseded) {
    ++d.attempts;
    d.detail = with.detail;
  }
  if (to == DeliveryState::pending) d.next_try = with.next_try;
  if (to == DeliveryState::accepted) d.accepted_at = with.accepted_at;
  d.state = to;
  if (to != DeliveryState::pending) pending_.erase({d.receiver, id});
  return {};
}

Result<void> MemoryStore::mark_accepted(std::int64_t id, Instant at, const std::string& detail) {
  const std::lock_guard lock{mutex_};
  Delivery with;
  with.accepted_at = at;
  with.detail = detail;
  return mark(id, DeliveryState::accepted, with);
}

Result<void> MemoryStore::mark_retry(std::int64_t id, Instant next_try, const std::string& detail) {
  const std::lock_guard lock{mutex_};
  Delivery with;
  with.next_try = next_try;
  with.detail = detail;
  return mark(id, DeliveryState::pending, with);
}

Result<void> MemoryStore::mark_superseded(std::int64_t id) {
  const std::lock_guard lock{mutex_};
  return mark(id, DeliveryState::superseded, {});
}

Result<std::vector<Delivery>> MemoryStore::untold(int limit) {
  const std::lock_guard lock{mutex_};
  std::set<std::string> told;
  for (const auto& [id, row] : deliveries_)
    if (row.state == DeliveryState::accepted) told.insert(row.alert.key);
  std::vector<Delivery> found;
  for (const auto& [id, row] : deliveries_) {
    if (found.size() >= static_cast<std::size_t>(std::max(limit, 0))) break;
    if (row.state == DeliveryState::pending && begins(row.alert) && !told.contains(row.alert.key)) found.push_back(row);
  }
  return found;
}

Result<std::int64_t> MemoryStore::pending_count() {
  const std::lock_guard lock{mutex_};
  return static_cast<std::int64_t>(pending_.size());
}

}  // namespace embargod

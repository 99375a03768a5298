#include "daemon/watch/ledger.h"

namespace embargod {
namespace {

constexpr Millis kPatience{10'000};  // a crash may widen the bounds of a later incident by this much, never more
constexpr Millis kRetry{1'000};

}  // namespace

void Ledger::put(const TargetTrack& t, Pace pace) {
  tracks_[t.target] = t;
  urgent_ = urgent_ || pace == Pace::urgent;
}

void Ledger::put(const ObservationSpan& s) { spans_[{s.target, s.first_sent}] = s; }

void Ledger::put(const BlindSpan& b) { blind_[{b.target, b.from}] = b; }

void Ledger::put(const Incident& i) {
  incidents_[i.id] = i;
  urgent_ = true;
}

void Ledger::put(const Outgoing& o) {
  rows_.alerts.push_back(o);
  urgent_ = true;
}

void Ledger::put(const Event& e) {
  rows_.events.push_back(e);
  urgent_ = true;
}

void Ledger::put(const Lift& l) {
  rows_.lifts.push_back(l);
  urgent_ = true;
}

void Ledger::put(const Baseline& b) {
  rows_.baselines.push_back(b);
  urgent_ = true;
}

void Ledger::put(const EvidenceRow& e) {
  rows_.evidence.push_back(e);
  urgent_ = true;
}

void Ledger::put(SourceReading r) {
  rows_.readings.push_back(std::move(r));
  urgent_ = true;
}

void Ledger::put(const CalendarState& c) {
  std::erase_if(rows_.calendars, [&c](const CalendarState& other) { return other.source == c.source; });
  rows_.calendars.push_back(c);
  urgent_ = true;
}

void Ledger::put(const DueRevision& r) {
  rows_.due_revisions.push_back(r);
  urgent_ = true;
}

void Ledger::put(KnownListing k) {
  std::erase_if(rows_.known, [&k](const KnownListing& other) { return other.listing == k.listing; });
  rows_.known.push_back(std::move(k));
  urgent_ = true;
}

void Ledger::put(DrillRecord d) {
  rows_.drills.push_back(std::move(d));
  urgent_ = true;
}

void Ledger::put(const Rehearsal& r) {
  std::erase_if(rows_.rehearsals, [&r](const Rehearsal& other) { return other.id == r.id; });
  rows_.rehearsals.push_back(r);
  urgent_ = true;
}

void Ledger::put(ImpactRecord i) {
  rows_.impacts.push_back(std::move(i));
  urgent_ = true;
}

void Ledger::put(ReportEntry e) {
  rows_.entries.push_back(std::move(e));
  urgent_ = true;
}

void Ledger::put(ReportMark m) {
  rows_.marks.push_back(std::move(m));
  urgent_ = true;
}

void Ledger::drop_reading(const std::string& source, Instant fetched) {
  rows_.dropped_readings.emplace_back(source, fetched);
  urgent_ = true;
}

void Ledger::drop_calendar(const std::string& source) {
  std::erase_if(rows_.readings, [&source](const SourceReading& r) { return r.source == source; });
  std::erase_if(rows_.calendars, [&source](const CalendarState& c) { return c.source == source; });
  rows_.dropped_calendars.push_back(source);
  urgent_ = true;
}

bool Ledger::empty() const {
  return !urgent_ && tracks_.empty() && spans_.empty() && blind_.empty() && incidents_.empty();
}

Commit Ledger::gather() const {
  Commit c = rows_;
  c.at = clock_.now();
  for (const auto& [key, track] : tracks_) c.tracks.push_back(track);
  for (const auto& [key, span] : spans_) c.spans.push_back(span);
  for (const auto& [key, span] : blind_) c.blind.push_back(span);
  for (const auto& [key, incident] : incidents_) c.incidents.push_back(incident);
  return c;
}

void Ledger::lay_down(const Commit& c) {
  const std::size_t rows = c.alerts.size() + c.events.size() + c.lifts.size() + c.evidence.size();
  if (journal_ == nullptr || rows == laid_down_) return;
  const auto kept = journal_->keep(c);
  if (!kept && journal_fine_)
    log_.error("the emergency journal refuses too; what is told now is in memory only",
               {{"fault", to_string(kept.error())}});
  journal_fine_ = kept.has_value();
  if (kept) laid_down_ = rows;
}

bool Ledger::refused(const Commit& c, const Fault& f) {
  if (ok_ || last_fault_ != f.what) log_.error("store refuses; alerts leave from memory", {{"fault", to_string(f)}});
  ok_ = false;
  last_fault_ = f.what;
  lay_down(c);
  const bool more = alerts_in_memory_ < rows_.alerts.size();
  for (; alerts_in_memory_ < rows_.alerts.size(); ++alerts_in_memory_) {
    Outgoing o = rows_.alerts[alerts_in_memory_];
    o.alert.durable = false;
    o.alert.annotations["durable"] = "not yet durable: the monitor's own store refuses to write";
    emergency_.put(o.alert, o.receivers);
  }
  return more;
}

void Ledger::done() {
  for (std::size_t k = 0; k < alerts_in_memory_; ++k) emergency_.now_durable(rows_.alerts[k].alert.key);
  if (!ok_)
    log_.info("store accepts again", {{"rows_kept", std::to_string(rows_.alerts.size() + rows_.events.size())}});
  if (laid_down_ > 0) journal_->clear();
  laid_down_ = 0;
  journal_fine_ = true;
  tracks_.clear();
  spans_.clear();
  blind_.clear();
  incidents_.clear();
  rows_ = Commit{};
  alerts_in_memory_ = 0;
  urgent_ = false;
  ok_ = true;
  last_fault_.clear();
}

bool Ledger::flush(When when) {
  if (empty()) return false;
  const Millis now = clock_.ticks();
  const bool new_alerts = alerts_in_memory_ < rows_.alerts.size();
  // While the store refuses, only something new to tell is worth another wait for its lock.
  const Millis patience = !ok_ ? kRetry : urgent_ ? Millis{0} : kPatience;
  if (when == When::due && !(new_alerts && !ok_) && now - last_flush_ < patience) return false;
  last_flush_ = now;
  const bool alerts = !rows_.alerts.empty();
  const Commit c = gather();
  if (const auto committed = store_.commit(c); !committed) return refused(c, committed.error());
  done();
  return alerts;
}

}  // namespace embargod

#pragma once

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/watch/command.h"
#include "daemon/watch/store.h"

namespace embargod {

/// A record that a test fills before anybody reads it.
class FakeReader final : public StoreReader {
 public:
  std::vector<StoredRelease> all_releases;
  std::vector<TargetTrack> all_tracks;
  std::vector<Incident> all_incidents;
  std::vector<BlindSpan> all_blind;
  std::vector<Event> all_events;
  std::vector<DeliveryRow> all_deliveries;
  std::vector<EvidenceRow> all_evidence;
  std::vector<Baseline> all_baselines;
  std::vector<CalendarState> all_calendars;
  std::vector<DueRevision> all_due_revisions;
  std::vector<DrillRecord> all_drills;
  std::vector<Rehearsal> all_rehearsals;
  std::vector<ImpactRecord> all_impacts;
  std::vector<ReportEntry> all_entries;
  std::vector<ReportMark> all_marks;
  std::optional<Fault> broken;  // what every call answers instead

  Result<std::vector<StoredRelease>> releases() override { return given(all_releases); }
  Result<std::vector<TargetTrack>> tracks() override { return given(all_tracks); }
  Result<std::vector<Incident>> incidents(int limit) override {
    auto some = all_incidents;
    if (some.size() > static_cast<std::size_t>(limit)) some.resize(static_cast<std::size_t>(limit));
    return given(some);
  }
  Result<std::optional<Incident>> incident(const std::string& id) override {
    if (broken) return tl::unexpected{*broken};
    for (const auto& i : all_incidents) {
      if (i.id == id) return std::optional<Incident>{i};
    }
    return std::optional<Incident>{};
  }
  Result<std::vector<BlindSpan>> blind(Instant from, Instant to) override {
    std::vector<BlindSpan> some;
    for (const auto& b : all_blind) {
      if (b.from <= to && b.to.value_or(to) >= from) some.push_back(b);
    }
    return given(some);
  }
  Result<std::vector<ObservationSpan>> spans(const std::string&, Instant, Instant) override {
    return given(std::vector<ObservationSpan>{});
  }
  Result<std::vector<Event>> events(const std::string& incident) override {
    std::vector<Event> some;
    for (const auto& e : all_events) {
      if (e.incident == incident) some.push_back(e);
    }
    return given(some);
  }
  Result<std::vector<DeliveryRow>> deliveries(const std::string&) override { return given(all_deliveries); }
  Result<std::vector<EvidenceRow>> evidence(const std::string&) override { return given(all_evidence); }
  Result<std::vector<Baseline>> baselines() override { return given(all_baselines); }
  Result<std::vector<CalendarState>> calendars() override { return given(all_calendars); }
  Result<std::vector<Rehearsal>> rehearsals(int) override { return given(all_rehearsals); }
  Result<std::vector<ImpactRecord>> impacts(const std::string& incident) override {
    std::vector<ImpactRecord> some;
    for (const auto& i : all_impacts)
      if (i.incident == incident) some.push_back(i);
    return given(some);
  }
  Result<std::vector<ReportEntry>> entries(const std::string& incident) override {
    std::vector<ReportEntry> some;
    for (const auto& e : all_entries)
      if (e.incident == incident) some.push_back(e);
    return given(some);
  }
  Result<std::vector<ReportMark>> marks(const std::string& report) override {
    std::vector<ReportMark> some;
    for (const auto& m : all_marks)
      if (m.report == report) some.push_back(m);
    return given(some);
  }
  Result<std::vector<DrillRecord>> drills(int) override { return given(all_drills); }
  Result<std::vector<DueRevision>> due_revisions(const std::string& release) override {
    std::vector<DueRevision> some;
    for (const auto& r : all_due_revisions) {
      if (r.release == release) some.push_back(r);
    }
    return given(some);
  }

 private:
  template <class T>
  Result<T> given(T value) {
    if (broken) return tl::unexpected{*broken};
    return value;
  }
};

class FakeCommands final : public Commands {
 public:
  Result<void> run(const Command& c) override {
    const std::lock_guard lock{mutex_};
    seen_.push_back(c);
    if (refuse_) return tl::unexpected{*refuse_};
    return {};
  }
  void refuse_with(std::optional<Fault> f) {
    const std::lock_guard lock{mutex_};
    refuse_ = std::move(f);
  }
  [[nodiscard]] std::vector<Command> seen() const {
    const std::lock_guard lock{mutex_};
    return seen_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Command> seen_;
  std::optional<Fault> refuse_;
};

}  // namespace embargod

#pragma once
// What the next commit will hold. Looks alone may wait a few seconds; an incident, an alert or a decision may not.

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "alerts/emergency.h"
#include "config/types/clock.h"
#include "daemon/watch/emergency_journal.h"
#include "daemon/watch/log.h"
#include "daemon/watch/store.h"

namespace embargod {

/// Engine thread only. A refused commit is kept whole and tried again each second; its alerts leave from memory at once
/// (P3), after what they tell of was laid down in the emergency journal. `journal` may be null: then a crash before the
/// store takes it again loses the refused commit.
class Ledger {
 public:
  Ledger(Store& store, EmergencyOutbox& emergency, EmergencyJournal* journal, Log& log, const Clock& clock)
      : store_{store}, emergency_{emergency}, journal_{journal}, log_{log}, clock_{clock} {}

  enum class Pace : std::uint8_t { lazy, urgent };
  void put(const TargetTrack& t, Pace pace);
  void put(const ObservationSpan& s);
  void put(const BlindSpan& b);
  void put(const Incident& i);
  void put(const Outgoing& o);
  void put(const Event& e);
  void put(const Lift& l);
  void put(const Baseline& b);
  void put(const EvidenceRow& e);
  void put(SourceReading r);
  void put(const CalendarState& c);
  void put(const DueRevision& r);
  void put(KnownListing k);
  void put(DrillRecord d);
  void put(const Rehearsal& r);
  void put(ImpactRecord i);
  void put(ReportEntry e);
  void put(ReportMark m);
  void drop_reading(const std::string& source, Instant fetched);
  /// All that is stored of a source, and what is held of it here.
  void drop_calendar(const std::string& source);

  /// Commits if something urgent is held, or if looks have waited `kPatience`, or if forced. Returns true if alerts
  /// became visible to the outbox worker, durable or not.
  enum class When : std::uint8_t { due, now };
  bool flush(When when);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] const std::string& last_fault() const { return last_fault_; }

 private:
  [[nodiscard]] bool empty() const;
  [[nodiscard]] Commit gather() const;
  bool refused(const Commit& c, const Fault& f);
  void lay_down(const Commit& c);
  void done();

  Store& store_;
  EmergencyOutbox& emergency_;
  EmergencyJournal* journal_;
  Log& log_;
  const Clock& clock_;
  std::map<std::string, TargetTrack> tracks_;
  std::map<std::pair<std::string, Instant>, ObservationSpan> spans_;
  std::map<std::pair<std::string, Instant>, BlindSpan> blind_;
  std::map<std::string, Incident> incidents_;
  Commit rows_;                       // the append-only parts
  std::size_t alerts_in_memory_ = 0;  // of rows_.alerts, those already handed to the emergency outbox
  std::size_t laid_down_ = 0;         // of rows_, those in the journal: alerts, events, lifts and evidence
  bool journal_fine_ = true;
  bool urgent_ = false;
  bool ok_ = true;
  std::string last_fault_;
  Millis last_flush_{0};
};

}  // namespace embargod

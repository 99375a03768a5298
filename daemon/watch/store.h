#pragma once
// The door to what lasts. One commit is one transaction: incident, observation spans and outbox rows together (P1).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "alerts/outbox.h"
#include "config/release.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/drills.h"
#include "daemon/watch/impact.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/rehearsal.h"
#include "daemon/watch/report_entry.h"
#include "daemon/watch/track.h"

namespace embargod {

/// A person ended an embargo.
struct Lift {
  std::string release;
  Instant at{};
  std::string by;
  std::string reason;
  friend bool operator==(const Lift&, const Lift&) = default;
};

/// One line of the timeline; append-only.
struct Event {
  Instant at{};
  std::string incident;  // may be empty
  std::string release;   // may be empty
  std::string
      what;  // "first_sight", "confirmed", "target_joined", "went_down", "contained", "reopened", "due_passed",
             // "lifted", "acknowledged", "note", "dismissed", "closed", "clock_step", "started", "stopped",
             // "schedule_changed", "baseline_approved", "boundary", "drift_changed", "escalated",
             // "held_for_hours", "acknowledgement_expired", "alert_tested", "drilled", "decided",
             // "rehearsal_planned", "rehearsal_cancelled", "rehearsal_overrun", "rehearsal_over", "impact_counted"
  std::string by;    // person, or "embargod"
  std::string text;  // one line
  friend bool operator==(const Event&, const Event&) = default;
};

struct EvidenceRow {
  std::string incident;
  std::string target;
  std::string url;
  std::string digest;  // "sha256:..." of the body
  std::string path;    // of the file, relative to the state folder
  std::uint64_t size = 0;
  int status = 0;
  Instant sent{};
  Instant done{};
  friend bool operator==(const EvidenceRow&, const EvidenceRow&) = default;
};

struct Outgoing {
  Alert alert;
  std::vector<std::string> receivers;
};

struct Commit {
  Instant at{};
  std::vector<TargetTrack> tracks;                                // upsert by target
  std::vector<ObservationSpan> spans;                             // upsert by (target, first_sent)
  std::vector<Incident> incidents;                                // upsert by id
  std::vector<BlindSpan> blind;                                   // upsert by (target, from)
  std::vector<Outgoing> alerts;                                   // delivery rows, ignored where (key, receiver) exists
  std::vector<Event> events;                                      // append
  std::vector<Lift> lifts;                                        // first one of a release wins
  std::vector<Baseline> baselines;                                // upsert by target
  std::vector<EvidenceRow> evidence;                              // ignored where (incident, digest, target) exists
  std::vector<SourceReading> readings;                            // upsert by (source, fetched)
  std::vector<std::pair<std::string, Instant>> dropped_readings;  // (source, fetched)
  std::vector<std::string> dropped_calendars;  // sources that are configured no longer: their readings go too
  std::vector<CalendarState> calendars;        // upsert by source, rows replaced whole
  std::vector<DueRevision> due_revisions;      // append
  std::vector<KnownListing> known;             // upsert by listing
  std::vector<DrillRecord> drills;             // upsert by id
  std::vector<Rehearsal> rehearsals;           // upsert by id
  std::vector<ImpactRecord> impacts;           // append
  std::vector<ReportEntry> entries;            // append
  std::vector<ReportMark> marks;               // append
};

/// A receiver took a firing step of an incident's alert.
struct AcceptedDelivery {
  std::string incident, alertname, receiver;
  friend bool operator==(const AcceptedDelivery&, const AcceptedDelivery&) = default;
};

/// What a daemon starts from.
struct StoredState {
  std::vector<TargetTrack> tracks;
  std::vector<ObservationSpan> newest_spans;  // the newest of each target
  std::vector<Incident> unclosed;
  std::map<std::string, int> ordinals;  // ordinal_key() -> highest ordinal used
  std::vector<Lift> lifts;
  std::vector<Baseline> baselines;
  std::vector<Release> releases;           // in force when it ended, as recorded() keeps them
  std::vector<SourceReading> readings;     // newest first within a source
  std::vector<CalendarState> calendars;    // without rows
  std::vector<DueRevision> due_revisions;  // of all releases, oldest first
  std::vector<KnownListing> known;
  std::vector<Incident> dismissed_drifts;  // newest of each release that a person dismissed and whose due is not past
  std::vector<AcceptedDelivery> accepted;  // of unclosed incidents
  std::vector<Rehearsal> rehearsals;       // all, by window
  std::optional<Instant> last_beat;        // the last commit or beat of the former run
  bool stopped_cleanly = false;
};
[[nodiscard]] std::string ordinal_key(const std::string& scope, std::optional<Instant> due, IncidentKind kind);

struct StoredRelease {
  Release release;
  Instant revision_seen{};  // when this revision came
  int revision = 1;
  bool current = true;  // false: no longer in the schedule
  std::optional<Lift> lift;
};

struct DeliveryRow {
  std::string key, receiver, alertname;
  AlertStatus status = AlertStatus::firing;
  DeliveryState state = DeliveryState::pending;
  int attempts = 0;
  Instant decided_at{};
  std::optional<Instant> accepted_at;
  std::string detail;
};

/// Read-only. Any thread; each implementation says how it serves several.
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  [[nodiscard]] virtual Result<std::vector<StoredRelease>> releases() = 0;       // in schedule order, former ones last
  [[nodiscard]] virtual Result<std::vector<TargetTrack>> tracks() = 0;           // by target id
  [[nodiscard]] virtual Result<std::vector<Incident>> incidents(int limit) = 0;  // newest first
  [[nodiscard]] virtual Result<std::optional<Incident>> incident(const std::string& id) = 0;
  [[nodiscard]] virtual Result<std::vector<BlindSpan>> blind(Instant from, Instant to) = 0;  // overlapping, by begin
  [[nodiscard]] virtual Result<std::vector<ObservationSpan>> spans(const std::string& target, Instant from,
                                                                   Instant to) = 0;
  [[nodiscard]] virtual Result<std::vector<Event>> events(const std::string& incident) = 0;  // in order
  [[nodiscard]] virtual Result<std::vector<DeliveryRow>> deliveries(const std::string& incident) = 0;
  [[nodiscard]] virtual Result<std::vector<Baseline>> baselines() = 0;  // by target id
  [[nodiscard]] virtual Result<std::vector<EvidenceRow>> evidence(const std::string& incident) = 0;
  [[nodiscard]] virtual Result<std::vector<CalendarState>> calendars() = 0;  // by source name, rows in order
  [[nodiscard]] virtual Result<std::vector<DueRevision>> due_revisions(const std::string& release) = 0;  // in order
  [[nodiscard]] virtual Result<std::vector<DrillRecord>> drills(int limit) = 0;                          // newest first
  [[nodiscard]] virtual Result<std::vector<Rehearsal>> rehearsals(int limit) = 0;  // newest window first
  [[nodiscard]] virtual Result<std::vector<ImpactRecord>> impacts(const std::string& incident) = 0;  // oldest first
  [[nodiscard]] virtual Result<std::vector<ReportEntry>> entries(const std::string& incident) = 0;   // oldest first
  [[nodiscard]] virtual Result<std::vector<ReportMark>> marks(const std::string& report) = 0;        // oldest first
};

/// The engine's. One thread; a failed commit changed nothing.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual Result<StoredState> load() = 0;

  /// Durable when it returns. Error busy: locked by another; io: full, read-only, failed fsync; corrupt.
  [[nodiscard]] virtual Result<void> commit(const Commit& c) = 0;

  /// Appends revisions of releases that are new or differ; those no longer there are marked former. Returns the ids
  /// that changed.
  [[nodiscard]] virtual Result<std::vector<std::string>> adopt_schedule(const Schedule& s, Instant seen) = 0;

  /// "The daemon was alive at `at`" (P29).
  [[nodiscard]] virtual Result<void> beat(Instant at) = 0;
  [[nodiscard]] virtual Result<void> stopped(Instant at) = 0;

  /// Removes what is older: observation and blind spans, closed incidents with their events and delivered rows. Never
  /// an unclosed incident. Returns the evidence paths that no row names any more.
  [[nodiscard]] virtual Result<std::vector<std::string>> retire(Instant before) = 0;
};

}  // namespace embargod

#pragma once
// What of a commit goes into the evidence log, and how. Internal to daemon/store; inside a transaction only, that of
// what it describes.

#include <string>

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/evidence_log.h"
#include "daemon/watch/store.h"

namespace embargod {

struct NewLeaf {
  std::string kind;
  Instant at{};
  std::string incident{};
  std::string target{};
};

/// `content`: a JSON object.
void append_leaf(SqliteConnection& c, const NewLeaf& leaf, const std::string& content);

/// A span that begins closes the former one of its target: that is known now for good. Before the row is written.
void log_closed_span(SqliteConnection& c, const ObservationSpan& begins, Instant at);

/// If it says more than its newest leaf. After the row is written.
void log_incident(SqliteConnection& c, const Incident& i, Instant at);

/// Events, closed blind spans, lifts, baselines, evidence, due revisions, drills, rehearsals.
void log_rows(SqliteConnection& c, const Commit& commit);

/// `revision` 0: it is in the schedule no longer.
void log_revision(SqliteConnection& c, const std::string& release, std::int64_t revision, const std::string& document,
                  Instant at);
void log_delivery(SqliteConnection& c, std::int64_t id, Instant at);

/// EvidenceLog::append_state.
void log_state(SqliteConnection& c, const std::string& incident, Instant at);

/// The contents of the leaves of what retire() removes: salts and records go, hashes stay; and a leaf says so.
void empty_leaves(SqliteConnection& c, Instant before);

}  // namespace embargod

#pragma once
// Rows that both the engine's and the readers' connection read. Internal to daemon/store; inside a transaction only.

#include <optional>
#include <string>
#include <vector>

#include "daemon/store/sqlite_connection.h"
#include "daemon/watch/store.h"

namespace embargod {

// Columns of an observation span, in the order in which read_span() takes them.
#define EMBARGOD_SPAN_COLUMNS                                                                                        \
  "target, first_sent, first_done, last_sent, last_done, liveness, cause, status, rule, digest, count, longest_gap," \
  " worst_error, last_age"

[[nodiscard]] ObservationSpan read_span(const BoundStatement& row);
[[nodiscard]] std::vector<TargetTrack> read_tracks(SqliteConnection& c);
[[nodiscard]] std::vector<Lift> read_lifts(SqliteConnection& c);

/// The newest of each target, by target id.
[[nodiscard]] std::vector<Baseline> read_baselines(SqliteConnection& c);

/// Of all rows of a statement whose first column is an incident's document.
[[nodiscard]] std::vector<Incident> read_incidents(BoundStatement& rows);

/// The scope of an incident's identity: release, or site where there is none (blind).
[[nodiscard]] const std::string& scope_of(const Incident& i);

/// When an over incident ended; unset while it is not over.
[[nodiscard]] std::optional<Instant> over_at(const Incident& i);

}  // namespace embargod

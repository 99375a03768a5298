#include "daemon/store/sqlite_rows.h"

#include "daemon/store/incident_codec.h"

namespace embargod {

ObservationSpan read_span(const BoundStatement& row) {
  ObservationSpan s;
  s.target = row.text(0);
  s.first_sent = row.instant(1);
  s.first_done = row.instant(2);
  s.last_sent = row.instant(3);
  s.last_done = row.instant(4);
  s.liveness = static_cast<Liveness>(row.number(5));
  s.cause = static_cast<Cause>(row.number(6));
  s.status = static_cast<int>(row.number(7));
  s.rule = row.text(8);
  s.digest = row.text(9);
  s.count = row.number(10);
  s.longest_gap = Millis{row.number(11)};
  s.worst_error = Millis{row.number(12)};
  if (!row.is_null(13)) s.last_age = Seconds{row.number(13)};
  return s;
}

std::vector<TargetTrack> read_tracks(SqliteConnection& c) {
  std::vector<TargetTrack> out;
  auto rows = c.prepared("SELECT doc FROM tracks ORDER BY target");
  while (rows.step()) out.push_back(or_throw(decode_track(rows.text(0))));
  return out;
}

std::vector<Lift> read_lifts(SqliteConnection& c) {
  std::vector<Lift> out;
  auto rows = c.prepared("SELECT release, at, by, reason FROM lifts ORDER BY release");
  while (rows.step()) out.push_back({rows.text(0), rows.instant(1), rows.text(2), rows.text(3)});
  return out;
}

std::vector<Baseline> read_baselines(SqliteConnection& c) {
  std::vector<Baseline> out;
  // The newest is the one committed last: a clock that was set back must not bring a former approval back.
  auto rows = c.prepared(
      "SELECT target, url, fingerprint, edition, seen, approved, by FROM baselines"
      " WHERE id IN (SELECT max(id) FROM baselines GROUP BY target) ORDER BY target");
  while (rows.step()) {
    Baseline b;
    b.target = rows.text(0);
    b.url = rows.text(1);
    b.fingerprint = rows.text(2);
    b.edition = rows.text(3);
    b.seen = rows.instant(4);
    b.approved = rows.instant(5);
    b.by = rows.text(6);
    out.push_back(std::move(b));
  }
  return out;
}

std::vector<Incident> read_incidents(BoundStatement& rows) {
  std::vector<Incident> out;
  while (rows.step()) out.push_back(or_throw(decode_incident(rows.text(0))));
  return out;
}

const std::string& scope_of(const Incident& i) { return i.release.empty() ? i.site : i.release; }

std::optional<Instant> over_at(const Incident& i) {
  if (!is_over(i)) return std::nullopt;
  return i.closed.value_or(i.detected);
}

}  // namespace embargod

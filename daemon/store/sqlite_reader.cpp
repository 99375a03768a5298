#include "daemon/store/sqlite_reader.h"

#include <algorithm>

#include "daemon/store/incident_codec.h"
#include "daemon/store/sqlite_calendars.h"
#include "daemon/store/sqlite_rows.h"

namespace embargod {

Result<std::vector<StoredRelease>> SqliteReader::releases() {
  return connection_.transaction([](SqliteConnection& c) {
    std::map<std::string, Lift> lifts;
    for (auto& lift : read_lifts(c)) lifts[lift.release] = lift;
    std::vector<StoredRelease> out;
    auto rows = c.prepared(
        "SELECT v.doc, v.seen, r.revision, r.position IS NOT NULL FROM releases r"
        " JOIN release_revisions v ON v.release = r.id AND v.revision = r.revision"
        " ORDER BY r.position IS NULL, r.position, r.id");
    while (rows.step()) {
      StoredRelease s;
      s.release = or_throw(decode_release(rows.text(0)));
      s.revision_seen = rows.instant(1);
      s.revision = static_cast<int>(rows.number(2));
      s.current = rows.number(3) != 0;
      if (const auto lift = lifts.find(s.release.id); lift != lifts.end()) s.lift = lift->second;
      out.push_back(std::move(s));
    }
    return out;
  });
}

Result<std::vector<TargetTrack>> SqliteReader::tracks() {
  return connection_.transaction([](SqliteConnection& c) { return read_tracks(c); });
}

Result<std::vector<Incident>> SqliteReader::incidents(int limit) {
  return connection_.transaction([limit](SqliteConnection& c) {
    auto rows = c.prepared("SELECT doc FROM incidents ORDER BY detected DESC, id DESC LIMIT ?");
    rows.bind(std::max(limit, 0));
    return read_incidents(rows);
  });
}

Result<std::optional<Incident>> SqliteReader::incident(const std::string& id) {
  return connection_.transaction([&id](SqliteConnection& c) -> std::optional<Incident> {
    auto rows = c.prepared("SELECT doc FROM incidents WHERE id = ?");
    rows.bind(id);
    auto found = read_incidents(rows);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
  });
}

Result<std::vector<BlindSpan>> SqliteReader::blind(Instant from, Instant to) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<BlindSpan> out;
    auto rows = c.prepared(
        "SELECT target, release, site, began, ended, cause FROM blind_spans"
        " WHERE began < ? AND (ended IS NULL OR ended > ?) ORDER BY began, target");
    rows.bind(to, from);
    while (rows.step()) {
      out.push_back({rows.text(0), rows.text(1), rows.text(2), rows.instant(3), rows.maybe_instant(4),
                     static_cast<Cause>(rows.number(5))});
    }
    return out;
  });
}

Result<std::vector<ObservationSpan>> SqliteReader::spans(const std::string& target, Instant from, Instant to) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<ObservationSpan> out;
    auto rows = c.prepared(
        "SELECT " EMBARGOD_SPAN_COLUMNS
        " FROM observation_spans WHERE target = ? AND first_sent <= ? AND last_done >= ? ORDER BY first_sent");
    rows.bind(target, to, from);
    while (rows.step()) out.push_back(read_span(rows));
    return out;
  });
}

Result<std::vector<Event>> SqliteReader::events(const std::string& incident) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<Event> out;
    auto rows = c.prepared("SELECT at, incident, release, what, by, text FROM events WHERE incident = ? ORDER BY id");
    rows.bind(incident);
    while (rows.step())
      out.push_back({rows.instant(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5)});
    return out;
  });
}

Result<std::vector<DeliveryRow>> SqliteReader::deliveries(const std::string& incident) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<DeliveryRow> out;
    auto rows = c.prepared(
        "SELECT key, receiver, alertname, status, state, attempts, decided_at, accepted_at, detail FROM deliveries"
        " WHERE incident = ? ORDER BY id");
    rows.bind(incident);
    while (rows.step()) {
      DeliveryRow d;
      d.key = rows.text(0);
      d.receiver = rows.text(1);
      d.alertname = rows.text(2);
      d.status = static_cast<AlertStatus>(rows.number(3));
      d.state = static_cast<DeliveryState>(rows.number(4));
      d.attempts = static_cast<int>(rows.number(5));
      d.decided_at = rows.instant(6);
      d.accepted_at = rows.maybe_instant(7);
      d.detail = rows.text(8);
      out.push_back(std::move(d));
    }
    return out;
  });
}

Result<std::vector<Baseline>> SqliteReader::baselines() {
  return connection_.transaction([](SqliteConnection& c) { return read_baselines(c); });
}

Result<std::vector<EvidenceRow>> SqliteReader::evidence(const std::string& incident) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<EvidenceRow> out;
    auto rows = c.prepared(
        "SELECT incident, target, url, digest, path, size, status, sent, done FROM evidence WHERE incident = ? ORDER "
        "BY id");
    rows.bind(incident);
    while (rows.step()) {
      EvidenceRow e;
      e.incident = rows.text(0);
      e.target = rows.text(1);
      e.url = rows.text(2);
      e.digest = rows.text(3);
      e.path = rows.text(4);
      e.size = static_cast<std::uint64_t>(rows.number(5));
      e.status = static_cast<int>(rows.number(6));
      e.sent = rows.instant(7);
      e.done = rows.instant(8);
      out.push_back(std::move(e));
    }
    return out;
  });
}

Result<std::vector<CalendarState>> SqliteReader::calendars() {
  return connection_.transaction([](SqliteConnection& c) {
    auto out = read_calendars(c);
    for (auto& state : out) state.rows = read_calendar_rows(c, state.source);
    return out;
  });
}

Result<std::vector<DueRevision>> SqliteReader::due_revisions(const std::string& release) {
  return connection_.transaction([&](SqliteConnection& c) { return read_due_revisions(c, release); });
}

Result<std::vector<Rehearsal>> SqliteReader::rehearsals(int limit) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<Rehearsal> out;
    auto rows = c.prepared("SELECT doc FROM rehearsals ORDER BY began DESC, id DESC LIMIT ?");
    rows.bind(limit);
    while (rows.step()) out.push_back(or_throw(read_rehearsal(rows.text(0))));
    return out;
  });
}

Result<std::vector<ImpactRecord>> SqliteReader::impacts(const std::string& incident) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<ImpactRecord> out;
    auto rows = c.prepared("SELECT at, by, doc FROM impacts WHERE incident = ? ORDER BY n");
    rows.bind(incident);
    while (rows.step()) out.push_back({incident, rows.instant(0), rows.text(1), or_throw(parse_impact(rows.text(2)))});
    return out;
  });
}

Result<std::vector<ReportEntry>> SqliteReader::entries(const std::string& incident) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<ReportEntry> out;
    auto rows = c.prepared("SELECT field, text, at, by FROM report_entries WHERE incident = ? ORDER BY n");
    rows.bind(incident);
    while (rows.step()) out.push_back({incident, rows.text(0), rows.text(1), rows.instant(2), rows.text(3)});
    return out;
  });
}

Result<std::vector<ReportMark>> SqliteReader::marks(const std::string& report) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<ReportMark> out;
    auto rows =
        c.prepared("SELECT incident, version, kind, by, role, at FROM report_marks WHERE report = ? ORDER BY n");
    rows.bind(report);
    while (rows.step())
      out.push_back({report, rows.text(0), rows.text(1),
                     rows.number(2) == 0 ? ReportMark::Kind::approved : ReportMark::Kind::final, rows.text(3),
                     rows.text(4), rows.instant(5)});
    return out;
  });
}

Result<std::vector<DrillRecord>> SqliteReader::drills(int limit) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::vector<DrillRecord> out;
    auto rows = c.prepared("SELECT doc FROM drills ORDER BY began DESC, id DESC LIMIT ?");
    rows.bind(limit);
    while (rows.step()) out.push_back(or_throw(read_drill(rows.text(0))));
    return out;
  });
}

}  // namespace embargod

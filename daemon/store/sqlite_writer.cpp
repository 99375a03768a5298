#include "daemon/store/sqlite_writer.h"

#include <set>

#include "daemon/store/dismissals.h"
#include "daemon/store/incident_codec.h"
#include "daemon/store/log_leaves.h"
#include "daemon/store/sqlite_calendars.h"
#include "daemon/store/sqlite_rows.h"

namespace embargod {
namespace {

void write_tracks(SqliteConnection& c, const std::vector<TargetTrack>& tracks) {
  for (const auto& t : tracks) {
    c.prepared("INSERT INTO tracks(target, doc) VALUES(?, ?) ON CONFLICT(target) DO UPDATE SET doc = excluded.doc")
        .bind(t.target, encode_document(t))
        .run();
  }
}

void write_spans(SqliteConnection& c, const std::vector<ObservationSpan>& spans, Instant at) {
  for (const auto& s : spans) {
    log_closed_span(c, s, at);
    c.prepared("INSERT OR REPLACE INTO observation_spans(" EMBARGOD_SPAN_COLUMNS
               ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(s.target, s.first_sent, s.first_done, s.last_sent, s.last_done, s.liveness, s.cause, s.status, s.rule,
              s.digest, s.count, s.longest_gap, s.worst_error, s.last_age)
        .run();
  }
}

void write_blind(SqliteConnection& c, const std::vector<BlindSpan>& spans) {
  for (const auto& b : spans) {
    c.prepared(
         "INSERT OR REPLACE INTO blind_spans(target, began, ended, release, site, cause) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(b.target, b.from, b.to, b.release, b.site, b.cause)
        .run();
  }
}

void write_incidents(SqliteConnection& c, const std::vector<Incident>& incidents, Instant at) {
  for (const auto& i : incidents) {
    c.prepared(
         "INSERT INTO incidents(id, kind, state, release, site, due, detected, over_at, doc) VALUES(?, ?, ?, ?, ?, ?, "
         "?, ?, ?)"
         " ON CONFLICT(id) DO UPDATE SET kind = excluded.kind, state = excluded.state, release = excluded.release,"
         " site = excluded.site, due = excluded.due, detected = excluded.detected, over_at = excluded.over_at,"
         " doc = excluded.doc")
        .bind(i.id, i.kind, i.state, i.release, i.site, i.due, i.detected, over_at(i), encode_document(i))
        .run();
    // Kept when the incident is retired: an id is never used twice.
    c.prepared(
         "INSERT INTO ordinals(key, ordinal) VALUES(?, ?)"
         " ON CONFLICT(key) DO UPDATE SET ordinal = max(ordinal, excluded.ordinal)")
        .bind(ordinal_key(scope_of(i), i.due, i.kind), i.ordinal)
        .run();
    log_incident(c, i, at);
  }
}

void write_deliveries(SqliteConnection& c, const std::vector<Outgoing>& alerts) {
  for (const auto& [alert, receivers] : alerts) {
    const std::string doc = encode_document(alert);
    for (const auto& receiver : receivers) {
      c.prepared(
           "INSERT INTO deliveries(key, receiver, incident, alertname, status, state, attempts, decided_at, next_try,"
           " detail, doc) VALUES(?, ?, ?, ?, ?, 0, 0, ?, ?, '', ?) ON CONFLICT(key, receiver) DO NOTHING")
          .bind(alert.key, receiver, alert.incident, alert.name, alert.status, alert.decided_at, alert.decided_at, doc)
          .run();
    }
  }
}

void write_events(SqliteConnection& c, const std::vector<Event>& events) {
  for (const auto& e : events) {
    c.prepared("INSERT INTO events(at, incident, release, what, by, text) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(e.at, e.incident, e.release, e.what, e.by, e.text)
        .run();
  }
}

void write_lifts(SqliteConnection& c, const std::vector<Lift>& lifts) {
  for (const auto& l : lifts) {
    c.prepared("INSERT INTO lifts(release, at, by, reason) VALUES(?, ?, ?, ?) ON CONFLICT(release) DO NOTHING")
        .bind(l.release, l.at, l.by, l.reason)
        .run();
  }
}

void write_baselines(SqliteConnection& c, const std::vector<Baseline>& baselines) {
  for (const auto& b : baselines) {
    c.prepared(
         "INSERT INTO baselines(target, url, fingerprint, edition, seen, approved, by) VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(b.target, b.url, b.fingerprint, b.edition, b.seen, b.approved, b.by)
        .run();
  }
}

void write_drills(SqliteConnection& c, const std::vector<DrillRecord>& drills) {
  for (const auto& d : drills) {
    c.prepared("INSERT INTO drills(id, began, doc) VALUES(?, ?, ?) ON CONFLICT(id) DO UPDATE SET doc = excluded.doc")
        .bind(d.id, d.began, drill_json(d))
        .run();
  }
}

void write_rehearsals(SqliteConnection& c, const std::vector<Rehearsal>& rehearsals) {
  for (const auto& r : rehearsals) {
    c.prepared(
         "INSERT INTO rehearsals(id, began, doc) VALUES(?, ?, ?) ON CONFLICT(id) DO UPDATE SET doc = excluded.doc")
        .bind(r.id, r.from, rehearsal_json(r))
        .run();
  }
}

void write_impacts(SqliteConnection& c, const std::vector<ImpactRecord>& impacts) {
  for (const auto& i : impacts) {
    c.prepared("INSERT INTO impacts(incident, at, by, doc) VALUES(?, ?, ?, ?)")
        .bind(i.incident, i.at, i.by, impact_json(i.impact, -1))
        .run();
  }
}

void write_report_parts(SqliteConnection& c, const Commit& commit) {
  for (const auto& e : commit.entries) {
    c.prepared("INSERT INTO report_entries(incident, field, text, at, by) VALUES(?, ?, ?, ?, ?)")
        .bind(e.incident, e.field, e.text, e.at, e.by)
        .run();
  }
  for (const auto& m : commit.marks) {
    c.prepared("INSERT INTO report_marks(report, incident, version, kind, by, role, at) VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(m.report, m.incident, m.version, static_cast<int>(m.kind), m.by, m.role, m.at)
        .run();
  }
}

void write_evidence(SqliteConnection& c, const std::vector<EvidenceRow>& evidence) {
  for (const auto& e : evidence) {
    c.prepared(
         "INSERT INTO evidence(incident, target, url, digest, path, size, status, sent, done)"
         " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(incident, digest, target) DO NOTHING")
        .bind(e.incident, e.target, e.url, e.digest, e.path, e.size, e.status, e.sent, e.done)
        .run();
  }
}

void write_beat(SqliteConnection& c, Instant at, bool clean_stop) {
  constexpr const char* kPut = "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)";
  c.prepared(kPut).bind("last_beat", at).run();
  c.prepared(kPut).bind("stopped_cleanly", clean_stop).run();
}

/// The release's newest stored revision, and whether it is in the schedule now.
struct KnownRelease {
  std::int64_t revision = 0;
  bool present = false;
  std::string doc;
};

std::map<std::string, KnownRelease> known_releases(SqliteConnection& c) {
  std::map<std::string, KnownRelease> out;
  auto rows = c.prepared(
      "SELECT r.id, r.revision, r.position IS NOT NULL, v.doc FROM releases r"
      " JOIN release_revisions v ON v.release = r.id AND v.revision = r.revision");
  while (rows.step()) out[rows.text(0)] = {rows.number(1), rows.number(2) != 0, rows.text(3)};
  return out;
}

void note_presence(SqliteConnection& c, const std::string& release, Instant at, bool present) {
  c.prepared("INSERT INTO release_presence(release, at, present) VALUES(?, ?, ?)").bind(release, at, present).run();
}

/// Whether anything but its place in the list is new.
bool adopt_release(SqliteConnection& c, const Release& r, std::int64_t position, const KnownRelease* known,
                   Instant seen) {
  std::int64_t revision = known != nullptr ? known->revision : 0;
  bool changed = known == nullptr || !known->present;
  if (changed) note_presence(c, r.id, seen, true);
  if (known == nullptr || or_throw(decode_release(known->doc)) != recorded(r)) {
    changed = true;
    ++revision;
    c.prepared("INSERT INTO release_revisions(release, revision, seen, doc) VALUES(?, ?, ?, ?)")
        .bind(r.id, revision, seen, encode_document(r))
        .run();
    log_revision(c, r.id, revision, encode_document(r), seen);
  }
  c.prepared("INSERT OR REPLACE INTO releases(id, revision, position) VALUES(?, ?, ?)")
      .bind(r.id, revision, position)
      .run();
  return changed;
}

}  // namespace

Result<void> SqliteWriter::commit(const Commit& commit) {
  return connection_.transaction([&commit](SqliteConnection& c) {
    write_tracks(c, commit.tracks);
    write_spans(c, commit.spans, commit.at);
    write_incidents(c, commit.incidents, commit.at);
    write_blind(c, commit.blind);
    write_deliveries(c, commit.alerts);
    write_events(c, commit.events);
    write_lifts(c, commit.lifts);
    write_baselines(c, commit.baselines);
    write_evidence(c, commit.evidence);
    write_calendars(c, commit);
    write_drills(c, commit.drills);
    write_rehearsals(c, commit.rehearsals);
    write_impacts(c, commit.impacts);
    write_report_parts(c, commit);
    log_rows(c, commit);
    write_beat(c, commit.at, false);
  });
}

Result<StoredState> SqliteWriter::load() {
  return connection_.transaction([](SqliteConnection& c) {
    StoredState out;
    out.tracks = read_tracks(c);
    out.lifts = read_lifts(c);
    out.baselines = read_baselines(c);
    read_calendar_state(c, out);
    {
      auto rows = c.prepared("SELECT doc FROM rehearsals ORDER BY began, id");
      while (rows.step()) out.rehearsals.push_back(or_throw(read_rehearsal(rows.text(0))));
    }
    {
      // With max() the other columns are those of the row that has the maximum (SQLite, "bare columns in an aggregate
      // query").
      auto rows =
          c.prepared("SELECT " EMBARGOD_SPAN_COLUMNS ", max(first_sent) FROM observation_spans GROUP BY target");
      while (rows.step()) out.newest_spans.push_back(read_span(rows));
    }
    {
      auto rows = c.prepared("SELECT doc FROM incidents WHERE over_at IS NULL ORDER BY detected, id");
      out.unclosed = read_incidents(rows);
    }
    {
      auto rows = c.prepared("SELECT key, ordinal FROM ordinals");
      while (rows.step()) out.ordinals[rows.text(0)] = static_cast<int>(rows.number(1));
    }
    {
      auto rows = c.prepared(
          "SELECT DISTINCT d.incident, d.alertname, d.receiver FROM incidents i JOIN deliveries d ON d.incident = i.id"
          " WHERE i.over_at IS NULL AND d.state = 1 AND d.status = 0 ORDER BY 1, 2, 3");
      while (rows.step()) out.accepted.push_back({rows.text(0), rows.text(1), rows.text(2)});
    }
    auto rows = c.prepared("SELECT name, value FROM meta");
    while (rows.step()) {
      if (rows.text(0) == "last_beat") out.last_beat = rows.instant(1);
      if (rows.text(0) == "stopped_cleanly") out.stopped_cleanly = rows.number(1) != 0;
    }
    out.dismissed_drifts = newest_dismissals(read_dismissed_drifts(c), out.last_beat);
    return out;
  });
}

Result<std::vector<std::string>> SqliteWriter::adopt_schedule(const Schedule& s, Instant seen) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto known = known_releases(c);
    std::vector<std::string> changed;
    std::int64_t position = 0;
    for (const Release& r : s.releases) {
      const auto found = known.find(r.id);
      if (adopt_release(c, r, position++, found == known.end() ? nullptr : &found->second, seen))
        changed.push_back(r.id);
      if (found != known.end()) known.erase(found);
    }
    for (const auto& [id, release] : known) {
      if (!release.present) continue;
      c.prepared("UPDATE releases SET position = NULL WHERE id = ?").bind(id).run();
      note_presence(c, id, seen, false);
      log_revision(c, id, 0, {}, seen);
      changed.push_back(id);
    }
    return changed;
  });
}

Result<void> SqliteWriter::beat(Instant at) {
  return connection_.transaction([at](SqliteConnection& c) { write_beat(c, at, false); });
}

Result<void> SqliteWriter::stopped(Instant at) {
  return connection_.transaction([at](SqliteConnection& c) { write_beat(c, at, true); });
}

Result<std::vector<std::string>> SqliteWriter::retire(Instant before) {
  return connection_.transaction([before](SqliteConnection& c) {
    empty_leaves(c, before);
    c.prepared("DELETE FROM observation_spans WHERE last_done < ?").bind(before).run();
    c.prepared("DELETE FROM blind_spans WHERE ended < ?").bind(before).run();
    std::set<std::string> paths;
    {
      auto rows =
          c.prepared("SELECT path FROM evidence WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)");
      rows.bind(before);
      while (rows.step()) paths.insert(rows.text(0));
    }
    c.prepared("DELETE FROM evidence WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)")
        .bind(before)
        .run();
    c.prepared("DELETE FROM events WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)").bind(before).run();
    for (const char* sql : {"DELETE FROM impacts WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)",
                            "DELETE FROM report_entries WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)",
                            "DELETE FROM report_marks WHERE incident IN (SELECT id FROM incidents WHERE over_at < ?)"})
      c.prepared(sql).bind(before).run();
    c.prepared("DELETE FROM events WHERE incident = '' AND at < ?").bind(before).run();
    // What is still to be told stays, however old.
    c.prepared("DELETE FROM deliveries WHERE state <> 0 AND incident IN (SELECT id FROM incidents WHERE over_at < ?)")
        .bind(before)
        .run();
    c.prepared("DELETE FROM deliveries WHERE state <> 0 AND incident = '' AND decided_at < ?").bind(before).run();
    c.prepared("DELETE FROM incidents WHERE over_at < ?").bind(before).run();
    std::vector<std::string> free_paths;
    for (const auto& path : paths) {
      auto row = c.prepared("SELECT 1 FROM evidence WHERE path = ?");
      row.bind(path);
      if (!row.step()) free_paths.push_back(path);
    }
    return free_paths;
  });
}

}  // namespace embargod

#include "daemon/store/sqlite_calendars.h"

#include "daemon/store/incident_codec.h"
#include "daemon/store/sqlite_rows.h"

namespace embargod {
namespace {

// A Due is six columns: precision, at, begin, end, zone, given.
constexpr int kDueColumns = 6;

void bind_due(BoundStatement& row, const Due& due) {
  row.bind(due.precision, due.at, due.period_begin, due.period_end, due.zone, due.as_given);
}

void bind_no_due(BoundStatement& row) {
  const std::optional<int> null;
  for (int k = 0; k < kDueColumns; ++k) row.bind(null);
}

Due read_due_at(const BoundStatement& row, int first) {
  Due due;
  due.precision = row.word(first, DuePrecision::month);
  due.at = row.maybe_instant(first + 1);
  due.period_begin = row.maybe_instant(first + 2);
  due.period_end = row.maybe_instant(first + 3);
  due.zone = row.text(first + 4);
  due.as_given = row.text(first + 5);
  return due;
}

void drop_calendars(SqliteConnection& c, const Commit& commit) {
  for (const auto& source : commit.dropped_calendars) {
    c.prepared("DELETE FROM source_readings WHERE source = ?").bind(source).run();
    c.prepared("DELETE FROM calendars WHERE source = ?").bind(source).run();
  }
  for (const auto& [source, fetched] : commit.dropped_readings)
    c.prepared("DELETE FROM source_readings WHERE source = ? AND fetched = ?").bind(source, fetched).run();
}

void write_reading(SqliteConnection& c, const SourceReading& r) {
  // Its former pages go with it.
  c.prepared("DELETE FROM source_readings WHERE source = ? AND fetched = ?").bind(r.source, r.fetched).run();
  c.prepared("INSERT INTO source_readings(source, fetched) VALUES(?, ?)").bind(r.source, r.fetched).run();
  for (const auto& page : r.pages) {
    c.prepared("INSERT INTO source_pages(source, fetched, url, bytes) VALUES(?, ?, ?, ?)")
        .bind(r.source, r.fetched, page.url, StoredBytes{page.bytes})
        .run();
  }
}

void write_calendar_rows(SqliteConnection& c, const CalendarState& state) {
  // A calendar of a thousand entries is read every few minutes and changes every few days.
  if (read_calendar_rows(c, state.source) == state.rows) return;
  c.prepared("DELETE FROM calendar_rows WHERE source = ?").bind(state.source).run();
  std::int64_t position = 0;
  for (const auto& r : state.rows) {
    auto row = c.prepared(
        "INSERT INTO calendar_rows(source, position, key, title, url, status, reason, place, release, matched_by,"
        " drift, gone, due_precision, due_at, due_begin, due_end, due_zone, due_given)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row.bind(state.source, position++, r.key, r.title, r.url, r.status, r.reason, r.where, r.release, r.matched_by,
             r.drift, r.gone);
    bind_due(row, r.due);
    row.run();
  }
}

void write_calendar(SqliteConnection& c, const CalendarState& state) {
  c.prepared(
       "INSERT INTO calendars(source, format, place, last_try, last_success, fault) VALUES(?, ?, ?, ?, ?, ?)"
       " ON CONFLICT(source) DO UPDATE SET format = excluded.format, place = excluded.place,"
       " last_try = excluded.last_try, last_success = excluded.last_success, fault = excluded.fault")
      .bind(state.source, state.format, state.where, state.last_try, state.last_success, state.fault)
      .run();
  write_calendar_rows(c, state);
}

void write_due_revision(SqliteConnection& c, const DueRevision& r) {
  auto row = c.prepared(
      "INSERT INTO due_revisions(release, seen, source, reason, status, due_precision, due_at, due_begin, due_end,"
      " due_zone, due_given, before_precision, before_at, before_begin, before_end, before_zone, before_given)"
      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.bind(r.release, r.seen, r.source, r.reason, r.status);
  bind_due(row, r.now);
  if (r.before)
    bind_due(row, *r.before);
  else
    bind_no_due(row);
  row.run();
}

std::vector<SourceReading> read_readings(SqliteConnection& c) {
  std::vector<SourceReading> out;
  {
    auto rows = c.prepared("SELECT source, fetched FROM source_readings ORDER BY source, fetched DESC");
    while (rows.step()) out.push_back({rows.text(0), rows.instant(1), {}});
  }
  for (auto& reading : out) {
    auto rows = c.prepared("SELECT url, bytes FROM source_pages WHERE source = ? AND fetched = ? ORDER BY id");
    rows.bind(reading.source, reading.fetched);
    while (rows.step()) reading.pages.push_back({rows.text(0), rows.text(1)});
  }
  return out;
}

#define EMBARGOD_DUE_REVISION_COLUMNS                                                                      \
  "release, seen, source, reason, status, due_precision, due_at, due_begin, due_end, due_zone, due_given," \
  " before_precision, before_at, before_begin, before_end, before_zone, before_given"

std::vector<DueRevision> read_revision_rows(BoundStatement& rows) {
  std::vector<DueRevision> out;
  while (rows.step()) {
    DueRevision r;
    r.release = rows.text(0);
    r.seen = rows.instant(1);
    r.source = rows.text(2);
    r.reason = rows.text(3);
    r.status = rows.word(4, ReleaseStatus::cancelled);
    r.now = read_due_at(rows, 5);
    if (!rows.is_null(5 + kDueColumns)) r.before = read_due_at(rows, 5 + kDueColumns);
    out.push_back(std::move(r));
  }
  return out;
}

std::vector<Release> read_releases_in_force(SqliteConnection& c) {
  std::vector<Release> out;
  auto rows = c.prepared(
      "SELECT v.doc FROM releases r JOIN release_revisions v ON v.release = r.id AND v.revision = r.revision"
      " WHERE r.position IS NOT NULL ORDER BY r.position");
  while (rows.step()) out.push_back(or_throw(decode_release(rows.text(0))));
  return out;
}

}  // namespace

void write_calendars(SqliteConnection& c, const Commit& commit) {
  drop_calendars(c, commit);
  for (const auto& r : commit.readings) write_reading(c, r);
  for (const auto& state : commit.calendars) write_calendar(c, state);
  for (const auto& r : commit.due_revisions) write_due_revision(c, r);
  for (const auto& k : commit.known) {
    c.prepared(
         "INSERT INTO known_listings(listing, bytes) VALUES(?, ?)"
         " ON CONFLICT(listing) DO UPDATE SET bytes = excluded.bytes")
        .bind(k.listing, StoredBytes{k.bytes})
        .run();
  }
}

void read_calendar_state(SqliteConnection& c, StoredState& out) {
  out.releases = read_releases_in_force(c);
  out.readings = read_readings(c);
  out.calendars = read_calendars(c);
  {
    auto revisions = c.prepared("SELECT " EMBARGOD_DUE_REVISION_COLUMNS " FROM due_revisions ORDER BY id");
    out.due_revisions = read_revision_rows(revisions);
  }
  auto rows = c.prepared("SELECT listing, bytes FROM known_listings ORDER BY listing");
  while (rows.step()) out.known.push_back({rows.text(0), rows.text(1)});
}

std::vector<CalendarState> read_calendars(SqliteConnection& c) {
  std::vector<CalendarState> out;
  auto rows = c.prepared("SELECT source, format, place, last_try, last_success, fault FROM calendars ORDER BY source");
  while (rows.step()) {
    CalendarState s;
    s.source = rows.text(0);
    s.format = rows.word(1, SourceFormat::ees);
    s.where = rows.text(2);
    s.last_try = rows.maybe_instant(3);
    s.last_success = rows.maybe_instant(4);
    s.fault = rows.text(5);
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<CalendarRow> read_calendar_rows(SqliteConnection& c, const std::string& source) {
  std::vector<CalendarRow> out;
  auto rows = c.prepared(
      "SELECT key, title, url, status, reason, place, release, matched_by, drift, gone, due_precision, due_at,"
      " due_begin, due_end, due_zone, due_given FROM calendar_rows WHERE source = ? ORDER BY position");
  rows.bind(source);
  while (rows.step()) {
    CalendarRow r;
    r.key = rows.text(0);
    r.title = rows.text(1);
    r.url = rows.text(2);
    r.status = rows.word(3, ItemStatus::published);
    r.reason = rows.text(4);
    r.where = rows.text(5);
    r.release = rows.text(6);
    r.matched_by = rows.text(7);
    if (!rows.is_null(8)) r.drift = rows.word(8, DriftKind::provisional);
    r.gone = rows.number(9) != 0;
    r.due = read_due_at(rows, 10);
    out.push_back(std::move(r));
  }
  return out;
}

std::vector<DueRevision> read_due_revisions(SqliteConnection& c, const std::string& release) {
  auto rows = c.prepared("SELECT " EMBARGOD_DUE_REVISION_COLUMNS " FROM due_revisions WHERE release = ? ORDER BY id");
  rows.bind(release);
  return read_revision_rows(rows);
}

std::vector<Incident> read_dismissed_drifts(SqliteConnection& c) {
  auto rows = c.prepared("SELECT doc FROM incidents WHERE kind = 8 AND state = 4 ORDER BY detected, id");
  return read_incidents(rows);
}

}  // namespace embargod

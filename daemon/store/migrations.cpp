#include "daemon/store/migrations.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "daemon/store/sqlite_connection.h"

namespace embargod {
namespace {

// "embg": says whose file this is (`file` shows it).
constexpr int kApplicationId = 0x656d6267;

// Instants and durations are milliseconds, enumerations their stored numbers, `doc` the JSON of incident_codec.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE meta(
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tracks(
  target TEXT NOT NULL PRIMARY KEY,
  doc TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE observation_spans(
  target TEXT NOT NULL,
  first_sent INTEGER NOT NULL,
  first_done INTEGER NOT NULL,
  last_sent INTEGER NOT NULL,
  last_done INTEGER NOT NULL,
  liveness INTEGER NOT NULL,
  cause INTEGER NOT NULL,
  status INTEGER NOT NULL,
  rule TEXT NOT NULL,
  digest TEXT NOT NULL,
  count INTEGER NOT NULL,
  longest_gap INTEGER NOT NULL,
  worst_error INTEGER NOT NULL,
  last_age INTEGER,
  PRIMARY KEY(target, first_sent)
) STRICT, WITHOUT ROWID;
CREATE INDEX observation_spans_by_end ON observation_spans(last_done);

CREATE TABLE blind_spans(
  target TEXT NOT NULL,
  began INTEGER NOT NULL,
  ended INTEGER,
  release TEXT NOT NULL,
  site TEXT NOT NULL,
  cause INTEGER NOT NULL,
  PRIMARY KEY(target, began)
) STRICT, WITHOUT ROWID;
CREATE INDEX blind_spans_by_begin ON blind_spans(began);

CREATE TABLE incidents(
  id TEXT NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  release TEXT NOT NULL,
  site TEXT NOT NULL,
  due INTEGER,
  detected INTEGER NOT NULL,
  over_at INTEGER,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_by_detection ON incidents(detected, id);
CREATE INDEX incidents_unclosed ON incidents(detected, id) WHERE over_at IS NULL;

CREATE TABLE ordinals(
  key TEXT NOT NULL PRIMARY KEY,
  ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL,
  receiver TEXT NOT NULL,
  incident TEXT NOT NULL,
  alertname TEXT NOT NULL,
  status INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  next_try INTEGER NOT NULL,
  accepted_at INTEGER,
  detail TEXT NOT NULL,
  doc TEXT NOT NULL,
  UNIQUE(key, receiver)
) STRICT;
CREATE INDEX deliveries_pending ON deliveries(receiver, id) WHERE state = 0;
CREATE INDEX deliveries_standing ON deliveries(receiver, incident, alertname, id) WHERE state = 1;
CREATE INDEX deliveries_by_incident ON deliveries(incident, id);

CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  incident TEXT NOT NULL,
  release TEXT NOT NULL,
  what TEXT NOT NULL,
  by TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_incident ON events(incident, id);

CREATE TABLE lifts(
  release TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident TEXT NOT NULL,
  target TEXT NOT NULL,
  url TEXT NOT NULL,
  digest TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  status INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  done INTEGER NOT NULL,
  UNIQUE(incident, digest, target)
) STRICT;
CREATE INDEX evidence_by_path ON evidence(path);

-- What was announced, revision by revision; rows are never changed nor removed.
CREATE TABLE release_revisions(
  release TEXT NOT NULL,
  revision INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY(release, revision)
) STRICT, WITHOUT ROWID;

-- When a release came into the schedule (1) or left it (0); rows are never changed nor removed.
CREATE TABLE release_presence(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  release TEXT NOT NULL,
  at INTEGER NOT NULL,
  present INTEGER NOT NULL
) STRICT;

-- The schedule as it is now; position NULL: no longer in it.
CREATE TABLE releases(
  id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER,
  FOREIGN KEY(id, revision) REFERENCES release_revisions(release, revision)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kSchema2 = R"sql(
-- What persons approved as the former edition of a target; rows are never changed nor removed. The newest of a target
-- counts, the others say what counted before.
CREATE TABLE baselines(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  target TEXT NOT NULL,
  url TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  edition TEXT NOT NULL,
  seen INTEGER NOT NULL,
  approved INTEGER NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX baselines_by_target ON baselines(target, id);
)sql";

constexpr const char* kSchema3 = R"sql(
-- The bytes of good readings of calendars that others keep.
CREATE TABLE source_readings(
  source TEXT NOT NULL,
  fetched INTEGER NOT NULL,
  PRIMARY KEY(source, fetched)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_pages(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  fetched INTEGER NOT NULL,
  url TEXT NOT NULL,
  bytes BLOB NOT NULL,
  FOREIGN KEY(source, fetched) REFERENCES source_readings(source, fetched) ON DELETE CASCADE
) STRICT;
CREATE INDEX source_pages_by_reading ON source_pages(source, fetched, id);

-- How the newest good reading of each calendar was taken.
CREATE TABLE calendars(
  source TEXT NOT NULL PRIMARY KEY,
  format INTEGER NOT NULL,
  place TEXT NOT NULL,
  last_try INTEGER,
  last_success INTEGER,
  fault TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar_rows(
  source TEXT NOT NULL REFERENCES calendars(source) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  status INTEGER NOT NULL,
  due_precision INTEGER NOT NULL,
  due_at INTEGER,
  due_begin INTEGER,
  due_end INTEGER,
  due_zone TEXT NOT NULL,
  due_given TEXT NOT NULL,
  reason TEXT NOT NULL,
  place TEXT NOT NULL,
  release TEXT NOT NULL,
  matched_by TEXT NOT NULL,
  drift INTEGER,
  gone INTEGER NOT NULL,
  PRIMARY KEY(source, position)
) STRICT, WITHOUT ROWID;

-- Changes of what was announced; rows are never changed nor removed. before_precision NULL: the first announcement.
CREATE TABLE due_revisions(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  release TEXT NOT NULL,
  seen INTEGER NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER NOT NULL,
  due_precision INTEGER NOT NULL,
  due_at INTEGER,
  due_begin INTEGER,
  due_end INTEGER,
  due_zone TEXT NOT NULL,
  due_given TEXT NOT NULL,
  before_precision INTEGER,
  before_at INTEGER,
  before_begin INTEGER,
  before_end INTEGER,
  before_zone TEXT,
  before_given TEXT
) STRICT;
CREATE INDEX due_revisions_by_release ON due_revisions(release, id);

-- What each listing has shown so far.
CREATE TABLE known_listings(
  id INTEGER PRIMARY KEY,
  listing TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;

-- Of kind drift (8), dismissed (4).
CREATE INDEX incidents_dismissed_drifts ON incidents(detected, id) WHERE kind = 8 AND state = 4;
)sql";

// Drills, each as the API shows it.
constexpr const char* kSchema4 = R"sql(
CREATE TABLE drills(
  id TEXT PRIMARY KEY,
  began INTEGER NOT NULL,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX drills_by_time ON drills(began);
)sql";

// Planned rehearsals, each as it is shown; what is added to one later (cancelled, seen live, over) fills its members.
constexpr const char* kSchema5 = R"sql(
CREATE TABLE rehearsals(
  id TEXT PRIMARY KEY,
  began INTEGER NOT NULL,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX rehearsals_by_time ON rehearsals(began);
)sql";

// What was counted of an incident's requests, each count as it was sent (the newest is stated), and what people put
// into reports and said of them.
constexpr const char* kSchema6 = R"sql(
CREATE TABLE impacts(
  n INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX impacts_by_incident ON impacts(incident);

CREATE TABLE report_entries(
  n INTEGER PRIMARY KEY,
  incident TEXT NOT NULL,
  field TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX report_entries_by_incident ON report_entries(incident);

CREATE TABLE report_marks(
  n INTEGER PRIMARY KEY,
  report TEXT NOT NULL,
  incident TEXT NOT NULL,
  version TEXT NOT NULL,
  kind INTEGER NOT NULL,
  by TEXT NOT NULL,
  role TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX report_marks_by_report ON report_marks(report);
)sql";

// The evidence log: rows are never removed; salt and record go when what they tell of is retired. evidence_marks: what
// the newest leaf of an incident says. checkpoints: the signed heads.
constexpr const char* kSchema7 = R"sql(
CREATE TABLE evidence_log(
  idx INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  incident TEXT NOT NULL,
  target TEXT NOT NULL,
  salt BLOB,
  record TEXT,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX evidence_log_by_incident ON evidence_log(incident, idx) WHERE incident <> '';
CREATE INDEX evidence_log_by_target ON evidence_log(target, idx) WHERE target <> '';
CREATE INDEX evidence_log_of_schedules ON evidence_log(kind, idx) WHERE kind IN ('schedule', 'due', 'lift');

CREATE TABLE evidence_marks(
  incident TEXT PRIMARY KEY,
  mark TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  size INTEGER NOT NULL,
  at INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
)sql";

constexpr std::array<Migration, 7> kMigrations{
    {{1, kSchema1}, {2, kSchema2}, {3, kSchema3}, {4, kSchema4}, {5, kSchema5}, {6, kSchema6}, {7, kSchema7}}};

int pragma_number(SQLite::Database& db, const char* sql) { return db.execAndGet(sql).getInt(); }

[[noreturn]] void throw_errno(const std::string& file, const char* doing) {
  throw FaultThrown{Fault{Errc::io, file, std::string{doing} + ": " + std::strerror(errno), "check the disk"}};
}

void sync_path(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) throw_errno(path, "cannot open");
  const int rc = ::fsync(fd);
  const int why = errno;
  ::close(fd);
  errno = why;
  if (rc != 0) throw_errno(path, "cannot sync");
}

/// A copy as of now, complete and on disk under its name, or nothing under that name.
void back_up(SQLite::Database& db, const std::string& file, int version) {
  const std::string final_name = file + ".v" + std::to_string(version) + ".backup";
  const std::string part = final_name + ".part";
  if (::unlink(part.c_str()) != 0 && errno != ENOENT) throw_errno(part, "cannot remove");
  const int fd = ::open(part.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) throw_errno(part, "cannot create the backup");
  ::close(fd);
  {
    SQLite::Database copy{part, SQLite::OPEN_READWRITE};
    SQLite::Backup backup{copy, db};
    backup.executeStep(-1);
  }
  sync_path(part, O_RDONLY);
  if (std::rename(part.c_str(), final_name.c_str()) != 0) throw_errno(final_name, "cannot name the backup");
  const auto slash = file.rfind('/');
  sync_path(slash == std::string::npos ? "." : file.substr(0, slash + 1), O_RDONLY | O_DIRECTORY);
}

void refuse_foreign(SQLite::Database& db, const std::string& file, int version) {
  const bool ours = pragma_number(db, "PRAGMA application_id") == kApplicationId;
  if (ours || (version == 0 && pragma_number(db, "SELECT count(*) FROM sqlite_master") == 0)) return;
  throw FaultThrown{
      Fault{Errc::conflict, file, "this is a database, but not embargod's", "give embargod a folder of its own"}};
}

void run_step(SQLite::Database& db, const Migration& step) {
  SQLite::Transaction t{db, SQLite::TransactionBehavior::IMMEDIATE};
  db.exec(step.sql);
  db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
  db.exec("PRAGMA user_version = " + std::to_string(step.number));
  t.commit();
}

}  // namespace

std::span<const Migration> all_migrations() { return kMigrations; }

Result<void> migrate(SQLite::Database& db, const std::string& file, std::span<const Migration> steps) {
  try {
    const int version = pragma_number(db, "PRAGMA user_version");
    refuse_foreign(db, file, version);
    const int newest = steps.empty() ? 0 : steps.back().number;
    if (version > newest) {
      return fail(Errc::unsupported,
                  "the database has schema " + std::to_string(version) + ", this embargod knows up to " +
                      std::to_string(newest),
                  file, "start the newer embargod, or restore " + file + ".v" + std::to_string(newest) + ".backup");
    }
    if (version == newest) return {};
    if (version > 0) back_up(db, file, version);
    for (const Migration& step : steps) {
      if (step.number > version) run_step(db, step);
    }
    return {};
  } catch (const SQLite::Exception& e) {
    return tl::unexpected<Fault>{sqlite_fault(e, file)};
  } catch (FaultThrown& f) {
    return tl::unexpected<Fault>{std::move(f.fault)};
  }
}

}  // namespace embargod

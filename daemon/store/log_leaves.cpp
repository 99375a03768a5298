#include "daemon/store/log_leaves.h"

#include <nlohmann/json.hpp>

#include "config/types/random.h"
#include "daemon/store/incident_codec.h"
#include "daemon/store/sqlite_rows.h"
#include "daemon/watch/incident_json.h"

namespace embargod {
namespace {

using Json = nlohmann::json;  // members sorted by name

std::string text_of(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string bytes_of(const Digest& d) { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

Json time_of(std::optional<Instant> t) { return t ? Json(rfc3339(*t)) : Json(); }

Json due_json(const Due& d) { return {{"at", time_of(d.at)}, {"as_given", d.as_given}, {"zone", d.zone}}; }

Json span_json(const ObservationSpan& s, bool closed) {
  return {{"target", s.target},
          {"closed", closed},
          {"liveness", to_string(s.liveness)},
          {"cause", to_string(s.cause)},
          {"status", s.status},
          {"rule", s.rule},
          {"digest", s.digest},
          {"first", {{"sent", rfc3339(s.first_sent)}, {"done", rfc3339(s.first_done)}}},
          {"last", {{"sent", rfc3339(s.last_sent)}, {"done", rfc3339(s.last_done)}}},
          {"looks", s.count},
          {"longest_gap_ms", s.longest_gap.count()},
          {"worst_error_ms", s.worst_error.count()}};
}

/// What of an incident changes at steps only, not with every look.
std::string mark_of(const Json& incident) {
  Json mark;
  for (const char* key : {"state", "confidence", "acknowledged", "decision", "evidence"})
    if (incident.contains(key)) mark[key] = incident[key];
  for (const Json& target : incident.at("targets")) {
    Json spans = Json::array();
    for (const Json& s : target.at("spans")) spans.push_back({s.at("went_live"), s.at("went_down"), s.at("ended_by")});
    mark["targets"].push_back({target.at("target"), spans});
  }
  return hex(sha256(text_of(mark)));
}

/// What people counted, wrote and approved.
void log_report_parts(SqliteConnection& c, const Commit& commit) {
  for (const ImpactRecord& i : commit.impacts)
    append_leaf(c, {.kind = "impact", .at = i.at, .incident = i.incident},
                text_of({{"by", i.by}, {"impact", Json::parse(impact_json(i.impact, -1))}}));
  for (const ReportEntry& e : commit.entries)
    append_leaf(c, {.kind = "written", .at = e.at, .incident = e.incident},
                text_of({{"field", e.field}, {"text", e.text}, {"by", e.by}}));
  for (const ReportMark& m : commit.marks)
    append_leaf(c, {.kind = "mark", .at = m.at, .incident = m.incident},
                text_of({{"report", m.report},
                         {"version", m.version},
                         {"mark", to_string(m.kind)},
                         {"by", m.by},
                         {"role", m.role}}));
}

void log_whole_incident(SqliteConnection& c, const Incident& i, const Json& shown, Instant at) {
  append_leaf(c, {.kind = "incident", .at = at, .incident = i.id},
              text_of({{"state", to_string(i.state)}, {"shown", shown}}));
}

}  // namespace

void append_leaf(SqliteConnection& c, const NewLeaf& leaf, const std::string& content) {
  Json j = Json::parse(content);
  j["v"] = 1;
  j["kind"] = leaf.kind;
  j["at"] = rfc3339(leaf.at);
  if (!leaf.incident.empty()) j["incident"] = leaf.incident;
  const std::string record = text_of(j);
  const std::string salt = bytes_of(random_bytes());
  const std::string hash = bytes_of(leaf_hash(salt, record));
  std::int64_t index = 0;
  {
    auto newest = c.prepared("SELECT coalesce(max(idx) + 1, 0) FROM evidence_log");
    if (newest.step()) index = newest.number(0);
  }
  c.prepared(
       "INSERT INTO evidence_log(idx, at, kind, incident, target, salt, record, hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(index, leaf.at, leaf.kind, leaf.incident, leaf.target, StoredBytes{salt}, record, StoredBytes{hash})
      .run();
}

void log_closed_span(SqliteConnection& c, const ObservationSpan& begins, Instant at) {
  std::optional<ObservationSpan> former;
  {
    auto known = c.prepared("SELECT 1 FROM observation_spans WHERE target = ? AND first_sent = ?");
    known.bind(begins.target, begins.first_sent);
    if (known.step()) return;
  }
  {
    auto row =
        c.prepared("SELECT " EMBARGOD_SPAN_COLUMNS
                   " FROM observation_spans WHERE target = ? AND first_sent < ? ORDER BY first_sent DESC LIMIT 1");
    row.bind(begins.target, begins.first_sent);
    if (row.step()) former = read_span(row);
  }
  if (former) append_leaf(c, {.kind = "span", .at = at, .target = former->target}, text_of(span_json(*former, true)));
}

void log_incident(SqliteConnection& c, const Incident& i, Instant at) {
  const Json shown = Json::parse(incident_json(i, at));
  const std::string mark = mark_of(shown);
  {
    auto row = c.prepared("SELECT mark FROM evidence_marks WHERE incident = ?");
    row.bind(i.id);
    if (row.step() && row.text(0) == mark) return;
  }
  c.prepared("INSERT OR REPLACE INTO evidence_marks(incident, mark) VALUES(?, ?)").bind(i.id, mark).run();
  log_whole_incident(c, i, shown, at);
}

void log_rows(SqliteConnection& c, const Commit& commit) {
  for (const Event& e : commit.events)
    append_leaf(c, {.kind = "event", .at = e.at, .incident = e.incident},
                text_of({{"release", e.release}, {"what", e.what}, {"by", e.by}, {"text", e.text}}));
  for (const BlindSpan& b : commit.blind)
    if (b.to)
      append_leaf(
          c, {.kind = "blind", .at = commit.at, .target = b.target},
          text_of(
              {{"target", b.target}, {"from", rfc3339(b.from)}, {"to", time_of(b.to)}, {"cause", to_string(b.cause)}}));
  for (const Lift& l : commit.lifts)
    append_leaf(c, {.kind = "lift", .at = l.at}, text_of({{"release", l.release}, {"by", l.by}, {"reason", l.reason}}));
  for (const Baseline& b : commit.baselines)
    append_leaf(c, {.kind = "baseline", .at = commit.at},
                text_of({{"target", b.target},
                         {"url", b.url},
                         {"fingerprint", b.fingerprint},
                         {"edition", b.edition},
                         {"by", b.by}}));
  for (const EvidenceRow& e : commit.evidence)
    append_leaf(c, {.kind = "evidence", .at = commit.at, .incident = e.incident},
                text_of({{"target", e.target},
                         {"url", e.url},
                         {"digest", e.digest},
                         {"path", e.path},
                         {"size", e.size},
                         {"status", e.status},
                         {"sent", rfc3339(e.sent)},
                         {"done", rfc3339(e.done)}}));
  for (const DueRevision& r : commit.due_revisions)
    append_leaf(c, {.kind = "due", .at = r.seen},
                text_of({{"release", r.release},
                         {"source", r.source},
                         {"reason", r.reason},
                         {"now", due_json(r.now)},
                         {"before", r.before ? due_json(*r.before) : Json()}}));
  for (const DrillRecord& d : commit.drills)
    append_leaf(c, {.kind = "drill", .at = commit.at}, text_of({{"drill", Json::parse(drill_json(d))}}));
  for (const Rehearsal& r : commit.rehearsals)
    append_leaf(c, {.kind = "rehearsal", .at = commit.at}, text_of({{"rehearsal", Json::parse(rehearsal_json(r))}}));
  log_report_parts(c, commit);
}

void log_revision(SqliteConnection& c, const std::string& release, std::int64_t revision, const std::string& document,
                  Instant at) {
  Json j{{"release", release}, {"revision", revision}};
  if (!document.empty()) j["document"] = Json::parse(document);
  append_leaf(c, {.kind = "schedule", .at = at}, text_of(j));
}

void log_delivery(SqliteConnection& c, std::int64_t id, Instant at) {
  std::string incident;
  Json j;
  {
    auto row = c.prepared("SELECT key, receiver, incident, alertname, status FROM deliveries WHERE id = ?");
    row.bind(id);
    if (!row.step()) return;
    incident = row.text(2);
    j = {{"key", row.text(0)},
         {"receiver", row.text(1)},
         {"alertname", row.text(3)},
         {"status", row.number(4) == 0 ? "firing" : "resolved"}};
  }
  append_leaf(c, {.kind = "delivery", .at = at, .incident = incident}, text_of(j));
}

void log_state(SqliteConnection& c, const std::string& incident, Instant at) {
  std::vector<Incident> found;
  {
    auto row = c.prepared("SELECT doc FROM incidents WHERE id = ?");
    row.bind(incident);
    found = read_incidents(row);
  }
  if (found.empty()) throw FaultThrown{Fault{Errc::not_found, "incident " + incident, "no such incident", {}}};
  for (const TargetExposure& t : found[0].targets) {
    std::optional<ObservationSpan> newest;
    {
      auto row = c.prepared("SELECT " EMBARGOD_SPAN_COLUMNS
                            " FROM observation_spans WHERE target = ? ORDER BY first_sent DESC LIMIT 1");
      row.bind(t.target);
      if (row.step()) newest = read_span(row);
    }
    if (newest) append_leaf(c, {.kind = "span", .at = at, .target = t.target}, text_of(span_json(*newest, false)));
  }
  log_whole_incident(c, found[0], Json::parse(incident_json(found[0], at)), at);
}

void empty_leaves(SqliteConnection& c, Instant before) {
  std::vector<std::string> retired;
  {
    auto rows = c.prepared("SELECT id FROM incidents WHERE over_at < ?");
    rows.bind(before);
    while (rows.step()) retired.push_back(rows.text(0));
  }
  for (const std::string& incident : retired) {
    c.prepared("UPDATE evidence_log SET salt = NULL, record = NULL WHERE incident = ?").bind(incident).run();
    c.prepared("DELETE FROM evidence_marks WHERE incident = ?").bind(incident).run();
    append_leaf(c, {.kind = "retired", .at = before}, text_of({{"retired", incident}}));
  }
  c.prepared(
       "UPDATE evidence_log SET salt = NULL, record = NULL WHERE at < ? AND incident = '' AND kind IN ('span', 'blind',"
       " 'event') AND record IS NOT NULL")
      .bind(before)
      .run();
}

}  // namespace embargod

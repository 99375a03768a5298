#include "daemon/store/sqlite_log.h"

#include <algorithm>
#include <map>

#include "daemon/store/log_leaves.h"

namespace embargod {
namespace {

#define EMBARGOD_LEAF_COLUMNS "idx, at, kind, incident, target, coalesce(salt, x''), coalesce(record, ''), hash"

LogLeaf read_leaf(const BoundStatement& row) {
  LogLeaf leaf{.index = row.number(0),
               .at = row.instant(1),
               .kind = row.text(2),
               .incident = row.text(3),
               .target = row.text(4),
               .salt = row.text(5),
               .record = row.text(6),
               .hash = {}};
  const std::string hash = row.text(7);
  if (hash.size() != leaf.hash.size()) throw FaultThrown{Fault{Errc::corrupt, {}, "a leaf without its hash", {}}};
  std::copy(hash.begin(), hash.end(), leaf.hash.begin());
  return leaf;
}

void read_into(std::map<std::int64_t, LogLeaf>& out, BoundStatement& rows) {
  while (rows.step()) {
    LogLeaf leaf = read_leaf(rows);
    out.emplace(leaf.index, std::move(leaf));
  }
}

}  // namespace

Result<std::int64_t> SqliteLog::size() {
  return connection_.transaction([](SqliteConnection& c) {
    auto row = c.prepared("SELECT coalesce(max(idx) + 1, 0) FROM evidence_log");
    return row.step() ? row.number(0) : std::int64_t{0};
  });
}

Result<std::vector<LogLeaf>> SqliteLog::leaves(std::int64_t from, int limit) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto rows = c.prepared("SELECT " EMBARGOD_LEAF_COLUMNS " FROM evidence_log WHERE idx >= ? ORDER BY idx LIMIT ?");
    rows.bind(from, limit);
    std::vector<LogLeaf> out;
    while (rows.step()) out.push_back(read_leaf(rows));
    return out;
  });
}

Result<std::vector<LogLeaf>> SqliteLog::leaves_of(const std::string& incident, const std::string& release,
                                                  const std::vector<std::string>& targets) {
  return connection_.transaction([&](SqliteConnection& c) {
    std::map<std::int64_t, LogLeaf> found;
    {
      auto rows = c.prepared("SELECT " EMBARGOD_LEAF_COLUMNS " FROM evidence_log WHERE incident = ?");
      rows.bind(incident);
      read_into(found, rows);
    }
    for (const std::string& target : targets) {
      auto rows = c.prepared("SELECT " EMBARGOD_LEAF_COLUMNS " FROM evidence_log WHERE target = ?");
      rows.bind(target);
      read_into(found, rows);
    }
    if (!release.empty()) {
      auto rows = c.prepared("SELECT " EMBARGOD_LEAF_COLUMNS
                             " FROM evidence_log WHERE kind IN ('schedule', 'due', 'lift')"
                             " AND json_extract(record, '$.release') = ?");
      rows.bind(release);
      read_into(found, rows);
    }
    std::vector<LogLeaf> out;
    out.reserve(found.size());
    for (auto& [index, leaf] : found) out.push_back(std::move(leaf));
    return out;
  });
}

Result<void> SqliteLog::append(const std::string& kind, Instant at, const std::string& incident,
                               const std::string& record) {
  return connection_.transaction(
      [&](SqliteConnection& c) { append_leaf(c, {.kind = kind, .at = at, .incident = incident}, record); });
}

Result<void> SqliteLog::append_state(const std::string& incident, Instant at) {
  return connection_.transaction([&](SqliteConnection& c) { log_state(c, incident, at); });
}

Result<void> SqliteLog::keep_checkpoint(const KeptCheckpoint& k) {
  return connection_.transaction([&](SqliteConnection& c) {
    c.prepared("INSERT INTO checkpoints(size, at, note) VALUES(?, ?, ?)").bind(k.size, k.at, k.note).run();
  });
}

Result<std::vector<KeptCheckpoint>> SqliteLog::checkpoints() {
  return connection_.transaction([](SqliteConnection& c) {
    auto rows = c.prepared("SELECT size, at, note FROM checkpoints ORDER BY id");
    std::vector<KeptCheckpoint> out;
    while (rows.step()) out.push_back({rows.number(0), rows.instant(1), rows.text(2)});
    return out;
  });
}

}  // namespace embargod

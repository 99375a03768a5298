#include "daemon/store/sqlite_outbox.h"

#include <algorithm>

#include "daemon/store/incident_codec.h"
#include "daemon/store/log_leaves.h"

namespace embargod {
namespace {

#define EMBARGOD_DELIVERY_COLUMNS "d.id, d.receiver, d.state, d.attempts, d.next_try, d.accepted_at, d.detail, d.doc"

std::vector<Delivery> read_deliveries(BoundStatement& rows) {
  std::vector<Delivery> out;
  while (rows.step()) {
    Delivery d;
    d.id = rows.number(0);
    d.receiver = rows.text(1);
    d.state = static_cast<DeliveryState>(rows.number(2));
    d.attempts = static_cast<int>(rows.number(3));
    d.next_try = rows.instant(4);
    d.accepted_at = rows.maybe_instant(5);
    d.detail = rows.text(6);
    d.alert = or_throw(decode_alert(rows.text(7)));
    out.push_back(std::move(d));
  }
  return out;
}

/// A mark that changed nothing is fine if the row exists: another state came first.
void expect_row(SqliteConnection& c, int changed, std::int64_t id) {
  if (changed > 0) return;
  auto row = c.prepared("SELECT 1 FROM deliveries WHERE id = ?");
  row.bind(id);
  if (!row.step()) throw FaultThrown{Fault{Errc::not_found, {}, "no delivery " + std::to_string(id), {}}};
}

}  // namespace

Result<std::vector<Delivery>> SqliteOutbox::pending(const std::string& receiver, int limit) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto rows = c.prepared("SELECT " EMBARGOD_DELIVERY_COLUMNS
                           " FROM deliveries d WHERE d.receiver = ? AND d.state = 0 ORDER BY d.id LIMIT ?");
    rows.bind(receiver, std::max(limit, 0));
    return read_deliveries(rows);
  });
}

Result<std::vector<Delivery>> SqliteOutbox::standing(const std::string& receiver, Instant resolved_since) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto rows =
        c.prepared("SELECT " EMBARGOD_DELIVERY_COLUMNS
                   " FROM deliveries d WHERE d.id IN (SELECT max(id) FROM deliveries WHERE receiver = ? AND state = 1"
                   " GROUP BY incident, alertname) AND (d.status = 0 OR d.accepted_at >= ?) ORDER BY d.id");
    rows.bind(receiver, resolved_since);
    return read_deliveries(rows);
  });
}

Result<std::optional<Instant>> SqliteOutbox::first_accepted(const std::string& receiver, const Alert& alert) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto row = c.prepared(
        "SELECT min(accepted_at) FROM deliveries WHERE receiver = ?1 AND incident = ?2 AND alertname = ?3 AND state = 1"
        " AND status = 0 AND id > coalesce((SELECT max(id) FROM deliveries WHERE receiver = ?1 AND incident = ?2"
        " AND alertname = ?3 AND state = 1 AND status = 1), 0)");
    row.bind(receiver, alert.incident, alert.name);
    return row.step() ? row.maybe_instant(0) : std::nullopt;
  });
}

Result<void> SqliteOutbox::mark_accepted(std::int64_t id, Instant at, const std::string& detail) {
  return connection_.transaction([&](SqliteConnection& c) {
    const int changed = c.prepared(
                             "UPDATE deliveries SET state = 1, attempts = attempts + 1, accepted_at = ?, detail = ?"
                             " WHERE id = ? AND state <> 1")
                            .bind(at, detail, id)
                            .run();
    expect_row(c, changed, id);
    if (changed > 0) log_delivery(c, id, at);
  });
}

Result<void> SqliteOutbox::mark_retry(std::int64_t id, Instant next_try, const std::string& detail) {
  return connection_.transaction([&](SqliteConnection& c) {
    const int changed =
        c.prepared("UPDATE deliveries SET attempts = attempts + 1, next_try = ?, detail = ? WHERE id = ? AND state = 0")
            .bind(next_try, detail, id)
            .run();
    expect_row(c, changed, id);
  });
}

Result<void> SqliteOutbox::mark_superseded(std::int64_t id) {
  return connection_.transaction([&](SqliteConnection& c) {
    const int changed = c.prepared("UPDATE deliveries SET state = 2 WHERE id = ? AND state = 0").bind(id).run();
    expect_row(c, changed, id);
  });
}

Result<std::vector<Delivery>> SqliteOutbox::untold(int limit) {
  return connection_.transaction([&](SqliteConnection& c) {
    auto rows = c.prepared("SELECT " EMBARGOD_DELIVERY_COLUMNS
                           " FROM deliveries d WHERE d.state = 0 AND d.status = 0 AND NOT EXISTS"
                           " (SELECT 1 FROM deliveries o WHERE o.key = d.key AND o.state = 1) ORDER BY d.id LIMIT ?");
    rows.bind(std::max(limit, 0));
    std::vector<Delivery> found = read_deliveries(rows);
    std::erase_if(found, [](const Delivery& d) { return !begins(d.alert); });
    return found;
  });
}

Result<std::int64_t> SqliteOutbox::pending_count() {
  return connection_.transaction([](SqliteConnection& c) {
    auto row = c.prepared("SELECT count(*) FROM deliveries WHERE state = 0");
    return row.step() ? row.number(0) : std::int64_t{0};
  });
}

}  // namespace embargod

#include "tests/support/memory_outbox.h"

#include <algorithm>
#include <set>

namespace embargod {

std::int64_t MemoryOutbox::add(const std::string& receiver, const Alert& alert) {
  const std::scoped_lock lock{mutex_};
  for (const auto& [id, row] : rows_)
    if (row.receiver == receiver && row.alert.key == alert.key) return id;
  const std::int64_t id = rows_.empty() ? 1 : rows_.rbegin()->first + 1;
  Delivery row;
  row.id = id;
  row.receiver = receiver;
  row.alert = alert;
  row.next_try = alert.decided_at;
  rows_[id] = row;
  return id;
}

void MemoryOutbox::refuse_reads(bool refuse) {
  const std::scoped_lock lock{mutex_};
  refuse_reads_ = refuse;
}

void MemoryOutbox::refuse_marks(bool refuse) {
  const std::scoped_lock lock{mutex_};
  refuse_marks_ = refuse;
}

std::vector<Delivery> MemoryOutbox::rows() const {
  const std::scoped_lock lock{mutex_};
  std::vector<Delivery> all;
  all.reserve(rows_.size());
  for (const auto& [id, row] : rows_) all.push_back(row);
  return all;
}

Delivery MemoryOutbox::row(std::int64_t id) const {
  const std::scoped_lock lock{mutex_};
  return rows_.at(id);
}

Result<std::vector<Delivery>> MemoryOutbox::pending(const std::string& receiver, int limit) {
  const std::scoped_lock lock{mutex_};
  if (refuse_reads_) return fail(Errc::busy, "database is locked");
  std::vector<Delivery> found;
  for (const auto& [id, row] : rows_) {
    if (found.size() >= static_cast<std::size_t>(limit)) break;
    if (row.receiver == receiver && row.state == DeliveryState::pending) found.push_back(row);
  }
  return found;
}

Result<std::vector<Delivery>> MemoryOutbox::standing(const std::string& receiver, Instant resolved_since) {
  const std::scoped_lock lock{mutex_};
  if (refuse_reads_) return fail(Errc::busy, "database is locked");
  std::map<std::string, Delivery> newest;
  for (const auto& [id, row] : rows_)
    if (row.receiver == receiver && row.state == DeliveryState::accepted) newest[standing_id(row.alert)] = row;
  std::vector<Delivery> found;
  for (const auto& [id, row] : newest)
    if (row.alert.status == AlertStatus::firing || *row.accepted_at >= resolved_since) found.push_back(row);
  return found;
}

Result<std::optional<Instant>> MemoryOutbox::first_accepted(const std::string& receiver, const Alert& alert) {
  const std::scoped_lock lock{mutex_};
  if (refuse_reads_) return fail(Errc::busy, "database is locked");
  std::optional<Instant> first;
  for (const auto& [id, row] : rows_) {
    if (row.receiver != receiver || row.state != DeliveryState::accepted) continue;
    if (standing_id(row.alert) != standing_id(alert)) continue;
    if (row.alert.status == AlertStatus::resolved) {
      first.reset();
    } else if (!first) {
      first = row.accepted_at;
    }
  }
  return first;
}

template <class Change>
Result<void> MemoryOutbox::change(std::int64_t id, Change apply) {
  const std::scoped_lock lock{mutex_};
  if (refuse_marks_) return fail(Errc::busy, "database is locked");
  const auto it = rows_.find(id);
  if (it == rows_.end()) return fail(Errc::not_found, "no such delivery");
  apply(it->second);
  return {};
}

Result<void> MemoryOutbox::mark_accepted(std::int64_t id, Instant at, const std::string& detail) {
  return change(id, [&](Delivery& row) {
    row.state = DeliveryState::accepted;
    row.accepted_at = at;
    row.detail = detail;
    ++row.attempts;
  });
}

Result<void> MemoryOutbox::mark_retry(std::int64_t id, Instant next_try, const std::string& detail) {
  return change(id, [&](Delivery& row) {
    row.next_try = next_try;
    row.detail = detail;
    ++row.attempts;
  });
}

Result<void> MemoryOutbox::mark_superseded(std::int64_t id) {
  return change(id, [](Delivery& row) { row.state = DeliveryState::superseded; });
}

Result<std::vector<Delivery>> MemoryOutbox::untold(int limit) {
  const std::scoped_lock lock{mutex_};
  if (refuse_reads_) return fail(Errc::busy, "database is locked");
  std::set<std::string> told;
  for (const auto& [id, row] : rows_)
    if (row.state == DeliveryState::accepted) told.insert(row.alert.key);
  std::vector<Delivery> found;
  for (const auto& [id, row] : rows_) {
    if (found.size() >= static_cast<std::size_t>(std::max(limit, 0))) break;
    if (row.state == DeliveryState::pending && begins(row.alert) && !told.contains(row.alert.key)) found.push_back(row);
  }
  return found;
}

Result<std::int64_t> MemoryOutbox::pending_count() {
  const std::scoped_lock lock{mutex_};
  if (refuse_reads_) return fail(Errc::busy, "database is locked");
  return std::count_if(rows_.begin(), rows_.end(),
                       [](const auto& entry) { return entry.second.state == DeliveryState::pending; });
}

}  // namespace embargod

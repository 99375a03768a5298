#pragma once
// The outbox in memory, for tests: the contract of alerts/outbox.h, and a store that can be told to refuse. Any thread.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "alerts/outbox.h"

namespace embargod {

class MemoryOutbox final : public Outbox {
 public:
  /// A new row, pending and due; returns its id. A second (key, receiver) is ignored, as in the store.
  std::int64_t add(const std::string& receiver, const Alert& alert);

  /// While set, reads or marks fail with Errc::busy.
  void refuse_reads(bool refuse);
  void refuse_marks(bool refuse);

  [[nodiscard]] std::vector<Delivery> rows() const;
  [[nodiscard]] Delivery row(std::int64_t id) const;

  [[nodiscard]] Result<std::vector<Delivery>> pending(const std::string& receiver, int limit) override;
  [[nodiscard]] Result<std::vector<Delivery>> standing(const std::string& receiver, Instant resolved_since) override;
  [[nodiscard]] Result<std::optional<Instant>> first_accepted(const std::string& receiver, const Alert& alert) override;
  [[nodiscard]] Result<void> mark_accepted(std::int64_t id, Instant at, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_retry(std::int64_t id, Instant next_try, const std::string& detail) override;
  [[nodiscard]] Result<void> mark_superseded(std::int64_t id) override;
  [[nodiscard]] Result<std::vector<Delivery>> untold(int limit) override;
  [[nodiscard]] Result<std::int64_t> pending_count() override;

 private:
  template <class Change>
  Result<void> change(std::int64_t id, Change apply);

  mutable std::mutex mutex_;
  std::map<std::int64_t, Delivery> rows_;
  bool refuse_reads_ = false;
  bool refuse_marks_ = false;
};

}  // namespace embargod

#pragma once
// P3: the store refuses, the page leaves all the same. Alerts are told from memory, flagged "not yet durable", under
// the key that the row will have; when the store is back, the worker finds the row and knows that it was told.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"

namespace embargod {

/// Shared by the engine (put) and the outbox worker (the rest). Any thread. Holds at most 1,000 alerts; the oldest
/// updates go first.
class EmergencyOutbox {
 public:
  void put(const Alert& alert, const std::vector<std::string>& receivers);

  /// Undelivered alerts of a receiver, oldest first.
  [[nodiscard]] std::vector<Alert> pending(const std::string& receiver) const;

  void mark_accepted(const std::string& receiver, const std::string& key);

  /// True if this row was already told from memory.
  [[nodiscard]] bool was_accepted(const std::string& receiver, const std::string& key) const;

  /// Keys of the alerts that begin here and that no receiver has accepted.
  [[nodiscard]] std::vector<std::string> untold() const;

  /// The rows are in the store now: the worker takes them from there (those not yet told).
  void now_durable(const std::string& key);

  /// Nothing more to remember of this alert at this receiver: its row is marked, or a newer step took its place.
  void forget(const std::string& receiver, const std::string& key);

 private:
  void make_room();

  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Alert>> waiting_;       // by receiver
  std::set<std::pair<std::string, std::string>> accepted_;  // receiver, key
};

}  // namespace embargod

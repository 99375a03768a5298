#pragma once
// What receivers accepted since the engine last asked: from the outbox worker's threads to the engine's, which never
// waits.

#include <mutex>
#include <utility>
#include <vector>

#include "daemon/watch/store.h"

namespace embargod {

/// Any thread. A full board drops the oldest news: then a tier is told that need not have been, never the reverse.
class DeliveryNews {
 public:
  void put(AcceptedDelivery d) {
    const std::lock_guard lock{mutex_};
    if (news_.size() >= kMost) news_.erase(news_.begin());
    news_.push_back(std::move(d));
  }
  [[nodiscard]] std::vector<AcceptedDelivery> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(news_, {});
  }

 private:
  static constexpr std::size_t kMost = 10'000;
  std::mutex mutex_;
  std::vector<AcceptedDelivery> news_;
};

}  // namespace embargod

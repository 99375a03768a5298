#include "alerts/emergency.h"

#include <algorithm>
#include <cstddef>

#include "alerts/outbox.h"

namespace embargod {
namespace {

constexpr std::size_t kMaxWaiting = 1'000;

// What is given up first when memory must be bounded: an update says least, a first sight most.
int worth(const Alert& a) {
  if (a.notice == Notice::updated || a.notice == Notice::reminder || a.notice == Notice::acknowledged) return 0;
  if (a.severity != Severity::page) return a.notice == Notice::resolved ? 1 : 2;
  return a.notice == Notice::resolved ? 3 : 4;
}

}  // namespace

void EmergencyOutbox::put(const Alert& alert, const std::vector<std::string>& receivers) {
  const std::scoped_lock lock{mutex_};
  for (const std::string& receiver : receivers) {
    if (accepted_.count({receiver, alert.key}) != 0) continue;
    auto& queue = waiting_[receiver];
    const auto same = std::find_if(queue.begin(), queue.end(), [&](const Alert& a) { return a.key == alert.key; });
    if (same != queue.end()) {
      *same = alert;
    } else {
      queue.push_back(alert);
    }
  }
  make_room();
}

void EmergencyOutbox::make_room() {
  const auto total = [this] {
    std::size_t n = 0;
    for (const auto& [receiver, queue] : waiting_) n += queue.size();
    return n;
  };
  for (std::size_t n = total(); n > kMaxWaiting; --n) {
    std::vector<Alert>* poorest_queue = nullptr;
    std::vector<Alert>::iterator poorest;
    for (auto& [receiver, queue] : waiting_) {
      for (auto it = queue.begin(); it != queue.end(); ++it) {
        const bool poorer = poorest_queue == nullptr || worth(*it) < worth(*poorest) ||
                            (worth(*it) == worth(*poorest) && it->decided_at < poorest->decided_at);
        if (!poorer) continue;
        poorest_queue = &queue;
        poorest = it;
      }
    }
    poorest_queue->erase(poorest);
  }
}

std::vector<Alert> EmergencyOutbox::pending(const std::string& receiver) const {
  const std::scoped_lock lock{mutex_};
  const auto it = waiting_.find(receiver);
  return it == waiting_.end() ? std::vector<Alert>{} : it->second;
}

void EmergencyOutbox::mark_accepted(const std::string& receiver, const std::string& key) {
  const std::scoped_lock lock{mutex_};
  accepted_.insert({receiver, key});
  if (const auto it = waiting_.find(receiver); it != waiting_.end())
    std::erase_if(it->second, [&](const Alert& a) { return a.key == key; });
}

bool EmergencyOutbox::was_accepted(const std::string& receiver, const std::string& key) const {
  const std::scoped_lock lock{mutex_};
  return accepted_.count({receiver, key}) != 0;
}

std::vector<std::string> EmergencyOutbox::untold() const {
  const std::scoped_lock lock{mutex_};
  std::set<std::string> told;
  for (const auto& [receiver, key] : accepted_) told.insert(key);
  std::set<std::string> keys;
  for (const auto& [receiver, queue] : waiting_)
    for (const Alert& a : queue)
      if (begins(a) && !told.contains(a.key)) keys.insert(a.key);
  return {keys.begin(), keys.end()};
}

void EmergencyOutbox::now_durable(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  for (auto& [receiver, queue] : waiting_) std::erase_if(queue, [&](const Alert& a) { return a.key == key; });
}

void EmergencyOutbox::forget(const std::string& receiver, const std::string& key) {
  const std::scoped_lock lock{mutex_};
  accepted_.erase({receiver, key});
  if (const auto it = waiting_.find(receiver); it != waiting_.end())
    std::erase_if(it->second, [&](const Alert& a) { return a.key == key; });
}

}  // namespace embargod

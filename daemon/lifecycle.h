#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/watch/log.h"

namespace embargod {

/// Start order is a list, stop order its reverse; each step has a name that the log shows. Main thread.
class Lifecycle {
 public:
  explicit Lifecycle(Log& log) : log_{log} {}
  ~Lifecycle() { stop(); }
  Lifecycle(const Lifecycle&) = delete;
  Lifecycle& operator=(const Lifecycle&) = delete;

  /// Runs `start` now and keeps `stop` for later.
  void add(std::string name, const std::function<void()>& start, std::function<void()> stop) {
    log_.debug("starting", {{"part", name}});
    start();
    running_.emplace_back(std::move(name), std::move(stop));
  }

  /// Stops what runs, newest first. Idempotent.
  void stop() {
    while (!running_.empty()) {
      log_.debug("stopping", {{"part", running_.back().first}});
      running_.back().second();
      running_.pop_back();
    }
  }

 private:
  Log& log_;
  std::vector<std::pair<std::string, std::function<void()>>> running_;
};

}  // namespace embargod

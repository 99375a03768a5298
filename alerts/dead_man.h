#pragma once
// A dead man's switch in the style of Healthchecks: an outside service that is pinged while the daemon gets on, and
// shouts when that stops. It is the one alarm that needs neither this process nor this host.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "alerts/http_post.h"
#include "alerts/life_signs.h"
#include "config/settings.h"
#include "config/types/clock.h"

namespace embargod {

enum class Ping : std::uint8_t { start, success, fail };

/// The address of a ping: /start or /fail behind the path, before a query. Pure.
[[nodiscard]] std::string ping_address(const std::string& url, Ping ping);

/// When to ping what. In ticks; no thread, no network.
class DeadManPlan {
 public:
  explicit DeadManPlan(Millis interval) : interval_{interval} {}

  /// What to send now. `success` only if both the engine and the store have got on since the success before, so that a
  /// daemon that stands still falls silent even before it knows; `fail` at once, then each interval.
  [[nodiscard]] std::optional<Ping> next(const LifeSigns& signs, const std::string& why_not, Millis now) const;

  /// What came of it. `random` in [0, 1) for the wait before the next try.
  void sent(Ping ping, bool accepted, const LifeSigns& signs, Millis now, double random);

  void set_interval(Millis interval) { interval_ = interval; }

 private:
  Millis interval_;
  std::optional<Ping> last_;  // accepted
  Millis due_{0};
  int failures_ = 0;
  Millis engine_{-1}, stored_{-1};  // at the last success
};

/// Pings on a thread of its own, so that a service that hangs delays nothing. The URL is a secret and appears in
/// nothing that it reports.
class DeadMan {
 public:
  struct Doors {
    const Clock& clock;
    std::function<LifeSigns()> signs;                 // called on this object's thread, as are all of these
    std::function<void(Instant)> pinged;              // a success was accepted
    std::function<void(const std::string&)> trouble;  // the service does not answer (why); "": it does again
  };

  DeadMan(Doors doors, std::optional<DeadManSettings> settings);
  ~DeadMan();  // stops
  DeadMan(const DeadMan&) = delete;
  DeadMan& operator=(const DeadMan&) = delete;

  void start();

  /// Another URL begins with /start; the same one goes on. Any thread.
  void replace(std::optional<DeadManSettings> settings);

  /// Returns within about a second; nothing is sent. Twice is fine.
  void stop();

 private:
  void run();
  void ping(Ping what, const std::string& why_not, const LifeSigns& signs, std::unique_lock<std::mutex>& lock);

  const Doors doors_;
  std::mutex mutex_;  // all below
  std::condition_variable woken_;
  std::optional<DeadManSettings> settings_;
  DeadManPlan plan_;
  bool stopping_ = false;
  bool failing_ = false;
  HttpPoster poster_;
  std::thread thread_;
};

}  // namespace embargod

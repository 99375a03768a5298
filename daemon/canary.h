#pragma once
// A page of our own goes live early, and word of it must come through: prober, verdict, incident, commit, outbox,
// channel. The same code as the real watch, but a small world of its own beside it (ADR 0016), so that it can never
// appear among real incidents.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "config/types/clock.h"
#include "config/types/result.h"

namespace embargod {

struct CanaryFlight {
  Millis took{0};  // from going live to the channel's acceptance
};

class Canary {
 public:
  struct Setup {
    std::string folder;  // for its store; made, and removed after each flight
    Millis interval{5 * 60'000};
  };

  /// `landed` is told after each flight, on the canary's thread.
  Canary(const Clock& clock, Setup setup, std::function<void(const Result<CanaryFlight>&)> landed);
  ~Canary();  // stops
  Canary(const Canary&) = delete;
  Canary& operator=(const Canary&) = delete;

  /// The first flight leaves after an interval, or half a minute if that is shorter. An interval of 0: none leaves.
  void start();
  void set_interval(Millis interval);  // any thread
  void stop();                         // within about two seconds; twice is fine

  /// One flight, here and now: up to 30 s. Errors: unavailable (where it was lost), or as the part that failed says.
  [[nodiscard]] Result<CanaryFlight> fly();

 private:
  void run();
  [[nodiscard]] bool stopping();

  const Clock& clock_;
  const std::string folder_;
  const std::function<void(const Result<CanaryFlight>&)> landed_;
  std::mutex mutex_;  // the next four
  std::condition_variable woken_;
  Millis interval_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace embargod

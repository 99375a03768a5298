#pragma once
// A prober with a running clock, for tests on real sockets.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/types/clock.h"
#include "probes/http_prober.h"

namespace embargod {

/// The real clocks, since these tests wait for real sockets.
class RunningClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  }
  [[nodiscard]] Millis ticks() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  [[nodiscard]] Millis uncertainty() const override { return Millis{7}; }
  [[nodiscard]] bool verified() const override { return true; }
};

/// Loopback allowed, a budget that never binds, two seconds to answer.
inline HttpProberSettings rig_settings() {
  HttpProberSettings s;
  s.timeout = Millis{2'000};
  s.per_host = HostPolicy{100'000, 100'000, 64};
  s.allow_addresses = {"127.0.0.0/8"};
  s.user_agent = "embargod/test (+mailto:publications@example.org)";
  return s;
}

struct Rig {
  RunningClock clock;
  std::unique_ptr<Prober> prober;
  std::uint64_t next = 1;

  explicit Rig(const HttpProberSettings& settings = rig_settings()) {
    auto made = make_http_prober(settings, clock);
    if (made) prober = std::move(*made);
    EXPECT_TRUE(made) << (made ? "" : to_string(made.error()));
  }

  std::uint64_t start(const std::string& url, Route route = Route::plain, Urgency urgency = Urgency::routine) {
    auto parsed = parse_url(url);
    EXPECT_TRUE(parsed) << url;
    ProbeRequest r;
    r.token = next++;
    r.target = "release/target";
    r.url = *parsed;
    r.route = route;
    r.urgency = urgency;
    prober->start(std::move(r));
    return next - 1;
  }

  /// All observations until nothing is pending, or `up_to` has passed.
  std::vector<Observation> drain(Millis up_to = Millis{20'000}) {
    std::vector<Observation> all;
    const Millis end = clock.ticks() + up_to;
    while (prober->pending() > 0 && clock.ticks() < end)
      for (Observation& o : prober->wait(Millis{200})) all.push_back(std::move(o));
    return all;
  }

  Observation probe(const std::string& url, Route route = Route::plain) {
    start(url, route);
    auto all = drain();
    EXPECT_EQ(all.size(), 1U) << url;
    return all.empty() ? Observation{} : std::move(all.front());
  }
};

inline int open_descriptors() {
  int n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) ++n;
  return n;
}

}  // namespace embargod

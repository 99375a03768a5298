#include "daemon/canary.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <utility>

#include "daemon/practice_world.h"

namespace embargod {
namespace {

constexpr Millis kBound{30'000};      // of a flight
constexpr Millis kFirstWait{30'000};  // at most, until the first flight
constexpr std::chrono::hours kAhead{7 * 24};

/// The channel at the end: takes everything, tells nobody.
class NullNotifier final : public Notifier {
 public:
  explicit NullNotifier(std::atomic<bool>& told) : told_{told} {}
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant) override {
    for (const Alert& a : alerts)
      if (a.name == "EmbargoEarly" && a.status == AlertStatus::firing) told_.store(true);
    return {.outcome = Outcome::accepted, .detail = "null", .retry_after = {}};
  }

 private:
  const ReceiverTraits traits_{.name = "null", .severities = {Severity::page}};
  std::atomic<bool>& told_;
};

}  // namespace

Canary::Canary(const Clock& clock, Setup setup, std::function<void(const Result<CanaryFlight>&)> landed)
    : clock_{clock}, folder_{std::move(setup.folder)}, landed_{std::move(landed)}, interval_{setup.interval} {}

Canary::~Canary() { stop(); }

void Canary::start() {
  if (!thread_.joinable()) thread_ = std::thread{[this] { run(); }};
}

void Canary::set_interval(Millis interval) {
  const std::scoped_lock lock{mutex_};
  interval_ = interval;
  woken_.notify_all();
}

void Canary::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
    woken_.notify_all();
  }
  thread_.join();
}

bool Canary::stopping() {
  const std::scoped_lock lock{mutex_};
  return stopping_;
}

void Canary::run() {
  Millis last = clock_.ticks();
  bool first = true;
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    const Millis wait = first ? std::min(interval_, kFirstWait) : interval_;
    if (interval_ == Millis{0} || clock_.ticks() - last < wait) {
      woken_.wait_for(lock, Millis{1'000});
      continue;
    }
    first = false;
    last = clock_.ticks();
    lock.unlock();
    const auto flight = fly();
    if (!stopping()) landed_(flight);
    lock.lock();
  }
}

Result<CanaryFlight> Canary::fly() {
  try {
    std::atomic<bool> told{false};
    auto built = PracticeWorld::build(
        clock_,
        {.folder = folder_, .release = "canary", .title = "Canary", .external_url = {}, .due = clock_.now() + kAhead},
        std::make_unique<NullNotifier>(told));
    if (!built) return tl::unexpected<Fault>{built.error()};
    PracticeWorld& world = **built;
    const Millis deadline = clock_.ticks() + kBound;
    const auto late = [&] { return clock_.ticks() >= deadline || stopping(); };
    while (!world.looked() && !late()) world.turn();
    if (!world.looked()) return fail(Errc::unavailable, "its page was never looked at", "canary");
    world.set_live(true);
    const Millis live = clock_.ticks();
    while (!told.load() && !late()) world.turn();
    if (!told.load()) return fail(Errc::unavailable, "its page went live, and no word of it came through", "canary");
    if (!world.stored()) return fail(Errc::unavailable, "word came through, but the store refused it", "canary");
    return CanaryFlight{clock_.ticks() - live};
  } catch (const std::exception& e) {
    return fail(Errc::unavailable, e.what(), "canary");
  }
}

}  // namespace embargod

#include "daemon/sys/system_clock.h"

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime

#include <algorithm>

namespace embargod {
namespace {

Millis read_clock(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);  // cannot fail for these clocks
  return Millis{std::int64_t{t.tv_sec} * 1'000 + t.tv_nsec / 1'000'000};
}

// RFC 5905 allows 15 ppm for a disciplined clock; 500 ppm is what the kernel corrects at most, so a free one stays
// below it.
constexpr std::int64_t kDisciplinedPpm = 15;
constexpr std::int64_t kFreePpm = 500;

Micros drift(Millis age, std::int64_t ppm) { return Micros{std::max<std::int64_t>(age.count(), 0) * ppm / 1'000}; }

Millis wall_minus_ticks() { return read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME); }

}  // namespace

void ClockBound::measured(Micros error, Millis ticks, Millis wall_minus_ticks) {
  last_ = {error, ticks, wall_minus_ticks};
  unanswered_since_.reset();
  verified_ = true;
}

void ClockBound::unanswered(Millis ticks) {
  verified_ = false;
  if (last_ && !unanswered_since_) unanswered_since_ = ticks;
}

Millis ClockBound::step_since(Millis wall_minus_ticks) const {
  if (!last_) return Millis{0};
  const Millis step = wall_minus_ticks - last_->wall_minus_ticks;
  return step < Millis{0} ? -step : step;
}

Millis ClockBound::at(Millis ticks, Millis wall_minus_ticks) const {
  if (!last_) return assumed_;
  const Millis disciplined_until = unanswered_since_.value_or(ticks);
  const Micros bound = last_->error + drift(disciplined_until - last_->ticks, kDisciplinedPpm) +
                       (unanswered_since_ ? drift(ticks - *unanswered_since_, kFreePpm) : Micros{0});
  // A difference of 1 ms is how the two clocks are read, one after the other.
  const Millis step = step_since(wall_minus_ticks);
  return std::chrono::ceil<Millis>(bound) + (step > Millis{1} ? step : Millis{0});
}

Instant SystemClock::now() const { return Instant{read_clock(CLOCK_REALTIME)}; }

Millis SystemClock::ticks() const { return read_clock(CLOCK_BOOTTIME); }

Millis SystemClock::uncertainty() const {
  const Millis difference = wall_minus_ticks();
  const Millis age = ticks();
  const std::lock_guard lock{mutex_};
  return bound_.at(age, difference);
}

bool SystemClock::verified() const {
  const std::lock_guard lock{mutex_};
  return bound_.verified();
}

void SystemClock::measured(Micros error) {
  const Millis difference = wall_minus_ticks();
  const Millis at = ticks();
  const std::lock_guard lock{mutex_};
  bound_.measured(error, at, difference);
}

void SystemClock::contradicted(Micros error) {
  const Millis difference = wall_minus_ticks();
  const Millis at = ticks();
  const std::lock_guard lock{mutex_};
  bound_.measured(error, at, difference);
  bound_.unanswered(at);
}

void SystemClock::unanswered() {
  const Millis at = ticks();
  const std::lock_guard lock{mutex_};
  bound_.unanswered(at);
}

Millis SystemClock::step_since_measured() const {
  const Millis difference = wall_minus_ticks();
  const std::lock_guard lock{mutex_};
  return bound_.step_since(difference);
}

}  // namespace embargod

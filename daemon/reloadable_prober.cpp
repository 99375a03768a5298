#include "daemon/reloadable_prober.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace embargod {
namespace {

constexpr Millis kLookAtLeaving{50};

}  // namespace

void ReloadableProber::exchange(std::unique_ptr<Prober> next) {
  {
    const std::lock_guard lock{mutex_};
    next_ = std::move(next);
  }
  wake();
}

void ReloadableProber::adopt_next() {
  const std::lock_guard lock{mutex_};
  // One at a time: a second reload waits until the first one's predecessor has answered everything.
  if (next_ && !leaving_) leaving_ = std::exchange(current_, std::exchange(next_, nullptr));
}

void ReloadableProber::start(ProbeRequest request) {
  adopt_next();
  current_->start(std::move(request));
}

std::vector<Observation> ReloadableProber::wait(Millis up_to) {
  adopt_next();
  if (!leaving_) return current_->wait(up_to);

  std::vector<Observation> seen = leaving_->wait(Millis{0});
  std::vector<Observation> more = current_->wait(seen.empty() ? std::min(up_to, kLookAtLeaving) : Millis{0});
  seen.insert(seen.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  if (leaving_->pending() == 0) {
    const std::lock_guard lock{mutex_};
    leaving_.reset();
  }
  return seen;
}

void ReloadableProber::wake() {
  std::shared_ptr<Prober> inner;
  {
    const std::lock_guard lock{mutex_};
    inner = current_;
  }
  inner->wake();
}

std::size_t ReloadableProber::pending() const {
  const std::lock_guard lock{mutex_};
  return current_->pending() + (leaving_ ? leaving_->pending() : 0);
}

}  // namespace embargod

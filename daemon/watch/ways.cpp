#include "daemon/watch/ways.h"

#include <algorithm>

#include "probes/freshness.h"

namespace embargod {
namespace {

constexpr Millis kAskAgain{600'000};
constexpr Millis kHarmless{10'000};  // a 404 that lives so long is no harm, and a site's shortening is so exact

}  // namespace

std::vector<Route> OtherWays::all(const std::string& last_ip, bool may_bypass, Millis now_ticks) const {
  std::vector<Route> ways{Route::other_address};
  if (!last_ip.empty()) ways.push_back(last_ip.find(':') == std::string::npos ? Route::ipv6 : Route::ipv4);
  if (may_bypass) ways.push_back(Route::bypass);
  std::erase_if(ways, [&](Route r) {
    const auto it = missing_.find(r);
    return it != missing_.end() && now_ticks - it->second < kAskAgain;
  });
  return ways;
}

std::optional<Route> OtherWays::next(const std::string& last_ip, bool may_bypass, Millis now_ticks) {
  const auto ways = all(last_ip, may_bypass, now_ticks);
  if (ways.empty()) return std::nullopt;
  return ways[turn_++ % ways.size()];
}

void NegativeCaching::note(const Observation& o, std::optional<Millis> configured, std::optional<Instant> due) {
  if (o.status != 404 && o.status != 410) {
    *this = NegativeCaching{};
    return;
  }
  const CacheView view = cache_view(o);
  lifetime_ = configured ? *configured : Millis{view.lifetime.value_or(Seconds{0})};
  longest_ = std::max(longest_, lifetime_);
  const auto until = kept_until(o);
  copy_until_ = view.from_cache ? until : std::nullopt;
  ends_by_due_ =
      !configured && due && until && lifetime_ < longest_ && *until <= *due + kHarmless && *until >= *due - kHarmless;
}

bool NegativeCaching::would_plant(Instant at, Instant due) const {
  if (ends_by_due_ || lifetime_ <= kHarmless || at >= due || at + lifetime_ <= due + kHarmless) return false;
  return !copy_until_ || at >= *copy_until_;
}

}  // namespace embargod

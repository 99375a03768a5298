#include "alerts/life_signs.h"

#include <algorithm>
#include <chrono>

namespace embargod {
namespace {

std::string in_seconds(Millis d) { return std::to_string(std::chrono::floor<std::chrono::seconds>(d).count()) + " s"; }

}  // namespace

bool is_mute(const LifeSigns& s, Millis now, const LifeBounds& bounds) {
  return s.untold_since && now - *s.untold_since >= bounds.untold;
}

std::string why_not_alive(const LifeSigns& s, Millis now, const LifeBounds& bounds) {
  if (now - s.engine >= bounds.engine) return "the engine has made no progress for " + in_seconds(now - s.engine);
  if (now - s.stored >= bounds.stored) return "the store has taken nothing for " + in_seconds(now - s.stored);
  if (now - s.looked >= bounds.looked) return "nobody has looked at the outbox for " + in_seconds(now - s.looked);
  if (is_mute(s, now, bounds))
    return "nobody can be told: no receiver has accepted a firing alert for " + in_seconds(now - *s.untold_since);
  if (s.canary_failing) return "the canary failed twice: a page that goes live may reach nobody";
  return {};
}

std::optional<Millis> UntoldWatch::look(const std::vector<std::string>& keys, Millis ticks) {
  std::map<std::string, Millis> still;
  for (const std::string& key : keys) {
    const auto known = since_.find(key);
    still.emplace(key, known == since_.end() ? ticks : known->second);
  }
  since_ = std::move(still);
  const auto oldest =
      std::min_element(since_.begin(), since_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return oldest == since_.end() ? std::nullopt : std::optional{oldest->second};
}

}  // namespace embargod

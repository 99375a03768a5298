#pragma once
// Is the daemon alive? Told by what it got done, never by a timer: a thread that only sleeps and pings lives on while
// nobody watches.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/types/time.h"

namespace embargod {

/// What was got done last, in ticks of the daemon's clock.
struct LifeSigns {
  Millis engine{0};                    // a whole turn of the engine
  Millis stored{0};                    // a beat that the store took
  Millis looked{0};                    // the outbox was looked at
  std::optional<Millis> untold_since;  // the oldest firing alert that no receiver has accepted
  bool canary_failing = false;         // twice in a row
};

struct LifeBounds {
  Millis engine{30'000};
  Millis stored{30'000};
  Millis looked{30'000};
  Millis untold{60'000};  // P11
};

/// Nobody could be told: no receiver accepted a firing alert for longer than the bound. Pure.
[[nodiscard]] bool is_mute(const LifeSigns& s, Millis now, const LifeBounds& bounds = {});

/// Empty: alive. Else why not, in one line for people. Pure.
[[nodiscard]] std::string why_not_alive(const LifeSigns& s, Millis now, const LifeBounds& bounds = {});

/// Remembers since when each alert waits for its first acceptance, in ticks, so that a stepped clock makes none look
/// old. One thread.
class UntoldWatch {
 public:
  /// `keys`: the alerts that no receiver has accepted now. Since when the one that waits longest has been seen so.
  std::optional<Millis> look(const std::vector<std::string>& keys, Millis ticks);

 private:
  std::map<std::string, Millis> since_;
};

}  // namespace embargod

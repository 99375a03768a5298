#pragma once
// What systemd wants to be told (sd_notify(3)). Without NOTIFY_SOCKET every call does nothing. Any thread.

#include <optional>
#include <string_view>

#include "config/types/time.h"

namespace embargod {

/// Started, or done with a reload. `status` is one line for `systemctl status`.
void notify_ready(std::string_view status);

/// A reload begins; carries the monotonic time that Type=notify-reload needs. End it with notify_ready().
void notify_reloading();

void notify_stopping(std::string_view status);
void notify_status(std::string_view status);

/// Alive. Call only after progress (P27), never from a timer.
void notify_watchdog();

/// Stopping (or starting) takes at least this much longer.
void notify_extend_timeout(Millis by);

/// How often notify_watchdog() should be called: half of WatchdogSec; unset if no watchdog waits for this process.
[[nodiscard]] std::optional<Millis> watchdog_interval();

}  // namespace embargod

#include "daemon/sys/systemd.h"

#include <systemd/sd-daemon.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime

#include <algorithm>
#include <cstdint>
#include <string>

namespace embargod {
namespace {

void notify(const std::string& text) { ::sd_notify(0, text.c_str()); }

/// A line break would begin another assignment.
std::string status_line(std::string_view status) {
  std::string line{status.substr(0, 1'000)};
  std::replace_if(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return "STATUS=" + line;
}

std::uint64_t monotonic_usec() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000U + static_cast<std::uint64_t>(t.tv_nsec) / 1'000U;
}

}  // namespace

void notify_ready(std::string_view status) { notify("READY=1\n" + status_line(status)); }

void notify_reloading() { notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_usec())); }

void notify_stopping(std::string_view status) { notify("STOPPING=1\n" + status_line(status)); }

void notify_status(std::string_view status) { notify(status_line(status)); }

void notify_watchdog() { notify("WATCHDOG=1"); }

void notify_extend_timeout(Millis by) { notify("EXTEND_TIMEOUT_USEC=" + std::to_string(Micros{by}.count())); }

std::optional<Millis> watchdog_interval() {
  std::uint64_t usec = 0;
  if (::sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
  return std::max(Millis{1}, std::chrono::duration_cast<Millis>(Micros{static_cast<std::int64_t>(usec)}) / 2);
}

}  // namespace embargod

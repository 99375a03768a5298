#include "daemon/sys/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace embargod {
namespace {

sigset_t taken_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, s);
  return set;
}

}  // namespace

Result<Signals> Signals::take() {
  Signals s;
  const sigset_t set = taken_signals();
  if (::pthread_sigmask(SIG_BLOCK, &set, &s.mask_before_) != 0) return fail(Errc::unavailable, "cannot block signals");
  s.signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  s.wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (s.signals_ < 0 || s.wake_ < 0)
    return fail(Errc::unavailable, std::string{"cannot wait for signals: "} + std::strerror(errno));
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &s.pipe_before_);
  return s;
}

Signals::Signals(Signals&& other) noexcept
    : signals_{std::exchange(other.signals_, -1)},
      wake_{std::exchange(other.wake_, -1)},
      mask_before_{other.mask_before_},
      pipe_before_{other.pipe_before_} {}

Signals::~Signals() {
  if (signals_ >= 0 && wake_ >= 0) {
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  if (signals_ >= 0) ::close(signals_);
  if (wake_ >= 0) ::close(wake_);
}

std::optional<SignalKind> Signals::wait(Millis up_to) {
  std::array<pollfd, 2> fds{{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}}};
  const auto limit = std::clamp<std::int64_t>(up_to.count(), 0, 3'600'000);
  if (::poll(fds.data(), fds.size(), static_cast<int>(limit)) <= 0) return std::nullopt;
  std::uint64_t woken = 0;
  [[maybe_unused]] const ssize_t w = ::read(wake_, &woken, sizeof woken);
  signalfd_siginfo info{};
  if (::read(signals_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return std::nullopt;
  return info.ssi_signo == static_cast<std::uint32_t>(SIGHUP) ? SignalKind::reload : SignalKind::stop;
}

void Signals::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);  // full means woken already
}

}  // namespace embargod

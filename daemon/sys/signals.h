#pragma once

#include <csignal>
#include <optional>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

enum class SignalKind : std::uint8_t { stop, reload };  // SIGTERM or SIGINT; SIGHUP

/// Turns signals into values for main. While it lives SIGTERM, SIGINT and SIGHUP are blocked in the thread that made it
/// and in all threads started from it afterwards, so make it first; SIGPIPE is ignored. One at a time in a process.
class Signals {
 public:
  /// Error unavailable: the kernel gave no descriptor.
  [[nodiscard]] static Result<Signals> take();

  Signals(Signals&& other) noexcept;
  Signals& operator=(Signals&&) = delete;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Restores what was before; signals that nobody took are delivered then.
  ~Signals();

  /// The next signal, or nothing after `up_to` or wake(). Main thread.
  [[nodiscard]] std::optional<SignalKind> wait(Millis up_to);

  /// Ends a wait() early. Any thread.
  void wake() const;

 private:
  Signals() = default;

  int signals_ = -1;  // signalfd
  int wake_ = -1;     // eventfd
  sigset_t mask_before_{};
  struct sigaction pipe_before_{};
};

}  // namespace embargod

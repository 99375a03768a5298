#pragma once
// What the HTTP library reads and writes instead of a socket. Included by guard.cpp alone, since it names the library.

#include <httplib.h>

#include <string>
#include <string_view>

#include "config/types/clock.h"

namespace embargod {

/// Waits on a socket that ends with a deadline, and sooner when the server stops.
class Waiter {
 public:
  enum class End { ready, late, stopping };

  /// `stop_fd` becomes readable, once and for all, when the server stops.
  Waiter(const Clock& clock, int stop_fd) : clock_{clock}, stop_fd_{stop_fd} {}

  /// `deadline` in ticks.
  [[nodiscard]] End wait(int fd, short events, Millis deadline) const;
  [[nodiscard]] bool stopping() const;
  [[nodiscard]] Millis ticks() const { return clock_.ticks(); }

 private:
  const Clock& clock_;
  int stop_fd_;
};

/// Sends all of `bytes` before `deadline`. When the server stops, a second is left at most.
[[nodiscard]] bool send_all(int fd, std::string_view bytes, Millis deadline, const Waiter& waiter);

/// Reads from memory, writes to the socket under one absolute deadline that begins with the first byte written.
class GuardedStream final : public httplib::Stream {
 public:
  GuardedStream(int fd, std::string_view input, Millis reply_limit, const Waiter& waiter)
      : fd_{fd}, input_{input}, reply_limit_{reply_limit}, waiter_{waiter} {}

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return !failed_; }
  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  using Stream::write;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  /// Never the real one: the library only compares it with FD_SETSIZE, and we do not select().
  [[nodiscard]] socket_t socket() const override { return -1; }

  [[nodiscard]] bool failed() const { return failed_; }

 private:
  int fd_;
  std::string_view input_;
  Millis reply_limit_;
  const Waiter& waiter_;
  Millis deadline_{-1};
  bool failed_ = false;
};

}  // namespace embargod

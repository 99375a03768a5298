#include "daemon/web/guarded_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "daemon/web/listener.h"

namespace embargod {
namespace {

constexpr Millis kGraceOnStop{1'000};

int poll_for(std::array<pollfd, 2>& fds, Millis left) {
  constexpr Millis kLongest{60'000};  // then the clock is asked again
  return ::poll(fds.data(), fds.size(), static_cast<int>(std::clamp(left, Millis{0}, kLongest).count()));
}

}  // namespace

Waiter::End Waiter::wait(int fd, short events, Millis deadline) const {
  for (;;) {
    const Millis left = deadline - clock_.ticks();
    if (left <= Millis{0}) return End::late;
    std::array<pollfd, 2> fds{pollfd{fd, events, 0}, pollfd{stop_fd_, POLLIN, 0}};
    if (poll_for(fds, left) < 0 && errno != EINTR) return End::late;
    if (fds[1].revents != 0) return End::stopping;
    if (fds[0].revents != 0) return End::ready;  // an error shows in the call that follows
  }
}

bool Waiter::stopping() const {
  pollfd stop{stop_fd_, POLLIN, 0};
  return ::poll(&stop, 1, 0) > 0;
}

bool send_all(int fd, std::string_view bytes, Millis deadline, const Waiter& waiter) {
  bool stopping = false;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (waiter.ticks() >= deadline) return bytes.empty();
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    if (stopping) {
      pollfd out{fd, POLLOUT, 0};
      const Millis left = deadline - waiter.ticks();
      if (left <= Millis{0} || ::poll(&out, 1, static_cast<int>(left.count())) <= 0) return false;
      continue;
    }
    switch (waiter.wait(fd, POLLOUT, deadline)) {
      case Waiter::End::ready:
        break;
      case Waiter::End::late:
        return false;
      case Waiter::End::stopping:
        stopping = true;
        deadline = std::min(deadline, waiter.ticks() + kGraceOnStop);
        break;
    }
  }
  return true;
}

ssize_t GuardedStream::read(char* to, std::size_t size) {
  const std::size_t n = std::min(size, input_.size());
  std::memcpy(to, input_.data(), n);
  input_.remove_prefix(n);
  return static_cast<ssize_t>(n);
}

ssize_t GuardedStream::write(const char* from, std::size_t size) {
  if (deadline_ < Millis{0}) deadline_ = waiter_.ticks() + reply_limit_;
  if (!failed_ && !send_all(fd_, {from, size}, deadline_, waiter_)) failed_ = true;
  return failed_ ? -1 : static_cast<ssize_t>(size);
}

void GuardedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = ip_of(fd_, SocketEnd::peer);
  port = 0;
}

void GuardedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip = ip_of(fd_, SocketEnd::own);
  port = 0;
}

}  // namespace embargod

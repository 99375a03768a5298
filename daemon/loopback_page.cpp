#include "daemon/loopback_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace embargod {
namespace {

constexpr int kPatienceMs = 100;  // between two looks whether to stop

bool readable(int fd) {
  pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&p, 1, kPatienceMs) > 0;
}

Fault socket_fault(int listener) {
  const int why = errno;
  if (listener >= 0) ::close(listener);
  return {Errc::io, "loopback page", std::strerror(why), "see how many files the process may open"};
}

}  // namespace

Result<std::unique_ptr<LoopbackPage>> LoopbackPage::open() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return tl::unexpected<Fault>{socket_fault(listener)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const address = reinterpret_cast<sockaddr*>(&at);
  if (::bind(listener, address, size) != 0 || ::listen(listener, 8) != 0 ||
      ::getsockname(listener, address, &size) != 0)
    return tl::unexpected<Fault>{socket_fault(listener)};
  return std::unique_ptr<LoopbackPage>{new LoopbackPage{listener, ntohs(at.sin_port)}};
}

LoopbackPage::LoopbackPage(int listener, std::uint16_t port) : listener_{listener}, port_{port} {
  thread_ = std::thread{[this] { serve(); }};
}

LoopbackPage::~LoopbackPage() {
  stopping_.store(true);
  thread_.join();
  ::close(listener_);
}

std::string LoopbackPage::url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/canary"; }

void LoopbackPage::serve() {
  while (!stopping_.load()) {
    if (!readable(listener_)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    answer(connection);
    ::close(connection);
  }
}

/// The whole request first: a connection that is closed over unread bytes is reset, and the answer with it.
void LoopbackPage::answer(int connection) const {
  constexpr std::size_t kLargestHead = 16'384;
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos && head.size() < kLargestHead) {
    std::array<char, 2048> part{};
    const ssize_t n = readable(connection) ? ::recv(connection, part.data(), part.size(), 0) : 0;
    if (n <= 0) return;
    head.append(part.data(), static_cast<std::size_t>(n));
  }
  // The prober asks for a sibling too: a site that has every page has none.
  const bool live = live_.load() && head.starts_with("GET /canary ");
  const std::string body = live ? "<!doctype html><title>Canary</title><h1>Canary</h1><p>A page of embargod itself.</p>"
                                : "<!doctype html><title>Not found</title>";
  const std::string text =
      std::string{live ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found"} +
      "\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t n = ::send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace embargod

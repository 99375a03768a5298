#include "daemon/web/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

namespace embargod {
namespace {

constexpr int kBacklog = 512;

std::string numeric(const sockaddr_storage& at, socklen_t size, std::string* port) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&at), size, host.data(), host.size(), service.data(),
                  service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  if (port != nullptr) *port = service.data();
  return host.data();
}

tl::unexpected<Fault> refused(int error, const std::string& address) {
  const std::string why = std::generic_category().message(error);
  if (error == EADDRINUSE) {
    return fail(Errc::busy, "another program listens there already", address,
                "stop it (a second embargod?) or choose another port");
  }
  if (error == EACCES)
    return fail(Errc::io, "cannot listen: " + why, address, "ports under 1024 need CAP_NET_BIND_SERVICE");
  return fail(Errc::io, "cannot listen: " + why, address);
}

Result<Listener> bind_one(const addrinfo& info, const std::string& address) {
  Descriptor fd{::socket(info.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (fd.get() < 0) return refused(errno, address);
  const int on = 1;
  // Only what lets a restart reuse a port in TIME_WAIT: with SO_REUSEPORT a second daemon would share it silently.
  if (setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return refused(errno, address);
  if (info.ai_family == AF_INET6 && setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) {
    return refused(errno, address);
  }
  if (::bind(fd.get(), info.ai_addr, info.ai_addrlen) != 0 || ::listen(fd.get(), kBacklog) != 0)
    return refused(errno, address);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  std::string port;
  if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) return refused(errno, address);
  const std::string host = numeric(bound, size, &port);
  return Listener{.socket = std::move(fd),
                  .address = (info.ai_family == AF_INET6 ? "[" + host + "]" : host) + ":" + port};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int Descriptor::release() { return std::exchange(fd_, -1); }

Result<Listener> listen_at(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) {
    return fail(Errc::invalid_input, "not an address", address, "write HOST:PORT, for example 127.0.0.1:9750");
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host.empty()) host = "0.0.0.0";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int rc = getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found);
  if (rc != 0)
    return fail(Errc::invalid_input, std::string{"not an address of this machine: "} + gai_strerror(rc), address);
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found, &freeaddrinfo};
  return bind_one(*found, address);
}

std::string ip_of(int fd, SocketEnd end) {
  sockaddr_storage at{};
  socklen_t size = sizeof at;
  auto* raw = reinterpret_cast<sockaddr*>(&at);
  const int rc = end == SocketEnd::own ? getsockname(fd, raw, &size) : getpeername(fd, raw, &size);
  return rc == 0 ? numeric(at, size, nullptr) : std::string{};
}

}  // namespace embargod

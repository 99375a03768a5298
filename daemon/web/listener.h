#pragma once
// Listening sockets as we want them; the library's own share the port (SO_REUSEPORT) and keep a backlog of 5.

#include <string>

#include "config/types/result.h"

namespace embargod {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_{fd} {}
  Descriptor(Descriptor&& other) noexcept : fd_{other.release()} {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release();

 private:
  int fd_ = -1;
};

struct Listener {
  Descriptor socket;    // non-blocking, listening
  std::string address;  // numeric, with the real port: "127.0.0.1:9750", "[::1]:9750"
};

/// "HOST:PORT" with IPv6 in brackets; an empty host is every IPv4 address. Error invalid_input: neither name nor
/// number; busy: somebody listens there; io.
[[nodiscard]] Result<Listener> listen_at(const std::string& address);

/// "127.0.0.1" of a connection's end; "" if the kernel does not tell. `peer` is the other end, else our own.
enum class SocketEnd { own, peer };
[[nodiscard]] std::string ip_of(int fd, SocketEnd end);

}  // namespace embargod

#pragma once
// A client without manners: sends any bytes, reads what comes, under a deadline.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "config/types/time.h"

namespace embargod {

struct RawReply {
  int status = 0;                              // 0: none came
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string raw;
};

class WebClient {
 public:
  explicit WebClient(int port) : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  WebClient(WebClient&& other) noexcept
      : fd_{std::exchange(other.fd_, -1)}, connected_{other.connected_}, rest_{std::move(other.rest_)} {}
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;
  ~WebClient() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int fd() const { return fd_; }

  /// False as soon as the other end takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// Is the other end gone? Waits for it; what still comes is thrown away.
  bool closed_within(Millis limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    std::string waste;
    while (std::chrono::steady_clock::now() < until) {
      if (!more(waste, until)) return gone_;
    }
    return gone_;
  }

  /// One reply; a body as long as Content-Length says (none if `head_only`), else until the end.
  RawReply reply(Millis limit, bool head_only = false) {
    const auto until = std::chrono::steady_clock::now() + limit;
    std::size_t end = 0;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos) {
      if (!more(rest_, until)) return {};
    }
    RawReply r;
    const std::string head = rest_.substr(0, end + 2);
    r.status = std::atoi(head.c_str() + 9);
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
      const auto stop = head.find("\r\n", at);
      const auto colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      r.headers[name] = head.substr(colon + 2, stop - colon - 2);
      at = stop + 2;
    }
    const std::size_t length =
        head_only || !r.headers.contains("content-length") ? 0 : std::stoul(r.headers["content-length"]);
    while (rest_.size() < end + 4 + length && more(rest_, until)) {
    }
    r.raw = rest_.substr(0, end + 4 + length);
    r.body = rest_.substr(end + 4, length);
    rest_.erase(0, end + 4 + length);
    return r;
  }

 private:
  bool more(std::string& into, std::chrono::steady_clock::time_point until) {
    const auto left = std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now());
    pollfd in{fd_, POLLIN, 0};
    if (left <= Millis{0} || ::poll(&in, 1, static_cast<int>(left.count())) <= 0) return false;
    char buffer[4096];
    const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) {
      gone_ = true;
      return false;
    }
    into.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool gone_ = false;
  std::string rest_;
};

inline int port_in(const std::string& address) { return std::atoi(address.c_str() + address.rfind(':') + 1); }

/// One request on a connection of its own.
inline RawReply ask(int port, const std::string& method, const std::string& path, const std::string& headers = {},
                    const std::string& body = {}) {
  WebClient client{port};
  std::string head = method + " " + path + " HTTP/1.1\r\n";
  if (headers.find("Host:") == std::string::npos) head += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  if (!body.empty()) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  client.send(head + headers + "\r\n" + body);
  return client.reply(Millis{10'000}, method == "HEAD");
}

}  // namespace embargod

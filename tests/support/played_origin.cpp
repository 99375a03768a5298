#include "tests/support/played_origin.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "probes/answer.h"
namespace embargod {
namespace {

constexpr int kTries = 50;
constexpr std::size_t kBombDecoded = std::size_t{32} << 20U;
constexpr int kDripEvery = 50;  // milliseconds

union AnyAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t fill(AnyAddress& a, const std::string& address, int port) {
  a = {};
  if (address.find(':') == std::string::npos) {
    a.v4.sin_family = AF_INET;
    a.v4.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, address.c_str(), &a.v4.sin_addr);
    return sizeof a.v4;
  }
  a.v6.sin6_family = AF_INET6;
  a.v6.sin6_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET6, address.c_str(), &a.v6.sin6_addr);
  return sizeof a.v6;
}

int bind_at(const std::string& address, int port) {
  AnyAddress a;
  const socklen_t size = fill(a, address, port);
  const int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (fd >= 0 && bind(fd, &a.any, size) == 0) return fd;
  if (fd >= 0) close(fd);
  return -1;
}

int port_of(int fd) {
  AnyAddress a{};
  socklen_t size = sizeof a;
  getsockname(fd, &a.any, &size);
  return ntohs(a.v4.sin_port);  // at the same place in both families
}

std::string repeated(const std::string& text, std::size_t at_least) {
  std::string out;
  while (out.size() < at_least) out += text.empty() ? "made-up bytes " : text;
  return out;
}

/// `text` again and again up to `decoded` bytes, gzip-compressed: about a thousandth of that.
std::string gzip_of(const std::string& text, std::size_t decoded) {
  z_stream z{};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string in = repeated(text, decoded);
  std::string out(deflateBound(&z, in.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

bool carries_body(int status) { return status >= 200 && status != 204 && status != 304; }

WireRequest parse(const std::string& head, const std::string& address) {
  WireRequest r;
  r.address = address;
  const std::size_t a = head.find(' ');
  const std::size_t b = head.find(' ', a + 1);
  if (a == std::string::npos || b == std::string::npos) return r;
  r.method = head.substr(0, a);
  r.target = head.substr(a + 1, b - a - 1);
  for (std::size_t at = head.find("\r\n"); at != std::string::npos && at + 2 < head.size();) {
    const std::size_t end = head.find("\r\n", at + 2);
    const std::string line = head.substr(at + 2, end == std::string::npos ? end : end - at - 2);
    if (const std::size_t colon = line.find(':'); colon != std::string::npos)
      r.headers.emplace_back(line.substr(0, colon), std::string{trimmed(line.substr(colon + 1))});
    at = end;
  }
  for (const auto& [name, value] : r.headers)
    if (same_word(name, "Host")) r.host = value.substr(0, value.rfind(':'));
  return r;
}

}  // namespace

PlayedOrigin::PlayedOrigin(Handler handler) : handler_{std::move(handler)} {
  closed_fd_ = bind_at("127.0.0.1", 0);
  if (closed_fd_ >= 0) closed_port_ = port_of(closed_fd_);
  for (int i = 0; i < kTries && listeners_.empty(); ++i)
    if (const int probe = bind_at("127.0.0.10", 0); probe >= 0) {
      port_ = port_of(probe);
      close(probe);
      open_at("127.0.0.10", port_);
    }
  if (closed_fd_ >= 0 && !listeners_.empty()) return;
  std::perror("played_origin");
  std::abort();
}

PlayedOrigin::~PlayedOrigin() {
  for (const Listener& l : listeners_) close(l.fd);
  for (Peer& p : peers_) drop(p);
  close(closed_fd_);
}

bool PlayedOrigin::open_at(const std::string& address, int port) {
  const int fd = bind_at(address, port);
  if (fd < 0) return false;
  if (listen(fd, 128) != 0) {
    close(fd);
    return false;
  }
  listeners_.push_back({address, fd});
  return true;
}

void PlayedOrigin::listen_at(const std::string& address) {
  const bool known =
      std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& l) { return l.address == address; });
  if (known || open_at(address, port_)) return;
  std::perror(("played_origin: " + address).c_str());
  std::abort();
}

void PlayedOrigin::drop(Peer& p) {
  if (p.fd >= 0) close(p.fd);
  p.fd = -1;
}

void PlayedOrigin::reset(Peer& p) {
  const linger hard{1, 0};
  setsockopt(p.fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  drop(p);
}

void PlayedOrigin::accept_from(std::size_t listener) {
  const int fd = accept4(listeners_[listener].fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Peer p;
  p.fd = fd;
  p.address = listeners_[listener].address;
  peers_.push_back(std::move(p));
}

void PlayedOrigin::receive(Peer& p) {
  char buffer[16'384];
  const auto n = recv(p.fd, buffer, sizeof buffer, 0);
  if (n <= 0) {
    if (n == 0 || (errno != EAGAIN && errno != EINTR)) drop(p);
    return;
  }
  if (p.mode != Mode::serving) return;
  p.in.append(buffer, static_cast<std::size_t>(n));
  if (p.in.size() >= 2 && p.in[0] == '\x16') {  // a TLS greeting: this server knows no TLS
    p.out = "HTTP/1.1 400 Bad Request\r\n\r\n";
    p.mode = Mode::closing;
    return;
  }
  for (std::size_t end = p.in.find("\r\n\r\n"); end != std::string::npos && p.fd >= 0 && p.mode == Mode::serving;
       end = p.in.find("\r\n\r\n")) {
    const std::string head = p.in.substr(0, end);
    p.in.erase(0, end + 4);
    answer(p, head);
  }
}

void PlayedOrigin::answer(Peer& p, const std::string& request_head) {
  const WireRequest request = parse(request_head, p.address);
  const PlayedAnswer a = handler_(request);
  std::string head = "HTTP/1.1 " + std::to_string(a.status) + " Played\r\n";
  for (const auto& [name, value] : a.headers) head += name + ": " + value + "\r\n";
  const std::string length =
      carries_body(a.status) ? "Content-Length: " + std::to_string(a.body.size()) + "\r\n" : std::string{};
  if (a.error)
    misbehave(p, a, head, length);
  else
    p.out += head + length + "\r\n" + (carries_body(a.status) && request.method != "HEAD" ? a.body : "");
}

void PlayedOrigin::misbehave(Peer& p, const PlayedAnswer& a, const std::string& head, const std::string& length) {
  Wire how = a.wire;
  if (how == Wire::plain && a.error == Cause::truncated) how = Wire::lying_length;
  if (how == Wire::plain && a.error == Cause::too_large) how = Wire::endless_body;
  switch (how) {
    case Wire::plain:
      if (a.error == Cause::timeout)
        p.mode = Mode::hanging;
      else
        reset(p);
      return;
    case Wire::close_early:
      p.mode = Mode::closing;
      return;
    case Wire::chunked_cut:
      p.out += head + "Transfer-Encoding: chunked\r\n\r\nFFFF\r\n" + a.body;
      p.mode = Mode::closing;
      return;
    case Wire::lying_length:
      p.out += head + "Content-Length: " + std::to_string(a.body.size() + 1'000) + "\r\n\r\n" + a.body;
      p.mode = Mode::closing;
      return;
    case Wire::gzip_bomb: {
      const std::string bomb = gzip_of(a.body, kBombDecoded);
      p.out += head + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(bomb.size()) + "\r\n\r\n" + bomb;
      return;
    }
    case Wire::endless_body:
      p.out += head + "Connection: close\r\n\r\n";
      p.again = repeated(a.body, 16'384);
      break;
    case Wire::endless_headers:
      p.out += head;
      p.again = "X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
      break;
    case Wire::endless_100:
      p.again = "HTTP/1.1 100 Continue\r\n\r\n";
      break;
    case Wire::drip:
      p.out += head + "Content-Length: 1000000\r\n\r\n";
      p.mode = Mode::dripping;
      return;
    case Wire::http_0_9:
      p.out += "made-up bytes without a status line\n";
      p.mode = Mode::closing;
      return;
  }
  p.mode = Mode::endless;
  (void)length;
}

void PlayedOrigin::send_some(Peer& p) {
  if (p.mode == Mode::endless && p.out.size() < 65'536)
    while (p.out.size() < 65'536) p.out += p.again;
  if (p.mode == Mode::dripping && p.out.empty()) p.out = "a";
  while (!p.out.empty()) {
    const auto n = send(p.fd, p.out.data(), p.out.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return drop(p);
    p.out.erase(0, static_cast<std::size_t>(n));
    if (p.mode == Mode::dripping) break;
  }
  if (p.mode == Mode::closing && p.out.empty()) {
    shutdown(p.fd, SHUT_WR);
    p.mode = Mode::hanging;  // until the other side closes, so that nothing is lost to a reset
  }
}

void PlayedOrigin::pump(Millis up_to) {
  std::vector<pollfd> wanted;
  for (const Listener& l : listeners_) wanted.push_back({l.fd, POLLIN, 0});
  int wait = static_cast<int>(up_to.count());
  for (const Peer& p : peers_) {
    const bool sends = !p.out.empty() || p.mode == Mode::endless || p.mode == Mode::closing;
    if (p.mode == Mode::dripping) wait = std::min(wait, kDripEvery);
    wanted.push_back({p.fd, static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN), 0});
  }
  const std::size_t listeners = listeners_.size();
  const std::size_t peers = peers_.size();
  const int ready = poll(wanted.data(), static_cast<nfds_t>(wanted.size()), wait);
  for (std::size_t i = 0; i < peers; ++i) {
    Peer& p = peers_[i];
    const short events = ready > 0 ? wanted[listeners + i].revents : short{0};
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) receive(p);
    const bool drips = p.mode == Mode::dripping && ready == 0;
    if (p.fd >= 0 && (drips || (events & POLLOUT) != 0 || !p.out.empty() || p.mode == Mode::closing)) send_some(p);
  }
  for (std::size_t i = 0; i < listeners && ready > 0; ++i)
    if ((wanted[i].revents & POLLIN) != 0) accept_from(i);
  std::erase_if(peers_, [](const Peer& p) { return p.fd < 0; });
}

}  // namespace embargod

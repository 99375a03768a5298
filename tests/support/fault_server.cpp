#include "tests/support/fault_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
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

namespace embargod {
namespace {

constexpr std::size_t kLongestRequest = 1U << 20U;

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

void reset_connection(int fd) {
  const linger hard{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

std::string head_of(const ServerAnswer& a, const std::string& length) {
  std::string head = "HTTP/1.1 " + std::to_string(a.status) + " Scripted\r\n";
  for (const auto& [name, value] : a.headers) head += name + ": " + value + "\r\n";
  return head + length + "\r\n";
}

}  // namespace

FaultServer::FaultServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 512) != 0 || getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("fault_server");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_loop(); }};
}

FaultServer::~FaultServer() {
  stop_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  for (Peer& p : peers_)
    if (!p.over) shutdown(p.fd, SHUT_RDWR);
  for (Peer& p : peers_) {
    p.thread.join();
    close(p.fd);
  }
}

void FaultServer::script(const std::string& path, std::vector<ServerAnswer> answers) {
  const std::lock_guard lock{mutex_};
  scripts_[path] = std::move(answers);
  served_[path] = 0;
}

std::string FaultServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<ServedRequest> FaultServer::requests() const {
  const std::lock_guard lock{mutex_};
  return requests_;
}

int FaultServer::count(const std::string& path) const {
  const std::lock_guard lock{mutex_};
  return static_cast<int>(
      std::count_if(requests_.begin(), requests_.end(), [&](const ServedRequest& r) { return r.path == path; }));
}

void FaultServer::reap() {
  for (auto p = peers_.begin(); p != peers_.end();) {
    if (!p->over) {
      ++p;
      continue;
    }
    p->thread.join();
    close(p->fd);
    --descriptors_;
    p = peers_.erase(p);
  }
}

void FaultServer::accept_loop() {
  while (!stop_) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
      if (stop_ || (errno != EINTR && errno != ECONNABORTED)) return;
      continue;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ++connections_;
    ++descriptors_;
    reap();
    Peer& peer = peers_.emplace_back();
    peer.fd = fd;
    peer.thread = std::thread{[this, &peer] { serve(peer); }};
  }
}

void FaultServer::serve(Peer& peer) {
  std::string pending;
  bool open = true;
  while (open && !stop_) {
    std::size_t end = pending.find("\r\n\r\n");
    while (end == std::string::npos && pending.size() < kLongestRequest) {
      char buffer[4096];
      const auto n = recv(peer.fd, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      pending.append(buffer, static_cast<std::size_t>(n));
      end = pending.find("\r\n\r\n");
    }
    if (end == std::string::npos) break;
    const std::string head = pending.substr(0, end + 2);
    pending.erase(0, end + 4);
    const std::size_t from = head.find(' ');
    const std::size_t to = head.find(' ', from + 1);
    if (from == std::string::npos || to == std::string::npos) break;
    const std::string path = head.substr(from + 1, to - from - 1);
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back({path, head, std::chrono::steady_clock::now()});
    }
    const int now_busy = ++busy_;
    int most = most_at_once_;
    while (now_busy > most && !most_at_once_.compare_exchange_weak(most, now_busy)) {
    }
    open = answer(peer.fd, path);
    --busy_;
  }
  shutdown(peer.fd, SHUT_WR);
  // A RST is sent by close() alone, and reap() may come late; the descriptor's number stays ours until then.
  const int null = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  dup3(null, peer.fd, O_CLOEXEC);
  close(null);
  peer.over = true;
}

bool FaultServer::send_all(int fd, const std::string& bytes) const {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto n = send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0 || stop_) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

void FaultServer::wait_for_close(int fd, std::chrono::milliseconds up_to) const {
  const auto end = std::chrono::steady_clock::now() + up_to;
  while (!stop_ && std::chrono::steady_clock::now() < end) {
    pollfd p{fd, POLLRDHUP, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const auto slice = std::clamp<std::int64_t>(left.count(), 0, 20);
    if (poll(&p, 1, static_cast<int>(slice)) > 0) return;
  }
}

bool FaultServer::answer(int fd, const std::string& path) {
  ServerAnswer a;
  a.status = 404;
  {
    const std::lock_guard lock{mutex_};
    const auto found = scripts_.find(path);
    if (found != scripts_.end() && !found->second.empty())
      a = found->second[std::min(served_[path]++, found->second.size() - 1)];
  }
  if (a.fault != Misbehaviour::drip && a.delay.count() > 0) wait_for_close(fd, a.delay);
  const std::string length =
      has_body(a.status) ? "Content-Length: " + std::to_string(a.body.size()) + "\r\n" : std::string{};
  if (a.fault == Misbehaviour::none) return send_all(fd, head_of(a, length) + (has_body(a.status) ? a.body : ""));
  return misbehave(fd, a, length);
}

bool FaultServer::misbehave(int fd, const ServerAnswer& a, const std::string& length) {
  switch (a.fault) {
    case Misbehaviour::none:
    case Misbehaviour::close_early:
      return false;
    case Misbehaviour::hang:
      wait_for_close(fd, std::chrono::minutes{5});
      return false;
    case Misbehaviour::reset:
      reset_connection(fd);
      return false;
    case Misbehaviour::reset_in_body:
      send_all(fd, head_of(a, length) + a.body.substr(0, a.body.size() / 2));
      wait_for_close(fd, std::chrono::milliseconds{100});  // let it arrive: a RST overtakes
      reset_connection(fd);
      return false;
    case Misbehaviour::lying_length:
      send_all(fd, head_of(a, "Content-Length: " + std::to_string(a.body.size() + 1000) + "\r\n") + a.body);
      return false;
    case Misbehaviour::chunked_cut:
      send_all(fd, head_of(a, "Transfer-Encoding: chunked\r\n") + "FFFF\r\n" + a.body);
      return false;
    case Misbehaviour::endless_body:
      if (!send_all(fd, head_of(a, "Connection: close\r\n"))) return false;
      while (send_all(fd, a.body)) {
      }
      return false;
    case Misbehaviour::endless_headers:
      if (!send_all(fd, "HTTP/1.1 200 OK\r\n")) return false;
      for (int i = 0; send_all(fd, "X-Flood-" + std::to_string(i) + ": aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"); ++i) {
      }
      return false;
    case Misbehaviour::endless_100:
      while (send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n")) {
      }
      return false;
    case Misbehaviour::endless_line:
      if (!send_all(fd, "HTTP/1.1 200 OK\r\nX-Long: ")) return false;
      while (send_all(fd, std::string(4096, 'a'))) {
      }
      return false;
    case Misbehaviour::drip:
      if (!send_all(fd, head_of(a, length))) return false;
      for (const char c : a.body) {
        wait_for_close(fd, a.delay);
        if (!send_all(fd, std::string(1, c))) return false;
      }
      return true;
    case Misbehaviour::raw:
      send_all(fd, a.body);
      return false;
  }
  return false;
}

std::string gzip_of_zeros(std::size_t decoded) {
  z_stream z{};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string zeros(1U << 20U, '\0');
  std::string out;
  std::string buffer(1U << 16U, '\0');
  for (int state = Z_OK; state != Z_STREAM_END;) {
    const std::size_t n = std::min(decoded, zeros.size());
    decoded -= n;
    z.next_in = reinterpret_cast<Bytef*>(zeros.data());
    z.avail_in = static_cast<uInt>(n);
    do {
      z.next_out = reinterpret_cast<Bytef*>(buffer.data());
      z.avail_out = static_cast<uInt>(buffer.size());
      state = deflate(&z, decoded == 0 ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer, 0, buffer.size() - z.avail_out);
    } while (z.avail_out == 0);
  }
  deflateEnd(&z);
  return out;
}

std::string gzip_of(const std::string& bytes) {
  z_stream z{};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string in = bytes;
  std::string out(deflateBound(&z, static_cast<uLong>(in.size())), '\0');
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace embargod

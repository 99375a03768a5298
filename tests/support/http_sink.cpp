#include "tests/support/http_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace embargod {
namespace {

constexpr int kLookMs = 20;

// False when the client is gone or the sink stops.
bool readable(int s, const std::atomic<bool>& stopping) {
  while (!stopping) {
    pollfd p{s, POLLIN, 0};
    if (::poll(&p, 1, kLookMs) > 0) return true;
  }
  return false;
}

bool send_all(int s, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(s, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

SinkRequest parse_head(const std::string& head) {
  SinkRequest request;
  std::istringstream lines{head};
  std::string line;
  std::getline(lines, line);
  std::istringstream{line} >> request.method >> request.path;
  while (std::getline(lines, line)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::size_t begin = line.find_first_not_of(' ', colon + 1);
    const std::size_t end = line.find_last_not_of("\r ");
    request.headers[name] = begin == std::string::npos || end < begin ? "" : line.substr(begin, end - begin + 1);
  }
  return request;
}

bool read_request(int s, const std::atomic<bool>& stopping, SinkRequest& request) {
  std::string bytes;
  std::size_t head_end = std::string::npos;
  std::size_t wanted = 0;
  while (head_end == std::string::npos || bytes.size() < wanted) {
    char buffer[16 * 1024];
    if (!readable(s, stopping)) return false;
    const ssize_t n = ::recv(s, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (head_end != std::string::npos) continue;
    head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos) continue;
    request = parse_head(bytes.substr(0, head_end));
    const auto length = request.headers.find("content-length");
    wanted = head_end + 4 + (length == request.headers.end() ? 0 : std::stoul(length->second));
  }
  request.body = bytes.substr(head_end + 4, wanted - head_end - 4);
  return true;
}

}  // namespace

HttpSink::HttpSink() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error{"the HTTP sink has no port"};
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread{[this] { accept_loop(); }};
}

HttpSink::~HttpSink() {
  stopping_ = true;
  acceptor_.join();
  connections_.clear();
  ::close(listener_);
}

std::string HttpSink::url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

void HttpSink::then(SinkAnswer answer) {
  const std::scoped_lock lock{mutex_};
  script_.push_back(std::move(answer));
}

void HttpSink::always(SinkAnswer answer) {
  const std::scoped_lock lock{mutex_};
  always_ = std::move(answer);
}

void HttpSink::greet(std::string bytes) {
  const std::scoped_lock lock{mutex_};
  greeting_ = std::move(bytes);
}

std::vector<SinkRequest> HttpSink::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

SinkAnswer HttpSink::next_answer() {
  const std::scoped_lock lock{mutex_};
  if (script_.empty()) return always_;
  SinkAnswer answer = script_.front();
  script_.pop_front();
  return answer;
}

void HttpSink::accept_loop() {
  while (readable(listener_, stopping_)) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) connections_.emplace_back([this, connection] { serve(connection); });
  }
}

void HttpSink::serve(int connection) {
  SinkRequest request;
  const std::string greeting = [this] {
    const std::scoped_lock lock{mutex_};
    return greeting_;
  }();
  if (!greeting.empty()) {
    send_all(connection, greeting);
  } else if (read_request(connection, stopping_, request)) {
    const SinkAnswer answer = next_answer();
    {
      const std::scoped_lock lock{mutex_};
      requests_.push_back(std::move(request));
    }
    if (answer.kind == SinkAnswer::Kind::hang) {
      char byte = 0;
      while (readable(connection, stopping_) && ::recv(connection, &byte, 1, 0) > 0) {
      }
    } else if (answer.kind == SinkAnswer::Kind::answer) {
      const std::string length = answer.endless ? "" : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
      const std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n" + answer.headers + length +
                               "Connection: close\r\n\r\n";
      bool open = send_all(connection, head + answer.body);
      while (answer.endless && open && !stopping_) open = send_all(connection, answer.body);
    }
  }
  ::shutdown(connection, SHUT_WR);
  ::close(connection);
}

}  // namespace embargod

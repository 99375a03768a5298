#include "tests/daemon/sys/fake_ntp_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace embargod {

FakeNtpServer::FakeNtpServer(std::function<std::string(const std::string&)> answer) {
  socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof a;
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&a), size) != 0 ||
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&a), &size) != 0)
    throw std::runtime_error{"cannot bind a UDP port"};
  address_ = "127.0.0.1:" + std::to_string(ntohs(a.sin_port));
  thread_ = std::thread{[this, answer = std::move(answer)] { serve(answer); }};
}

FakeNtpServer::~FakeNtpServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(stop_, &one, sizeof one);
  thread_.join();
  ::close(socket_);
  ::close(stop_);
}

void FakeNtpServer::serve(const std::function<std::string(const std::string&)>& answer) {
  for (;;) {
    std::array<pollfd, 2> fds{{{socket_, POLLIN, 0}, {stop_, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0 || fds[1].revents != 0) return;
    std::array<char, 512> buffer{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t n = ::recvfrom(socket_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (n < 48) continue;
    ++asked_;
    const std::string back = answer(std::string(buffer.data(), static_cast<std::size_t>(n)));
    if (!back.empty()) ::sendto(socket_, back.data(), back.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

void put_word(std::string& packet, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) packet[at + i] = static_cast<char>(value >> (24U - 8U * i));
}

std::string good_ntp_answer(const std::string& question, std::int64_t offset_us) {
  std::string p(48, '\0');
  p[0] = 0x24;           // version 4, server
  p[1] = 2;              // stratum
  put_word(p, 4, 655);   // root delay 10 ms
  put_word(p, 8, 1311);  // root dispersion 20 ms
  p.replace(24, 8, question.substr(40, 8));
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count() +
      offset_us;
  const auto seconds = static_cast<std::uint64_t>(now / 1'000'000) + 2'208'988'800U;
  const auto fraction = (static_cast<std::uint64_t>(now % 1'000'000) << 32U) / 1'000'000U;
  for (const std::size_t at : {std::size_t{32}, std::size_t{40}}) {
    put_word(p, at, static_cast<std::uint32_t>(seconds));
    put_word(p, at + 4, static_cast<std::uint32_t>(fraction));
  }
  return p;
}

}  // namespace embargod

#include "daemon/sys/sntp.h"

#include <netdb.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace embargod {
namespace {

Micros read_micros(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);
  return Micros{std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000};
}

/// Wall time at the start of the exchange, then ticks: a step in between must not look like delay.
class ExchangeTimer {
 public:
  [[nodiscard]] Micros started() const { return wall_; }
  [[nodiscard]] Micros elapsed() const { return read_micros(CLOCK_BOOTTIME) - ticks_; }

 private:
  Micros wall_ = read_micros(CLOCK_REALTIME);
  Micros ticks_ = read_micros(CLOCK_BOOTTIME);
};

struct SocketCloser {
  int fd = -1;
  ~SocketCloser() {
    if (fd >= 0) ::close(fd);
  }
};

/// "host", "host:port", "[v6]:port" or a bare v6 address.
std::pair<std::string, std::string> host_and_port(const std::string& server) {
  if (server.starts_with('[')) {
    const auto end = server.find(']');
    if (end != std::string::npos) {
      const bool with_port = server.size() > end + 2 && server[end + 1] == ':';
      return {server.substr(1, end - 1), with_port ? server.substr(end + 2) : "123"};
    }
  }
  const auto colon = server.find(':');
  if (colon == std::string::npos || server.find(':', colon + 1) != std::string::npos) return {server, "123"};
  return {server.substr(0, colon), server.substr(colon + 1)};
}

tl::unexpected<Fault> sntp_fault(const std::string& server, const std::string& what) {
  return fail(Errc::unavailable, what, server, "check the name and that UDP port 123 is open");
}

/// A UDP socket that hears only this server.
Result<int> connect_to(const std::string& server) {
  const auto [host, port] = host_and_port(server);
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* raw = nullptr;
  if (const int rc = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &raw); rc != 0)
    return sntp_fault(server, std::string{"cannot resolve: "} + ::gai_strerror(rc));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found{raw, ::freeaddrinfo};
  int error = ECONNREFUSED;
  for (const addrinfo* a = found.get(); a != nullptr; a = a->ai_next) {
    const int fd = ::socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && ::connect(fd, a->ai_addr, a->ai_addrlen) == 0) return fd;
    error = errno;
    if (fd >= 0) ::close(fd);
  }
  return sntp_fault(server, std::string{"cannot reach: "} + std::strerror(error));
}

std::uint64_t random_nonce() {
  std::uint64_t n = 0;
  // The kernel's pool is there long before we are; a short read cannot happen for 8 bytes.
  while (n == 0) {
    if (::getrandom(&n, sizeof n, 0) < 0 && errno != EINTR)
      n = static_cast<std::uint64_t>(read_micros(CLOCK_BOOTTIME).count());
  }
  return n;
}

}  // namespace

Result<SntpSample> query_sntp(const std::string& server, Millis timeout) {
  const auto connected = connect_to(server);
  if (!connected) return tl::unexpected<Fault>{connected.error()};
  const SocketCloser socket{*connected};
  const std::uint64_t nonce = random_nonce();
  const auto question = sntp_request(nonce);
  const ExchangeTimer timer;
  if (::send(socket.fd, question.data(), question.size(), MSG_NOSIGNAL) < 0)
    return sntp_fault(server, std::string{"cannot send: "} + std::strerror(errno));
  std::string last_seen;
  for (;;) {
    const auto left = std::chrono::ceil<Millis>(Micros{timeout} - timer.elapsed());
    if (left <= Millis{0}) break;
    pollfd p{socket.fd, POLLIN, 0};
    const int ready = ::poll(&p, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return sntp_fault(server, std::string{"cannot wait: "} + std::strerror(errno));
    if (ready <= 0) continue;
    std::array<char, 512> buffer{};
    const ssize_t n = ::recv(socket.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    const Micros received = timer.started() + timer.elapsed();
    if (n < 0) {
      if (errno == EAGAIN || errno == EINTR) continue;
      return sntp_fault(server, std::string{"no answer: "} + std::strerror(errno));
    }
    auto sample = read_sntp({buffer.data(), static_cast<std::size_t>(n)}, {nonce, timer.started(), received});
    if (sample) return sample;
    sample.error().where = server;
    if (sample.error().code != Errc::invalid_input) return sample;
    last_seen = sample.error().what;  // anybody may send us that: go on waiting for the server's
  }
  return sntp_fault(server, last_seen.empty() ? "no answer" : "no valid answer, but one that " + last_seen);
}

ClockDiscipline::ClockDiscipline(SystemClock& clock, std::vector<std::string> servers, Log& log)
    : ClockDiscipline{clock, std::move(servers), log, Timing{}} {}

ClockDiscipline::ClockDiscipline(SystemClock& clock, std::vector<std::string> servers, Log& log, Timing timing)
    : clock_{clock}, servers_{std::move(servers)}, log_{log}, timing_{timing} {
  if (!servers_.empty()) thread_ = std::thread{[this] { run(); }};
}

ClockDiscipline::~ClockDiscipline() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::vector<SntpSample> ClockDiscipline::ask_all() {
  std::vector<SntpSample> samples;
  for (const auto& server : servers_) {
    if (const auto until = left_alone_until_.find(server); until != left_alone_until_.end()) {
      if (clock_.ticks() < until->second) continue;
      left_alone_until_.erase(until);
    }
    for (int attempt = 1; attempt <= timing_.attempts && !stop_.stop_requested(); ++attempt) {
      const auto sample = query_sntp(server, timing_.timeout);
      if (sample) {
        samples.push_back(*sample);
        break;
      }
      const bool kissed = sample.error().code == Errc::conflict;
      if (kissed) left_alone_until_[server] = clock_.ticks() + timing_.leave_alone;
      if (kissed || attempt == timing_.attempts)
        log_.warn("time server gives no time", {{"server", server}, {"error", sample.error().what}});
      if (kissed) break;
    }
  }
  return samples;
}

bool ClockDiscipline::measure() {
  const std::lock_guard lock{round_};
  const auto samples = ask_all();
  const bool was_verified = clock_.verified();
  const auto verdict = combine_sntp(samples);
  const std::string error = words(std::chrono::ceil<Millis>(verdict.error));
  if (verdict.agreed) {
    clock_.measured(verdict.error);
    if (!was_verified) log_.info("clock is verified", {{"error", error}});
    return true;
  }
  if (samples.empty()) {
    clock_.unanswered();
  } else {
    clock_.contradicted(verdict.error);
    log_.warn("time servers contradict each other", {{"error", error}});
  }
  if (was_verified) log_.warn("clock is not verified any more");
  return false;
}

void ClockDiscipline::run() {
  constexpr Millis kNoticeableStep{100};
  const auto stop = stop_.get_token();
  while (!stop.stop_requested()) {
    const Millis pause = measure() ? timing_.every : timing_.retry;
    const Millis until = clock_.ticks() + pause;
    while (!stop.stop_requested() && clock_.ticks() < until) {
      if (clock_.verified() && clock_.step_since_measured() > kNoticeableStep) {
        log_.warn("the clock was stepped", {{"by", words(clock_.step_since_measured())}});
        break;
      }
      std::unique_lock lock{wait_mutex_};
      const Millis left = std::clamp(until - clock_.ticks(), Millis{1}, timing_.look_for_steps);
      wait_.wait_for(lock, stop, left, [] { return false; });
    }
  }
}

}  // namespace embargod

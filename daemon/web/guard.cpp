#include "daemon/web/guard.h"

#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "daemon/web/guarded_stream.h"
#include "daemon/web/listener.h"

namespace embargod {
namespace {

constexpr Millis kLinger{300};  // for the client to read a refusal before the connection is reset
constexpr std::size_t kLingerBytes = 256U << 10U;
constexpr std::size_t kTurnedAway = 64;

/// A whole reply of our own, for requests that the library does not get to see. The connection ends with it.
std::string canned(int status, const char* why) {
  const WebReply r = problem(status, why);
  std::string s = "HTTP/1.1 " + std::to_string(status) + " " + status_title(status) + "\r\n";
  for (const auto& [name, value] : default_web_headers()) s += name + ": " + value + "\r\n";
  if (status == 503) s += "Retry-After: 1\r\n";
  return s + "Content-Type: " + r.type + "\r\nContent-Length: " + std::to_string(r.body.size()) +
         "\r\nConnection: close\r\n\r\n" + r.body;
}

std::string lowered_name(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

WebRequest to_request(const httplib::Request& from) {
  WebRequest q;
  q.method = from.method;
  q.path = from.path;
  q.query = {from.params.begin(), from.params.end()};
  for (const auto& [name, value] : from.headers) q.headers[lowered_name(name)] = value;
  q.body = from.body;
  q.peer = from.remote_addr;
  return q;
}

void fill(httplib::Response& to, WebReply from) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) {
    to.headers.erase(name);
    to.set_header(name, value);
  }
  to.headers.erase("Content-Type");
  to.set_header("Content-Type", from.type);
  to.body = std::move(from.body);  // set_content() would copy it
}

/// Reads what is still coming, so that closing does not reset the connection under our last words.
void discard(int fd, std::size_t& budget, bool& over) {
  std::array<char, 4096> waste{};
  while (budget > 0) {
    const ssize_t n = ::recv(fd, waste.data(), waste.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) break;
    budget -= std::min(budget, static_cast<std::size_t>(n));
  }
  over = true;
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& default_web_headers() {
  static const std::vector<std::pair<std::string, std::string>> kHeaders{
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action "
       "'self'; "
       "frame-ancestors 'none'; base-uri 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Frame-Options", "DENY"},
      {"Cache-Control", "no-store"},
  };
  return kHeaders;
}

/// The library's listening and waiting parts are not used: its accept loop ends on the first error, its pool has no
/// bound, and its stop() waits for clients.
class HardServer::Core final : private httplib::Server {
 public:
  Core(Setup setup, const Clock& clock, Log& log)
      : setup_{std::move(setup)},
        log_{log},
        stop_event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)},
        waiter_{clock, stop_event_.get()} {
    httplib::Headers headers;
    for (const auto& [name, value] : default_web_headers()) headers.emplace(name, value);
    set_default_headers(std::move(headers));
    set_pre_routing_handler([this](const httplib::Request& q, httplib::Response& r) {
      fill(r, answer(to_request(q)));
      return HandlerResponse::Handled;
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& r, std::exception_ptr) {
      fill(r, problem(500, "something went wrong here; the log says what"));
    });
  }
  ~Core() override { stop_all(); }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  Result<std::string> listen_on(const std::string& address) {
    auto listener = listen_at(address);
    if (!listener) return tl::unexpected{listener.error()};
    listeners_.push_back(std::move(*listener));
    return listeners_.back().address;
  }

  Result<void> start_threads() {
    if (stop_event_.get() < 0) return fail(Errc::io, "no event descriptor to be had", setup_.name);
    try {
      for (int i = 0; i < setup_.limits.threads; ++i) threads_.emplace_back([this] { work(); });
      threads_.emplace_back([this] { accept_all(); });
    } catch (const std::system_error& e) {
      stop_all();
      return fail(Errc::io, std::string{"cannot start a thread: "} + e.what(), setup_.name);
    }
    return {};
  }

  void stop_all() {
    const std::lock_guard once{stop_mutex_};
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    if (stop_event_.get() >= 0) ::eventfd_write(stop_event_.get(), 1);
    changed_.notify_all();
    for (auto& t : threads_) t.join();
    threads_.clear();
    queue_.clear();
    turned_away_.clear();
    listeners_.clear();
  }

 private:
  enum class Got { bytes, end, late };
  struct Leaving {
    Descriptor socket;
    Millis until;
    std::size_t budget;
  };

  // ---- the accepting thread

  void accept_all() {
    std::vector<pollfd> fds;
    for (const auto& l : listeners_) fds.push_back({l.socket.get(), POLLIN, 0});
    fds.push_back({stop_event_.get(), POLLIN, 0});
    while (true) {
      const int ready = ::poll(fds.data(), fds.size(), turned_away_.empty() ? -1 : 50);
      see_off();
      if (ready < 0) continue;
      if (fds.back().revents != 0) return;
      for (const auto& fd : fds) {
        if (fd.revents != 0 && !accept_some(fd.fd)) pause();
      }
    }
  }

  /// False: the system has no descriptor or memory for a connection.
  bool accept_some(int listener) {
    for (int i = 0; i < 64; ++i) {
      Descriptor fd{::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
      if (fd.get() < 0) {
        const bool short_of = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (short_of && !short_told_) {
          log_.error("cannot accept connections",
                     {{"server", setup_.name}, {"error", std::generic_category().message(errno)}});
        }
        short_told_ = short_told_ || short_of;
        return !short_of;  // all else concerns one connection that is gone already
      }
      short_told_ = false;
      const int on = 1;
      setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      admit(std::move(fd));
    }
    return true;
  }

  void pause() {
    pollfd stop{stop_event_.get(), POLLIN, 0};
    ::poll(&stop, 1, 50);
  }

  void admit(Descriptor fd) {
    {
      const std::lock_guard lock{mutex_};
      if (live_ < setup_.limits.clients) {
        ++live_;
        queue_.push_back(std::move(fd));
        waiting_ = static_cast<int>(queue_.size());
        changed_.notify_one();
        return;
      }
    }
    static const std::string kBusy = canned(503, "too many connections; try again in a second");
    ::send(fd.get(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(fd.get(), SHUT_WR);
    if (turned_away_.size() < kTurnedAway)
      turned_away_.push_back({std::move(fd), waiter_.ticks() + kLinger, kLingerBytes});
  }

  void see_off() {
    std::erase_if(turned_away_, [this](Leaving& l) {
      bool over = waiter_.ticks() >= l.until;
      discard(l.socket.get(), l.budget, over);
      return over;
    });
  }

  // ---- the pool

  void work() {
    for (;;) {
      Descriptor fd;
      {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        fd = std::move(queue_.front());
        queue_.pop_front();
        waiting_ = static_cast<int>(queue_.size());
      }
      try {
        serve(fd.get());
      } catch (const std::exception& e) {
        log_.error("connection dropped", {{"server", setup_.name}, {"error", e.what()}});
      }
      fd = Descriptor{};
      const std::lock_guard lock{mutex_};
      --live_;
    }
  }

  void serve(int fd) {
    std::string in;  // received and not yet used
    for (int n = 1; n <= setup_.limits.requests_per_connection; ++n) {
      if (in.empty() && first_byte(fd, in, n == 1) != Got::bytes) break;
      if (!one_request(fd, in, n == setup_.limits.requests_per_connection)) break;
    }
    linger(fd);
  }

  Got first_byte(int fd, std::string& in, bool fresh) {
    const Millis until = waiter_.ticks() + (fresh ? setup_.limits.first_byte : setup_.limits.idle);
    if (fresh) return receive(fd, in, until);
    constexpr Millis kSlice{100};
    while (waiter_.ticks() < until && !waiter_.stopping()) {
      const Got got = receive(fd, in, std::min(until, waiter_.ticks() + kSlice));
      if (got != Got::late) return got;
      if (waiting_ > 0) return Got::late;  // an idle client yields its thread
    }
    return Got::late;
  }

  Got receive(int fd, std::string& in, Millis deadline) {
    std::array<char, 4096> buffer{};
    for (;;) {
      if (waiter_.wait(fd, POLLIN, deadline) != Waiter::End::ready) return Got::late;
      const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
      if (n <= 0) return Got::end;
      in.append(buffer.data(), static_cast<std::size_t>(n));
      return Got::bytes;
    }
  }

  /// True if another request may follow on this connection.
  bool one_request(int fd, std::string& in, bool last) {
    const auto& limits = setup_.limits;
    const Millis deadline = waiter_.ticks() + limits.request;
    std::size_t end = 0;
    std::size_t from = 0;
    while ((end = in.find("\r\n\r\n", from)) == std::string::npos) {
      if (in.size() > limits.head.head) {
        return refuse(fd, in.find("\r\n") == std::string::npos ? 414 : 431, "the request head is too long");
      }
      from = in.size() < 3 ? 0 : in.size() - 3;
      const Got got = receive(fd, in, deadline);
      if (got == Got::end) return false;
      if (got == Got::late) return !waiter_.stopping() && refuse(fd, 408, "the request took too long");
    }
    const std::size_t head_size = end + 4;
    const HeadCheck check = check_head(std::string_view{in}.substr(0, head_size), limits.head);
    if (check.status != 0) return refuse(fd, check.status, check.why);
    if (!known_host(fd, check.host)) return refuse(fd, 421, "this Host is not served here; see web.external_url");
    if (check.wants_continue && in.size() < head_size + check.body &&
        !send_all(fd, "HTTP/1.1 100 Continue\r\n\r\n", deadline, waiter_)) {
      return false;
    }
    while (in.size() < head_size + check.body) {
      const Got got = receive(fd, in, deadline);
      if (got == Got::end) return false;
      if (got == Got::late) return !waiter_.stopping() && refuse(fd, 408, "the request took too long");
    }
    std::string body = in.substr(head_size, check.body);
    in.erase(0, head_size + check.body);
    return hand_over(fd, check.head, std::move(body), last);
  }

  bool hand_over(int fd, const std::string& head, std::string body, bool last) {
    GuardedStream stream{fd, head, setup_.limits.reply, waiter_};
    bool closed = false;
    const bool ok = process_request(stream, last, closed, [&body](httplib::Request& q) {
      q.body = std::move(body);
      q.ranges.clear();
      for (const char* name : {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"}) q.headers.erase(name);
    });
    return ok && !closed && !stream.failed() && !waiter_.stopping();
  }

  bool refuse(int fd, int status, const char* why) {
    return send_all(fd, canned(status, why), waiter_.ticks() + Millis{1'000}, waiter_) && false;
  }

  WebReply answer(const WebRequest& q) {
    try {
      return setup_.handler(q);
    } catch (const std::exception& e) {
      log_.error("request failed", {{"server", setup_.name}, {"method", q.method}, {"error", e.what()}});
    } catch (...) {
      log_.error("request failed", {{"server", setup_.name}, {"method", q.method}, {"error", "unknown"}});
    }
    return problem(500, "something went wrong here; the log says what");
  }

  /// Against DNS rebinding: a page of evil.example cannot reach us under a name of ours.
  bool known_host(int fd, const std::string& host) const {
    const auto& names = setup_.known_hosts;
    return host == "localhost" || host == "127.0.0.1" || host == "::1" ||
           std::find(names.begin(), names.end(), host) != names.end() || host == ip_of(fd, SocketEnd::own);
  }

  void linger(int fd) {
    ::shutdown(fd, SHUT_WR);
    const Millis until = waiter_.ticks() + kLinger;
    std::size_t budget = kLingerBytes;
    bool over = false;
    while (!over && waiter_.wait(fd, POLLIN, until) == Waiter::End::ready) discard(fd, budget, over);
  }

  Setup setup_;
  Log& log_;
  Descriptor stop_event_;
  Waiter waiter_;
  std::vector<Listener> listeners_;
  std::vector<Leaving> turned_away_;  // accepting thread
  bool short_told_ = false;           // accepting thread
  std::mutex stop_mutex_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Descriptor> queue_;  // mutex_
  int live_ = 0;                  // mutex_
  bool stopping_ = false;         // mutex_
  std::atomic<int> waiting_{0};   // queue_.size()
  std::vector<std::thread> threads_;
};

HardServer::HardServer(Setup setup, const Clock& clock, Log& log)
    : core_{std::make_unique<Core>(std::move(setup), clock, log)} {}
HardServer::~HardServer() = default;
Result<std::string> HardServer::listen_on(const std::string& address) { return core_->listen_on(address); }
Result<void> HardServer::start() { return core_->start_threads(); }
void HardServer::stop() { core_->stop_all(); }

}  // namespace embargod

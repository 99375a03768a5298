#include "probes/curl_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace embargod {
namespace {

constexpr Millis kLongestWait{60'000};

epoll_event event_for(int fd, std::uint32_t events) {
  epoll_event e{};
  e.events = events;
  e.data.fd = fd;
  return e;
}

}  // namespace

Result<std::unique_ptr<CurlLoop>> CurlLoop::make(const Clock& clock, long host_connections) {
  std::unique_ptr<CurlLoop> loop{new CurlLoop{clock}};
  loop->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  loop->event_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (loop->epoll_ < 0 || loop->event_ < 0) return fail(Errc::unavailable, "no descriptor for the event loop");
  epoll_event e = event_for(loop->event_, EPOLLIN);
  if (epoll_ctl(loop->epoll_, EPOLL_CTL_ADD, loop->event_, &e) != 0)
    return fail(Errc::unavailable, "epoll refused the event descriptor");
  loop->multi_.reset(curl_multi_init());
  CURLM* m = loop->multi_.get();
  const bool ok = m != nullptr && curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket) == CURLM_OK &&
                  curl_multi_setopt(m, CURLMOPT_SOCKETDATA, loop.get()) == CURLM_OK &&
                  curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer) == CURLM_OK &&
                  curl_multi_setopt(m, CURLMOPT_TIMERDATA, loop.get()) == CURLM_OK &&
                  curl_multi_setopt(m, CURLMOPT_MAX_HOST_CONNECTIONS, host_connections) == CURLM_OK &&
                  curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, 1024L) == CURLM_OK;
  if (!ok) return fail(Errc::unavailable, "libcurl gave no multi handle");
  return loop;
}

CurlLoop::~CurlLoop() {
  multi_.reset();  // it still calls on_socket
  if (event_ >= 0) close(event_);
  if (epoll_ >= 0) close(epoll_);
}

void CurlLoop::watch(int fd, std::uint32_t events) {
  const auto i = static_cast<std::size_t>(fd);
  if (i >= watches_.size()) watches_.resize(i + 64);
  Watch& w = watches_[i];
  w.events = events;
  epoll_event e = event_for(fd, events);
  // `registered` may speak of an earlier socket of this number: closing took that one out of epoll without a word.
  const int first = w.registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  const int second = w.registered ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  w.registered = epoll_ctl(epoll_, first, fd, &e) == 0 || epoll_ctl(epoll_, second, fd, &e) == 0;
}

void CurlLoop::unregister(int fd) {
  epoll_event e{};
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, &e);
  watches_[static_cast<std::size_t>(fd)] = Watch{};
}

int CurlLoop::on_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (what == CURL_POLL_REMOVE) {
    if (static_cast<std::size_t>(fd) < loop.watches_.size()) loop.watches_[static_cast<std::size_t>(fd)].events = 0;
    return 0;
  }
  std::uint32_t events = 0;
  if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  loop.watch(fd, events);
  return 0;
}

int CurlLoop::on_timer(CURLM*, long timeout_ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  loop.timer_ = timeout_ms < 0 ? std::nullopt : std::optional<Millis>{loop.clock_.ticks() + Millis{timeout_ms}};
  return 0;
}

bool CurlLoop::add(CURL* easy) { return curl_multi_add_handle(multi_.get(), easy) == CURLM_OK; }

void CurlLoop::remove(CURL* easy) {
  curl_multi_remove_handle(multi_.get(), easy);
  // It may have ended in the same turn as it is taken out.
  done_.erase(std::remove_if(done_.begin(), done_.end(), [easy](const Completion& c) { return c.easy == easy; }),
              done_.end());
}

void CurlLoop::act(curl_socket_t fd, int mask) {
  int running = 0;
  curl_multi_socket_action(multi_.get(), fd, mask, &running);
  // After every action, the timer's too: a transfer may end in any of them, and nothing else would tell.
  int left = 0;
  while (const CURLMsg* m = curl_multi_info_read(multi_.get(), &left))
    if (m->msg == CURLMSG_DONE) done_.push_back({m->easy_handle, m->data.result});
}

bool CurlLoop::turn(Millis up_to) {
  Millis wait = std::clamp(up_to, Millis{0}, kLongestWait);
  if (timer_) wait = std::clamp(*timer_ - clock_.ticks(), Millis{0}, wait);
  std::array<epoll_event, 256> events;
  const int n = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait.count()));
  bool woken = false;
  for (int i = 0; i < n; ++i) {
    const int fd = events[static_cast<std::size_t>(i)].data.fd;
    const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
    if (fd == event_) {
      std::uint64_t count = 0;
      woken = read(event_, &count, sizeof count) == sizeof count || woken;
      continue;
    }
    if (watches_[static_cast<std::size_t>(fd)].events == 0) {
      unregister(fd);  // a parked connection that the server closed: libcurl notices when it wants to use it again
      continue;
    }
    int mask = 0;
    if ((what & EPOLLIN) != 0) mask |= CURL_CSELECT_IN;
    if ((what & EPOLLOUT) != 0) mask |= CURL_CSELECT_OUT;
    if ((what & (EPOLLERR | EPOLLHUP)) != 0) mask |= CURL_CSELECT_ERR;
    act(fd, mask);
  }
  if (timer_ && *timer_ <= clock_.ticks()) {
    timer_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  return woken;
}

std::vector<Completion> CurlLoop::completions() { return std::exchange(done_, {}); }

void CurlLoop::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written =
      write(event_, &one, sizeof one);  // full means that a wake-up is pending already
}

}  // namespace embargod

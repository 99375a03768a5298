#pragma once
// A libcurl multi handle on epoll, with an eventfd that ends the wait.

#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "config/types/clock.h"
#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// A transfer that ended by itself. The easy handle is still in the loop.
struct Completion {
  CURL* easy = nullptr;
  CURLcode code = CURLE_OK;
};

/// One thread; wake() from any. Handles that are still in it must be removed before they are cleaned up.
class CurlLoop {
 public:
  /// `host_connections`: most connections to one host and port, idle ones included.
  /// Error unavailable: no epoll, no eventfd, or libcurl out of memory.
  [[nodiscard]] static Result<std::unique_ptr<CurlLoop>> make(const Clock& clock, long host_connections);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  [[nodiscard]] bool add(CURL* easy);
  void remove(CURL* easy);

  /// Waits for sockets, libcurl's timer or wake(), at most `up_to`, and lets libcurl work. Returns whether wake() was
  /// called.
  [[nodiscard]] bool turn(Millis up_to);

  /// What ended since the last call.
  [[nodiscard]] std::vector<Completion> completions();

  void wake();

 private:
  struct MultiCleanup {
    void operator()(CURLM* m) const { curl_multi_cleanup(m); }
  };
  // What epoll holds for a descriptor. A socket that libcurl has parked stays registered: taking idle connections out
  // and in again costs a fifth of all CPU.
  struct Watch {
    std::uint32_t events = 0;  // 0 = libcurl is not interested now
    bool registered = false;
  };

  explicit CurlLoop(const Clock& clock) : clock_{clock} {}
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* socket_data);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  void watch(int fd, std::uint32_t events);
  void unregister(int fd);
  void act(curl_socket_t fd, int mask);

  const Clock& clock_;
  int epoll_ = -1;
  int event_ = -1;
  std::vector<Watch> watches_;   // by descriptor
  std::optional<Millis> timer_;  // when libcurl wants to be called, in ticks
  std::vector<Completion> done_;
  std::unique_ptr<CURLM, MultiCleanup> multi_;
};

}  // namespace embargod

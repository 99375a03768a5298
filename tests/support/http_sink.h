#pragma once
// A small receiver of POSTs on a loopback port, answering by script; what it was sent can be looked at. One thread for
// each connection.

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace embargod {

struct SinkRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// One answer of the script.
struct SinkAnswer {
  enum class Kind { answer, hang, close } kind = Kind::answer;  // hang: read all, say nothing; close: read all, close
  int status = 200;
  std::string headers;  // "Retry-After: 7\r\n"
  std::string body;
  bool endless = false;  // goes on sending body until the client leaves
};

class HttpSink {
 public:
  HttpSink();
  ~HttpSink();
  HttpSink(const HttpSink&) = delete;
  HttpSink& operator=(const HttpSink&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/hook") const;

  /// Used once each, in order; after the last, `always` (200 at first) is answered.
  void then(SinkAnswer answer);
  void always(SinkAnswer answer);

  /// From now on no HTTP: each connection gets these bytes at once and is closed.
  void greet(std::string bytes);

  [[nodiscard]] std::vector<SinkRequest> requests() const;

 private:
  void accept_loop();
  void serve(int connection);
  SinkAnswer next_answer();

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::string greeting_;
  std::deque<SinkAnswer> script_;
  SinkAnswer always_;
  std::vector<SinkRequest> requests_;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

}  // namespace embargod

#pragma once
// An HTTP server on a free loopback port that answers each path by a script, wrongly if asked to.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace embargod {

/// What is wrong with an answer.
enum class Misbehaviour {
  none,
  hang,             // no answer; the connection stays open
  close_early,      // closed without an answer
  reset,            // RST without an answer
  reset_in_body,    // RST after half of the body
  lying_length,     // a Content-Length of 1000 bytes more than the body, then closed
  chunked_cut,      // chunked, closed inside a chunk
  endless_body,     // the body again and again, for ever
  endless_headers,  // header lines for ever
  endless_100,      // "100 Continue" for ever
  endless_line,     // one header line for ever
  drip,             // the body byte by byte, one each `delay`
  raw,              // `body` is sent as it is, instead of an answer, and the connection closed
};

struct ServerAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body = "ok";
  Misbehaviour fault = Misbehaviour::none;
  std::chrono::milliseconds delay{0};  // before the answer; between the bytes of a drip
};

struct ServedRequest {
  std::string path;  // with query
  std::string head;  // request line and headers, as received
  std::chrono::steady_clock::time_point at;
};

/// Thread-safe. Each connection has a thread; the destructor ends them all.
class FaultServer {
 public:
  FaultServer();  // aborts the test program if no port can be had
  ~FaultServer();
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  /// The answers to requests of `path`, in turn; the last one stays. Unscripted paths get 404.
  void script(const std::string& path, std::vector<ServerAnswer> answers);

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const;

  [[nodiscard]] std::vector<ServedRequest> requests() const;
  [[nodiscard]] int count(const std::string& path) const;
  [[nodiscard]] int connections() const { return connections_; }    // accepted so far
  [[nodiscard]] int most_at_once() const { return most_at_once_; }  // requests being answered at the same time
  [[nodiscard]] int descriptors() const { return descriptors_; }    // of connections, held in this process

 private:
  struct Peer {
    int fd = -1;
    std::thread thread;
    std::atomic<bool> over{false};
  };

  void accept_loop();
  void serve(Peer& peer);
  bool answer(int fd, const std::string& path);
  bool misbehave(int fd, const ServerAnswer& a, const std::string& length);
  bool send_all(int fd, const std::string& bytes) const;
  void wait_for_close(int fd, std::chrono::milliseconds up_to) const;
  void reap();

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0}, busy_{0}, most_at_once_{0}, descriptors_{0};
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<ServerAnswer>> scripts_;
  std::map<std::string, std::size_t> served_;
  std::vector<ServedRequest> requests_;
  std::list<Peer> peers_;
  std::thread acceptor_;
};

/// `decoded` zero bytes, gzip-compressed: about a thousandth of that.
[[nodiscard]] std::string gzip_of_zeros(std::size_t decoded);

[[nodiscard]] std::string gzip_of(const std::string& bytes);

}  // namespace embargod

#pragma once
// A web server on loopback addresses that answers as it is told, wrongly if it is told to. Without a thread of its own:
// whoever waits for its answers pumps it.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/ctl/played_web.h"

namespace embargod {

/// A request as it came in.
struct WireRequest {
  std::string address;  // that it was sent to
  std::string host;     // the Host header without a port
  std::string method;
  std::string target;  // path and query
  Headers headers;
};

/// One thread.
class PlayedOrigin {
 public:
  using Handler = std::function<PlayedAnswer(const WireRequest&)>;

  explicit PlayedOrigin(Handler handler);  // aborts the test program if no port can be had
  ~PlayedOrigin();
  PlayedOrigin(const PlayedOrigin&) = delete;
  PlayedOrigin& operator=(const PlayedOrigin&) = delete;

  /// Listens at `address` too, a loopback one. On the same port everywhere.
  void listen_at(const std::string& address);

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int closed_port() const { return closed_port_; }  // bound, but nobody listens

  /// Serves what has come in, for at most so long.
  void pump(Millis up_to);

 private:
  enum class Mode { serving, hanging, endless, dripping, closing };
  struct Peer {
    int fd = -1;
    std::string address;
    std::string in, out;
    Mode mode = Mode::serving;
    std::string again;  // endless: what is sent again and again
  };

  bool open_at(const std::string& address, int port);
  void accept_from(std::size_t listener);
  void receive(Peer& p);
  void send_some(Peer& p);
  void answer(Peer& p, const std::string& head);
  static void misbehave(Peer& p, const PlayedAnswer& a, const std::string& head, const std::string& length);
  static void reset(Peer& p);
  static void drop(Peer& p);

  Handler handler_;
  struct Listener {
    std::string address;
    int fd = -1;
  };
  std::vector<Listener> listeners_;
  std::vector<Peer> peers_;
  int port_ = 0;
  int closed_port_ = 0;
  int closed_fd_ = -1;
};

}  // namespace embargod

#pragma once
// cpp-httplib 0.11.4 behind a guard: the library parses and writes, but never waits, never reads a socket and never
// sees a head that check_head() did not take (dependencies.md 1.2). Whatever a client does, it holds a thread no longer
// than the deadlines below.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/types/clock.h"
#include "config/types/result.h"
#include "daemon/watch/log.h"
#include "daemon/web/http_head.h"
#include "daemon/web/message.h"

namespace embargod {

struct GuardLimits {
  HeadLimits head;
  Millis first_byte{5'000};  // from the accept (or a free thread) to the first byte
  Millis request{5'000};     // from the first byte of a request to its last, however the client spreads them
  Millis reply{15'000};      // from the first byte of a reply to its last
  Millis idle{15'000};       // between two requests of a connection; ends at once when others wait for a thread
  int requests_per_connection = 100;
  int threads = 8;
  int clients = 48;  // connections served and waiting; further ones get 503 at once
};

/// A server of one or several addresses with a pool of its own.
class HardServer {
 public:
  using Handler = std::function<WebReply(const WebRequest&)>;

  struct Setup {
    std::string name;  // for the log: "web", "metrics"
    std::vector<std::string>
        known_hosts;  // in lower case without port; loopback names and the connection's own address are known anyway
    Handler handler;  // called by several threads at once; an exception becomes a 500 that says nothing
    GuardLimits limits;
  };

  HardServer(Setup setup, const Clock& clock, Log& log);
  ~HardServer();  // stops
  HardServer(const HardServer&) = delete;
  HardServer& operator=(const HardServer&) = delete;

  /// "HOST:PORT", port 0 = any free one. Returns the address with its real port. Connections wait until start().
  /// Errors: busy if somebody listens there; invalid_input, io.
  [[nodiscard]] Result<std::string> listen_on(const std::string& address);

  /// Accepts from now on. Error io: no thread to be had.
  [[nodiscard]] Result<void> start();

  /// Idle and slow clients are cut, running handlers finish, replies under way get a second. Any thread but the
  /// server's; twice is fine.
  void stop();

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

/// The headers every reply carries.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& default_web_headers();

}  // namespace embargod

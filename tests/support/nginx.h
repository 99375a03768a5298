#pragma once
// A real nginx on free loopback ports, for tests.

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "config/types/result.h"

namespace embargod {

/// What differs from a plain file server. In both texts @PORT@, @TLS_PORT@, @ROOT@ and @FOLDER@ are replaced.
struct NginxConf {
  std::string server;  // inside the server block; may be empty
  std::string http;    // inside the http block, beside the server; may be empty
  bool tls = false;  // also listens with TLS and HTTP/2 at tls_port(), with a self-signed certificate for localhost and
                     // 127.0.0.1
};

/// One process (no workers), ended with the object and with the test program. One thread.
class Nginx {
 public:
  /// Serves `folder`/html, which is created if need be. Returns once it accepts connections.
  /// Error unavailable: nginx is not installed or does not take the config; the fault quotes its error log.
  [[nodiscard]] static Result<std::unique_ptr<Nginx>> start(const std::filesystem::path& folder, const NginxConf& conf);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int tls_port() const { return tls_port_; }  // 0 without TLS
  [[nodiscard]] std::filesystem::path root() const { return folder_ / "html"; }
  [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::filesystem::path access_log() const { return folder_ / "access.log"; }
  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] std::string tls_url(const std::string& path) const;
  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Puts a file in place at once, so that no request sees half of it. Error io.
  [[nodiscard]] Result<void> put(const std::string& path, const std::string& content) const;
  void remove(const std::string& path) const;

  void stop();                           // SIGKILL; the object stays usable for restart()
  [[nodiscard]] Result<void> restart();  // on the same ports

 private:
  Nginx() = default;
  [[nodiscard]] Result<void> launch();
  void write_config(const NginxConf& conf) const;

  std::filesystem::path folder_;
  int port_ = 0;
  int tls_port_ = 0;
  pid_t pid_ = -1;
};

/// A TCP port on 127.0.0.1 that was free just now; whoever uses it must be ready to try another.
[[nodiscard]] int free_loopback_port();

/// Whether something accepts connections on 127.0.0.1:port within `milliseconds`.
[[nodiscard]] bool accepts_connections(int port, int milliseconds);

}  // namespace embargod

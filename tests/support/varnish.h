#pragma once
// A real varnishd in front of a server on loopback, for tests.

#include <filesystem>
#include <memory>
#include <string>

#include "config/types/result.h"
#include "tests/support/child_process.h"

namespace embargod {

/// 16 MB of memory, nothing on disk but its own files. Ended with the object and with the test program. One thread.
class Varnish {
 public:
  /// `vcl` is what stands below the backend, which is named `origin` and is 127.0.0.1:`origin_port`; "" = Varnish's own
  /// rules, under which answers without a lifetime, 404 too, are kept for 120 s. Returns once it accepts connections.
  /// Error unavailable: varnishd is not installed or does not take the VCL; the fault quotes its output.
  [[nodiscard]] static Result<std::unique_ptr<Varnish>> start(const std::filesystem::path& folder, int origin_port,
                                                              const std::string& vcl = {});
  ~Varnish();
  Varnish(const Varnish&) = delete;
  Varnish& operator=(const Varnish&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const;
  void stop();

 private:
  Varnish() = default;
  [[nodiscard]] Result<void> launch(const std::filesystem::path& folder);

  int port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace embargod

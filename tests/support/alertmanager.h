#pragma once
// A real prometheus-alertmanager on a loopback port, with its own folder, alone in its cluster.

#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace embargod {

class RealAlertmanager {
 public:
  static bool installed();

  /// Starts and waits until it is ready; tries other ports if one is taken. What it decides to send goes to
  /// `webhook_url` (group_wait 0 s, group_interval 1 s, send_resolved); empty: to nobody. Throws std::runtime_error
  /// with its log.
  explicit RealAlertmanager(const std::string& webhook_url = {});

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  void stop();
  void start_again();  // on the same port and folder

  /// `amtool alert query -o json` of what is active: a JSON array.
  [[nodiscard]] std::string alerts() const;

  [[nodiscard]] std::string log() const { return slurp(folder_.path() + "/log"); }

 private:
  bool start();

  TempFolder folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace embargod

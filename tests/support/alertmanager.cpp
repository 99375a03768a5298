#include "tests/support/alertmanager.h"

#include <fstream>
#include <stdexcept>

namespace embargod {
namespace {

constexpr const char* kProgram = "prometheus-alertmanager";

}  // namespace

bool RealAlertmanager::installed() {
  return run_program({kProgram, "--version"}).exit_status == 0 && run_program({"amtool", "--version"}).exit_status == 0;
}

RealAlertmanager::RealAlertmanager(const std::string& webhook_url) {
  std::ofstream config{folder_.path() + "/alertmanager.yml"};
  config << "route: {receiver: sink, group_by: [alertname, release, site], group_wait: 0s, group_interval: 1s, "
            "repeat_interval: 1h}\n"
         << "receivers:\n  - name: sink\n";
  if (!webhook_url.empty()) config << "    webhook_configs: [{url: \"" << webhook_url << "\", send_resolved: true}]\n";
  config.close();
  constexpr int kTries = 5;
  for (int i = 0; i < kTries; ++i) {
    port_ = maybe_free_port();
    if (start()) return;
  }
  throw std::runtime_error{"Alertmanager does not start:\n" + log()};
}

bool RealAlertmanager::start() {
  const std::string address = "127.0.0.1:" + std::to_string(port_);
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{kProgram, "--config.file=" + folder_.path() + "/alertmanager.yml",
                               "--storage.path=" + folder_.path() + "/data", "--web.listen-address=" + address,
                               "--cluster.listen-address=", "--log.level=info"},
      folder_.path() + "/log");
  bool ready = false;
  (void)eventually(
      [&] {
        ready = run_program({"amtool", "--alertmanager.url=" + url(), "alert", "query", "-o", "json"}).exit_status == 0;
        return ready || !process_->running();
      },
      std::chrono::seconds{20});
  return ready && process_->running();
}

void RealAlertmanager::stop() { process_->stop(); }

void RealAlertmanager::start_again() {
  if (!start()) throw std::runtime_error{"Alertmanager does not start again:\n" + log()};
}

std::string RealAlertmanager::alerts() const {
  const Ran ran = run_program({"amtool", "--alertmanager.url=" + url(), "alert", "query", "-o", "json"});
  return ran.exit_status == 0 ? ran.output : "[]";
}

}  // namespace embargod

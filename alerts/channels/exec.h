#pragma once
// A program of the operator's own, run once for each step with the webhook's JSON on standard input. Accepted: exit 0.
// Rejected: exit 65 (EX_DATAERR: "this message, never"). Retried: every other exit, a signal, the time limit, a program
// that cannot be started: a script that fails because its network is down exits with 1 as easily as with 75.

#include <atomic>
#include <string>

#include "alerts/notifier.h"
#include "config/settings.h"

namespace embargod {

/// No shell. The program has the environment PATH, LANG and EMBARGOD_RECEIVER and nothing else, runs in "/", in a
/// process group of its own with all signals at their defaults and no descriptor but 0, 1 and 2. At the time limit, at
/// cancel() and once it has ended, all that is left of the group is killed. What it prints is read, kept up to 4 KiB,
/// and stands as one cleaned line in the receipt of a failure.
class ExecNotifier final : public Notifier {
 public:
  ExecNotifier(std::string name, ExecSettings settings);
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override;
  void cancel() override { cancelled_ = true; }

 private:
  [[nodiscard]] Receipt run(const std::string& input) const;

  ReceiverTraits traits_;
  ExecSettings settings_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace embargod

#include "daemon/wiring.h"

#include <iostream>
#include <memory>
#include <utility>

#include "alerts/channels/make_notifiers.h"
#include "daemon/daemon.h"
#include "daemon/lifecycle.h"
#include "daemon/sys/signals.h"
#include "daemon/sys/systemd.h"
#include "daemon/watch/plan.h"
#include "probes/http_prober.h"

namespace embargod {
namespace {

constexpr Millis kLookAround{1'000};

int complain(const Fault& fault, int code) {
  std::cerr << "embargod: " << to_string(fault) << '\n';
  return code;
}

int complain(const Faults& faults) {
  for (const Fault& f : faults) std::cerr << to_string(f) << '\n';
  std::cerr << "embargod: " << faults.size() << (faults.size() == 1 ? " fault" : " faults")
            << "; nothing was started\n";
  return kExitConfig;
}

int say_config_is_good(const Plan& plan) {
  std::size_t targets = 0;
  for (const Release& r : plan.schedule.releases) targets += r.targets.size();
  for (const std::string& note : plan.schedule.notes) std::cout << "note: " << note << '\n';
  std::cout << "config is good: " << plan.schedule.releases.size() << " releases, " << targets << " URLs, "
            << plan.receivers.size() << " receivers\n";
  return kExitOk;
}

void reload(Daemon& daemon, const std::string& status) {
  notify_reloading();
  if (const auto done = daemon.reload(); !done)
    notify_ready("config refused, the old one stays; " + status);
  else
    notify_ready(daemon.status());
}

/// Until a signal, or until the engine failed. systemd's watchdog is fed by the engine's progress, never by this loop
/// alone.
int watch_over(Daemon& daemon, Signals& signals, Log& log) {
  const Millis every = std::min(kLookAround, watchdog_interval().value_or(kLookAround));
  std::string last_status;
  while (!daemon.failed()) {
    const auto signal = signals.wait(every);
    if (signal == SignalKind::stop) {
      log.info("asked to stop");
      return kExitOk;
    }
    if (signal == SignalKind::reload) reload(daemon, daemon.status());
    if (daemon.progressing()) notify_watchdog();
    daemon.look_at_outbox();
    daemon.keep_log();
    if (const std::string status = daemon.status(); status != last_status) {
      notify_status(status);
      last_status = status;
    }
  }
  return kExitFailure;
}

int live(Daemon& daemon, Signals& signals, Log& log) {
  int code = kExitOk;
  {
    Lifecycle life{log};
    life.add("outbox", [&] { daemon.start_outbox(); }, [&] { daemon.stop_outbox(); });
    life.add("engine", [&] { daemon.start_engine(); }, [&] { daemon.stop_engine(); });
    life.add("drills", [] {}, [&] { daemon.stop_drills(); });
    Result<void> serving;
    life.add("web", [&] { serving = daemon.start_web(); }, [&] { daemon.stop_web(); });
    if (!serving) {
      complain(serving.error(), kExitFailure);
      return kExitFailure;
    }
    life.add("dead man", [&] { daemon.start_dead_man(); }, [&] { daemon.stop_dead_man(); });
    life.add("canary", [&] { daemon.start_canary(); }, [&] { daemon.stop_canary(); });
    notify_ready(daemon.status());
    log.info("ready", {{"status", daemon.status()}});
    code = watch_over(daemon, signals, log);
    notify_stopping("delivering what is pending");
  }
  daemon.keep_log();  // a head over what the stop recorded
  log.info("stopped", {{"exit_code", std::to_string(code)}});
  return code;
}

}  // namespace

int run(const Options& options) {
  auto loaded = load_with(options);
  if (!loaded) return complain(loaded.error());
  auto notifiers = make_notifiers(loaded->settings.alerts, loaded->settings.timezone);
  std::vector<ReceiverTraits> traits;
  traits.reserve(notifiers.size());
  for (const auto& n : notifiers) traits.push_back(n->traits());
  const auto plan = make_plan(loaded->settings, loaded->schedule, traits);
  if (!plan) return complain(plan.error());
  if (options.check_config) return say_config_is_good(**plan);

  auto signals = Signals::take();  // before any thread, so that all inherit the mask
  if (!signals) return complain(signals.error(), kExitFailure);
  SystemClock clock{loaded->settings.clock.assumed_error};
  const auto log = make_log(options.log, clock);
  for (const std::string& note : (*plan)->schedule.notes) log->warn("schedule", {{"note", note}});
  if (notifiers.empty()) log->warn("no receiver is configured: nobody will be told");
  auto prober = make_http_prober(prober_settings(loaded->settings.polling, user_agent(loaded->settings)), clock);
  if (!prober) return complain(prober.error(), kExitFailure);
  auto daemon =
      Daemon::build(options, std::move(*loaded), std::move(*prober), std::move(notifiers), *plan, clock, *log);
  if (!daemon) return complain(daemon.error(), kExitFailure);
  return live(**daemon, *signals, *log);
}

}  // namespace embargod

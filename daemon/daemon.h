#pragma once
// The daemon's parts while it runs, and what several of them share: the settings in force, reload, progress.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alerts/ack_link.h"
#include "alerts/dead_man.h"
#include "alerts/emergency.h"
#include "alerts/outbox_worker.h"
#include "config/settings_reader.h"
#include "daemon/canary.h"
#include "daemon/drill.h"
#include "daemon/evidence/log_keeper.h"
#include "daemon/evidence/warc_vault.h"
#include "daemon/metrics/prometheus_meter.h"
#include "daemon/reloadable_prober.h"
#include "daemon/store/file_journal.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/sys/sntp.h"
#include "daemon/sys/system_clock.h"
#include "daemon/watch/engine.h"
#include "daemon/web/server.h"
#include "daemon/wiring.h"

namespace embargod {

/// Reads the config with the command line on top. Faults as people read them.
[[nodiscard]] Checked<Loaded> load_with(const Options& options);

/// How embargod names itself to sites: they may ask us to stop, and logs can tell us from readers.
[[nodiscard]] std::string user_agent(const Settings& s);

class Daemon {
 public:
  /// Everything that can be refused is made here. Error: what and where, for stderr; `conflict` and `busy` where
  /// another daemon is at work.
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> build(const Options& options, Loaded loaded,
                                                             std::unique_ptr<Prober> prober,
                                                             std::vector<std::unique_ptr<Notifier>> notifiers,
                                                             std::shared_ptr<const Plan> plan, SystemClock& clock,
                                                             Log& log);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Steps of the lifecycle. Main thread.
  void start_outbox();
  void start_engine();
  void stop_engine();
  void stop_outbox();
  [[nodiscard]] Result<void> start_web();
  void stop_web();

  /// Validates first, swaps whole, keeps the old on any fault. Any thread; one at a time.
  [[nodiscard]] Checked<void> reload();

  /// The engine's turn got through lately. Any thread.
  [[nodiscard]] bool progressing() const;
  [[nodiscard]] bool failed() const { return failed_.load(); }
  [[nodiscard]] std::string status() const;

  /// Counts what is pending and notices when nobody can be told. Main thread, about each second.
  void look_at_outbox();
  /// Signs a head of the evidence log where one is due. Main thread, about each second.
  void keep_log();
  void start_dead_man() { dead_man_->start(); }
  void stop_dead_man() { dead_man_->stop(); }
  void start_canary() { canary_->start(); }
  void stop_canary() { canary_->stop(); }
  void stop_drills() { drills_->stop(); }

 private:
  struct Parts;
  Daemon(const Options& options, Parts parts, SystemClock& clock, Log& log);

  void run_engine();
  [[nodiscard]] Health health() const;
  [[nodiscard]] WebDoors web_doors();
  [[nodiscard]] Result<RenderedReport> report(const WebReportRequest& request);
  [[nodiscard]] std::shared_ptr<const Settings> settings() const;
  [[nodiscard]] std::shared_ptr<const AckLinks> ack_links() const;  // null: switched off
  void count(const DeliveryReport& r);
  void make_dead_man(const AlertSettings& alerts);
  void make_canary(const Settings& settings);
  void make_drills(const Settings& settings);
  void drilled(const DrillRecord& r);
  [[nodiscard]] Result<std::vector<std::string>> drill_receivers(const std::vector<std::string>& asked) const;
  void forget_canary();
  void landed(const Result<CanaryFlight>& flight);
  [[nodiscard]] LifeSigns signs() const;
  [[nodiscard]] Result<AlertTrial> test_alert(const std::string& receiver, const std::string& by);
  [[nodiscard]] std::optional<std::vector<std::string>> untold_keys();
  void log_config();
  void warn_of_restart(const Settings& before, const Settings& after);

  const Options options_;
  SystemClock& clock_;
  Log& log_;
  mutable std::mutex settings_mutex_;
  std::shared_ptr<const Settings> settings_;
  std::shared_ptr<const AckLinks> ack_links_;
  std::vector<ReceiverTraits> receivers_;  // of these settings
  std::mutex reload_mutex_;
  std::unique_ptr<SqliteState> state_;
  std::unique_ptr<LogKeeper> keeper_;
  PrometheusMeter meter_;
  WarcVault vault_;
  ReloadableProber prober_;
  EmergencyOutbox emergency_;
  std::unique_ptr<FileJournal> journal_;  // null: the disk took none
  DeliveryNews delivery_news_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<OutboxWorker> outbox_;
  std::unique_ptr<ClockDiscipline> discipline_;
  std::unique_ptr<WebServer> web_;
  mutable std::mutex signs_mutex_;  // the next two
  LifeSigns signs_;                 // but for the engine's, which it tells itself
  UntoldWatch untold_;
  Millis began_{0};        // ticks: what was not done yet is counted from here
  bool was_mute_ = false;  // main thread
  std::unique_ptr<DeadMan> dead_man_;
  int canary_failures_ = 0;  // in a row; canary's thread
  std::unique_ptr<Canary> canary_;
  std::unique_ptr<DrillGround> drills_;
  std::shared_ptr<const Plan> plan_;  // in force; guarded by reload_mutex_ once it runs
  std::size_t targets_ = 0;
  std::thread engine_thread_;
  std::atomic<bool> stop_engine_{false};
  std::atomic<bool> failed_{false};
};

}  // namespace embargod

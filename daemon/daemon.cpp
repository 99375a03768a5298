#include "daemon/daemon.h"

#include <exception>
#include <map>
#include <utility>

#include "alerts/channels/make_notifiers.h"
#include "config/network_names.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/report/report.h"
#include "daemon/sys/systemd.h"
#include "daemon/watch/plan.h"
#include "probes/http_prober.h"

namespace embargod {
namespace {

constexpr Millis kTurn{5'000};    // at most; signals, commands and reloads wake it
constexpr Millis kStale{30'000};  // no turn got through for so long: not alive
constexpr Millis kDrain{10'000};  // SIGTERM: what is pending gets so long

std::vector<ReceiverTraits> traits_of(const std::vector<std::unique_ptr<Notifier>>& notifiers) {
  std::vector<ReceiverTraits> out;
  out.reserve(notifiers.size());
  for (const auto& n : notifiers) out.push_back(n->traits());
  return out;
}

std::size_t targets_in(const Schedule& s) {
  std::size_t n = 0;
  for (const Release& r : s.releases) n += r.targets.size();
  return n;
}

/// Of the sources that are read again and again: the others are never stale.
std::map<std::string, Millis> intervals_of(const Settings& settings) {
  std::map<std::string, Millis> out;
  for (const ScheduleSource& s : settings.schedules)
    if (s.interval > Millis{0} && !s.is_operators()) out.emplace(s.name, s.interval);
  return out;
}

std::shared_ptr<const AckLinks> links_for(const std::optional<AckLinkSettings>& settings, const WebSettings& web) {
  return settings ? std::make_shared<const AckLinks>(*settings, web.external_url) : nullptr;
}

/// A file that was cut short, or saved empty, must not end every embargo: who means it starts embargod anew. Where
/// calendars bring releases, files may well be empty.
std::optional<Fault> nothing_left(const Schedule& next, const Settings& settings, const Schedule& now_watched,
                                  Instant now) {
  const auto& sources = settings.schedules;
  if (!next.releases.empty() ||
      !std::all_of(sources.begin(), sources.end(), [](const ScheduleSource& s) { return s.is_operators(); }))
    return std::nullopt;
  const auto embargoed = std::count_if(
      now_watched.releases.begin(), now_watched.releases.end(),
      [now](const Release& r) { return r.status != ReleaseStatus::cancelled && (!r.due.at || *r.due.at > now); });
  if (embargoed == 0) return std::nullopt;
  return Fault{
      Errc::conflict, "schedules",
      "no release is left, but " + std::to_string(embargoed) + (embargoed == 1 ? " is" : " are") + " embargoed still",
      "put them back, or cancel them with embargoctl release cancel; a restart takes the empty schedule"};
}

bool same_prober(const Polling& a, const Polling& b) {
  return a.timeout == b.timeout && a.per_host.rate == b.per_host.rate && a.per_host.burst == b.per_host.burst &&
         a.per_host.connections == b.per_host.connections && a.allow_addresses == b.allow_addresses &&
         a.proxy == b.proxy;
}

}  // namespace

Checked<Loaded> load_with(const Options& options) {
  auto loaded = load_config(options.config_file);
  if (!loaded) return loaded;
  if (options.storage_path) loaded->settings.storage.path = *options.storage_path;
  if (options.listen.empty()) return loaded;
  Faults faults;
  for (const std::string& address : options.listen) {
    const auto parsed = parse_host_port(address);
    if (!parsed) {
      faults.push_back(Fault{Errc::invalid_input, "--web.listen-address", parsed.error().what, parsed.error().to_do});
    } else if (!parsed->is_loopback) {
      faults.push_back(Fault{Errc::invalid_input, "--web.listen-address",
                             "\"" + address + "\" is not a loopback address",
                             "listen on 127.0.0.1 and put a proxy with authentication in front"});
    }
  }
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  loaded->settings.web.listen = options.listen;
  return loaded;
}

std::string user_agent(const Settings& s) {
  std::string agent = std::string{"embargod/"} + EMBARGOD_VERSION;
  if (!s.producer.contact.email.empty()) agent += " (+mailto:" + s.producer.contact.email + ")";
  return agent;
}

struct Daemon::Parts {
  std::shared_ptr<const Settings> settings;
  std::unique_ptr<SqliteState> state;
  std::unique_ptr<LogKeeper> keeper;
  std::unique_ptr<FileJournal> journal;
  std::unique_ptr<Prober> prober;
  std::shared_ptr<const Plan> plan;
  std::vector<std::unique_ptr<Notifier>> notifiers;
  std::shared_ptr<const AckLinks> ack_links;
};

Result<std::unique_ptr<Daemon>> Daemon::build(const Options& options, Loaded loaded, std::unique_ptr<Prober> prober,
                                              std::vector<std::unique_ptr<Notifier>> notifiers,
                                              std::shared_ptr<const Plan> plan, SystemClock& clock, Log& log) {
  Parts parts;
  parts.settings = std::make_shared<const Settings>(std::move(loaded.settings));
  parts.ack_links = links_for(parts.settings->alerts.ack_links, parts.settings->web);
  auto state = open_sqlite(parts.settings->storage.path);
  if (!state) return tl::unexpected<Fault>{state.error()};
  parts.state = std::move(*state);
  auto journal = start_journal(parts.settings->storage.path, *parts.state, log);
  if (!journal) return tl::unexpected<Fault>{journal.error()};
  parts.journal = std::move(*journal);
  auto keeper = LogKeeper::open(parts.settings->storage.path, {.log = parts.state->log(), .clock = clock, .say = log});
  if (!keeper) return tl::unexpected<Fault>{keeper.error()};
  parts.keeper = std::move(*keeper);
  parts.prober = std::move(prober);
  parts.plan = std::move(plan);
  parts.notifiers = std::move(notifiers);
  std::unique_ptr<Daemon> daemon{new Daemon{options, std::move(parts), clock, log}};
  if (auto opened = daemon->engine_->open(); !opened) return tl::unexpected<Fault>{opened.error()};
  return daemon;
}

Daemon::Daemon(const Options& options, Parts parts, SystemClock& clock, Log& log)
    : options_{options},
      clock_{clock},
      log_{log},
      settings_{parts.settings},
      ack_links_{std::move(parts.ack_links)},
      state_{std::move(parts.state)},
      keeper_{std::move(parts.keeper)},
      meter_{EMBARGOD_VERSION},
      vault_{{.state_folder = parts.settings->storage.path,
              .by =
                  [this] {
                    const auto s = settings();
                    return CapturedBy{.software = std::string{"embargod/"} + EMBARGOD_VERSION,
                                      .operator_name = s->producer.name,
                                      .user_agent = user_agent(*s)};
                  }},
             log_},
      prober_{std::move(parts.prober)},
      journal_{std::move(parts.journal)},
      plan_{parts.plan},
      targets_{targets_in(parts.plan->schedule)} {
  meter_.tzdata(true);  // load_config() refuses to go on without it
  meter_.source_intervals(intervals_of(*parts.settings));
  meter_.reloaded(true, clock_.now());
  engine_ = std::make_unique<Engine>(Engine::Doors{.clock = clock_,
                                                   .prober = prober_,
                                                   .store = state_->store(),
                                                   .vault = vault_,
                                                   .meter = meter_,
                                                   .emergency = emergency_,
                                                   .log = log_,
                                                   .poke_outbox = [this] { outbox_->poke(); },
                                                   .journal = journal_.get(),
                                                   .deliveries = &delivery_news_},
                                     parts.plan);
  receivers_ = parts.plan->receivers;
  outbox_ = std::make_unique<OutboxWorker>(OutboxWorker::Doors{.outbox = state_->outbox(),
                                                               .emergency = emergency_,
                                                               .clock = clock_,
                                                               .report = [this](const DeliveryReport& r) { count(r); },
                                                               .progress = [this] { return progressing(); },
                                                               .external_url = parts.settings->web.external_url,
                                                               .address =
                                                                   [this](Alert& a, const std::string& receiver) {
                                                                     const auto links = ack_links();
                                                                     if (links) links->add_to(a, receiver);
                                                                   }},
                                           std::move(parts.notifiers));
  make_drills(*parts.settings);
  web_ = std::make_unique<WebServer>(WebServer::Setup{.web = parts.settings->web,
                                                      .zone = parts.settings->timezone,
                                                      .producer = parts.settings->producer,
                                                      .version = EMBARGOD_VERSION,
                                                      .limits = {}},
                                     web_doors());
  make_dead_man(parts.settings->alerts);
  make_canary(*parts.settings);
  log_config();
}

Daemon::~Daemon() {
  stop_dead_man();
  stop_canary();
  stop_web();
  stop_drills();
  stop_engine();
}

// ---- lifecycle ----

void Daemon::start_outbox() { outbox_->start(); }

void Daemon::stop_outbox() {
  notify_extend_timeout(kDrain + Millis{5'000});
  if (!outbox_->drain_and_stop(kDrain)) log_.warn("alerts are still pending; they are delivered after the next start");
}

void Daemon::start_engine() {
  discipline_ = std::make_unique<ClockDiscipline>(clock_, settings()->clock.ntp_servers, log_);
  engine_thread_ = std::thread{[this] { run_engine(); }};
}

void Daemon::run_engine() {
  try {
    while (!stop_engine_.load()) engine_->turn(kTurn);
    engine_->stop();
  } catch (const std::exception& e) {
    // A watchman must not go on half alive: end, be restarted, continue from what was committed.
    log_.error("the engine failed", {{"fault", e.what()}});
    failed_.store(true);
  }
}

void Daemon::stop_engine() {
  if (!engine_thread_.joinable()) return;
  stop_engine_.store(true);
  prober_.wake();
  engine_thread_.join();
  discipline_.reset();
}

Result<void> Daemon::start_web() {
  auto bound = web_->start();
  if (!bound) return tl::unexpected<Fault>{bound.error()};
  return {};
}

void Daemon::stop_web() {
  outbox_->refuse_trials();  // else a page that waits for one would hold up the stop
  web_->stop();
}

// ---- what the parts ask ----

std::shared_ptr<const Settings> Daemon::settings() const {
  const std::lock_guard lock{settings_mutex_};
  return settings_;
}

std::shared_ptr<const AckLinks> Daemon::ack_links() const {
  const std::lock_guard lock{settings_mutex_};
  return ack_links_;
}

bool Daemon::progressing() const { return !failed() && clock_.ticks() - engine_->last_progress() < kStale; }

std::string Daemon::status() const {
  std::string s = "watching " + std::to_string(targets_) + (targets_ == 1 ? " URL" : " URLs");
  if (!engine_->first_round_done()) s += ", first round under way";
  if (!engine_->store_ok()) s += "; the store refuses to write";
  return s;
}

Health Daemon::health() const {
  Health h;
  h.healthy = progressing();
  h.healthy_text = h.healthy ? (engine_->store_ok() ? "healthy" : "watching, but the store refuses to write")
                             : "the engine makes no progress";
  const Millis now = clock_.ticks();
  if (const LifeSigns s = signs(); h.healthy && is_mute(s, now)) {
    h.healthy = false;
    h.healthy_text = why_not_alive({.engine = now, .stored = now, .looked = now, .untold_since = s.untold_since}, now);
  }
  h.ready = h.healthy && engine_->first_round_done();
  h.ready_text = h.ready ? "ready" : h.healthy ? "the first round of looks is under way" : h.healthy_text;
  return h;
}

void Daemon::count(const DeliveryReport& r) {
  if (r.key.empty() && r.alertname.empty()) {  // not a delivery: the worker cannot read or mark its rows
    log_.error("outbox", {{"receiver", r.receiver}, {"fault", r.detail}});
    return;
  }
  meter_.notification(r.receiver, r.outcome);
  if (r.outcome == Outcome::accepted && !r.key.empty())
    delivery_news_.put(
        {.incident = r.key.substr(0, r.key.find(':')), .alertname = r.alertname, .receiver = r.receiver});
  const bool routine = r.outcome == Outcome::accepted && r.key.empty();  // resends and the watchdog, each minute
  log_.write(r.outcome == Outcome::accepted ? (routine ? LogLevel::debug : LogLevel::info) : LogLevel::warn,
             "notification",
             {{"receiver", r.receiver},
              {"alertname", r.alertname},
              {"key", r.key},
              {"outcome", r.outcome == Outcome::accepted ? "accepted"
                          : r.outcome == Outcome::retry  ? "retried"
                                                         : "rejected"},
              {"detail", r.detail},
              {"attempts", std::to_string(r.attempts)}});
}

Result<RenderedReport> Daemon::report(const WebReportRequest& request) {
  const auto format = report_format_from(request.format);
  if (!format)
    return fail(Errc::invalid_input, "\"" + request.format + "\" is not a report format here", "format",
                "use " + listed(report_format_words(), " or "));
  const auto form = report_form_from(request.form);
  if (!form)
    return fail(Errc::invalid_input, "\"" + request.form + "\" is not a report form", "form", "use full or log-entry");
  const auto s = settings();
  auto body =
      report_from_store(state_->reader(), report_settings(*s, EMBARGOD_VERSION, user_agent(*s)),
                        ReportRequest{.incidents = request.incidents, .form = *form, .format = *format}, clock_.now());
  if (!body) return tl::unexpected<Fault>{body.error()};
  return RenderedReport{.type = report_media_type(*format),
                        .body = std::move(*body),
                        .file_name = "breach-report-draft." + request.format,
                        .is_to_keep = is_office_format(*format)};
}

WebDoors Daemon::web_doors() {
  return WebDoors{
      .reader = state_->reader(),
      .commands = *engine_,
      .clock = clock_,
      .log = log_,
      .metrics = [this] { return meter_.expose(); },
      .health = [this] { return health(); },
      .reload = [this] { return reload(); },
      .report = [this](const WebReportRequest& r) { return report(r); },
      .lint = [this] { return engine_->lint(); },
      .listings = [this] { return engine_->listings(); },
      .test_alert = [this](const std::string& receiver, const std::string& by) { return test_alert(receiver, by); },
      .drills = drills_.get(),
      .ack_link = [this](const std::string& token) -> Result<AckClaim> {
        const auto links = ack_links();
        if (!links) return fail(Errc::not_found, "no such link");
        return links->read(token);
      }};
}

// ---- reload ----

void Daemon::warn_of_restart(const Settings& before, const Settings& after) {
  if (before.storage.path != after.storage.path) log_.warn("storage.path changes at the next start only");
  if (before.web.listen != after.web.listen || before.web.metrics_listen != after.web.metrics_listen)
    log_.warn("web.listen and web.metrics_listen change at the next start only");
  if (before.clock.ntp_servers != after.clock.ntp_servers || before.clock.assumed_error != after.clock.assumed_error)
    log_.warn("clock settings change at the next start only");
}

Checked<void> Daemon::reload() {
  const std::lock_guard one_at_a_time{reload_mutex_};
  const auto refuse = [this](Faults faults) {
    meter_.reloaded(false, clock_.now());
    for (const Fault& f : faults) log_.error("config refused, the old one stays", {{"fault", to_string(f)}});
    return tl::unexpected<Faults>{std::move(faults)};
  };
  auto loaded = load_with(options_);
  if (!loaded) return refuse(std::move(loaded.error()));
  const auto before = settings();
  const auto after = std::make_shared<const Settings>(std::move(loaded->settings));
  auto notifiers = make_notifiers(after->alerts, after->timezone);
  auto plan = make_plan(*after, loaded->schedule, traits_of(notifiers));
  if (!plan) return refuse(std::move(plan.error()));
  if (auto emptied = nothing_left((*plan)->schedule, *after, plan_->schedule, clock_.now())) return refuse({*emptied});
  const bool new_prober = !same_prober(before->polling, after->polling) || user_agent(*before) != user_agent(*after);
  if (new_prober) {
    auto prober = make_http_prober(prober_settings(after->polling, user_agent(*after)), clock_);
    if (!prober) return refuse({prober.error()});
    prober_.exchange(std::move(*prober));
  }
  warn_of_restart(*before, *after);
  for (const std::string& note : loaded->schedule.notes) log_.warn("schedule", {{"note", note}});
  outbox_->replace(std::move(notifiers));
  engine_->replace_plan(*plan);
  plan_ = *plan;
  {
    const std::lock_guard lock{settings_mutex_};
    settings_ = after;
    ack_links_ = links_for(after->alerts.ack_links, after->web);
    receivers_ = (*plan)->receivers;
  }
  dead_man_->replace(after->alerts.dead_man);
  canary_->set_interval(after->alerts.canary_interval);
  if (after->alerts.canary_interval == Millis{0}) forget_canary();
  meter_.source_intervals(intervals_of(*after));
  meter_.reloaded(true, clock_.now());
  log_config();
  log_.info("config reloaded", {{"releases", std::to_string((*plan)->schedule.releases.size())}});
  return {};
}

}  // namespace embargod

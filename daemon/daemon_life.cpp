// Proof of life: what the daemon got done, whether anybody can be told, and who outside hears of it.

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "alerts/test_alert.h"
#include "config/text_checks.h"
#include "config/types/digest.h"
#include "daemon/daemon.h"

namespace embargod {
namespace {

constexpr Millis kTrialBound{15'000};  // a delivery under way, and then ours
constexpr int kLookedThrough = 500;    // rows of one look at the outbox

}  // namespace

void Daemon::make_dead_man(const AlertSettings& alerts) {
  began_ = clock_.ticks();
  signs_ = LifeSigns{.engine = began_, .stored = began_, .looked = began_, .untold_since = {}, .canary_failing = false};
  dead_man_ = std::make_unique<DeadMan>(
      DeadMan::Doors{.clock = clock_,
                     .signs = [this] { return signs(); },
                     .pinged = [this](Instant at) { meter_.dead_man_success(at); },
                     .trouble =
                         [this](const std::string& why) {
                           if (why.empty())
                             log_.info("the dead man's switch answers again");
                           else
                             log_.warn("the dead man's switch does not answer; it will shout if this lasts",
                                       {{"fault", why}});
                         }},
      alerts.dead_man);
}

Result<AlertTrial> Daemon::test_alert(const std::string& receiver, const std::string& by) {
  const Alert alert =
      make_test_alert({.by = by, .receiver = receiver, .external_url = settings()->web.external_url}, clock_.now());
  const auto trial = outbox_->try_out(receiver, alert, kTrialBound);
  if (!trial && trial.error().code == Errc::not_found) return tl::unexpected<Fault>{trial.error()};
  const std::string outcome = !trial                                        ? "no answer"
                              : trial->receipt.outcome == Outcome::accepted ? "accepted"
                              : trial->receipt.outcome == Outcome::retry    ? "retried"
                                                                            : "rejected";
  const std::string said = trial ? trial->receipt.detail : trial.error().what;
  const auto recorded =
      engine_->run({.what = Command::What::alert_tested, .id = receiver, .by = by, .reason = outcome + ": " + said});
  if (!recorded)
    log_.warn("the test of a receiver could not be recorded",
              {{"receiver", receiver}, {"by", by}, {"fault", to_string(recorded.error())}});
  if (!trial) return tl::unexpected<Fault>{trial.error()};
  return AlertTrial{.receiver = receiver, .outcome = outcome, .detail = said, .took = trial->took};
}

void Daemon::make_canary(const Settings& settings) {
  canary_ = std::make_unique<Canary>(
      clock_, Canary::Setup{.folder = settings.storage.path + "/canary", .interval = settings.alerts.canary_interval},
      [this](const Result<CanaryFlight>& flight) { landed(flight); });
}

void Daemon::forget_canary() {
  const std::lock_guard lock{signs_mutex_};
  signs_.canary_failing = false;
}

void Daemon::landed(const Result<CanaryFlight>& flight) {
  constexpr int kEnough = 2;
  if (flight)
    meter_.canary_success(clock_.now());
  else
    meter_.canary_failure();
  const int before = std::exchange(canary_failures_, flight ? 0 : canary_failures_ + 1);
  {
    const std::lock_guard lock{signs_mutex_};
    signs_.canary_failing = canary_failures_ >= kEnough;
  }
  if (!flight)
    log_.write(canary_failures_ >= kEnough ? LogLevel::error : LogLevel::warn, "the canary failed",
               {{"times_in_a_row", std::to_string(canary_failures_)}, {"fault", to_string(flight.error())}});
  else if (before > 0)
    log_.info("the canary came through again", {{"after_ms", std::to_string(flight->took.count())}});
  else
    log_.debug("the canary came through", {{"after_ms", std::to_string(flight->took.count())}});
}

void Daemon::make_drills(const Settings& settings) {
  constexpr int kRemembered = 200;
  if (auto known = state_->reader().drills(kRemembered)) {
    std::reverse(known->begin(), known->end());
    for (const DrillRecord& r : *known) meter_.drill(r);
  } else {
    log_.warn("the drills on record cannot be read", {{"fault", to_string(known.error())}});
  }
  drills_ = std::make_unique<DrillGround>(
      DrillGround::Doors{.clock = clock_,
                         .folder = settings.storage.path + "/drill",
                         .frame =
                             [this] {
                               const auto s = this->settings();
                               return DrillGround::Frame{.external_url = s->web.external_url, .timezone = s->timezone};
                             },
                         .receivers = [this](const std::vector<std::string>& asked) { return drill_receivers(asked); },
                         .send = [this](const std::string& receiver, const Alert& alert,
                                        Millis bound) { return outbox_->try_out(receiver, alert, bound); },
                         .ended = [this](const DrillRecord& r) { drilled(r); },
                         .stored = [this](int limit) { return state_->reader().drills(limit); }});
}

Result<std::vector<std::string>> Daemon::drill_receivers(const std::vector<std::string>& asked) const {
  const std::lock_guard lock{settings_mutex_};
  std::vector<std::string> known, chosen;
  for (const ReceiverTraits& r : receivers_) {
    known.push_back(r.name);
    const bool takes_pages = std::find(r.severities.begin(), r.severities.end(), Severity::page) != r.severities.end();
    const bool is_asked = std::find(asked.begin(), asked.end(), r.name) != asked.end();
    if (asked.empty() ? takes_pages : is_asked) chosen.push_back(r.name);
  }
  for (const std::string& name : asked)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(Errc::not_found, in_quotes(name) + " is no receiver", "receivers",
                  known.empty() ? "there is none" : "there are " + listed(known));
  return chosen;
}

void Daemon::drilled(const DrillRecord& r) {
  meter_.drill(r);
  log_.write(has_passed(r) ? LogLevel::info : LogLevel::warn, "drill ended",
             {{"drill", r.id}, {"by", r.by}, {"result", drill_summary(r)}});
  const auto recorded = engine_->run(
      {.what = Command::What::drilled, .id = r.id, .by = r.by, .reason = {}, .fingerprint = {}, .drill = r});
  if (!recorded)
    log_.warn("the drill could not be recorded", {{"drill", r.id}, {"fault", to_string(recorded.error())}});
}

LifeSigns Daemon::signs() const {
  LifeSigns s;
  {
    const std::lock_guard lock{signs_mutex_};
    s = signs_;
  }
  s.engine = failed() ? Millis::min() / 2 : std::max(began_, engine_->last_progress());
  s.stored = std::max(began_, engine_->last_stored());
  return s;
}

/// Keys of what fires and was accepted by nobody; unset if the store cannot say.
std::optional<std::vector<std::string>> Daemon::untold_keys() {
  std::vector<std::string> keys = emergency_.untold();
  const auto rows = state_->outbox().untold(kLookedThrough);
  if (!rows) return keys.empty() ? std::nullopt : std::optional{keys};
  const std::vector<ReceiverTraits> receivers = [this] {
    const std::lock_guard lock{settings_mutex_};
    return receivers_;
  }();
  for (const Delivery& row : *rows)  // what a receiver of a former config never accepted is no trouble of today's
    if (std::any_of(receivers.begin(), receivers.end(), [&](const auto& r) { return r.name == row.receiver; }))
      keys.push_back(row.alert.key);
  return keys;
}

void Daemon::look_at_outbox() {
  if (const auto rows = state_->outbox().pending_count()) meter_.outbox_pending(*rows);
  const auto keys = untold_keys();
  const Millis now = clock_.ticks();
  LifeSigns signs;
  {
    const std::lock_guard lock{signs_mutex_};
    signs_.looked = now;
    if (keys) signs_.untold_since = untold_.look(*keys, now);
    signs = signs_;
  }
  const bool mute = is_mute(signs, now);
  if (mute == was_mute_) return;
  was_mute_ = mute;
  if (mute)
    log_.error("CRITICAL: nobody can be told: no receiver has accepted a firing alert for a minute",
               {{"to_do", "tell the people on call by other means, then mend a receiver; see /incidents"}});
  else
    log_.info("a receiver has accepted what nobody would take");
}

void Daemon::keep_log() {
  keeper_->keep();
  const LogState state = keeper_->state();
  meter_.evidence_log(state.size, state.sound,
                      state.newest ? std::optional<Instant>{state.newest->at} : std::optional<Instant>{});
}

/// Which config is in force from now on, by its digest: it holds no secrets, but addresses that are nobody's business.
void Daemon::log_config() {
  std::ifstream in{options_.config_file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  const std::string record =
      R"({"sha256":")" + hex(sha256(text.str())) + R"(","version":")" + EMBARGOD_VERSION + R"("})";
  if (const auto logged = state_->log().append("config", clock_.now(), {}, record); !logged)
    log_.warn("the evidence log does not say which config is in force", {{"fault", to_string(logged.error())}});
}

}  // namespace embargod

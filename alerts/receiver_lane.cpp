#include "alerts/receiver_lane.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <set>
#include <utility>

#include "alerts/backoff.h"
#include "alerts/digest.h"

namespace embargod {
namespace {

constexpr int kFirstLimit = 500;
constexpr std::size_t kMaxBatch = 50;
// A receiver that rejects a digest as such is told of each by itself for a while.
constexpr std::chrono::minutes kNoDigests{10};
// After so many failures without a success the receiver itself was away: its first acceptance ends everybody's wait.
constexpr int kAway = 3;
// How far back resolves are known, so that a late second one is not taken for one whose firing never arrived.
constexpr std::chrono::hours kRememberResolves{7 * 24};

bool fires(const Alert& a) { return a.status == AlertStatus::firing; }

}  // namespace

ReceiverLane::ReceiverLane(OutboxWorker::Doors doors, std::unique_ptr<Notifier> notifier, OutboxTiming timing,
                           std::function<double()> random)
    : doors_{std::move(doors)},
      timing_{timing},
      random_{std::move(random)},
      started_at_{doors_.clock.now()},
      current_{std::move(notifier)},
      traits_{current_->traits()},
      limit_{kFirstLimit} {}

void ReceiverLane::swap(std::unique_ptr<Notifier> notifier) {
  const std::scoped_lock lock{mutex_};
  next_ = std::move(notifier);
}

void ReceiverLane::cancel() {
  std::shared_ptr<Notifier> current;
  {
    const std::scoped_lock lock{mutex_};
    current = current_;
    if (next_) next_->cancel();
  }
  current->cancel();
}

std::shared_ptr<Notifier> ReceiverLane::take_notifier() {
  const std::scoped_lock lock{mutex_};
  if (next_) {
    current_ = std::move(next_);
    traits_ = current_->traits();
    next_watchdog_.reset();
    for (auto& [id, shown] : shown_) shown.next_resend_ticks = Millis{0};
  }
  return current_;
}

Turn ReceiverLane::turn(const std::function<bool()>& interrupted) {
  const std::shared_ptr<Notifier> notifier = take_notifier();
  const LaneView view = gather();
  const LanePlan plan = plan_lane(view, timing_);
  for (const std::size_t i : plan.supersede) supersede(view.waiting[i]);
  Turn turn{.left = view.waiting.size() - plan.supersede.size()};
  for (const PlannedSend& planned : plan.send) {
    if (&planned != &plan.send.front() && interrupted()) return turn;
    if (!send(*notifier, view.waiting[planned.waiting], planned.as_firing)) continue;
    ++turn.accepted;
    if (!planned.as_firing) --turn.left;
  }
  for (const auto& members : plan.digests) {
    if (interrupted()) return turn;
    const std::size_t told = send_digest(*notifier, view, members);
    turn.accepted += static_cast<int>(told);
    turn.left -= told;
  }
  if (interrupted()) return turn;
  resend(*notifier, view, plan.resend);
  feed_watchdog(*notifier);
  // What was sent changes the plan.
  if (!plan.send.empty() || !plan.resend.empty() || !plan.digests.empty()) return turn;
  turn.wait = std::clamp(plan.look_again - view.now, Millis{1}, timing_.idle_poll);
  return turn;
}

Trial ReceiverLane::try_out(const Alert& alert) {
  const std::shared_ptr<Notifier> notifier = take_notifier();
  const Millis began = doors_.clock.ticks();
  Trial trial{deliver(*notifier, {alert}), {}};
  trial.took = doors_.clock.ticks() - began;
  report(trial.receipt, &alert, 1);
  return trial;
}

LaneView ReceiverLane::gather() {
  settle_marks();
  if (traits_.standing && !standing_loaded_) load_standing();
  forget_old();
  LaneView view{.now = doors_.clock.now(), .standing = traits_.standing, .waiting = {}, .held = {}};
  gather_rows(view);
  gather_memory(view);
  for (Waiting& w : view.waiting) {
    const auto it = tries_.find(w.alert.key);
    if (it == tries_.end()) continue;
    w.attempts = std::max(w.attempts, it->second.attempts);
    w.next_try = wall(it->second.next_ticks);
  }
  std::set<std::string> keys;
  for (const Waiting& w : view.waiting) keys.insert(w.alert.key);
  std::erase_if(tries_, [&](const auto& entry) { return keys.count(entry.first) == 0; });
  if (traits_.standing) add_held(view);
  if (traits_.digest && doors_.clock.ticks() >= no_digests_until_) view.digest = traits_.digest;
  if (traits_.digest)
    std::erase_if(told_at_, [&](Millis t) { return doors_.clock.ticks() - t >= traits_.digest->within; });
  view.told_lately = static_cast<int>(told_at_.size());
  return view;
}

void ReceiverLane::gather_rows(LaneView& view) {
  Result<std::vector<Delivery>> rows = doors_.outbox.pending(traits_.name, limit_);
  while (rows && rows->size() >= static_cast<std::size_t>(limit_) && limit_ < 1'000'000) {
    limit_ *= 2;
    rows = doors_.outbox.pending(traits_.name, limit_);
  }
  if (!rows) {
    store_says(tl::unexpected<Fault>{rows.error()});
    return;
  }
  if (unmarked_.empty()) store_says({});
  for (Delivery& row : *rows) {
    if (unmarked_.count(row.id) != 0) continue;
    if (!doors_.emergency.was_accepted(traits_.name, row.alert.key)) {
      view.waiting.push_back({std::move(row.alert), row.id, row.attempts, row.next_try});
      continue;
    }
    const std::string key = row.alert.key;
    const auto told = told_.find(key);
    mark(row.id, {true, told == told_.end() ? view.now : told->second, "told from memory"});
    if (const auto shown = shown_.find(standing_id(row.alert)); shown != shown_.end() && shown->second.alert.key == key)
      shown->second.row = row.id;
    told_.erase(key);
    doors_.emergency.forget(traits_.name, key);
  }
}

void ReceiverLane::gather_memory(LaneView& view) const {
  const std::vector<Alert> alerts = doors_.emergency.pending(traits_.name);
  if (alerts.empty()) return;
  std::set<std::string> stored;
  for (const Waiting& w : view.waiting) stored.insert(w.alert.key);
  for (const Alert& a : alerts)
    if (stored.count(a.key) == 0) view.waiting.push_back({a, std::nullopt, 0, {}});
}

void ReceiverLane::load_standing() {
  const Instant now = doors_.clock.now();
  const Millis ticks = doors_.clock.ticks();
  const auto ticks_of = [&](Instant t) { return ticks - std::max(Millis{0}, now - t); };
  const Result<std::vector<Delivery>> rows = doors_.outbox.standing(traits_.name, now - kRememberResolves);
  if (!rows) return store_says(tl::unexpected<Fault>{rows.error()});
  for (const Delivery& row : *rows) {
    Shown shown{row.alert, row.id, ticks_of(row.accepted_at.value_or(now)), {}, Millis{0}};
    shown.firing_ticks = shown.accepted_ticks;
    if (fires(row.alert)) {
      const Result<std::optional<Instant>> first = doors_.outbox.first_accepted(traits_.name, row.alert);
      if (!first) return store_says(tl::unexpected<Fault>{first.error()});
      if (*first) shown.firing_ticks = ticks_of(**first);
    }
    shown_.try_emplace(standing_id(row.alert), std::move(shown));  // what was told meanwhile is newer
  }
  standing_loaded_ = true;
}

void ReceiverLane::add_held(LaneView& view) const {
  for (const auto& [id, shown] : shown_)
    view.held.push_back(
        {shown.alert, shown.row, wall(shown.accepted_ticks), wall(shown.firing_ticks), wall(shown.next_resend_ticks)});
}

void ReceiverLane::forget_old() {
  const Millis ticks = doors_.clock.ticks();
  std::erase_if(shown_, [&](const auto& entry) {
    return !fires(entry.second.alert) && ticks - entry.second.accepted_ticks > kRememberResolves;
  });
}

void ReceiverLane::supersede(const Waiting& w) {
  if (w.row) {
    mark(*w.row, {false, {}, {}});
  } else {
    doors_.emergency.forget(traits_.name, w.alert.key);
  }
}

bool ReceiverLane::send(Notifier& notifier, const Waiting& w, bool as_firing) {
  Alert alert = w.alert;
  if (as_firing) {
    alert.status = AlertStatus::firing;
    alert.notice = Notice::opened;
  }
  const Receipt receipt = deliver(notifier, {alert});
  report(receipt, &w.alert, w.attempts + 1);
  if (receipt.outcome != Outcome::accepted) {
    ++failures_in_a_row_;
    failed(w, receipt);
    return false;
  }
  took_one();
  if (traits_.standing) {
    const Millis ticks = doors_.clock.ticks();
    const auto known = shown_.find(standing_id(alert));
    const bool goes_on = fires(alert) && known != shown_.end() && fires(known->second.alert);
    const Millis firing_since = goes_on ? known->second.firing_ticks : ticks;
    shown_[standing_id(alert)] = {alert, as_firing ? std::nullopt : w.row, ticks, firing_since, ticks + timing_.resend};
  }
  tries_.erase(alert.key);
  if (!as_firing) accepted(w, alert, receipt.detail);
  return true;
}

void ReceiverLane::took_one() {
  if (failures_in_a_row_ >= kAway)
    for (auto& [key, attempt] : tries_)
      if (!attempt.rejected) attempt.next_ticks = doors_.clock.ticks();
  failures_in_a_row_ = 0;
  if (traits_.digest) told_at_.push_back(doors_.clock.ticks());
}

/// How many were told: all or none.
std::size_t ReceiverLane::send_digest(Notifier& notifier, const LaneView& view,
                                      const std::vector<std::size_t>& members) {
  std::vector<Alert> alerts;
  int attempts = 0;
  for (const std::size_t i : members) {
    alerts.push_back(view.waiting[i].alert);
    attempts = std::max(attempts, view.waiting[i].attempts + 1);
  }
  // As it is: a link that acknowledges one incident cannot stand for all.
  Receipt receipt = deliver_as_is(notifier, {make_digest(alerts)});
  receipt.detail += " (one message for " + std::to_string(members.size()) + ")";
  const bool took = receipt.outcome == Outcome::accepted;
  if (!took) ++failures_in_a_row_;
  if (took) took_one();
  if (receipt.outcome == Outcome::rejected) {
    no_digests_until_ = doors_.clock.ticks() + kNoDigests;
    receipt.outcome = Outcome::retry;  // of the digest's form, not of what it says
  }
  const Millis wait = pause_after(attempts, receipt);  // one for all: they stay together
  for (const std::size_t i : members) {
    const Waiting& w = view.waiting[i];
    report(receipt, &w.alert, w.attempts + 1);
    if (!took) {
      put_off(w, receipt, wait);
      continue;
    }
    tries_.erase(w.alert.key);
    accepted(w, w.alert, receipt.detail);
  }
  return took ? members.size() : 0;
}

void ReceiverLane::accepted(const Waiting& w, const Alert& sent, const std::string& detail) {
  if (w.row) {
    mark(*w.row, {true, doors_.clock.now(), detail});
    doors_.emergency.forget(traits_.name, sent.key);
  } else {
    told_[sent.key] = doors_.clock.now();
    doors_.emergency.mark_accepted(traits_.name, sent.key);
  }
}

Millis ReceiverLane::pause_after(int attempts, const Receipt& receipt) const {
  // A rejected alert is tried as rarely as anything is: only a change at the receiver can help it.
  if (receipt.outcome == Outcome::rejected) return timing_.backoff_cap;
  return backoff(attempts, random_(), {timing_.backoff_first, timing_.backoff_cap}, receipt.retry_after);
}

void ReceiverLane::failed(const Waiting& w, const Receipt& receipt) {
  put_off(w, receipt, pause_after(w.attempts + 1, receipt));
}

void ReceiverLane::put_off(const Waiting& w, const Receipt& receipt, Millis wait) {
  const bool rejected = receipt.outcome == Outcome::rejected;
  tries_[w.alert.key] = {w.attempts + 1, doors_.clock.ticks() + wait, rejected};
  if (w.row) store_says(doors_.outbox.mark_retry(*w.row, doors_.clock.now() + wait, receipt.detail));
}

void ReceiverLane::resend(Notifier& notifier, const LaneView& view, const std::vector<std::size_t>& held) {
  for (std::size_t begin = 0; begin < held.size(); begin += kMaxBatch) {
    std::vector<Alert> batch;
    for (std::size_t i = begin; i < std::min(begin + kMaxBatch, held.size()); ++i)
      batch.push_back(view.held[held[i]].alert);
    const Receipt receipt = deliver(notifier, batch);
    report(receipt, nullptr, 1);
    const bool took = receipt.outcome == Outcome::accepted;
    failed_resends_ = took ? 0 : failed_resends_ + 1;
    const BackoffRange range{timing_.backoff_first, timing_.resend};
    const Millis wait = took ? timing_.resend : backoff(failed_resends_, random_(), range, receipt.retry_after);
    for (const Alert& a : batch) shown_[standing_id(a)].next_resend_ticks = doors_.clock.ticks() + wait;
  }
}

Alert ReceiverLane::watchdog_alert() const {
  const Instant now = doors_.clock.now();
  Alert a;
  a.key = "watchdog:" + std::to_string(std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count());
  a.name = "EmbargodWatchdog";
  a.severity = Severity::info;
  a.labels = {{"alertname", a.name}, {"severity", "info"}, {"service", "embargod"}};
  a.annotations = {
      {"summary", "embargod is watching"},
      {"description", "Sent every minute while embargod makes progress. When it stops coming, nobody is watching."}};
  if (!doors_.external_url.empty()) a.annotations["link"] = doors_.external_url;
  a.incident_json = "null";
  a.starts_at = started_at_;
  a.decided_at = now;
  return a;
}

void ReceiverLane::feed_watchdog(Notifier& notifier) {
  if (!traits_.watchdog || !doors_.progress || !doors_.progress()) return;
  const Millis ticks = doors_.clock.ticks();
  if (next_watchdog_ && ticks < *next_watchdog_) return;
  next_watchdog_ = ticks + timing_.resend;
  const Alert alert = watchdog_alert();
  report(deliver(notifier, {alert}), &alert, 1);
}

Receipt ReceiverLane::deliver(Notifier& notifier, const std::vector<Alert>& alerts) {
  if (!doors_.address || traits_.standing) return deliver_as_is(notifier, alerts);
  std::vector<Alert> own = alerts;
  try {
    for (Alert& a : own) doors_.address(a, traits_.name);
  } catch (const std::exception& e) {
    return {.outcome = Outcome::retry, .detail = std::string{"internal error: "} + e.what(), .retry_after = {}};
  }
  return deliver_as_is(notifier, own);
}

Receipt ReceiverLane::deliver_as_is(Notifier& notifier, const std::vector<Alert>& alerts) {
  try {
    return notifier.deliver(alerts, doors_.clock.now());
  } catch (const std::exception& e) {
    return {.outcome = Outcome::retry, .detail = std::string{"internal error: "} + e.what(), .retry_after = {}};
  }
}

void ReceiverLane::mark(std::int64_t row, Mark mark) {
  unmarked_.insert_or_assign(row, std::move(mark));
  settle_marks();
}

void ReceiverLane::settle_marks() {
  for (auto it = unmarked_.begin(); it != unmarked_.end();) {
    const auto& [row, mark] = *it;
    const Result<void> done =
        mark.accepted ? doors_.outbox.mark_accepted(row, mark.at, mark.detail) : doors_.outbox.mark_superseded(row);
    store_says(done);
    if (!done && done.error().code == Errc::busy) return;  // each further try would wait as long
    // A row that retention has removed can never be marked, and needs no mark.
    const bool settled = done || done.error().code == Errc::not_found;
    it = settled ? unmarked_.erase(it) : std::next(it);
  }
}

void ReceiverLane::store_says(const Result<void>& result) {
  const bool was_fine = std::exchange(store_fine_, result.has_value());
  if (result || !was_fine || !doors_.report) return;
  doors_.report({traits_.name, Outcome::retry, "", "", "store: " + to_string(result.error()), 0});
}

void ReceiverLane::report(const Receipt& receipt, const Alert* alert, int attempts) {
  if (!doors_.report) return;
  DeliveryReport told{traits_.name,   receipt.outcome, alert ? alert->key : "", alert ? alert->name : "",
                      receipt.detail, attempts};
  doors_.report(told);
  if (!receipt.partly_refused) return;
  told.outcome = Outcome::rejected;
  doors_.report(told);
}

}  // namespace embargod

// Casework: who is told of an incident's steps, and of what is due beside them (escalation.h decides).

#include <algorithm>

#include "alerts/channels/make_notifiers.h"
#include "daemon/watch/casework.h"
#include "daemon/watch/escalation_words.h"
#include "daemon/watch/step_parts.h"

namespace embargod {
namespace {

AlertThread* find_thread(Incident& i, const std::string& alert) {
  const auto it = std::find_if(i.threads.begin(), i.threads.end(), [&](const auto& t) { return t.alert == alert; });
  return it == i.threads.end() ? nullptr : &*it;
}

bool is_near_due(const AlertThread& t) { return t.alert == kBlindNearDue; }

AlertKind kind_of_thread(const Incident& i, const AlertThread& t) {
  if (t.alert == kRehearsalAlert) return {i.kind, Severity::ticket};
  return {i.kind, is_near_due(t) ? Severity::page : alert_severity(i.kind)};
}

Alert alert_of_thread(const Incident& i, const AlertThread& t, Notice notice, Instant now,
                      const AlertContext& context) {
  return is_near_due(t) ? make_near_due_alert(i, notice, now, context) : make_alert(i, notice, now, context);
}

Event told_event(const Incident& i, Instant now, const char* what, std::string text) {
  return event(i, now, what, std::move(text));
}

}  // namespace

bool escalates(const Incident& i) {
  return std::any_of(i.threads.begin(), i.threads.end(),
                     [&](const AlertThread& t) { return t.firing && kind_of_thread(i, t).severity == Severity::page; });
}

TellingRules Casework::rules() const {
  return {.receivers = plan_->receivers,
          .alerts = plan_->settings->alerts,
          .zone = plan_->context.zone,
          .knows_deliveries = knows_deliveries_};
}

/// `plain` beside the standing ones.
void Casework::queue(Alert a, std::vector<std::string> plain, Instant now) {
  std::vector<std::string> receivers;
  const auto routed = route(a, plan_->receivers);
  for (const ReceiverTraits& r : plan_->receivers) {
    const bool stands = r.standing && std::find(routed.begin(), routed.end(), r.name) != routed.end();
    if (stands || std::find(plain.begin(), plain.end(), r.name) != plain.end()) receivers.push_back(r.name);
  }
  a.decided_at = now;
  ledger_.put(Outgoing{std::move(a), std::move(receivers)});
}

std::vector<std::string> Casework::plain_receivers(Incident& i, const Alert& a, Instant now) {
  AlertThread* thread = find_thread(i, a.name);
  switch (a.notice) {
    case Notice::opened:
    case Notice::reopened: {
      if (thread == nullptr) {
        thread = &i.threads.emplace_back();
        thread->alert = a.name;
      }
      const AlertKind kind = kind_of_thread(i, *thread);
      auto plain = begin_round(*thread, kind, rules(), now);
      if (!plain.empty()) return plain;
      if (audience_of(kind, rules(), now).waits)
        ledger_.put(told_event(i, now, "held_for_hours", "its receivers are told in their working hours"));
      else if (route(a, plan_->receivers).empty())
        log_.warn("no receiver takes this alert", {{"alertname", a.name}, {"severity", to_string(a.severity)}});
      return plain;
    }
    case Notice::resolved:
      // One that was told before there was an account of it: as it was told, by severity.
      return thread == nullptr ? route(a, plan_->receivers) : end_round(*thread, rules());
    case Notice::updated:
    case Notice::reminder:
    case Notice::acknowledged:
      break;
  }
  return {};
}

void Casework::tell(Incident& i, Notice n, Instant now) {
  ++i.steps;
  Alert a = make_alert(i, n, now, plan_->context);
  auto plain = plain_receivers(i, a, now);
  queue(std::move(a), std::move(plain), now);
}

void Casework::tell_near_due(Incident& i, Notice n, Instant now) {
  ++i.steps;
  Alert a = make_near_due_alert(i, n, now, plan_->context);
  auto plain = plain_receivers(i, a, now);
  queue(std::move(a), std::move(plain), now);
}

void Casework::tell_rehearsal_over(Incident& i, Instant now) {
  ++i.steps;
  Alert a = make_rehearsal_over_alert(i, now, plan_->context);
  auto plain = plain_receivers(i, a, now);
  queue(std::move(a), std::move(plain), now);
}

void Casework::tell_acknowledged(Incident& i, Instant now) {
  for (const AlertThread& thread : i.threads) {
    if (!thread.firing) continue;
    std::vector<std::string> keepers;
    for (const ReceiverTraits& r : plan_->receivers)
      if (r.acknowledgements && std::find(thread.told.begin(), thread.told.end(), r.name) != thread.told.end())
        keepers.push_back(r.name);
    if (keepers.empty()) continue;
    ++i.steps;
    queue(alert_of_thread(i, thread, Notice::acknowledged, now, plan_->context), std::move(keepers), now);
  }
}

void Casework::accepted(const std::vector<AcceptedDelivery>& news) {
  for (const AcceptedDelivery& d : news) {
    const auto it = unclosed_.find(d.incident);
    AlertThread* thread = it == unclosed_.end() ? nullptr : find_thread(it->second, d.alertname);
    if (thread == nullptr || !thread->firing) continue;
    const bool known =
        std::find(thread->accepted.begin(), thread->accepted.end(), d.receiver) != thread->accepted.end();
    if (known) continue;
    thread->accepted.push_back(d.receiver);
    ledger_.put(it->second);
  }
}

bool Casework::escalate(Incident& i, AlertThread& thread, Instant now) {
  const AlertThread before = thread;
  const Escalation due = embargod::escalate(thread, kind_of_thread(i, thread), i.acknowledged, rules(), now);
  if (!due.tell.empty()) {
    Alert a = alert_of_thread(i, thread, thread.round > 1 ? Notice::reopened : Notice::opened, now, plan_->context);
    a.key = tier_key(i.id, thread);
    if (due.tier > 0) {
      say_escalated(a, before, due.undelivered, now);
      const std::string names = joined_names(due.tell);
      ledger_.put(told_event(i, now, "escalated",
                             "tier " + std::to_string(due.tier) + " (" + names + "): " +
                                 (due.undelivered ? "nothing was accepted before" : "nobody has acknowledged it")));
      log_.warn("incident escalated",
                {{"incident", i.id}, {"alertname", a.name}, {"tier", std::to_string(due.tier)}, {"receivers", names}});
    }
    ledger_.put(Outgoing{std::move(a), due.tell});
  }
  if (!due.remind.empty()) {
    Alert a = alert_of_thread(i, thread, Notice::reminder, now, plan_->context);
    a.key = reminder_key(i.id, thread);
    say_reminder(a, i, now);
    ledger_.put(Outgoing{std::move(a), due.remind});
  }
  return thread != before;
}

/// True if it was over: then everybody who was told is told so.
bool Casework::end_acknowledgement(Incident& i, Instant now) {
  if (!i.acknowledged || !i.acknowledged->expires) return false;
  if (!plan_->settings->alerts.escalation) {  // no longer configured: it lasts
    i.acknowledged->expires.reset();
    return true;
  }
  if (now < *i.acknowledged->expires || !is_active(i) || !escalates(i)) return false;
  const Acknowledgement over = *i.acknowledged;
  i.acknowledged.reset();
  ledger_.put(told_event(i, now, "acknowledgement_expired", "that of " + over.by + ", given " + rfc3339(over.at)));
  log_.warn("acknowledgement expired", {{"incident", i.id}, {"by", over.by}});
  for (AlertThread& thread : i.threads) {
    if (!thread.firing || kind_of_thread(i, thread).severity != Severity::page) continue;
    const auto told = end_quiet(thread, rules(), now);
    ++i.steps;
    queue(alert_of_thread(i, thread, Notice::updated, now, plan_->context), {}, now);
    Alert a = alert_of_thread(i, thread, Notice::reminder, now, plan_->context);
    a.key = reminder_key(i.id, thread);
    say_acknowledgement_over(a, over, i, now);
    if (!told.empty()) ledger_.put(Outgoing{std::move(a), told});
  }
  return true;
}

void Casework::escalate(Instant now) {
  for (auto& [id, i] : unclosed_) {
    bool changed = end_acknowledgement(i, now);
    for (AlertThread& thread : i.threads) changed = escalate(i, thread, now) || changed;
    if (!changed) continue;
    ledger_.put(i);
    meter_.incident(i, false);
  }
}

}  // namespace embargod

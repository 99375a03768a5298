#include "daemon/watch/escalation.h"

#include <algorithm>

#include "config/zone_time.h"

namespace embargod {
namespace {

using Names = std::vector<std::string>;

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_new(Names& to, const Names& names) {
  for (const std::string& n : names)
    if (!holds(to, n)) to.push_back(n);
}

bool route_matches(const AlertRoute& r, const AlertKind& a) {
  const bool kind = r.kinds.empty() || holds(r.kinds, to_string(a.kind));
  return kind && (r.severities.empty() ||
                  std::find(r.severities.begin(), r.severities.end(), a.severity) != r.severities.end());
}

/// Plain ones only.
Names configured(const Names& names, const TellingRules& rules) {
  Names out;
  for (const ReceiverTraits& r : rules.receivers)
    if (!r.standing && holds(names, r.name)) out.push_back(r.name);
  return out;
}

Names by_severity(Severity s, const TellingRules& rules) {
  Names out;
  for (const ReceiverTraits& r : rules.receivers)
    if (!r.standing && std::find(r.severities.begin(), r.severities.end(), s) != r.severities.end())
      out.push_back(r.name);
  return out;
}

/// The first tier after `tier` that has anybody; 0: none.
int next_tier(const Audience& a, int tier) {
  for (std::size_t k = static_cast<std::size_t>(std::max(tier, 0)); k < a.tiers.size(); ++k)
    if (!a.tiers[k].empty()) return static_cast<int>(k) + 1;
  return 0;
}

/// All that should know by now.
Names due_to_know(const Audience& a, int tier) {
  Names out = a.at_once;
  for (std::size_t k = 0; k < a.tiers.size() && static_cast<int>(k) < tier; ++k) add_new(out, a.tiers[k]);
  return out;
}

Names without(Names names, const Names& gone) {
  std::erase_if(names, [&gone](const std::string& n) { return holds(gone, n); });
  return names;
}

bool anybody_accepted(const AlertThread& thread, const Audience& a) {
  const auto tier = static_cast<std::size_t>(thread.tier) - 1;
  if (tier >= a.tiers.size()) return true;
  return std::any_of(a.tiers[tier].begin(), a.tiers[tier].end(),
                     [&](const std::string& n) { return holds(thread.accepted, n); });
}

void raise_tier(AlertThread& thread, const Audience& a, const TellingRules& rules, Instant now, Escalation& out) {
  const EscalationSettings& e = *rules.alerts.escalation;
  const int next = next_tier(a, thread.tier);
  if (next == 0) return;
  const Millis waited = now - thread.waiting_since;
  const bool unanswered = waited >= e.after;
  out.undelivered =
      !unanswered && rules.knows_deliveries && waited >= e.undelivered_after && !anybody_accepted(thread, a);
  if (!unanswered && !out.undelivered) return;
  thread.tier = next;
  thread.waiting_since = now;
  out.tier = next;
}

}  // namespace

bool is_within(const RouteHours& hours, Instant now, const std::string& zone) {
  const std::string clock = local_time(now, zone).substr(0, 5);
  return std::find(hours.days.begin(), hours.days.end(), local_weekday(now, zone)) != hours.days.end() &&
         clock >= hours.from && clock < hours.to;
}

Audience audience_of(const AlertKind& alert, const TellingRules& rules, Instant now) {
  Audience out;
  const auto& routes = rules.alerts.routes;
  const auto route =
      std::find_if(routes.begin(), routes.end(), [&](const AlertRoute& r) { return route_matches(r, alert); });
  if (route == routes.end()) {
    out.at_once = by_severity(alert.severity, rules);
  } else {
    out.at_once = configured(route->receivers, rules);
    out.waits = alert.severity != Severity::page && route->hours && !is_within(*route->hours, now, rules.zone);
  }
  if (!rules.alerts.escalation) return out;
  for (const Names& tier : rules.alerts.escalation->tiers) {
    Names members;
    for (const std::string& n : tier)
      if (holds(out.at_once, n)) members.push_back(n);
    out.tiers.push_back(std::move(members));
  }
  for (const Names& tier : out.tiers) out.at_once = without(std::move(out.at_once), tier);
  return out;
}

Names begin_round(AlertThread& thread, const AlertKind& alert, const TellingRules& rules, Instant now) {
  if (!thread.firing) {
    ++thread.round;
    thread.reminders = 0;
    thread.began = now;
    add_new(thread.cleared, thread.told);
    thread.told.clear();
    thread.accepted.clear();
  }
  thread.firing = true;
  thread.waiting_since = now;
  thread.reminded = now;
  const Audience a = audience_of(alert, rules, now);
  if (a.waits) return {};
  if (thread.tier == 0) thread.tier = next_tier(a, 0);
  Names now_told = due_to_know(a, thread.tier);
  add_new(now_told, configured(thread.cleared, rules));
  add_new(thread.told, now_told);
  return now_told;
}

Names end_round(AlertThread& thread, const TellingRules& rules) {
  thread.firing = false;
  return configured(thread.told, rules);
}

Escalation escalate(AlertThread& thread, const AlertKind& alert, const std::optional<Acknowledgement>& covered_by,
                    const TellingRules& rules, Instant now) {
  Escalation out;
  if (!thread.firing || !rules.has_plan()) return out;
  const Audience a = audience_of(alert, rules, now);
  if (a.waits) return out;
  const bool quiet = covered_by && covered_by->at >= thread.began;
  const auto& plan = rules.alerts.escalation;
  const bool first = thread.told.empty() || thread.tier == 0;  // it waited for its hours, or the tiers are new
  if (first) {
    thread.tier = std::max(thread.tier, next_tier(a, 0));
    thread.waiting_since = now;
    thread.reminded = now;
  } else if (plan && !quiet) {
    raise_tier(thread, a, rules, now, out);
  }
  Names know = due_to_know(a, thread.tier);
  if (thread.told.empty()) add_new(know, configured(thread.cleared, rules));
  out.tell = without(std::move(know), thread.told);
  const bool may_remind = plan && !quiet && alert.severity == Severity::page;
  if (may_remind && now - thread.reminded >= plan->remind_every) {
    out.remind = configured(thread.told, rules);
    thread.reminded = now;
    if (!out.remind.empty()) ++thread.reminders;
  }
  add_new(thread.told, out.tell);
  return out;
}

Names end_quiet(AlertThread& thread, const TellingRules& rules, Instant now) {
  thread.waiting_since = now;
  thread.reminded = now;
  ++thread.reminders;
  return configured(thread.told, rules);
}

std::string tier_key(const std::string& incident, const AlertThread& thread) {
  return incident + ":" + thread.alert + "." + std::to_string(thread.round) + ".tier-" + std::to_string(thread.tier);
}

std::string reminder_key(const std::string& incident, const AlertThread& thread) {
  return incident + ":" + thread.alert + "." + std::to_string(thread.round) + ".reminder-" +
         std::to_string(thread.reminders);
}

}  // namespace embargod

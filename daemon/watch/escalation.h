#pragma once
// Who is told of an alert, who next, and who again. Pure: from an incident, what was told and accepted, and now. Times
// are wall time, since they must survive a restart; a step of the clock moves a tier by as much, never loses one.

#include <optional>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/settings.h"
#include "daemon/watch/incident.h"

namespace embargod {

/// What decides, all of it from the config in force. Borrows.
struct TellingRules {
  const std::vector<ReceiverTraits>& receivers;
  const AlertSettings& alerts;
  const std::string& zone;
  bool knows_deliveries = false;  // else nobody can say that nothing was accepted
  /// Without either key an alert goes to its receivers by severity, once.
  [[nodiscard]] bool has_plan() const { return alerts.escalation.has_value() || !alerts.routes.empty(); }
};

/// One alert of an incident, as rules see it.
struct AlertKind {
  IncidentKind kind = IncidentKind::early;
  Severity severity = Severity::page;
};

/// Plain receivers that an alert is for. Standing ones (Alertmanager) are told beside all this, by severity.
struct Audience {
  std::vector<std::string> at_once;             // in no tier
  std::vector<std::vector<std::string>> tiers;  // as configured, without whom the alert is not for: some may be empty
  bool waits = false;                           // outside the hours of its route
};
[[nodiscard]] Audience audience_of(const AlertKind& alert, const TellingRules& rules, Instant now);
[[nodiscard]] bool is_within(const RouteHours& hours, Instant now, const std::string& zone);

/// The alert begins to fire: the thread's new round. Returns whom to tell now: of the audience those at once and the
/// first tier, and who knows of an earlier round.
[[nodiscard]] std::vector<std::string> begin_round(AlertThread& thread, const AlertKind& alert,
                                                   const TellingRules& rules, Instant now);

/// It is over. Returns who is told so: who was told of it, as far as they are still configured.
[[nodiscard]] std::vector<std::string> end_round(AlertThread& thread, const TellingRules& rules);

/// What is due beside the incident's own steps.
struct Escalation {
  std::vector<std::string> tell;    // for the first time in this round
  std::vector<std::string> remind;  // once more
  int tier = 0;                     // told now, from 1; 0: none was added
  bool undelivered = false;         // it was added because nothing of the tier before it was accepted
};
/// `covered_by`: the acknowledgement, if there is one. An acknowledgement quiets what was firing when it was given, and
/// nothing that began later.
[[nodiscard]] Escalation escalate(AlertThread& thread, const AlertKind& alert,
                                  const std::optional<Acknowledgement>& covered_by, const TellingRules& rules,
                                  Instant now);

/// Told again from here: the acknowledgement is over. Returns whom to tell.
[[nodiscard]] std::vector<std::string> end_quiet(AlertThread& thread, const TellingRules& rules, Instant now);

/// Unique per receiver and the same on every node: of the alert's round, and what is told in it.
[[nodiscard]] std::string tier_key(const std::string& incident, const AlertThread& thread);
[[nodiscard]] std::string reminder_key(const std::string& incident, const AlertThread& thread);

}  // namespace embargod

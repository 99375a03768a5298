#pragma once
// From an incident to the words that wake somebody up. Pure.

#include <string>

#include "alerts/alert.h"
#include "daemon/watch/incident.h"

namespace embargod {

struct AlertContext {
  std::string zone;          // for local times
  std::string external_url;  // for links
  Millis incident_interval{2'000};
  Millis blind_after{5 * 60'000};
};

/// Alert name and severity of a kind: EmbargoEarly, page.
[[nodiscard]] const char* alert_name(IncidentKind k);
[[nodiscard]] Severity alert_severity(IncidentKind k);
inline constexpr const char* kBlindNearDue = "EmbargoBlindNearDue";

/// The alert of an incident's newest step (incident.steps names it). Labels exactly design.md 5.5. Annotations:
/// summary, description, what_to_do, due, how_early, seen_since, gone_since, how_sure, urls, not_seen, affected, link,
/// runbook_url, acknowledge, decision, clock, rehearsal. While an early incident is a planned rehearsal its alert is
/// EmbargoRehearsal, a ticket.
[[nodiscard]] Alert make_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context);

/// The last of EmbargoRehearsal where the release is still public when the rehearsal is over: EmbargoEarly goes on.
[[nodiscard]] Alert make_rehearsal_over_alert(const Incident& i, Instant now, const AlertContext& context);

/// The paging twin of a blind incident near a due.
[[nodiscard]] Alert make_near_due_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context);

}  // namespace embargod

#include "daemon/watch/alerting.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/watch/alert_words.h"
#include "daemon/watch/incident_json.h"

namespace embargod {
namespace {

std::string lower(std::string_view s) {
  std::string out{s};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void put(Labels& into, const char* name, std::string value) {
  if (!value.empty()) into[name] = std::move(value);
}

Labels annotations_of(const Telling& t, const char* name) {
  const Incident& i = t.incident;
  const std::string& url = t.context.external_url;
  auto [summary, description] = sentences_of(t);
  Labels a;
  if (i.rehearsal) put(a, "rehearsal", rehearsal_words(*i.rehearsal, t.context.zone));
  put(a, "summary", std::move(summary));
  put(a, "description", std::move(description));
  put(a, "what_to_do", what_to_do(t));
  if (i.due) put(a, "due", stated(*i.due, t.context.zone));
  put(a, "how_early", how_early(t));
  put(a, "seen_since", seen_since(t));
  put(a, "gone_since", gone_since(t));
  put(a, "how_sure", how_sure(t));
  put(a, "urls", urls_of(i, SeenLive::yes));
  put(a, "not_seen", urls_of(i, SeenLive::no));
  put(a, "affected", joined_words(i.affected));
  put(a, "incident", i.id);
  put(a, "confidence", to_string(i.confidence));
  put(a, "link", url + "/incidents/" + i.id);
  put(a, "runbook_url", url + "/runbook#" + lower(name));
  if (i.acknowledged)
    put(a, "acknowledged", "by " + i.acknowledged->by + ", " + stated(i.acknowledged->at, t.context.zone));
  if (!i.acknowledged && !is_resolved(t))
    put(a, "acknowledge", "embargoctl --url=" + url + " ack " + i.id + " --by=YOUR-NAME");
  if (i.ruling)
    put(a, "decision",
        std::string{choice_words(i.ruling->choice)} + ", by " + i.ruling->by + ", " +
            stated(i.ruling->at, t.context.zone) + ": " + i.ruling->reason);
  put(a, "clock",
      i.clock_verified ? "verified against a time server"
                       : "clock not verified; bounds are widened by the assumed error");
  return a;
}

Alert build(const Telling& t, const char* name, Severity severity) {
  const Incident& i = t.incident;
  Alert a;
  a.key = i.id + ":" + std::to_string(i.steps);
  a.incident = i.id;
  a.name = name;
  a.severity = severity;
  a.status = is_resolved(t) ? AlertStatus::resolved : AlertStatus::firing;
  a.notice = t.notice;
  a.labels = {{"alertname", name}, {"severity", to_string(severity)}, {"service", "embargod"}};
  const bool by_site = i.kind == IncidentKind::blind || i.kind == IncidentKind::unscheduled;
  a.labels[by_site ? "site" : "release"] = by_site ? i.site : i.release;
  a.annotations = annotations_of(t, name);
  a.incident_json = incident_json(i, t.now);
  const bool is_overrun = i.rehearsal && i.rehearsal->over && a.name != kRehearsalAlert;
  a.starts_at = is_overrun ? *i.rehearsal->over : i.detected;
  a.decided_at = t.now;
  return a;
}

}  // namespace

const char* alert_name(IncidentKind k) {
  switch (k) {
    case IncidentKind::early:
      return "EmbargoEarly";
    case IncidentKind::suspect:
      return "EmbargoSuspect";
    case IncidentKind::late:
      return "EmbargoLate";
    case IncidentKind::incomplete:
      return "EmbargoIncomplete";
    case IncidentKind::wrong_content:
      return "EmbargoWrongContent";
    case IncidentKind::gap:
      return "EmbargoGap";
    case IncidentKind::unscheduled:
      return "EmbargoUnscheduled";
    case IncidentKind::blind:
      return "EmbargoBlind";
    case IncidentKind::drift:
      return "EmbargoScheduleDrift";
  }
  return "?";
}

Severity alert_severity(IncidentKind k) { return k == IncidentKind::early ? Severity::page : Severity::ticket; }

Alert make_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context) {
  if (in_rehearsal(i)) return build({i, notice, now, context}, kRehearsalAlert, Severity::ticket);
  return build({i, notice, now, context}, alert_name(i.kind), alert_severity(i.kind));
}

Alert make_rehearsal_over_alert(const Incident& i, Instant now, const AlertContext& context) {
  Alert a = build({i, Notice::resolved, now, context}, kRehearsalAlert, Severity::ticket);
  Sentences said = say_rehearsal_overrun({i, Notice::resolved, now, context});
  a.annotations["summary"] = std::move(said.summary);
  a.annotations["description"] = std::move(said.description);
  a.annotations["what_to_do"] = "Act on EmbargoEarly, which has begun: have the page taken down now.";
  return a;
}

Alert make_near_due_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context) {
  Alert a = build({i, notice, now, context}, kBlindNearDue, Severity::page);
  if (notice != Notice::resolved) a.annotations["summary"] += ", and a release is due there within the hour";
  return a;
}

}  // namespace embargod

#include "daemon/watch/alerting.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "config/zone_time.h"
#include "daemon/watch/exposure.h"
#include "daemon/watch/incident_json.h"

namespace embargod {
namespace {

/// One alert in the making: everything its sentences are made of.
struct Telling {
  const Incident& incident;
  Notice notice;
  Instant now;
  const AlertContext& context;
};

bool is_resolved(const Telling& t) { return t.notice == Notice::resolved; }

std::string lower(std::string_view s) {
  std::string out{s};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string plural(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string stated(Instant t, const std::string& zone) { return local_words(t, zone) + " (" + rfc3339(t) + ")"; }

const ExposureSpan* first_span(const Incident& i) {
  const ExposureSpan* first = nullptr;
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans)
      if (first == nullptr || s.went_live.latest < first->went_live.latest) first = &s;
  return first;
}

std::string seen_since(const Telling& t) {
  const ExposureSpan* s = first_span(t.incident);
  if (s == nullptr) return {};
  const std::string& zone = t.context.zone;
  if (!s->went_live.earliest)
    return "already live at our first look, " + stated(s->went_live.latest, zone) + "; since when is not known";
  return "not before " + stated(*s->went_live.earliest, zone) + ", at the latest " + stated(s->went_live.latest, zone);
}

std::string how_early(const Telling& t) {
  const auto lead = lead_of(t.incident);
  if (!lead || !t.incident.due) return {};
  if (t.incident.kind == IncidentKind::late) return words(-lead->shortest) + " late";
  return words(lead->shortest) + " before due";
}

std::string how_sure(const Telling& t) {
  const Incident& i = t.incident;
  int looks = 0;
  for (const TargetExposure& e : i.targets)
    for (const ExposureSpan& s : e.spans) looks += s.looks;
  std::string sure;
  switch (i.confidence) {
    case Confidence::seen_once:
      sure = is_resolved(t) ? "seen once, and dark in every look after it"
                            : "seen once; confirming looks follow within seconds";
      break;
    case Confidence::suspected:
      sure = "not certain: something answers that is neither the release nor its absence";
      break;
    case Confidence::confirmed:
      sure = looks == 0 ? std::string{"confirmed"} : "confirmed by " + plural(static_cast<std::size_t>(looks), "look");
      break;
  }
  if (!i.targets.empty() && i.kind != IncidentKind::blind) {
    const Look& first = i.targets.front().first;
    sure += "; first: HTTP " + std::to_string(first.status) + ", " + std::to_string(first.size) +
            " bytes, decided by " + first.rule + ", seen from one place";
  }
  return sure;
}

std::string up_words(const Telling& t) {
  std::string out;
  for (const TargetExposure& e : t.incident.targets) {
    for (const ExposureSpan& s : e.spans) {
      const auto up = time_up(s, t.now);
      if (!up) continue;
      if (!out.empty()) out += "; ";
      out += e.target + " was public for at least " + words(up->shortest) +
             (up->longest ? " and at most " + words(*up->longest)
                          : ", the longest time is not known since it was live at our first look");
    }
  }
  return out;
}

std::string listed(const Incident& i, bool seen) {
  std::string out;
  for (const TargetExposure& t : i.targets) {
    if (t.seen_live != seen) continue;
    if (!out.empty()) out += '\n';
    out += seen ? t.url : t.target;
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ", ") + p;
  return out;
}

// ---- one pair of sentences per kind: the summary is what a locked phone shows ----

using Sentences = std::pair<std::string, std::string>;  // summary, description

std::string why_resolved(const Incident& i) {
  switch (i.state) {
    case IncidentState::dismissed:
      return "Dismissed by " + i.closed_by + ": " + i.closed_reason;
    case IncidentState::closed:
      return "Closed by " + i.closed_by + (i.closed_reason.empty() ? "" : ": " + i.closed_reason);
    case IncidentState::suspected:
    case IncidentState::open:
    case IncidentState::contained:
      break;
  }
  const ExposureSpan* s = first_span(i);
  if (s == nullptr || !s->ended_by || *s->ended_by == EndedBy::absence)
    return "Three agreeing looks found every URL dark again";
  return *s->ended_by == EndedBy::due ? "The due time has come while it was live"
                                      : "The embargo was lifted while it was live";
}

Sentences say_early(const Telling& t) {
  const Incident& i = t.incident;
  const std::size_t seen = static_cast<std::size_t>(
      std::count_if(i.targets.begin(), i.targets.end(), [](const auto& e) { return e.seen_live; }));
  if (is_resolved(t))
    return {"Over: \"" + i.title + "\" was public before its time", why_resolved(i) + ". " + up_words(t) + "."};
  const std::string again = t.notice == Notice::reopened ? " again" : "";
  return {"\"" + i.title + "\" is public" + again + ", " + how_early(t),
          plural(seen, "public URL") + (seen == 1 ? " answers" : " answer") +
              " with the content of a release that is embargoed until " +
              (i.due ? stated(*i.due, t.context.zone) : std::string{"it is announced"}) + "."};
}

Sentences say_suspect(const Telling& t) {
  const Incident& i = t.incident;
  if (is_resolved(t)) return {"Over: something unexpected answered for \"" + i.title + "\"", why_resolved(i) + "."};
  return {"Something unexpected answers for \"" + i.title + "\" before its time",
          "The URL answers, but neither as the release nor as a known placeholder. A person must look at the page (not "
          "at figures)."};
}

Sentences say_late(const Telling& t) {
  const Incident& i = t.incident;
  if (is_resolved(t))
    return {"\"" + i.title + "\" is live now, " + how_early(t), "Every watched URL of the release is live."};
  return {"\"" + i.title + "\" is not public although its time has passed",
          "Not live at the last conclusive look: " + listed(i, false) + "."};
}

Sentences say_unscheduled(const Telling& t) {
  const Incident& i = t.incident;
  if (is_resolved(t))
    return {"Over: \"" + i.title + "\" was public without a confirmed date",
            why_resolved(i) + ". " + up_words(t) + "."};
  return {"\"" + i.title + "\" is public without a confirmed date",
          "The schedule says cancelled, or provisional for this month, yet the URL answers with the release."};
}

Sentences say_blind(const Telling& t) {
  const Incident& i = t.incident;
  std::string causes;
  for (const TargetExposure& e : i.targets)
    if (const std::string word = to_string(e.first.cause); causes.find(word) == std::string::npos)
      causes += (causes.empty() ? "" : ", ") + word;
  if (is_resolved(t)) {
    const Instant from = i.targets.empty() ? i.detected : i.targets.front().first.sent;
    return {"embargod sees " + i.site + " again",
            "It could not tell for " + words(i.closed.value_or(t.now) - from) + " (" + causes +
                "). What was public in that time is not known; the report says so."};
  }
  return {"embargod cannot see " + i.site,
          "No conclusive answer for " + words(t.now - (i.targets.empty() ? i.detected : i.targets.front().first.sent)) +
              " (" + causes + "). An early release would go unnoticed. Affected: " + joined(i.affected) + "."};
}

Sentences sentences(const Telling& t) {
  switch (t.incident.kind) {
    case IncidentKind::early:
      return say_early(t);
    case IncidentKind::suspect:
      return say_suspect(t);
    case IncidentKind::late:
    case IncidentKind::incomplete:
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
      return say_late(t);
    case IncidentKind::unscheduled:
      return say_unscheduled(t);
    case IncidentKind::blind:
      return say_blind(t);
  }
  return {};
}

std::string what_to_do(const Telling& t) {
  if (is_resolved(t)) {
    const bool report = t.incident.kind == IncidentKind::early;
    return report ? "Ask the publishing team whether caches, search results and copies are clean. Complete the draft "
                    "report (see link)."
                  : "Nothing, unless you know better than this message.";
  }
  switch (t.incident.kind) {
    case IncidentKind::early:
      return "1. Have the page and its files taken down. 2. Purge the CDN for the URLs below. 3. Tell the head of "
             "profession. "
             "4. Do not open, copy or forward the figures. 5. Acknowledge, so that others know you have it.";
    case IncidentKind::suspect:
      return "Ask the publishing team what this page is. If it is the release, treat it as early; else dismiss it with "
             "the reason.";
    case IncidentKind::late:
    case IncidentKind::incomplete:
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
      return "Ask the publishing team. If users can see it and embargod cannot, check the URL and its profile with: "
             "embargoctl probe.";
    case IncidentKind::unscheduled:
      return "Ask the publishing team whether it should be public. If so, confirm its date in the schedule; else have "
             "it taken down.";
    case IncidentKind::blind:
      return "Open the site from outside your network. If it is up, see why it refuses embargod (User-Agent, rate, "
             "firewall); embargoctl probe explains one URL.";
  }
  return {};
}

void put(Labels& into, const char* name, std::string value) {
  if (!value.empty()) into[name] = std::move(value);
}

Labels annotations_of(const Telling& t, const char* name) {
  const Incident& i = t.incident;
  const std::string& url = t.context.external_url;
  auto [summary, description] = sentences(t);
  Labels a;
  put(a, "summary", std::move(summary));
  put(a, "description", std::move(description));
  put(a, "what_to_do", what_to_do(t));
  if (i.due) put(a, "due", stated(*i.due, t.context.zone));
  put(a, "how_early", how_early(t));
  put(a, "seen_since", seen_since(t));
  put(a, "how_sure", how_sure(t));
  put(a, "urls", listed(i, true));
  put(a, "not_seen", listed(i, false));
  put(a, "affected", joined(i.affected));
  put(a, "incident", i.id);
  put(a, "confidence", to_string(i.confidence));
  put(a, "link", url + "/incidents/" + i.id);
  put(a, "runbook_url", url + "/runbook#" + lower(name));
  if (i.acknowledged)
    put(a, "acknowledged", "by " + i.acknowledged->by + ", " + stated(i.acknowledged->at, t.context.zone));
  if (!i.acknowledged && !is_resolved(t))
    put(a, "acknowledge", "embargoctl --url=" + url + " ack " + i.id + " --by=YOUR-NAME");
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
  a.starts_at = i.detected;
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
  }
  return "?";
}

Severity alert_severity(IncidentKind k) { return k == IncidentKind::early ? Severity::page : Severity::ticket; }

Alert make_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context) {
  return build({i, notice, now, context}, alert_name(i.kind), alert_severity(i.kind));
}

Alert make_near_due_alert(const Incident& i, Notice notice, Instant now, const AlertContext& context) {
  Alert a = build({i, notice, now, context}, kBlindNearDue, Severity::page);
  if (notice != Notice::resolved) a.annotations["summary"] += ", and a release is due there within the hour";
  return a;
}

}  // namespace embargod

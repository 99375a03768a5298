#pragma once
// Small values for stores.

#include <chrono>
#include <string>
#include <vector>

#include "daemon/watch/store.h"

namespace embargod {

inline constexpr Instant kStoreNoon =
    Instant{std::chrono::sys_days{std::chrono::year{2018} / 4 / 23} + std::chrono::hours{12}};

inline Instant noon_plus(int seconds) { return kStoreNoon + Seconds{seconds}; }

inline Incident stored_incident(const std::string& release, int ordinal = 1, Instant detected = kStoreNoon) {
  Incident i;
  i.release = release;
  i.site = "stats.example.org";
  i.title = "Psychological therapies, January 2018 final";
  i.due = noon_plus(2 * 86'400);
  i.ordinal = ordinal;
  i.id = incident_id(release, i.due, i.kind, ordinal);
  i.detected = detected;
  TargetExposure t;
  t.target = release + "/page";
  t.url = "https://stats.example.org/pub/" + release;
  t.seen_live = true;
  ExposureSpan span;
  span.went_live = {noon_plus(-2), noon_plus(0)};
  span.looks = 1;
  t.spans.push_back(span);
  i.targets.push_back(t);
  return i;
}

inline Alert stored_alert(const Incident& i, int step, AlertStatus status = AlertStatus::firing) {
  Alert a;
  a.key = i.id + ":" + std::to_string(step);
  a.incident = i.id;
  a.name = "EmbargoEarly";
  a.status = status;
  a.notice = status == AlertStatus::firing ? Notice::opened : Notice::resolved;
  a.labels = {{"alertname", "EmbargoEarly"}, {"severity", "page"}, {"service", "embargod"}, {"release", i.release}};
  a.annotations = {{"summary", "public early"}};
  a.incident_json = "{}";
  a.starts_at = i.detected;
  a.decided_at = noon_plus(step);
  return a;
}

inline Release stored_release(const std::string& id, const std::string& title = "A title") {
  Release r;
  r.id = id;
  r.title = title;
  r.due.at = noon_plus(2 * 86'400);
  r.due.zone = "Europe/London";
  r.due.as_given = "2018-04-25 13:00";
  Target t;
  t.id = id + "/page";
  t.release = id;
  t.url = {"https://stats.example.org/pub/" + id, "https", "stats.example.org", 443, "/pub/" + id};
  t.profile = "generic";
  r.targets.push_back(t);
  r.source = "releases.yml";
  return r;
}

inline ObservationSpan stored_span(const std::string& target, int first, int last, int count = 1) {
  ObservationSpan s;
  s.target = target;
  s.liveness = Liveness::absent;
  s.status = 404;
  s.rule = "engine: 404";
  s.first_sent = noon_plus(first);
  s.first_done = noon_plus(first) + Millis{80};
  s.last_sent = noon_plus(last);
  s.last_done = noon_plus(last) + Millis{80};
  s.count = count;
  s.longest_gap = Millis{60'000};
  s.worst_error = Millis{12};
  return s;
}

inline BlindSpan stored_blind(const std::string& target, int from, std::optional<int> to) {
  BlindSpan b;
  b.target = target;
  b.release = "therapies";
  b.site = "stats.example.org";
  b.from = noon_plus(from);
  if (to) b.to = noon_plus(*to);
  b.cause = Cause::timeout;
  return b;
}

inline Baseline stored_baseline(const std::string& target, const std::string& fingerprint, int approved = 0) {
  Baseline b;
  b.target = target;
  b.url = "https://stats.example.org/pub/latest";
  b.fingerprint = fingerprint;
  b.edition = "March 2018";
  b.seen = noon_plus(approved - 3'600);
  b.approved = noon_plus(approved);
  b.by = "officer";
  return b;
}

inline Commit at_noon_plus(int seconds) {
  Commit c;
  c.at = noon_plus(seconds);
  return c;
}

}  // namespace embargod

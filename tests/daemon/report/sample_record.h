#pragma once
// The record of 23 April 2018 as the daemon would have it, small enough to check by hand.

#include <string>

#include "daemon/report/report.h"

namespace embargod {

inline Instant at_utc(const char* text) { return parse_rfc3339(text).value(); }

inline Look sample_look(const char* done, const char* rule) {
  Look l;
  l.sent = at_utc(done) - Millis{80};
  l.done = at_utc(done);
  l.error = Millis{20};
  l.liveness = Liveness::live;
  l.rule = rule;
  l.status = 200;
  l.size = 20'480;
  l.digest = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  return l;
}

inline TargetExposure sample_exposure(const std::string& target, const std::string& url, const InstantBounds& live,
                                      const InstantBounds& down) {
  TargetExposure t;
  t.target = target;
  t.url = url;
  t.seen_live = true;
  ExposureSpan s;
  s.went_live = live;
  s.went_down = down;
  s.ended_by = EndedBy::absence;
  s.last_live_sent = down.earliest.value_or(down.latest) + Millis{20};
  s.last_live_done = s.last_live_sent + Millis{80};
  s.looks = 412;
  s.longest_gap = Millis{2'080};
  t.spans.push_back(s);
  t.first = sample_look("2018-04-23T10:12:21.200Z", "nhs-digital live_if[0]: regex and regex");
  return t;
}

inline Incident therapies_incident() {
  Incident i;
  i.kind = IncidentKind::early;
  i.state = IncidentState::contained;
  i.confidence = Confidence::confirmed;
  i.release = "therapies-2018-01";
  i.site = "digital.example.org";
  i.title = "Psychological therapies, January 2018 final";
  i.due = at_utc("2018-04-25T08:30:00Z");
  i.id = incident_id(i.release, i.due, i.kind, 1);
  i.targets = {sample_exposure("therapies-2018-01/page",
                               "https://digital.example.org/pub/psychological-therapies---january-2018-final",
                               {at_utc("2018-04-23T10:11:51.100Z"), at_utc("2018-04-23T10:12:21.220Z")},
                               {at_utc("2018-04-23T10:26:15.300Z"), at_utc("2018-04-23T10:26:17.460Z")})};
  i.acknowledged = Acknowledgement{"web duty officer", at_utc("2018-04-23T10:16:00Z"), "web team takes it down"};
  i.evidence = {i.targets.front().first.digest};
  i.detected = at_utc("2018-04-23T10:12:21.200Z");
  i.contained = at_utc("2018-04-23T10:26:21.600Z");
  return i;
}

inline Incident maternity_incident() {
  Incident i = therapies_incident();
  i.release = "maternity-2018-01";
  i.title = "Maternity services, January 2018, experimental statistics";
  i.due = at_utc("2018-04-26T08:30:00Z");
  i.id = incident_id(i.release, i.due, i.kind, 1);
  i.targets = {sample_exposure("maternity-2018-01/page", "https://digital.example.org/pub/maternity---january-2018",
                               {at_utc("2018-04-23T10:20:22.400Z"), at_utc("2018-04-23T10:20:52.600Z")},
                               {at_utc("2018-04-23T10:33:10.900Z"), at_utc("2018-04-23T10:33:13.060Z")})};
  i.acknowledged.reset();
  i.detected = at_utc("2018-04-23T10:20:52.580Z");
  i.contained = at_utc("2018-04-23T10:33:17.300Z");
  return i;
}

inline StoredRelease sample_release(const Incident& i, const std::string& as_given) {
  StoredRelease r;
  r.release.id = i.release;
  r.release.title = i.title;
  r.release.due = Due{.precision = DuePrecision::instant,
                      .at = i.due,
                      .period_begin = {},
                      .period_end = {},
                      .zone = "Europe/London",
                      .as_given = as_given};
  r.release.source = "releases.yml";
  for (const TargetExposure& t : i.targets) {
    Target target;
    target.id = t.target;
    target.release = i.release;
    target.url = parse_url(t.url).value();
    target.profile = "generic";
    r.release.targets.push_back(std::move(target));
  }
  r.revision_seen = at_utc("2018-04-20T08:00:00Z");
  return r;
}

inline ObservationSpan sample_run(const std::string& target, Liveness l, const char* from, const char* to,
                                  std::int64_t count, Millis gap) {
  ObservationSpan s;
  s.target = target;
  s.liveness = l;
  s.first_sent = at_utc(from);
  s.first_done = s.first_sent + Millis{80};
  s.last_sent = at_utc(to);
  s.last_done = s.last_sent + Millis{80};
  s.count = count;
  s.longest_gap = gap;
  s.worst_error = Millis{20};
  return s;
}

inline ReportInput sample_record() {
  ReportInput in;
  in.incidents = {therapies_incident(), maternity_incident()};
  in.releases = {sample_release(in.incidents[0], "2018-04-25 09:30"),
                 sample_release(in.incidents[1], "2018-04-26 09:30")};
  const std::string& first = in.incidents[0].id;
  in.events = {{at_utc("2018-04-23T10:12:21.200Z"), first, "therapies-2018-01", "first_sight", "embargod",
                "therapies-2018-01/page: live_if[0]"},
               {at_utc("2018-04-23T10:16:00Z"), first, "therapies-2018-01", "acknowledged", "web duty officer",
                "web team takes it down"}};
  DeliveryRow row;
  row.key = first + ":1";
  row.receiver = "webhook-1";
  row.alertname = "EmbargoEarly";
  row.state = DeliveryState::accepted;
  row.attempts = 1;
  row.decided_at = at_utc("2018-04-23T10:12:21.200Z");
  row.accepted_at = at_utc("2018-04-23T10:12:21.400Z");
  in.deliveries = {row};
  in.looks = {sample_run("therapies-2018-01/page", Liveness::stub, "2018-04-22T09:00:00Z", "2018-04-23T10:11:51.120Z",
                         3'024, Millis{30'080}),
              sample_run("therapies-2018-01/page", Liveness::live, "2018-04-23T10:12:21.120Z",
                         "2018-04-23T10:26:15.320Z", 412, Millis{2'080}),
              sample_run("therapies-2018-01/page", Liveness::stub, "2018-04-23T10:26:17.360Z", "2018-04-23T11:00:00Z",
                         60, Millis{30'080}),
              sample_run("maternity-2018-01/page", Liveness::live, "2018-04-23T10:20:52.500Z",
                         "2018-04-23T10:33:10.920Z", 412, Millis{2'080})};
  in.blind = {{"therapies-2018-01/page", "therapies-2018-01", "digital.example.org", at_utc("2018-04-23T01:05:10Z"),
               at_utc("2018-04-23T01:06:40Z"), Cause::server_error}};
  in.settings.producer.name = "Example Statistics Agency";
  in.settings.producer.contact = {"Publication team", "publications@example.org", "+44 20 7946 0000"};
  in.settings.producer.head_of_profession = {"Head of Profession", "hop@example.org", ""};
  in.settings.code_edition = "2.0";
  in.settings.program = "embargod 0.1.0";
  in.settings.user_agent = "embargod/0.1.0 (+mailto:publications@example.org)";
  in.now = at_utc("2018-04-23T14:00:00Z");
  return in;
}

}  // namespace embargod

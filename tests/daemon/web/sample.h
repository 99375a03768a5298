#pragma once
// The story of 23 April 2018 as a record: one release live early and down again, one dark, one out on time, one site
// unseen.

#include "daemon/watch/store.h"
#include "daemon/web/server.h"
#include "tests/daemon/web/fake_reader.h"

namespace embargod {

inline Instant at(const char* text) { return parse_rfc3339(text).value(); }

inline const Instant kSampleNow = at("2018-04-23T10:30:00Z");
inline const char* const kSampleIncident = "01HZXK3J5N8QWERTY2018APR23";

inline StoredRelease sample_release(const std::string& id, const std::string& title, const char* due,
                                    const char* as_given) {
  Release r;
  r.id = id;
  r.title = title;
  r.due.at = at(due);
  r.due.zone = "Europe/London";
  r.due.as_given = as_given;
  r.source = "releases.yml";
  Target t;
  t.id = id + "/page";
  t.release = id;
  t.url = parse_url("https://stats.example.org/pub/" + id).value();
  t.profile = "generic";
  r.targets = {t};
  StoredRelease stored;
  stored.release = r;
  stored.revision_seen = at("2018-04-20T08:00:00Z");
  return stored;
}

inline TargetTrack sample_track(const StoredRelease& r, Liveness l, const char* seen) {
  TargetTrack t;
  t.target = r.release.targets[0].id;
  t.release = r.release.id;
  t.site = "stats.example.org";
  t.url = r.release.targets[0].url.text;
  t.liveness = l;
  t.status = is_dark(l) ? 404 : 200;
  t.last_look = at(seen);
  t.last_conclusive = at(seen);
  t.conclusive = l;
  return t;
}

inline Incident sample_incident() {
  Incident i;
  i.id = kSampleIncident;
  i.kind = IncidentKind::early;
  i.state = IncidentState::contained;
  i.confidence = Confidence::confirmed;
  i.release = "therapies-2018-01";
  i.site = "stats.example.org";
  i.title = "Psychological therapies, January 2018 final";
  i.due = at("2018-04-25T08:30:00Z");
  i.detected = at("2018-04-23T10:12:00Z");
  i.contained = at("2018-04-23T10:27:30Z");
  i.evidence = {"sha256:6f1ed002ab5595859014ebf0951522d9ac3c5f4ed4cdd5e6a0c0c3c9a9f5f0aa"};
  TargetExposure t;
  t.target = "therapies-2018-01/page";
  t.url = "https://stats.example.org/pub/therapies-2018-01";
  t.seen_live = true;
  t.first.rule = "generic: sane 2xx body";
  t.first.status = 200;
  t.first.size = 20'480;
  ExposureSpan s;
  s.went_live = {at("2018-04-23T10:11:00Z"), at("2018-04-23T10:12:00Z")};
  s.went_down = InstantBounds{at("2018-04-23T10:25:02Z"), at("2018-04-23T10:25:58Z")};
  s.ended_by = EndedBy::absence;
  s.last_live_sent = at("2018-04-23T10:25:02Z");
  s.last_live_done = at("2018-04-23T10:25:02.200Z");
  s.looks = 390;
  s.longest_gap = Millis{2'100};
  t.spans = {s};
  i.targets = {t};
  return i;
}

inline void fill_sample(FakeReader& to) {
  const auto early = sample_release("therapies-2018-01", "Psychological therapies, January 2018 final",
                                    "2018-04-25T08:30:00Z", "2018-04-25 09:30");
  const auto dark = sample_release("maternity-2018-01", "Maternity services, January 2018", "2018-04-26T08:30:00Z",
                                   "2018-04-26 09:30");
  const auto out =
      sample_release("workforce-2018-03", "Workforce, March 2018", "2018-04-19T08:30:00Z", "2018-04-19 09:30");
  to.all_releases = {early, dark, out};
  auto dark_track = sample_track(dark, Liveness::unknown, "2018-04-23T10:20:00Z");
  dark_track.conclusive = Liveness::absent;
  dark_track.cause = Cause::server_error;
  dark_track.last_look = at("2018-04-23T10:29:50Z");
  dark_track.blind = BlindSpan{.target = dark_track.target,
                               .release = dark_track.release,
                               .site = "stats.example.org",
                               .from = at("2018-04-23T10:20:00Z"),
                               .to = {},
                               .cause = Cause::server_error};
  auto out_track = sample_track(out, Liveness::live, "2018-04-23T10:29:30Z");
  out_track.released = InstantBounds{at("2018-04-19T08:29:59.9Z"), at("2018-04-19T08:30:02.1Z")};
  to.all_tracks = {dark_track, sample_track(early, Liveness::absent, "2018-04-23T10:29:58Z"), out_track};
  to.all_incidents = {sample_incident()};
  to.all_blind = {*dark_track.blind, BlindSpan{.target = "workforce-2018-03/page",
                                               .release = "workforce-2018-03",
                                               .site = "stats.example.org",
                                               .from = at("2018-04-23T09:05:10Z"),
                                               .to = at("2018-04-23T09:06:40Z"),
                                               .cause = Cause::timeout}};
  const auto event = [](const char* when, const char* what, const char* by, const char* text) {
    return Event{.at = at(when),
                 .incident = kSampleIncident,
                 .release = "therapies-2018-01",
                 .what = what,
                 .by = by,
                 .text = text};
  };
  to.all_events = {
      event("2018-04-23T10:12:00Z", "first_sight", "embargod", "therapies-2018-01/page: generic: sane 2xx body"),
      event("2018-04-23T10:12:02Z", "confirmed", "embargod", "therapies-2018-01/page: generic: sane 2xx body"),
      event("2018-04-23T10:14:40Z", "acknowledged", "Duty officer", "web team is taking it down"),
      event("2018-04-23T10:25:58Z", "went_down", "embargod", "therapies-2018-01/page: 404"),
      event("2018-04-23T10:26:02Z", "contained", "embargod", "3 agreeing absences")};
  DeliveryRow row;
  row.key = std::string{kSampleIncident} + ":1";
  row.receiver = "email duty@example.org";
  row.alertname = "EmbargoEarly";
  row.state = DeliveryState::accepted;
  row.attempts = 1;
  row.decided_at = at("2018-04-23T10:12:00Z");
  row.accepted_at = at("2018-04-23T10:12:00.8Z");
  row.detail = "250 accepted";
  to.all_deliveries = {row};
  EvidenceRow evidence;
  evidence.incident = kSampleIncident;
  evidence.target = "therapies-2018-01/page";
  evidence.digest = sample_incident().evidence[0];
  evidence.path = "evidence/6f/1ed002";
  evidence.size = 20'480;
  evidence.status = 200;
  evidence.sent = at("2018-04-23T10:11:59.8Z");
  evidence.done = at("2018-04-23T10:12:00Z");
  to.all_evidence = {evidence};
}

}  // namespace embargod

#pragma once
// What calendars say instead of kDue, in short. Offsets are from there.

#include <string>
#include <utility>

#include "tests/support/looks.h"

namespace embargod {

inline Drift drift_in(std::string source, DriftKind kind, Millis from_due, std::string as_given = {}) {
  Drift d;
  d.release = "therapies-2018-01";
  d.source = std::move(source);
  d.kind = kind;
  d.says.at = kDue + from_due;
  d.says.zone = "Europe/London";
  d.says.as_given = std::move(as_given);
  d.where = d.source + ".ics:14:1";
  d.seen = kDue - std::chrono::hours{240};
  return d;
}

/// It knows a month only: May 2018, in London.
inline Drift month_drift(std::string source, DriftKind kind) {
  Drift d = drift_in(std::move(source), kind, Millis{0}, "May 2018");
  d.says.precision = DuePrecision::month;
  d.says.at.reset();
  d.says.period_begin = Instant{Millis{1'525'129'200'000}};
  d.says.period_end = Instant{Millis{1'527'807'600'000}};
  return d;
}

/// Open since ten days before due.
inline Incident drift_incident(std::vector<Drift> drifts) {
  Incident i;
  i.kind = IncidentKind::drift;
  i.state = IncidentState::open;
  i.confidence = Confidence::confirmed;
  i.release = "therapies-2018-01";
  i.site = "stats.example.org";
  i.title = "Psychological therapies, January 2018 final";
  i.due = kDue;
  i.id = incident_id(i.release, i.due, i.kind, 1);
  i.detected = kDue - std::chrono::hours{240};
  i.firing = true;
  i.drifts = std::move(drifts);
  return i;
}

}  // namespace embargod

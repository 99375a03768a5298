#pragma once
// The pages for people: plain HTML that works without script, on a phone and on paper. Pure; all outside text is
// escaped.

#include <string>
#include <vector>

#include "config/lint_report.h"
#include "config/settings.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"
#include "daemon/web/server.h"

namespace embargod {

struct PageFrame {
  Instant now{};
  std::string zone;  // of local times
  Producer producer;
  std::string version;
  std::string trouble{};    // why embargod is not healthy: a banner above the page
  std::string rehearsal{};  // which are under way: another
};

struct ReleasesView {
  std::vector<StoredRelease> releases;
  std::vector<TargetTrack> tracks;
  std::vector<Incident> incidents;  // newest first
  Health health;
  bool clock_verified = true;
  Millis clock_error{0};
  std::size_t lint_warnings = 0;
};
[[nodiscard]] std::string releases_page(const PageFrame& frame, const ReleasesView& view);

[[nodiscard]] std::string incidents_page(const PageFrame& frame, const std::vector<Incident>& incidents);

/// Newest first.
[[nodiscard]] std::string drills_page(const PageFrame& frame, const std::vector<DrillRecord>& drills);

/// Newest window first.
[[nodiscard]] std::string rehearsals_page(const PageFrame& frame, const std::vector<Rehearsal>& rehearsals);

struct LintView {
  const LintReport* report = nullptr;  // null: nothing was linted yet
  std::vector<StoredRelease> releases;
};
[[nodiscard]] std::string lint_page(const PageFrame& frame, const LintView& view);

struct IncidentView {
  Incident incident;
  std::vector<Event> events;
  std::vector<DeliveryRow> deliveries;
  std::vector<EvidenceRow> evidence;
};
[[nodiscard]] std::string incident_page(const PageFrame& frame, const IncidentView& view);

/// Every calendar that others keep: whether it could be read, what it says otherwise, what is matched to no release.
[[nodiscard]] std::string calendars_page(const PageFrame& frame, const std::vector<CalendarState>& calendars);

/// What to do at night and for each alert; alerts link to its anchors.
[[nodiscard]] std::string runbook_page(const PageFrame& frame);

[[nodiscard]] std::string not_found_page(const PageFrame& frame);

}  // namespace embargod

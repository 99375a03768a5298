// What a simulation prints: the timeline, what was told, and between which instants each URL was public.

#include <algorithm>

#include "config/zone_time.h"
#include "daemon/ctl/simulate.h"
#include "daemon/ctl/table.h"
#include "daemon/report/render_text.h"
#include "daemon/report/report_words.h"
#include "daemon/watch/exposure.h"

namespace embargod {
namespace {

std::vector<std::string> at_cells(Instant t, const std::string& zone) { return {utc_cell(t), local_cell(t, zone)}; }

/// "25 April 2018, 09:30 Europe/London".
std::string due_phrase(Instant t, const std::string& zone) {
  return local_date(t, zone) + ", " + local_time(t, zone) + " " + zone;
}

std::string timeline_text(Simulation& s, const std::string& zone) {
  struct Line {
    Instant at;
    std::vector<std::string> cells;
  };
  std::vector<Line> lines;
  const auto add = [&](Instant at, const std::string& what, const std::string& whose, const std::string& detail) {
    auto cells = at_cells(at, zone);
    cells.insert(cells.end(), {what, whose, detail});
    lines.push_back({at, std::move(cells)});
  };
  for (const Incident& i : s.incidents) {
    const auto events = s.store->events(i.id);
    if (!events) continue;
    for (const Event& e : *events)
      add(e.at, event_words(e.what), i.release.empty() ? i.site : i.release,
          e.by == "embargod" ? e.text : e.by + ": " + e.text);
  }
  for (const StoredRelease& r : s.releases)
    if (r.lift) add(r.lift->at, "embargo lifted", r.release.id, r.lift->by + ": " + r.lift->reason);
  for (const BlindSpan& b : s.blind) {
    add(b.from, "blind from here", b.target, cause_words(b.cause));
    if (b.to) add(*b.to, "sees again", b.target, "blind for " + exact_words(*b.to - b.from, Rounding::up));
  }
  for (const TargetTrack& t : s.tracks)
    if (t.released) add(t.released->latest, "released on time", t.target, t.rule);
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  std::vector<std::vector<std::string>> rows;
  for (Line& l : lines) rows.push_back(std::move(l.cells));
  if (rows.empty()) return "Timeline\nnothing happened\n";
  return "Timeline\n" + plain_table({"UTC", zone, "WHAT", "WHERE", "DETAIL"}, rows);
}

std::string alerts_text(const Simulation& s, const std::string& zone) {
  if (s.alerts.empty()) return "Alerts as told\nnone\n";
  std::vector<std::vector<std::string>> rows;
  for (const Alert& a : s.alerts) {
    const auto summary = a.annotations.find("summary");
    auto cells = at_cells(a.decided_at, zone);
    cells.insert(cells.end(), {a.name, to_string(a.severity), to_string(a.status),
                               summary == a.annotations.end() ? "" : summary->second});
    rows.push_back(std::move(cells));
  }
  return "Alerts as told\n" + plain_table({"UTC", zone, "ALERT", "SEVERITY", "STATUS", "SUMMARY"}, rows);
}

std::string lead_phrase(const Incident& i, const std::string& zone) {
  const auto lead = lead_of(i);
  if (!lead || !i.due) return {};
  if (i.kind == IncidentKind::late) return ", live at most " + exact_words(-lead->shortest, Rounding::up) + " after it";
  std::optional<int> most;
  if (lead->longest) most = days_between(*i.due - *lead->longest, *i.due, zone);
  return ", first live " + lead_days_words(days_between(*i.due - lead->shortest, *i.due, zone), most) + " (" +
         span_words({lead->shortest, lead->longest}) + ")";
}

std::string span_text(const ExposureSpan& s, IncidentKind kind, const std::string& zone) {
  std::string out = "      went live " +
                    (s.went_live.earliest
                         ? between_words(s.went_live, zone)
                         : "before " + instant_words(s.went_live.latest, zone) + ": already live at the first look") +
                    "\n";
  if (kind == IncidentKind::late) return out;
  if (!s.went_down) return out + "      still up at the end of the scenario\n";
  const std::string by = s.ended_by ? to_string(*s.ended_by) : "absence";
  out += "      went down " + between_words(*s.went_down, zone) + ", ended by " + by + "\n";
  if (const auto up = time_up(s.went_live, s.went_down, s.went_down->latest))
    out += "      up for " + span_words(*up) + "\n";
  if (s.origin_live)
    out += "      at the publishing system by " + instant_words(s.origin_live->latest, zone) +
           " (server-stated, from Age)\n";
  return out;
}

std::string incidents_text(const Simulation& s, const std::string& zone) {
  std::string out = "Incidents\n";
  if (s.incidents.empty()) return out + "none\n";
  for (const Incident& i : s.incidents) {
    out += std::string{"  "} + to_string(i.kind) + ", " + to_string(i.state) + ": " +
           printable(i.release.empty() ? i.site : i.title) + "\n";
    out += "    id " + i.id + "\n";
    if (i.due) out += "    due " + due_phrase(*i.due, zone) + lead_phrase(i, zone) + "\n";
    for (const TargetExposure& t : i.targets) {
      out += "    " + t.target + (t.seen_live ? " " + t.url : std::string{}) + "\n";
      for (const ExposureSpan& span : t.spans) out += span_text(span, i.kind, zone);
    }
  }
  return out;
}

}  // namespace

std::string simulation_text(const Scenario& scenario, Simulation& s) {
  const std::string& zone = scenario.settings.timezone;
  std::string out = "Scenario: " + printable(scenario.name) + "\n";
  std::string covers;
  for (const std::string& c : scenario.covers) covers += (covers.empty() ? "" : ", ") + printable(c);
  if (!covers.empty()) out += "Covers: " + covers + "\n";
  out += "Virtual time: " + rfc3339(scenario.start) + " to " + rfc3339(s.end) + ", " + std::to_string(s.looks) +
         " looks at " + std::to_string(s.tracks.size()) + (s.tracks.size() == 1 ? " URL" : " URLs") + "\n";
  for (const std::string& note : scenario.schedule.notes) out += "Note: " + printable(note) + "\n";
  out += "\n" + timeline_text(s, zone) + "\n" + alerts_text(s, zone) + "\n" + incidents_text(s, zone);
  return out;
}

std::string expectations_text(const std::vector<Expectation>& all) {
  if (all.empty()) return "Expectations\nthe scenario states none\n";
  std::string out = "Expectations\n";
  for (const Expectation& e : all)
    out += std::string{e.is_met ? "  met      " : "  NOT MET  "} + printable(e.text) +
           (e.is_met ? "" : ": " + printable(e.why)) + "\n";
  return out;
}

}  // namespace embargod

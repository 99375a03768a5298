// Was it as the scenario says? Each expectation is matched with one incident or alert at most.

#include <algorithm>
#include <set>

#include "config/zone_time.h"
#include "daemon/ctl/simulate.h"
#include "daemon/watch/exposure.h"

namespace embargod {
namespace {

std::string describe(const ExpectedIncident& e) {
  std::string s = std::string{"incident "} + to_string(e.kind);
  if (!e.release.empty()) s += " of " + e.release;
  if (e.state) s += std::string{", "} + to_string(*e.state);
  if (e.lead_days) s += ", " + std::to_string(*e.lead_days) + " days ahead";
  if (e.spans) s += ", " + std::to_string(*e.spans) + (*e.spans == 1 ? " span" : " spans");
  if (e.ended_by) s += std::string{", ended by "} + to_string(*e.ended_by);
  if (e.time_up_under) s += ", up for under " + format_duration(*e.time_up_under);
  if (e.start_unknown) s += *e.start_unknown ? ", start unknown" : ", start known";
  return s;
}

std::optional<int> lead_days_of(const Incident& i, const std::string& zone) {
  const auto lead = lead_of(i);
  if (!lead || !i.due) return std::nullopt;
  return days_between(*i.due - lead->shortest, *i.due, zone);
}

int most_spans(const Incident& i) {
  std::size_t most = 0;
  for (const TargetExposure& t : i.targets) most = std::max(most, t.spans.size());
  return static_cast<int>(most);
}

/// The first thing in which an incident differs from what is expected; empty if in none.
std::string difference(const ExpectedIncident& e, const Incident& i, const Scenario& scenario, Instant end) {
  if (e.kind != i.kind) return std::string{"its kind is "} + to_string(i.kind);
  if (!e.release.empty() && e.release != i.release) return "it is of " + i.release;
  if (e.state && *e.state != i.state) return std::string{"its state is "} + to_string(i.state);
  if (e.lead_days) {
    const auto days = lead_days_of(i, scenario.settings.timezone);
    if (days != e.lead_days)
      return "its lead is " + (days ? std::to_string(*days) + " days" : std::string{"not known"});
  }
  if (e.spans && *e.spans != most_spans(i)) return "it has " + std::to_string(most_spans(i)) + " spans";
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans) {
      if (e.ended_by && &s == &t.spans.back() && s.ended_by != e.ended_by)
        return t.target +
               (s.ended_by ? std::string{" was ended by "} + to_string(*s.ended_by) : std::string{" is still up"});
      if (e.start_unknown && *e.start_unknown == s.went_live.earliest.has_value())
        return t.target + (s.went_live.earliest ? " has a known start" : " was live at the first look");
      if (!e.time_up_under) continue;
      const auto up = time_up(s.went_live, s.went_down, s.went_down ? s.went_down->latest : end);
      if (!up || !up->longest || *up->longest >= *e.time_up_under)
        return t.target + " was up for " +
               (up && up->longest ? "at most " + words(*up->longest) : std::string{"a time that is not known"});
    }
  return {};
}

void check_incidents(const Scenario& scenario, const Simulation& s, std::vector<Expectation>& out) {
  std::set<const Incident*> used;
  for (const ExpectedIncident& e : *scenario.expect.incidents) {
    Expectation x{.is_met = false, .text = describe(e), .why = "there is no such incident"};
    for (const Incident& i : s.incidents) {
      if (used.contains(&i)) continue;
      const std::string why = difference(e, i, scenario, s.end);
      if (why.empty()) {
        used.insert(&i);
        x.is_met = true;
        break;
      }
      if (e.kind == i.kind && (e.release.empty() || e.release == i.release)) x.why = why;
    }
    out.push_back(std::move(x));
  }
  for (const Incident& i : s.incidents)
    if (!used.contains(&i))
      out.push_back({false, "no other incident",
                     std::string{to_string(i.kind)} + " of " + (i.release.empty() ? i.site : i.release)});
  if (scenario.expect.incidents->empty() && s.incidents.empty()) out.push_back({true, "no incident", {}});
}

std::string release_of(const Alert& a) {
  const auto it = a.labels.find("release");
  return it == a.labels.end() ? std::string{} : it->second;
}

void check_alerts(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const ExpectedAlert& x : e.alerts) {
    const auto n = std::count_if(s.alerts.begin(), s.alerts.end(), [&](const Alert& a) {
      return a.name == x.alertname && (x.release.empty() || x.release == release_of(a)) &&
             (!x.status || *x.status == a.status);
    });
    std::string text = "alert " + x.alertname;
    if (!x.release.empty()) text += " of " + x.release;
    if (x.status) text += std::string{", "} + to_string(*x.status);
    if (x.count) text += ", told " + std::to_string(*x.count) + " times";
    const bool met = x.count ? n == *x.count : n > 0;
    out.push_back({met, text, met ? "" : "it was told " + std::to_string(n) + " times"});
  }
  for (const std::string& name : e.no_alerts) {
    const auto n = std::count_if(s.alerts.begin(), s.alerts.end(), [&](const Alert& a) { return a.name == name; });
    out.push_back({n == 0, "no alert " + name, n == 0 ? "" : "it was told " + std::to_string(n) + " times"});
  }
}

void check_releases(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const std::string& id : e.released) {
    bool any = false;
    bool all = true;
    for (const TargetTrack& t : s.tracks) {
      if (t.release != id) continue;
      any = true;
      all = all && t.released.has_value();
    }
    out.push_back({any && all, "release " + id + " recorded as released on time",
                   any && all ? "" : "it is not recorded for every URL"});
  }
  if (!e.blind) return;
  Millis longest{0};
  for (const BlindSpan& b : s.blind) longest = std::max(longest, b.to.value_or(s.end) - b.from);
  out.push_back({longest >= *e.blind, "a blind period of at least " + format_duration(*e.blind),
                 longest >= *e.blind ? "" : "the longest is " + format_duration(longest)});
}

}  // namespace

std::vector<Expectation> check_expectations(const Scenario& scenario, const Simulation& s) {
  std::vector<Expectation> out;
  if (scenario.expect.incidents) check_incidents(scenario, s, out);
  check_alerts(scenario.expect, s, out);
  check_releases(scenario.expect, s, out);
  for (const std::string& refused : s.refused) out.push_back({false, "commands are accepted", refused});
  return out;
}

}  // namespace embargod

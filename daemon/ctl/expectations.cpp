// Was it as the scenario says? Each expectation is matched with one incident or alert at most.

#include <algorithm>
#include <set>

#include "config/candidates_reader.h"
#include "config/zone_time.h"
#include "daemon/ctl/simulate.h"
#include "daemon/watch/exposure.h"

namespace embargod {
namespace {

std::string describe(const ExpectedIncident& e) {
  std::string s = std::string{"incident "} + to_string(e.kind);
  if (!e.release.empty()) s += " of " + e.release;
  if (e.state) s += std::string{", "} + to_string(*e.state);
  if (e.confidence) s += std::string{", "} + to_string(*e.confidence);
  if (e.lead_days) s += ", " + std::to_string(*e.lead_days) + " days ahead";
  if (e.spans) s += ", " + std::to_string(*e.spans) + (*e.spans == 1 ? " span" : " spans");
  if (e.spans_over) s += ", over " + std::to_string(*e.spans_over) + " spans";
  if (e.ended_by) s += std::string{", ended by "} + to_string(*e.ended_by);
  if (e.time_up_under) s += ", up for under " + format_duration(*e.time_up_under);
  if (e.time_up_over) s += ", up for over " + format_duration(*e.time_up_over);
  if (e.start_unknown) s += *e.start_unknown ? ", start unknown" : ", start known";
  if (e.targets) s += ", " + std::to_string(e.targets->size()) + (e.targets->size() == 1 ? " URL" : " URLs");
  if (!e.cached_by.empty()) s += ", left over in " + e.cached_by;
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

std::vector<std::string> targets_of(const Incident& i) {
  std::vector<std::string> out;
  out.reserve(i.targets.size());
  for (const TargetExposure& t : i.targets) out.push_back(t.target);
  std::sort(out.begin(), out.end());
  return out;
}

bool was_cached_by(const std::string& layer, const Incident& i, const Simulation& s) {
  return std::any_of(s.events.begin(), s.events.end(), [&](const Event& e) {
    return e.incident == i.id && e.what == "served_from_cache" && e.text.find(layer) != std::string::npos;
  });
}

std::string span_difference(const ExpectedIncident& e, const Incident& i, Instant end) {
  Millis most{0};
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans) {
      if (e.ended_by && &s == &t.spans.back() && s.ended_by != e.ended_by)
        return t.target +
               (s.ended_by ? std::string{" was ended by "} + to_string(*s.ended_by) : std::string{" is still up"});
      if (e.start_unknown && *e.start_unknown == s.went_live.earliest.has_value())
        return t.target + (s.went_live.earliest ? " has a known start" : " was live at the first look");
      const auto up = time_up(s.went_live, s.went_down, s.went_down ? s.went_down->latest : end);
      if (up) most = std::max(most, up->shortest);
      if (e.time_up_under && (!up || !up->longest || *up->longest >= *e.time_up_under))
        return t.target + " was up for " +
               (up && up->longest ? "at most " + words(*up->longest) : std::string{"a time that is not known"});
    }
  if (e.time_up_over && most <= *e.time_up_over) return "it was up for at least " + words(most);
  return {};
}

/// The first thing in which an incident differs from what is expected; empty if in none.
std::string difference(const ExpectedIncident& e, const Incident& i, const Scenario& scenario, const Simulation& s) {
  if (e.kind != i.kind) return std::string{"its kind is "} + to_string(i.kind);
  if (!e.release.empty() && e.release != i.release) return "it is of " + i.release;
  if (e.state && *e.state != i.state) return std::string{"its state is "} + to_string(i.state);
  if (e.confidence && *e.confidence != i.confidence) return std::string{"it is "} + to_string(i.confidence);
  if (e.lead_days) {
    const auto days = lead_days_of(i, scenario.settings.timezone);
    if (days != e.lead_days)
      return "its lead is " + (days ? std::to_string(*days) + " days" : std::string{"not known"});
  }
  const int spans = most_spans(i);
  if ((e.spans && *e.spans != spans) || (e.spans_over && spans <= *e.spans_over))
    return "it has " + std::to_string(spans) + " spans";
  if (e.targets) {
    std::vector<std::string> want = *e.targets;
    std::sort(want.begin(), want.end());
    std::string names;
    for (const std::string& t : targets_of(i)) names += (names.empty() ? "" : ", ") + t;
    if (want != targets_of(i)) return "its URLs are " + names;
  }
  if (!e.cached_by.empty() && !was_cached_by(e.cached_by, i, s)) return "no cache was named as what still serves it";
  return span_difference(e, i, s.end);
}

void check_incidents(const Scenario& scenario, const Simulation& s, std::vector<Expectation>& out) {
  std::set<const Incident*> used;
  for (const ExpectedIncident& e : *scenario.expect.incidents) {
    Expectation x{.is_met = false, .text = describe(e), .why = "there is no such incident"};
    for (const Incident& i : s.incidents) {
      if (used.contains(&i)) continue;
      const std::string why = difference(e, i, scenario, s);
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

bool says(const Alert& a, const std::string& what) {
  if (what.empty()) return true;
  for (const char* where : {"summary", "description"})
    if (const auto it = a.annotations.find(where);
        it != a.annotations.end() && it->second.find(what) != std::string::npos)
      return true;
  return false;
}

std::string told(std::ptrdiff_t n) { return "it was told " + std::to_string(n) + " times"; }

void check_alerts(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const ExpectedAlert& x : e.alerts) {
    const auto n = std::count_if(s.alerts.begin(), s.alerts.end(), [&](const Alert& a) {
      return a.name == x.alertname && (x.release.empty() || x.release == release_of(a)) &&
             (!x.status || *x.status == a.status) && says(a, x.says);
    });
    std::string text = "alert " + x.alertname;
    if (!x.release.empty()) text += " of " + x.release;
    if (x.status) text += std::string{", "} + to_string(*x.status);
    if (!x.says.empty()) text += ", that says \"" + x.says + "\"";
    if (x.count) text += ", told " + std::to_string(*x.count) + " times";
    const bool met = x.count ? n == *x.count : n > 0;
    out.push_back({met, text, met ? "" : told(n)});
  }
  for (const std::string& name : e.no_alerts) {
    const auto n = std::count_if(s.alerts.begin(), s.alerts.end(), [&](const Alert& a) { return a.name == name; });
    out.push_back({n == 0, "no alert " + name, n == 0 ? "" : told(n)});
  }
  const int n = pages_of(s);
  const std::string there_were = "there were " + std::to_string(n);
  if (e.pages)
    out.push_back({n == *e.pages, std::to_string(*e.pages) + (*e.pages == 1 ? " page" : " pages"), there_were});
  if (e.pages_at_most)
    out.push_back({n <= *e.pages_at_most, "at most " + std::to_string(*e.pages_at_most) + " pages", there_were});
}

void check_releases(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const std::string& id : e.released) {
    bool any = false;
    bool all = true;
    for (const TargetTrack& t : s.tracks) {
      // Another form of a URL ("<target>+www") is no part of the release, nor is a guess.
      if (t.release != id || t.target.find('+') != std::string::npos || is_candidate_id(t.target)) continue;
      any = true;
      all = all && t.released.has_value();
    }
    out.push_back({any && all, "release " + id + " recorded as released on time",
                   any && all ? "" : "it is not recorded for every URL"});
  }
}

void check_blind(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const ExpectedBlind& x : e.blind) {
    Millis longest{0};
    for (const BlindSpan& b : s.blind)
      if ((x.target.empty() || x.target == b.target) && (!x.cause || *x.cause == b.cause))
        longest = std::max(longest, b.to.value_or(s.end) - b.from);
    std::string text = "a blind period";
    if (!x.target.empty()) text += " of " + x.target;
    if (x.cause) text += std::string{" by "} + to_string(*x.cause);
    if (x.at_least) text += " of at least " + format_duration(*x.at_least);
    if (x.at_most) text += std::string{x.at_least ? " and" : " of"} + " at most " + format_duration(*x.at_most);
    const bool met = (!x.at_least || longest >= *x.at_least) && (!x.at_most || longest <= *x.at_most);
    out.push_back({met, text, met ? "" : "the longest is " + format_duration(longest)});
  }
}

void check_states(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (std::size_t i = 0; i < e.states.size(); ++i) {
    const ExpectedState& x = e.states[i];
    std::string text = x.target + " at " + format_duration(x.at);
    if (x.liveness) text += std::string{" "} + to_string(*x.liveness);
    if (x.cause) text += std::string{" by "} + to_string(*x.cause);
    if (x.edition) text += ", edition \"" + *x.edition + "\"";
    if (!x.rule.empty()) text += ", decided by \"" + x.rule + "\"";
    const auto& t = s.states.at(i);
    const bool met = t && (!x.liveness || *x.liveness == t->liveness) && (!x.cause || *x.cause == t->cause) &&
                     (!x.edition || *x.edition == t->edition) && t->rule.find(x.rule) != std::string::npos;
    std::string seen = "there is no such target";
    if (t) seen = std::string{"it is "} + to_string(t->liveness) + " by " + t->rule;
    if (t && t->cause != Cause::none) seen += std::string{", cause "} + to_string(t->cause);
    if (t && x.edition) seen += ", edition \"" + t->edition + "\"";
    out.push_back({met, text, met ? "" : seen});
  }
}

void check_events(const Expectations& e, const Simulation& s, std::vector<Expectation>& out) {
  for (const ExpectedEvent& x : e.events) {
    const auto n = std::count_if(s.events.begin(), s.events.end(), [&](const Event& v) {
      return v.what == x.what && (x.release.empty() || x.release == v.release) &&
             v.text.find(x.contains) != std::string::npos;
    });
    std::string text = "event " + x.what;
    if (!x.release.empty()) text += " of " + x.release;
    if (!x.contains.empty()) text += ", that says \"" + x.contains + "\"";
    if (x.count) text += ", " + std::to_string(*x.count) + " times";
    const bool met = x.count ? n == *x.count : n > 0;
    out.push_back({met, text, met ? "" : "it happened " + std::to_string(n) + " times"});
  }
}

}  // namespace

int pages_of(const Simulation& s) {
  return static_cast<int>(std::count_if(s.alerts.begin(), s.alerts.end(), [](const Alert& a) {
    return a.severity == Severity::page && a.status == AlertStatus::firing;
  }));
}

std::vector<Expectation> check_expectations(const Scenario& scenario, const Simulation& s) {
  std::vector<Expectation> out;
  if (scenario.expect.incidents) check_incidents(scenario, s, out);
  check_alerts(scenario.expect, s, out);
  check_releases(scenario.expect, s, out);
  check_blind(scenario.expect, s, out);
  check_states(scenario.expect, s, out);
  check_events(scenario.expect, s, out);
  for (const std::string& refused : s.refused) out.push_back({false, "commands are accepted", refused});
  return out;
}

}  // namespace embargod

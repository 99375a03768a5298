// What this monitor could and could not see. No report without it (P22).

#include <algorithm>
#include <cstdint>
#include <map>

#include "config/types/time.h"
#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

constexpr Millis kBefore{24 * 3'600'000};

struct TargetCoverage {
  std::int64_t looks = 0;
  std::optional<Instant> first;
  std::optional<Instant> last;
  std::optional<Instant> last_conclusive;
  Millis longest_gap{0};  // between conclusive looks
  Millis blind{0};
  Millis worst_error{0};
};

bool overlaps(Instant from, Instant to, const ReportWindow& w) { return from <= w.to && to >= w.from; }

Millis inside(Instant from, Instant to, const ReportWindow& w) {
  return std::max(Millis{0}, std::min(to, w.to) - std::max(from, w.from));
}

std::vector<std::string> targets_of(const Draft& d) {
  std::vector<std::string> all;
  const auto add = [&all](const std::string& t) {
    if (std::find(all.begin(), all.end(), t) == all.end()) all.push_back(t);
  };
  for (const Incident& i : d.in.incidents) {
    for (const TargetExposure& t : i.targets) add(t.target);
    if (const StoredRelease* r = d.release(i.release))
      for (const Target& t : r->release.targets) add(t.id);
  }
  return all;
}

TargetCoverage coverage_of(const Draft& d, const std::string& target, const ReportWindow& w) {
  TargetCoverage c;
  for (const ObservationSpan& s : d.in.looks) {
    if (s.target != target || !overlaps(s.first_sent, s.last_done, w)) continue;
    c.looks += s.count;
    if (!c.first) c.first = s.first_sent;
    c.last = s.last_done;
    c.worst_error = std::max(c.worst_error, s.worst_error);
    if (!is_conclusive(s.liveness)) continue;
    if (c.last_conclusive) c.longest_gap = std::max(c.longest_gap, s.first_done - *c.last_conclusive);
    c.longest_gap = std::max(c.longest_gap, s.longest_gap);
    c.last_conclusive = s.last_done;
  }
  for (const BlindSpan& b : d.in.blind)
    if (b.target == target) c.blind += inside(b.from, b.to.value_or(w.to), w);
  return c;
}

/// Rounded down: 99.99 % is not whole.
std::string percent_words(Millis blind, Millis whole) {
  if (whole <= Millis{0}) return "-";
  const std::int64_t seen = std::max<std::int64_t>(0, (whole - blind).count());
  const std::int64_t tenths = seen * 1'000 / whole.count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

ReportField looks_field(Draft& d, const std::vector<std::string>& targets, const ReportWindow& w, Millis& worst_error) {
  ReportField f{"Looks at each URL", {}, {}, false};
  f.is_growing = true;
  // Like looks in a row are one record: the first and last run may reach beyond the time covered, and are counted
  // whole.
  f.statements.push_back(
      stated({ours("Looks are recorded in runs of like answers; all runs that touch the time covered are counted "
                   "whole. \"Able to judge\" "
                   "is the part of the time covered, from the first look on, that was not blind.")}));
  ReportTable table{
      {"URL (target id)", "Looks", "From (UTC)", "To (UTC)", "Able to judge", "Longest gap between conclusive looks"},
      {}};
  std::vector<std::string> begun_late;
  for (const std::string& t : targets) {
    const TargetCoverage c = coverage_of(d, t, w);
    worst_error = std::max(worst_error, c.worst_error);
    const int source = d.cite("looks", t, "looks at " + t + ", as counted by this monitor");
    if (c.looks == 0) {
      table.rows.push_back({stated({outside(t)}, {source}), cell("none"), cell("-"), cell("-"), cell("-"), cell("-")});
      continue;
    }
    const Instant from = std::max(w.from, *c.first);
    if (*c.first > w.from) begun_late.push_back(t);
    table.rows.push_back({stated({outside(t)}, {source}), cell(std::to_string(c.looks)), cell(utc_cell(*c.first)),
                          cell(utc_cell(*c.last)), cell(percent_words(c.blind, w.to - from)),
                          cell(exact_words(c.longest_gap, Rounding::up))});
  }
  if (!begun_late.empty()) {
    std::string names;
    for (const std::string& t : begun_late) names += (names.empty() ? "" : ", ") + t;
    f.statements.push_back(
        stated({ours("Looks began after the time covered begins, and before them nothing is known, for: "),
                outside(names), ours(".")}));
  }
  f.table = std::move(table);
  return f;
}

ReportField blind_field(Draft& d, const std::vector<std::string>& targets, const ReportWindow& w) {
  ReportField f{"Blind periods", {}, {}, false};
  ReportTable table{{"From (UTC)", "To (UTC)", "How long", "URL (target id)", "Why"}, {}};
  Millis longest{0};
  for (const BlindSpan& b : d.in.blind) {
    const bool watched = std::find(targets.begin(), targets.end(), b.target) != targets.end();
    if (!watched || !overlaps(b.from, b.to.value_or(w.to), w)) continue;
    const Millis length = b.to.value_or(d.in.now) - b.from;
    longest = std::max(longest, length);
    const int source =
        d.cite("blind", b.target + "@" + rfc3339(b.from), "blind period of " + b.target + " from " + rfc3339(b.from));
    table.rows.push_back({stated({ours(utc_cell(b.from))}, {source}), cell(b.to ? utc_cell(*b.to) : "still lasting"),
                          cell(exact_words(length, Rounding::up)), stated({outside(b.target)}),
                          cell(cause_words(b.cause))});
  }
  if (table.rows.empty()) {
    f.statements.push_back(stated({ours(
        "No blind period: every stretch between looks in this time ended with an answer that could be judged.")}));
    return f;
  }
  f.statements.push_back(stated({ours(
      "In the periods below the monitor could not observe the URL; no statement is made for them. The longest lasted " +
      exact_words(longest, Rounding::up) + ".")}));
  f.table = std::move(table);
  return f;
}

ReportField clock_field(Draft& d, Millis worst_error) {
  const bool verified =
      std::all_of(d.in.incidents.begin(), d.in.incidents.end(), [](const Incident& i) { return i.clock_verified; });
  const std::string error = exact_words(worst_error, Rounding::up);
  const std::string text = verified ? "Clock verified; error at most " + error + ", included in every bound."
                                    : "Clock not verified: no time server confirmed it for all of this time. Every "
                                      "bound was widened by the error "
                                      "assumed, " +
                                          error + ".";
  ReportField f{"Clock", {}, {}, false};
  f.statements.push_back(stated({ours(text)}, {d.cite_config()}));
  return f;
}

ReportField interval_field(Draft& d) {
  const Polling& p = d.in.settings.polling;
  const auto w = [](Millis m) { return format_duration(m); };
  ReportField f{"Polling interval", {}, {}, false};
  f.statements.push_back(
      stated({ours("Set to " + w(p.interval) + "; " + w(p.near.interval) + " within " + w(p.near.within) +
                   " of the announced time; " + w(p.window.interval) + " from " + w(p.window.before) + " before to " +
                   w(p.window.after) + " after it; " + w(p.incident_interval) +
                   " while something is live early. A shorter exposure between two looks would not have been seen.")},
             {d.cite_config()}));
  return f;
}

ReportField own_requests_field(Draft& d) {
  ReportField f{"This monitor's own requests", {}, {}, false};
  for (const Incident& i : d.in.incidents)
    for (const TargetExposure& t : i.targets) {
      int looks = 0;
      for (const ExposureSpan& s : t.spans) looks += s.looks;
      const bool was_due =
          i.kind == IncidentKind::late || i.kind == IncidentKind::incomplete || i.kind == IncidentKind::gap;
      if (looks == 0 || was_due) continue;
      f.statements.push_back(stated(
          {outside(t.target), ours(": " + std::to_string(looks) + (looks == 1 ? " request was" : " requests were") +
                                   " answered with the live content; subtract them from access logs.")},
          {d.cite_incident(i)}));
    }
  if (f.statements.empty())
    f.statements.push_back(stated({ours("None was answered with live content before its time.")}));
  if (!d.in.settings.user_agent.empty())
    f.statements.push_back(
        stated({ours("They carry the User-Agent "), outside(d.in.settings.user_agent), ours(".")}, {d.cite_config()}));
  f.statements.push_back(
      stated({ours("All looks were made from one place; what other places or caches were served is not known.")}));
  return f;
}

}  // namespace

ReportWindow report_window(const std::vector<Incident>& incidents, Instant now) {
  std::optional<Instant> from;
  std::optional<Instant> to;
  bool lasts = incidents.empty();
  for (const Incident& i : incidents) {
    Instant begin = i.detected;
    Instant end = i.contained.value_or(i.closed.value_or(now));
    for (const TargetExposure& t : i.targets)
      for (const ExposureSpan& s : t.spans) {
        // A gap begins where its first time in public ends.
        const InstantBounds& first = i.kind == IncidentKind::gap && s.went_down ? *s.went_down : s.went_live;
        begin = std::min(begin, first.earliest.value_or(first.latest));
        if (s.went_down) end = std::max(end, s.went_down->latest);
      }
    from = from ? std::min(*from, begin) : begin;
    to = to ? std::max(*to, end) : end;
    lasts = lasts || is_active(i);
  }
  const Instant end = lasts ? now : std::min(now, to.value_or(now));
  return {std::min(from.value_or(now), end) - kBefore, end};
}

void add_coverage(Draft& d) {
  const ReportWindow w = report_window(d.in.incidents, d.in.now);
  const std::vector<std::string> targets = targets_of(d);
  ReportSection& s = d.subsection("What this monitor could and could not see");
  ReportField window{"Time covered", {}, {}, false};
  window.statements.push_back(
      stated({ours("From " + instant_words(w.from, d.zone()) + ", which is 24 h before the first sight, to " +
                   instant_words(w.to, d.zone()) + ".")}));
  Millis worst_error{0};
  ReportField looks = looks_field(d, targets, w, worst_error);
  s.fields.push_back(std::move(window));
  s.fields.push_back(blind_field(d, targets, w));
  s.fields.push_back(std::move(looks));
  s.fields.push_back(clock_field(d, worst_error));
  s.fields.push_back(interval_field(d));
  s.fields.push_back(own_requests_field(d));
}

}  // namespace embargod

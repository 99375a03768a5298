// Part 2 of the form: what was due, what was seen, between which instants.

#include <algorithm>
#include <set>

#include "config/zone_time.h"
#include "daemon/report/draft.h"
#include "daemon/report/practices.h"
#include "daemon/report/report_words.h"
#include "daemon/watch/drift_words.h"

namespace embargod {
namespace {

std::string list_words(const std::vector<std::string>& items) {
  std::string s;
  for (std::size_t k = 0; k < items.size(); ++k) s += (k == 0 ? "" : k + 1 == items.size() ? " or " : ", ") + items[k];
  return s;
}

/// Local dates on which an incident may have begun: one, or two if its bounds lie on both sides of midnight.
std::set<Instant> occurrence_days(const Draft& d, const Incident& i) {
  std::set<Instant> days;
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans) {
      if (s.went_live.earliest) days.insert(*s.went_live.earliest);
      days.insert(s.went_live.latest);
    }
  const bool by_due = i.kind == IncidentKind::late || i.kind == IncidentKind::incomplete;
  if (days.empty()) days.insert(by_due && i.due ? *i.due : i.detected);
  std::set<Instant> firsts;
  std::set<std::string> seen;
  for (const Instant t : days)
    if (seen.insert(local_date(t, d.zone())).second) firsts.insert(t);
  return firsts;
}

ReportField occurrence_field(Draft& d) {
  ReportField f{"Date of occurrence", {}, {}, false};
  std::set<Instant> all;
  std::vector<int> sources;
  for (const Incident& i : d.in.incidents) {
    all.merge(occurrence_days(d, i));
    sources.push_back(d.cite_incident(i));
  }
  std::vector<std::string> days;
  for (const Instant t : all) {
    const std::string day = local_date(t, d.zone());
    if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
  }
  std::string text;
  for (std::size_t k = 0; k < days.size(); ++k) text += (k == 0 ? "" : k + 1 == days.size() ? " and " : ", ") + days[k];
  f.statements.push_back(stated({ours(text + "; the times are in the account below.")}, sources));
  return f;
}

ReportField practices_field(Draft& d) {
  ReportField f{"Relevant principles and practices", {}, {}, false};
  f.statements.push_back(stated({ours(code_name(d.in.settings.code_edition) + ".")}, {d.cite_config()}));
  std::vector<std::string> proposed;
  std::vector<std::string> others;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& s : from)
      if (std::find(to.begin(), to.end(), s) == to.end()) to.push_back(s);
  };
  std::vector<Incident> breaches = d.in.incidents;
  std::erase_if(breaches, [](const Incident& i) { return in_rehearsal(i); });
  for (const Incident& i : breaches) add(proposed, practices_for(d.in.settings.code_edition, i.kind).proposed);
  for (const Incident& i : breaches) add(others, practices_for(d.in.settings.code_edition, i.kind).alternatives);
  std::erase_if(others,
                [&](const std::string& s) { return std::find(proposed.begin(), proposed.end(), s) != proposed.end(); });
  for (const std::string& s : proposed) f.statements.push_back(stated({ours("Proposed: " + s + ".")}));
  for (const std::string& s : others) f.statements.push_back(stated({ours("Alternative: " + s + ".")}));
  add(d.report.practices, proposed);
  add(d.report.practices, others);
  for (Statement& s : asked(d, "practices")) f.statements.push_back(std::move(s));
  return f;
}

/// How a release that has no due instant was announced.
std::string undated_words(const StoredRelease* r, const std::string& zone) {
  if (r == nullptr) return "No announced time is on record.";
  if (r->release.status == ReleaseStatus::cancelled)
    return "The release was announced as cancelled: it was not to be published.";
  if (r->release.due.period_begin) {
    const std::string first = local_date(*r->release.due.period_begin, zone);
    const std::size_t space = first.find(' ');
    return "Announced provisionally for " + (space == std::string::npos ? first : first.substr(space + 1)) +
           "; no day was confirmed.";
  }
  return "No announced time is on record.";
}

}  // namespace

Statement due_statement(Draft& d, const Incident& i) {
  const StoredRelease* r = d.release(i.release);
  const std::vector<int> sources{d.cite_release(i.release), d.cite_incident(i)};
  if (!i.due) return stated({ours(undated_words(r, d.zone()))}, sources);
  if (r != nullptr && r->release.due.precision == DuePrecision::month)
    return stated({ours(undated_words(r, d.zone()) + " Its first instant is " + due_words(*i.due, d.zone()) + ".")},
                  sources);
  std::vector<Piece> pieces{ours("Due " + due_words(*i.due, d.zone()))};
  if (r != nullptr && r->release.due.at == i.due && !r->release.due.as_given.empty()) {
    pieces.push_back(ours("; in the schedule \""));
    pieces.push_back(outside(r->release.due.as_given));
    pieces.push_back(ours("\""));
    if (r->release.due.precision == DuePrecision::time_assumed)
      pieces.push_back(ours(", a date alone: the time 09:30 was assumed"));
  }
  pieces.push_back(ours("."));
  if (r != nullptr && r->release.status == ReleaseStatus::cancelled)
    pieces.push_back(ours(" The release was announced as cancelled: it was not to be published."));
  return stated(std::move(pieces), sources);
}

std::vector<Statement> drift_statements(Draft& d, const Incident& i) {
  std::vector<Statement> all;
  for (const Drift& x : i.drifts) {
    std::vector<Piece> p{outside(calendar_name(x)), ours(" " + drift_words(x, i.due, d.zone()))};
    if (!x.says.as_given.empty())
      p.insert(p.end(), {ours("; as written there: \""), outside(x.says.as_given), ours("\"")});
    p.push_back(ours(". First read so at " + instant_words(x.seen, d.zone()) + "."));
    all.push_back(stated(std::move(p), {d.cite_incident(i)}));
  }
  return all;
}

namespace {

Statement first_answer_statement(Draft& d, const Incident& i, const TargetExposure& t) {
  const char* which = i.kind == IncidentKind::gap             ? "An answer after it went: HTTP "
                      : i.kind == IncidentKind::wrong_content ? "First such answer: HTTP "
                                                              : "First live answer: HTTP ";
  std::vector<Piece> pieces{
      ours(which + std::to_string(t.first.status) + ", " + std::to_string(t.first.size) + " bytes")};
  if (!t.first.rule.empty()) pieces.push_back(ours(", judged by rule "));
  if (!t.first.rule.empty()) pieces.push_back(outside(t.first.rule));
  if (!t.first.digest.empty()) pieces.push_back(ours(", content digest " + t.first.digest));
  pieces.push_back(ours("."));
  std::vector<int> sources{d.cite_incident(i)};
  for (const EvidenceRow& e : d.in.evidence)
    if (e.incident == i.id && e.target == t.target && e.digest == t.first.digest)
      sources.push_back(d.cite("evidence", e.digest,
                               "kept response " + e.digest + " of " + e.target + ", complete at " + rfc3339(e.done)));
  return stated(std::move(pieces), sources);
}

ReportField target_field(Draft& d, const Incident& i, const TargetExposure& t, const TargetFacts& facts) {
  ReportField f{t.target, {}, {}, false};
  if (t.seen_live) f.statements.push_back(stated({url_piece(t.url)}, {d.cite_incident(i)}));
  for (Statement& s : span_statements(d, i, t, facts)) f.statements.push_back(std::move(s));
  const bool says_itself = i.kind == IncidentKind::late || i.kind == IncidentKind::incomplete;
  if (!t.spans.empty() && !says_itself) f.statements.push_back(first_answer_statement(d, i, t));
  return f;
}

/// Before and after the instant at which it was over, as far as this monitor can tell.
struct EndWords {
  const char* before;
  const char* after;
};
std::optional<EndWords> end_words(IncidentKind k) {
  switch (k) {
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
      return EndWords{"Contained",
                      ". Copies in caches that this monitor does not pass through may have been served for longer."};
    case IncidentKind::incomplete:
      return EndWords{"Complete, by an answer", "."};
    case IncidentKind::wrong_content:
      return EndWords{"Put right, by an answer",
                      ". Copies in caches that this monitor does not pass through may differ."};
    case IncidentKind::gap:
      return EndWords{"All back, by an answer", "."};
    case IncidentKind::late:
    case IncidentKind::blind:
    case IncidentKind::drift:
      break;
  }
  return std::nullopt;
}

ReportField ending_field(Draft& d, const Incident& i) {
  ReportField f{"State of the record", {}, {}, false};
  const int source = d.cite_incident(i);
  const bool was_looked_at = i.kind != IncidentKind::blind && i.kind != IncidentKind::drift;
  const std::string confidence =
      !was_looked_at ? "" : "Confidence: " + std::string{confidence_words(i.confidence)} + ". ";
  f.statements.push_back(stated({ours(confidence + "State: " + state_words(i.state) + ".")}, {source}));
  if (const auto end = end_words(i.kind); end && i.contained)
    f.statements.push_back(
        stated({ours(end->before + (" at " + instant_words(*i.contained, d.zone())) + end->after)}, {source}));
  if (i.acknowledged) {
    std::vector<Piece> p{ours("Acknowledged by "), outside(i.acknowledged->by),
                         ours(" at " + instant_words(i.acknowledged->at, d.zone()))};
    if (!i.acknowledged->note.empty()) p.insert(p.end(), {ours(": "), outside(i.acknowledged->note)});
    f.statements.push_back(stated(std::move(p), {source}));
  } else {
    f.statements.push_back(stated({ours("No acknowledgement is on record.")}, {source}));
  }
  if (i.ruling)
    f.statements.push_back(
        stated({ours("Decided by "), outside(i.ruling->by),
                ours(" at " + instant_words(i.ruling->at, d.zone()) + ", to " + choice_words(i.ruling->choice) + ": "),
                outside(i.ruling->reason)},
               {source}));
  if (i.closed) {
    std::vector<Piece> p{ours(i.state == IncidentState::dismissed ? "Dismissed by " : "Closed by "),
                         outside(i.closed_by), ours(" at " + instant_words(*i.closed, d.zone()))};
    if (!i.closed_reason.empty()) p.insert(p.end(), {ours(": "), outside(i.closed_reason)});
    f.statements.push_back(stated(std::move(p), {source}));
  }
  return f;
}

/// What must come out of it, and what of that is in this incident.
std::optional<ReportField> parts_field(Draft& d, const Incident& i) {
  const bool counts = i.kind == IncidentKind::late || i.kind == IncidentKind::incomplete || i.kind == IncidentKind::gap;
  if (!counts || i.parts.size() < 2) return std::nullopt;
  std::vector<std::string> touched;
  touched.reserve(i.targets.size());
  for (const TargetExposure& t : i.targets) touched.push_back(t.target);
  std::string all;
  for (const std::string& p : i.parts) all += (all.empty() ? "" : ", ") + p;
  const char* how = i.kind == IncidentKind::gap ? "Gone again after release" : "Not out after the announced time";
  std::string these;
  for (const std::string& p : touched) these += (these.empty() ? "" : ", ") + p;
  ReportField f{"Parts of the release", {}, {}, false};
  f.statements.push_back(stated(
      {ours(std::to_string(i.parts.size()) + " parts were announced: "), outside(all),
       ours(". " + std::string{how} + ", " + std::to_string(touched.size()) + " of them: "), outside(these), ours(".")},
      {d.cite_release(i.release), d.cite_incident(i)}));
  return f;
}

ReportField lift_field(Draft& d, const StoredRelease& r) {
  ReportField f{"End of the embargo by a person", {}, {}, false};
  f.statements.push_back(stated({ours("Ended by "), outside(r.lift->by),
                                 ours(" at " + instant_words(r.lift->at, d.zone()) + ": "), outside(r.lift->reason)},
                                {d.cite_release(r.release.id)}));
  return f;
}

}  // namespace

void add_circumstances(Draft& d) {
  const bool is_rehearsal = is_all_rehearsal(d);
  ReportSection& s = d.section(is_rehearsal ? "Circumstances of the rehearsal" : "Circumstances of the breach");
  if (!is_rehearsal) s.fields.push_back(practices_field(d));
  s.fields.push_back(occurrence_field(d));
}

void add_account(Draft& d, const Incident& i, const OutputFacts& facts) {
  ReportSection& s = d.subsection(account_heading(i));
  s.title = {outside(i.kind == IncidentKind::blind ? i.site : i.title)};
  const int source = d.cite_incident(i);
  if (i.kind == IncidentKind::blind) {
    ReportField f{"What could not be seen", {}, {}, false};
    std::vector<Piece> p{ours(
        "Raised at " + instant_words(i.detected, d.zone()) + ", when no look at the site had been conclusive for " +
        format_duration(d.in.settings.polling.blind_after) + " or more. Releases that were watched there: ")};
    p.push_back(outside(i.affected.empty() ? "none" : list_words(i.affected)));
    p.push_back(ours(". The blind periods are listed below."));
    f.statements.push_back(stated(std::move(p), {source}));
    s.fields.push_back(std::move(f));
  } else {
    if (i.rehearsal) s.fields.push_back({"Planned rehearsal", rehearsal_statements(d, i), {}, false});
    ReportField due{"Announced release", {due_statement(d, i)}, {}, false};
    if (facts.lead) due.statements.push_back(lead_statement(d, i, facts));
    s.fields.push_back(std::move(due));
    if (auto parts = parts_field(d, i)) s.fields.push_back(std::move(*parts));
    const char* how = i.kind == IncidentKind::drift ? "First sight: a calendar that was read by "
                                                    : "First sight: an answer that was complete at ";
    s.fields.push_back(
        {"Detected", {stated({ours(how + instant_words(i.detected, d.zone()) + ".")}, {source})}, {}, false});
    if (!i.drifts.empty()) s.fields.push_back({"What calendars showed instead", drift_statements(d, i), {}, false});
    for (std::size_t k = 0; k < i.targets.size(); ++k)
      s.fields.push_back(target_field(d, i, i.targets[k], facts.targets[k]));
  }
  if (const StoredRelease* r = d.release(i.release); r != nullptr && r->lift) s.fields.push_back(lift_field(d, *r));
  s.fields.push_back(ending_field(d, i));
  if (auto released = released_field(d, i)) s.fields.push_back(std::move(*released));
  s.fields.push_back(asked_field(d, "Cause, and the roles of the persons involved", "cause", &i));
  ReportField note = asked_field(d, "Note", "note-account", &i);
  if (note.statements.front().pieces.front().kind != Piece::Kind::blank) s.fields.push_back(std::move(note));
}

}  // namespace embargod

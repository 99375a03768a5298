// The short form: a log entry, or a letter, for the Head of Profession, who decides whether a formal report is due.

#include "daemon/report/draft.h"
#include "daemon/report/practices.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

ReportField entry_field(Draft& d, const Incident& i, const OutputFacts& facts) {
  ReportField f{"", {}, {}, false};
  if (i.kind == IncidentKind::blind) {
    f.statements.push_back(
        stated({ours("Raised at " + instant_words(i.detected, d.zone()) + ": no look had been conclusive at the site "),
                outside(i.site), ours(". The blind periods are listed below.")},
               {d.cite_incident(i)}));
    return f;
  }
  f.statements = rehearsal_statements(d, i);
  f.statements.push_back(due_statement(d, i));
  for (Statement& s : drift_statements(d, i)) f.statements.push_back(std::move(s));
  if (facts.lead) f.statements.push_back(lead_statement(d, i, facts));
  for (std::size_t k = 0; k < i.targets.size(); ++k) {
    const TargetExposure& t = i.targets[k];
    if (t.seen_live) f.statements.push_back(stated({url_piece(t.url)}, {d.cite_incident(i)}));
    for (Statement& s : span_statements(d, i, t, facts.targets[k])) f.statements.push_back(std::move(s));
  }
  std::string state = "State: " + std::string{state_words(i.state)} + ".";
  if (i.kind != IncidentKind::drift) state += " Confidence: " + std::string{confidence_words(i.confidence)} + ".";
  f.statements.push_back(stated({ours(state)}, {d.cite_incident(i)}));
  return f;
}

}  // namespace

void add_log_entry(Draft& d) {
  const Producer& p = d.in.settings.producer;
  const int config = d.cite_config();
  ReportSection& head = d.section("Log entry for the Head of Profession");
  head.fields.push_back(
      {"To",
       {person_statement(p.head_of_profession, "name of the Head of Profession or Lead Official", config)},
       {},
       false});
  head.fields.push_back(
      {"From",
       {person_statement(p.contact, "name, telephone and e-mail of the person dealing with it", config)},
       {},
       false});
  head.fields.push_back(
      {"Producer",
       {p.name.empty() ? stated({blank("name of the producer organisation")}) : stated({outside(p.name)}, {config})},
       {},
       false});
  for (std::size_t k = 0; k < d.in.incidents.size(); ++k) {
    const Incident& i = d.in.incidents[k];
    ReportSection& s = d.subsection(account_heading(i));
    s.title = {outside(i.kind == IncidentKind::blind ? i.site : i.title)};
    s.fields.push_back(entry_field(d, i, d.report.outputs[k]));
  }
  add_coverage(d);

  std::vector<ReportField> counted;
  if (has_impact(d)) counted = impact_fields(d, ReportForm::log_entry);
  ReportSection& decide = d.section("To be added and decided");
  decide.fields.push_back(asked_field(d, "Cause, and the roles of the persons involved", "cause"));
  if (counted.empty()) {
    ReportField views = asked_field(d, "Views and downloads", "views");
    auto& pieces = views.statements.front().pieces;
    if (pieces.front().kind == Piece::Kind::blank)
      pieces.insert(pieces.begin(), ours("Views and downloads: not measured by this monitor; "));
    counted.push_back(std::move(views));
  }
  for (ReportField& f : counted) decide.fields.push_back(std::move(f));
  decide.fields.push_back(asked_field(d, "Impact", "impact"));
  decide.fields.push_back(asked_field(d, "Corrective actions", "actions"));
  decide.fields.push_back(asked_field(d, "Formal report", "formal-report"));
}

}  // namespace embargod

// Parts 1, 3 and 4 of the form: who and what, and what only people can fill in.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

Statement output_statement(Draft& d, const Incident& i) {
  if (i.kind == IncidentKind::blind) return stated({ours("Site "), outside(i.site)}, {d.cite_incident(i)});
  std::vector<Piece> pieces{outside(i.title)};
  if (i.kind == IncidentKind::drift) return stated(std::move(pieces), {d.cite_release(i.release), d.cite_incident(i)});
  bool any = false;
  for (const TargetExposure& t : i.targets) {
    if (!t.seen_live) continue;
    pieces.push_back(ours(any ? " and " : ": "));
    pieces.push_back(url_piece(t.url));
    any = true;
  }
  if (!any) pieces.push_back(ours(" (no URL of it was seen live)"));
  return stated(std::move(pieces), {d.cite_release(i.release), d.cite_incident(i)});
}

/// Without the time, which stands in the account: this part is for people, and we state no figures in it.
Statement decision_statement(Draft& d, const Incident& i) {
  return stated({ours("On record for "), outside(i.title), ours(": "), outside(i.ruling->by),
                 ours(" decided to " + std::string{choice_words(i.ruling->choice)} + ", because: "),
                 outside(i.ruling->reason), ours(" (when, is in the account above).")},
                {d.cite_incident(i)});
}

void add_people_impact(Draft& d, ReportSection& s) {
  s.fields.push_back(asked_field(d, "Contact by media, users and others", "contact"));
  s.fields.push_back(asked_field(d, "Circulation inside and outside the organisation", "circulation"));
  s.fields.push_back(asked_field(d, "Effect on trust, markets or decisions", "effect"));
}

}  // namespace

void add_core(Draft& d) {
  const Producer& producer = d.in.settings.producer;
  const int config = d.cite_config();
  std::vector<Statement> outputs;
  outputs.reserve(d.in.incidents.size());
  for (const Incident& i : d.in.incidents) outputs.push_back(output_statement(d, i));

  ReportSection& s = d.section("Core information");
  std::vector<Statement> rehearsals;
  for (const Incident& i : d.in.incidents)
    for (Statement& said : rehearsal_statements(d, i)) rehearsals.push_back(std::move(said));
  if (!rehearsals.empty()) s.fields.push_back({"Planned rehearsal", std::move(rehearsals), {}, false});
  s.fields.push_back({"Title and link of output", std::move(outputs), {}, false});
  s.fields.push_back({"Name of producer organisation",
                      {producer.name.empty() ? stated({blank("name of the producer organisation")})
                                             : stated({outside(producer.name)}, {config})},
                      {},
                      false});
  s.fields.push_back(
      {"Person dealing with the report, and contact details",
       {person_statement(producer.contact, "name, telephone and e-mail of the person dealing with the report", config)},
       {},
       false});
  s.fields.push_back(
      {"Head of Profession or Lead Official",
       {person_statement(producer.head_of_profession, "name of the Head of Profession or Lead Official", config)},
       {},
       false});
  if (is_all_rehearsal(d)) return;
  ReportField link = asked_field(d, "Link to published statement", "statement-link");
  link.is_for_people = false;  // a link has digits
  s.fields.push_back(std::move(link));
}

void add_impact(Draft& d) {
  std::vector<ReportField> counted;
  if (has_impact(d)) counted = impact_fields(d, ReportForm::full);
  ReportSection& s = d.section("Impact of the breach");
  if (!counted.empty()) {
    s.fields = std::move(counted);
    s.fields.push_back(asked_field(d, "What the counts mean", "counts-meaning"));
    add_people_impact(d, s);
    return;
  }
  ReportField views = asked_field(d, "Views and downloads", "views");
  if (views.statements.front().pieces.front().kind == Piece::Kind::blank) {
    auto& pieces = views.statements.front().pieces;
    pieces.insert(pieces.begin(), ours("Views and downloads: not measured by this monitor; "));
  }
  s.fields.push_back(std::move(views));
  s.fields.push_back(asked_field(d, "Internal and external readers", "readers"));
  add_people_impact(d, s);
}

void add_actions(Draft& d) {
  ReportSection& s = d.section("Corrective actions");
  ReportField short_term = asked_field(d, "Short term, taken or planned", "actions-short");
  std::vector<Statement> decided;
  for (const Incident& i : d.in.incidents)
    if (i.ruling) decided.push_back(decision_statement(d, i));
  short_term.statements.insert(short_term.statements.begin(), decided.begin(), decided.end());
  s.fields.push_back(std::move(short_term));
  s.fields.push_back(asked_field(d, "Longer term, taken or planned", "actions-long"));
  s.fields.push_back(asked_field(d, "Links to earlier breaches", "earlier-breaches"));
}

}  // namespace embargod

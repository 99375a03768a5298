// The report for programs: the values that it states, then the same statements as text.

#include <nlohmann/json.hpp>

#include "daemon/report/render_text.h"
#include "daemon/watch/drift_words.h"

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

Json instant_or_null(const std::optional<Instant>& t) { return t ? Json(rfc3339(*t)) : Json(nullptr); }
Json seconds_or_null(const std::optional<Millis>& d) { return d ? Json(to_seconds(*d)) : Json(nullptr); }
Json text_or_null(const std::string& s) { return s.empty() ? Json(nullptr) : Json(s); }
template <class T>
Json value_or_null(const std::optional<T>& v) {
  return v ? Json(*v) : Json(nullptr);
}
Json bounds_or_null(const std::optional<InstantBounds>& b) {
  return b ? Json{{"earliest", instant_or_null(b->earliest)}, {"latest", rfc3339(b->latest)}} : Json(nullptr);
}

Json span_json(const SpanFacts& s) {
  return Json{
      {"went_live", bounds_or_null(s.went_live)},
      {"went_down", bounds_or_null(s.went_down)},
      {"ended_by", s.ended_by ? Json(to_string(*s.ended_by)) : Json(nullptr)},
      {"time_up",
       {{"shortest_seconds", to_seconds(s.time_up.shortest)}, {"longest_seconds", seconds_or_null(s.time_up.longest)}}},
      {"origin", s.origin_live
                     ? Json{{"went_live", bounds_or_null(s.origin_live)}, {"went_down", bounds_or_null(s.origin_down)}}
                     : Json(nullptr)},
      {"own_requests", s.looks},
      {"longest_gap_seconds", to_seconds(s.longest_gap)}};
}

Json drift_json(const Drift& d) {
  return Json{{"source", calendar_name(d)},
              {"kind", to_string(d.kind)},
              {"as_given", d.says.as_given},
              {"at", instant_or_null(d.says.at)},
              {"seen", rfc3339(d.seen)}};
}

Json output_json(const OutputFacts& o) {
  Json j{{"incident", o.incident},
         {"kind", to_string(o.kind)},
         {"state", to_string(o.state)},
         {"confidence", to_string(o.confidence)},
         {"release", text_or_null(o.release)},
         {"site", o.site},
         {"title", o.title},
         {"due", instant_or_null(o.due)}};
  j["lead_days"] = Json{{"least", value_or_null(o.lead_days_least)}, {"most", value_or_null(o.lead_days_most)}};
  j["lead"] = o.lead ? Json{{"shortest_seconds", to_seconds(o.lead->shortest)},
                            {"longest_seconds", seconds_or_null(o.lead->longest)}}
                     : Json(nullptr);
  j["clock_verified"] = o.clock_verified;
  if (o.rehearsal) {
    const RehearsalMark& r = *o.rehearsal;
    j["rehearsal"] = Json{{"id", r.id},
                          {"by", r.by},
                          {"reason", r.reason},
                          {"from", rfc3339(r.from)},
                          {"until", rfc3339(r.until)},
                          {"over", instant_or_null(r.over)}};
  }
  j["targets"] = Json::array();
  for (const TargetFacts& t : o.targets) {
    Json target{{"target", t.target},
                {"url", text_or_null(t.url)},
                {"blind_seconds", to_seconds(t.blind)},
                {"spans", Json::array()}};
    for (const SpanFacts& s : t.spans) target["spans"].push_back(span_json(s));
    if (o.kind == IncidentKind::gap) {
      target["away"] = Json::array();
      for (const SpanBounds& b : t.away)
        target["away"].push_back(
            Json{{"shortest_seconds", to_seconds(b.shortest)}, {"longest_seconds", seconds_or_null(b.longest)}});
    }
    j["targets"].push_back(std::move(target));
  }
  if (o.kind == IncidentKind::drift) {
    j["drifts"] = Json::array();
    for (const Drift& x : o.drifts) j["drifts"].push_back(drift_json(x));
  }
  return j;
}

std::string flat(const std::vector<Piece>& pieces) {
  std::string s;
  for (const Piece& p : pieces) s += p.kind == Piece::Kind::blank ? blank_text(p.text) : p.text;
  return s;
}

Json statement_json(const Statement& s) { return Json{{"text", flat(s.pieces)}, {"sources", s.sources}}; }

Json section_json(const ReportSection& s) {
  Json j{
      {"number", s.number}, {"heading", s.heading}, {"title", text_or_null(flat(s.title))}, {"fields", Json::array()}};
  for (const ReportField& f : s.fields) {
    Json field{{"label", f.label}, {"statements", Json::array()}};
    for (const Statement& st : f.statements) field["statements"].push_back(statement_json(st));
    if (f.table) {
      Json rows = Json::array();
      for (const auto& row : f.table->rows) {
        Json cells = Json::array();
        for (const Statement& c : row) cells.push_back(statement_json(c));
        rows.push_back(std::move(cells));
      }
      field["table"] = Json{{"head", f.table->head}, {"rows", std::move(rows)}};
    }
    j["fields"].push_back(std::move(field));
  }
  return j;
}

}  // namespace

std::string render_report_json(const Report& r) {
  Json j{{"draft", final_mark(r) == nullptr},
         {"id", r.id},
         {"version", r.version},
         {"form", r.form == ReportForm::full ? "full" : "log-entry"},
         {"made_at", rfc3339(r.made_at)},
         {"program", r.program},
         {"zone", r.zone},
         {"code_edition", r.code_edition}};
  j["outputs"] = Json::array();
  for (const OutputFacts& o : r.outputs) j["outputs"].push_back(output_json(o));
  j["sections"] = Json::array();
  for (const ReportSection& s : r.sections) j["sections"].push_back(section_json(s));
  j["sources"] = Json::array();
  for (const ReportSource& s : r.sources)
    j["sources"].push_back(Json{{"number", s.number}, {"kind", s.kind}, {"id", s.id}, {"text", s.text}});
  if (!r.marks.empty()) j["marks"] = Json::array();
  for (const ReportMark& m : r.marks)
    j["marks"].push_back(Json{
        {"kind", to_string(m.kind)}, {"version", m.version}, {"by", m.by}, {"role", m.role}, {"at", rfc3339(m.at)}});
  j["blanks"] = r.blanks;
  j["findings"] = Json::array();
  for (const ReportFinding& f : r.findings)
    j["findings"].push_back(
        Json{{"level", to_string(f.level)}, {"code", f.code}, {"where", f.where}, {"what", f.what}});
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace embargod

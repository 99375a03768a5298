// The draft of a report: what people wrote into it, and who approved which version.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/web/site.h"

namespace embargod {
namespace {

using DraftJson = nlohmann::ordered_json;

DraftJson entry_json(const ReportEntry& e) {
  return {{"field", e.field}, {"text", e.text}, {"by", e.by}, {"at", rfc3339(e.at)}};
}

std::string draft_json(const std::vector<ReportEntry>& entries) {
  DraftJson j{{"items", DraftJson::array()}, {"history", DraftJson::array()}, {"next", nullptr}};
  for (const ReportFieldAsk& f : report_fields()) {
    const auto newest =
        std::find_if(entries.rbegin(), entries.rend(), [&](const ReportEntry& e) { return e.field == f.id; });
    const bool is_written = newest != entries.rend() && !newest->text.empty();
    j["items"].push_back({{"field", f.id},
                          {"what", f.what},
                          {"asks", f.asks},
                          {"text", is_written ? DraftJson(newest->text) : DraftJson(nullptr)},
                          {"by", is_written ? DraftJson(newest->by) : DraftJson(nullptr)},
                          {"at", is_written ? DraftJson(rfc3339(newest->at)) : DraftJson(nullptr)}});
  }
  for (const ReportEntry& e : entries) j["history"].push_back(entry_json(e));
  return j.dump(-1, ' ', false, DraftJson::error_handler_t::replace);
}

/// Why this version cannot be called final; empty: it can.
std::string unfinished(const DraftJson& report) {
  if (const int blanks = report.value("blanks", 0); blanks > 0)
    return std::to_string(blanks) + (blanks == 1 ? " blank is" : " blanks are") + " to be completed";
  for (const DraftJson& f : report.at("findings"))
    if (f.at("level") == "error") return f.at("where").get<std::string>() + ": " + f.at("what").get<std::string>();
  return {};
}

}  // namespace

WebReply Site::api_draft(const WebRequest&, const std::string& id) {
  const auto incident = doors_.reader.incident(id);
  if (!incident) return refusal(incident.error());
  if (!*incident) return problem(404, "no such incident");
  const auto entries = doors_.reader.entries(id);
  if (!entries) return refusal(entries.error());
  return json_reply(200, draft_json(*entries));
}

WebReply Site::write_draft(const WebRequest& q, const std::string& id) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  auto entry = read_report_entry(q.body);
  if (!entry) return refusal(entry.error());
  const auto incident = doors_.reader.incident(id);
  if (!incident) return refusal(incident.error());
  if (!*incident) return problem(404, "no such incident");
  entry->incident = id;
  Command c;
  c.what = Command::What::write_report;
  c.id = id;
  c.by = entry->by;
  c.entries = {std::move(*entry)};
  if (const auto done = doors_.commands.run(c); !done) return refusal(done.error());
  return api_draft(q, id);
}

WebReply Site::mark_report(const WebRequest& q, const std::string&) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  auto order = read_mark_order(q.body);
  if (!order) return refusal(order.error());
  const WebReportRequest asked{.incidents = order->incidents, .format = "json", .form = order->form};
  const auto rendered = doors_.report(asked);
  if (!rendered) return refusal(rendered.error());
  const DraftJson report = DraftJson::parse(rendered->body);
  const auto version = report.at("version").get<std::string>();
  if (version != order->mark.version)
    return problem(409, "the record or what people wrote has changed: its version is " + version +
                            " now; read that one, then say so again");
  if (order->mark.kind == ReportMark::Kind::final)
    if (const std::string why = unfinished(report); !why.empty()) return problem(409, "it is not finished: " + why);
  Command c;
  c.what = Command::What::mark_report;
  c.by = order->mark.by;
  c.mark = std::move(order->mark);
  c.mark->report = report.at("id").get<std::string>();
  c.mark->incident = order->incidents.front();
  c.id = c.mark->incident;
  if (const auto done = doors_.commands.run(c); !done) return refusal(done.error());
  const auto marked = doors_.report(asked);
  if (!marked) return refusal(marked.error());
  const DraftJson now = DraftJson::parse(marked->body);
  return json_reply(200, DraftJson{{"report", now.at("id")},
                                   {"version", now.at("version")},
                                   {"draft", now.at("draft")},
                                   {"marks", now.value("marks", DraftJson::array())}}
                             .dump(-1, ' ', false, DraftJson::error_handler_t::replace));
}

}  // namespace embargod

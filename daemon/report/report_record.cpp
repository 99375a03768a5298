// Part 2 of the form: the timeline of what was recorded, and who was told when.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

std::string incident_of(const DeliveryRow& row) { return row.key.substr(0, row.key.find(':')); }

std::vector<Piece> release_pieces(const Draft& d, const std::string& incident) {
  const auto it =
      std::find_if(d.in.incidents.begin(), d.in.incidents.end(), [&](const Incident& i) { return i.id == incident; });
  if (it == d.in.incidents.end()) return {ours("-")};
  return {outside(it->release.empty() ? it->site : it->release)};
}

std::string acceptance(const DeliveryRow& row) {
  switch (row.state) {
    case DeliveryState::pending:
      return "not accepted yet after " + std::to_string(row.attempts) + (row.attempts == 1 ? " attempt" : " attempts");
    case DeliveryState::accepted:
      return row.accepted_at ? utc_cell(*row.accepted_at) : "accepted";
    case DeliveryState::superseded:
      return "replaced by a newer one";
  }
  return "-";
}

}  // namespace

void add_timeline(Draft& d) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < d.in.events.size(); ++k) {
    const auto& id = d.in.events[k].incident;
    const bool ours_to_tell =
        std::any_of(d.in.incidents.begin(), d.in.incidents.end(), [&](const Incident& i) { return i.id == id; });
    if (ours_to_tell) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return d.in.events[a].at < d.in.events[b].at; });

  ReportSection& s = d.subsection("Timeline");
  ReportField f{"", {}, {}, false};
  if (order.empty()) {
    f.statements.push_back(stated({ours("No event is on record.")}));
  } else {
    ReportTable table{{"UTC", d.zone(), "What", "Release", "By", "Detail"}, {}};
    for (const std::size_t k : order) {
      const Event& e = d.in.events[k];
      table.rows.push_back({cell(utc_cell(e.at)), cell(local_cell(e.at, d.zone())),
                            stated({ours(event_words(e.what))}, {d.cite_event(k)}),
                            stated(release_pieces(d, e.incident)), stated({outside(e.by)}), stated({outside(e.text)})});
    }
    f.table = std::move(table);
  }
  s.fields.push_back(std::move(f));
}

void add_alerts(Draft& d) {
  ReportSection& s = d.subsection("Who was told when");
  ReportField f{"", {}, {}, false};
  ReportTable table{{"Alert", "Release", "Receiver", "Decided (UTC)", "Accepted by the receiver (UTC)"}, {}};
  for (const DeliveryRow& row : d.in.deliveries) {
    const std::string id = incident_of(row);
    if (std::none_of(d.in.incidents.begin(), d.in.incidents.end(), [&](const Incident& i) { return i.id == id; }))
      continue;
    const int source = d.cite("delivery", row.key + " " + row.receiver, "delivery " + row.key + " to " + row.receiver);
    table.rows.push_back({stated({ours(row.alertname + " " + to_string(row.status))}, {source}),
                          stated(release_pieces(d, id)), stated({outside(row.receiver)}),
                          cell(utc_cell(row.decided_at)), cell(acceptance(row))});
  }
  if (table.rows.empty())
    f.statements.push_back(stated({ours("No delivery of an alert is on record.")}));
  else
    f.table = std::move(table);
  s.fields.push_back(std::move(f));
}

}  // namespace embargod

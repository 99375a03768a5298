// Who asked for what was public too early: what was counted, and a new count for the record.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/watch/incident_json.h"
#include "daemon/web/site.h"

namespace embargod {
namespace {

std::string impact_item(const ImpactRecord& r) {
  const std::string by = nlohmann::json(r.by).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return R"({"at":")" + rfc3339(r.at) + R"(","by":)" + by + R"(,"impact":)" + impact_json(r.impact, -1) + "}";
}

/// A count is of what the incident shows: nothing that was not seen public may come in by it.
std::optional<Fault> odd_url(const Incident& i, const Impact& impact) {
  const auto is_known = [&](const std::string& target, const std::string& url) {
    return std::any_of(i.targets.begin(), i.targets.end(), [&](const TargetExposure& t) {
      return t.seen_live && t.target == target && (url.empty() || t.url == url);
    });
  };
  const auto odd = [](const std::string& where) {
    return Fault{Errc::invalid_input, where, "the incident does not show this URL as seen live",
                 "count again from the incident as it is now"};
  };
  for (const ImpactSource& s : impact.sources)
    for (const ImpactUrl& u : s.urls)
      if (!is_known(u.target, u.url)) return odd("impact.sources: " + u.target);
  for (const AnalyticsExport& a : impact.analytics)
    for (const AnalyticsRow& r : a.rows)
      if (!is_known(r.target, {})) return odd("impact.analytics: " + r.target);
  return std::nullopt;
}

}  // namespace

WebReply Site::api_impact(const WebRequest&, const std::string& id) {
  const auto known = doors_.reader.impacts(id);
  if (!known) return refusal(known.error());
  std::string items;
  for (const ImpactRecord& r : *known) items += (items.empty() ? "" : ",") + impact_item(r);
  return json_reply(200, R"({"items":[)" + items + R"(],"next":null})");
}

WebReply Site::count_impact(const WebRequest& q, const std::string& id) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  auto order = read_impact_order(q.body);
  if (!order) return refusal(order.error());
  const auto incident = doors_.reader.incident(id);
  if (!incident) return refusal(incident.error());
  if (!*incident) return problem(404, "no such incident");
  if (order->impact.incident != id)
    return problem(400, "impact.incident: this was counted of another incident; count again");
  if (const auto odd = odd_url(**incident, order->impact)) return refusal(*odd);
  Command c;
  c.what = Command::What::count_impact;
  c.id = id;
  c.by = order->by;
  c.impact = std::move(order->impact);
  if (const auto done = doors_.commands.run(c); !done) return refusal(done.error());
  return api_impact(q, id);
}

}  // namespace embargod

// Drills: begin one, see what came of each, say that one arrived.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "daemon/web/site.h"

namespace embargod {
namespace {

constexpr int kMostDrills = 100;

}  // namespace

/// Unset: no drill of this id is known. A store that cannot say is no reason to keep an answer from an incident.
std::optional<DrillRecord> Site::drill(const std::string& id) {
  if (doors_.drills == nullptr) return std::nullopt;
  const auto known = doors_.drills->newest(kMostDrills);
  if (!known) return std::nullopt;
  const auto found = std::find_if(known->begin(), known->end(), [&](const DrillRecord& r) { return r.id == id; });
  return found == known->end() ? std::nullopt : std::optional{*found};
}

WebReply Site::api_drills(const WebRequest&, const std::string&) {
  if (doors_.drills == nullptr) return problem(501, "there is nothing here that sends alerts");
  const auto known = doors_.drills->newest(kMostDrills);
  if (!known) return refusal(known.error());
  std::string items;
  for (const DrillRecord& r : *known) items += (items.empty() ? "" : ",") + drill_json(r);
  return json_reply(200, R"({"items":[)" + items + R"(],"next":null})");
}

WebReply Site::api_drill(const WebRequest&, const std::string& id) {
  const auto known = drill(id);
  if (!known) return problem(404, "no such drill");
  return json_reply(200, drill_json(*known));
}

WebReply Site::begin_drill(const WebRequest& q, const std::string&) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto order = read_drill_order(q.body);
  if (!order) return refusal(order.error());
  if (doors_.drills == nullptr) return problem(501, "there is nothing here that sends alerts");
  const auto id = doors_.drills->begin(*order);
  if (!id) return refusal(id.error());
  doors_.log.info("drill begun", {{"drill", *id}, {"by", order->by}});
  return json_reply(202, nlohmann::ordered_json{{"id", *id}}.dump());
}

WebReply Site::acknowledge_drill(const WebRequest& q, const std::string& id) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto command = read_command(Command::What::acknowledge, id, q.body);
  if (!command) return refusal(command.error());
  const auto done = doors_.drills->acknowledge(id, command->by);
  if (!done) return refusal(done.error());
  return api_drill(q, id);
}

WebReply Site::page_drills(const WebRequest&, const std::string&) {
  if (doors_.drills == nullptr) return problem(501, "there is nothing here that sends alerts");
  const auto known = doors_.drills->newest(kMostDrills);
  if (!known) return refusal(known.error());
  return html_reply(200, drills_page(frame(), *known));
}

}  // namespace embargod

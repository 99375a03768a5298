#include "daemon/store/journal_text.h"

#include <nlohmann/json.hpp>

#include "daemon/store/incident_codec.h"

namespace embargod {
namespace {

using Json = nlohmann::json;

constexpr int kJournalForm = 1;

std::int64_t count_of(Instant t) { return t.time_since_epoch().count(); }
Instant instant_in(const Json& j) { return Instant{Instant::duration{j.get<std::int64_t>()}}; }

Json json_of(const Outgoing& o) { return {{"alert", encode_document(o.alert)}, {"receivers", o.receivers}}; }

Json json_of(const Event& e) {
  return {{"at", count_of(e.at)}, {"incident", e.incident}, {"release", e.release}, {"what", e.what},
          {"by", e.by},           {"text", e.text}};
}

Json json_of(const Lift& l) {
  return {{"release", l.release}, {"at", count_of(l.at)}, {"by", l.by}, {"reason", l.reason}};
}

Json json_of(const EvidenceRow& e) {
  return {{"incident", e.incident}, {"target", e.target},       {"url", e.url},
          {"digest", e.digest},     {"path", e.path},           {"size", e.size},
          {"status", e.status},     {"sent", count_of(e.sent)}, {"done", count_of(e.done)}};
}

Event event_in(const Json& j) {
  return {instant_in(j.at("at")), j.at("incident"), j.at("release"), j.at("what"), j.at("by"), j.at("text")};
}

Lift lift_in(const Json& j) { return {j.at("release"), instant_in(j.at("at")), j.at("by"), j.at("reason")}; }

EvidenceRow evidence_in(const Json& j) {
  return {j.at("incident"),
          j.at("target"),
          j.at("url"),
          j.at("digest"),
          j.at("path"),
          j.at("size"),
          j.at("status"),
          instant_in(j.at("sent")),
          instant_in(j.at("done"))};
}

template <class T>
Json list_of(const std::vector<T>& items) {
  Json list = Json::array();
  for (const T& item : items) list.push_back(json_of(item));
  return list;
}

Result<Commit> commit_in(const Json& j) {
  Commit c;
  c.at = instant_in(j.at("at"));
  for (const Json& document : j.at("incidents")) {
    auto incident = decode_incident(document.get<std::string>());
    if (!incident) return tl::unexpected<Fault>{incident.error()};
    c.incidents.push_back(std::move(*incident));
  }
  for (const Json& o : j.at("alerts")) {
    auto alert = decode_alert(o.at("alert").get<std::string>());
    if (!alert) return tl::unexpected<Fault>{alert.error()};
    c.alerts.push_back({std::move(*alert), o.at("receivers")});
  }
  for (const Json& e : j.at("events")) c.events.push_back(event_in(e));
  for (const Json& l : j.at("lifts")) c.lifts.push_back(lift_in(l));
  for (const Json& e : j.at("evidence")) c.evidence.push_back(evidence_in(e));
  return c;
}

}  // namespace

std::string journal_text(const Commit& c) {
  Json incidents = Json::array();
  for (const Incident& i : c.incidents) incidents.push_back(encode_document(i));
  const Json j{{"v", kJournalForm},
               {"at", count_of(c.at)},
               {"incidents", std::move(incidents)},
               {"alerts", list_of(c.alerts)},
               {"events", list_of(c.events)},
               {"lifts", list_of(c.lifts)},
               {"evidence", list_of(c.evidence)}};
  return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Commit> commit_of(std::string_view text) {
  try {
    const Json j = Json::parse(text);
    if (j.at("v").get<int>() > kJournalForm) return fail(Errc::unsupported, "it is of a newer embargod");
    return commit_in(j);
  } catch (const Json::exception& e) {
    return fail(Errc::corrupt, e.what());
  }
}

}  // namespace embargod

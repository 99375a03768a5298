// What should come of a scenario, and what the readers of its parts share.

#include "daemon/ctl/scenario_reader.h"

namespace embargod {
namespace {

constexpr std::array kStates{IncidentState::suspected, IncidentState::open, IncidentState::contained,
                             IncidentState::closed, IncidentState::dismissed};
constexpr std::array kConfidences{Confidence::seen_once, Confidence::suspected, Confidence::confirmed};
constexpr std::array kEnds{EndedBy::absence, EndedBy::lift, EndedBy::due};
constexpr std::array kStatuses{AlertStatus::firing, AlertStatus::resolved};
constexpr std::array kLivenesses{Liveness::absent, Liveness::stub,    Liveness::previous_edition,
                                 Liveness::live,   Liveness::suspect, Liveness::unknown};
constexpr std::array kCauses{Cause::none,
                             Cause::dns,
                             Cause::connect,
                             Cause::tls,
                             Cause::timeout,
                             Cause::reset,
                             Cause::truncated,
                             Cause::too_large,
                             Cause::server_error,
                             Cause::refused,
                             Cause::throttled,
                             Cause::redirect_loop,
                             Cause::redirect_elsewhere,
                             Cause::blocked_address,
                             Cause::rule,
                             Cause::odd_status,
                             Cause::unreadable,
                             Cause::not_polled,
                             Cause::challenge,
                             Cause::maintenance,
                             Cause::sign_in,
                             Cause::intermediary,
                             Cause::certificate,
                             Cause::no_baseline,
                             Cause::quiet};

void read_optional_flag(const YamlMap& map, std::string_view key, std::optional<bool>& out) {
  if (const YamlNode* n = map.find(key)) out = read_flag(*n, map.name(key), map.faults());
}

void read_expected_incident(const YamlNode& node, std::vector<ExpectedIncident>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().incident, "expect.incidents: ", faults};
  if (!map.is_map()) return;
  ExpectedIncident e;
  (void)map.need("kind");
  map.text("release", e.release, {.bytes = 100});
  read_enum(map, "kind", kIncidentKinds, e.kind);
  read_enum(map, "state", kStates, e.state);
  read_enum(map, "confidence", kConfidences, e.confidence);
  read_enum(map, "ended_by", kEnds, e.ended_by);
  if (const YamlNode* n = map.find("lead_days"))
    e.lead_days = read_whole(*n, map.name("lead_days"), faults, {-3'660, 3'660});
  read_optional(map, "spans", e.spans);
  read_optional(map, "spans_over", e.spans_over);
  read_optional(map, "time_up_under", e.time_up_under);
  read_optional(map, "time_up_over", e.time_up_over);
  read_optional_flag(map, "start_unknown", e.start_unknown);
  if (map.find("targets") != nullptr) read_texts(map, "targets", e.targets.emplace());
  map.text("cached_by", e.cached_by, {.bytes = 100});
  out.push_back(std::move(e));
}

void read_expected_alert(const YamlNode& node, std::vector<ExpectedAlert>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().alert, "expect.alerts: ", faults};
  if (!map.is_map()) return;
  ExpectedAlert e;
  (void)map.need("alertname");
  map.text("alertname", e.alertname, {.bytes = 100});
  map.text("release", e.release, {.bytes = 100});
  read_enum(map, "status", kStatuses, e.status);
  read_optional(map, "count", e.count);
  map.text("says", e.says, {.bytes = 500});
  out.push_back(std::move(e));
}

void read_expected_blind(const YamlNode& node, std::vector<ExpectedBlind>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().blind, "expect.blind: ", faults};
  if (!map.is_map()) return;
  ExpectedBlind e;
  map.text("target", e.target, {.bytes = 200});
  read_enum(map, "cause", kCauses, e.cause);
  read_optional(map, "at_least", e.at_least);
  read_optional(map, "at_most", e.at_most);
  if (!e.at_least && !e.at_most) faults.add(map.at(), "expected blind time needs at_least or at_most");
  out.push_back(std::move(e));
}

void read_expected_state(const YamlNode& node, std::vector<ExpectedState>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().state, "expect.states: ", faults};
  if (!map.is_map()) return;
  ExpectedState e;
  (void)map.need("target", "write target: release/page");
  map.text("target", e.target, {.bytes = 200});
  e.at = read_at(map);
  read_enum(map, "liveness", kLivenesses, e.liveness);
  read_enum(map, "cause", kCauses, e.cause);
  if (map.has("edition")) map.text("edition", e.edition.emplace(), {.bytes = 200, .may_be_empty = true});
  map.text("rule", e.rule, {.bytes = 500});
  if (!e.liveness && !e.cause && !e.edition && e.rule.empty())
    faults.add(map.at(), "an expected state says nothing", "name liveness, cause, edition or rule");
  out.push_back(std::move(e));
}

void read_expected_event(const YamlNode& node, std::vector<ExpectedEvent>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().event, "expect.events: ", faults};
  if (!map.is_map()) return;
  ExpectedEvent e;
  (void)map.need("what", "write what: boundary");
  map.text("what", e.what, {.bytes = 100});
  map.text("release", e.release, {.bytes = 100});
  map.text("contains", e.contains, {.bytes = 500});
  read_optional(map, "count", e.count);
  out.push_back(std::move(e));
}

}  // namespace

const ScenarioKeys& scenario_keys() {
  static const ScenarioKeys keys;
  return keys;
}

std::vector<const KeySet*> all_scenario_keys() {
  const ScenarioKeys& k = scenario_keys();
  return {&k.scenario, &k.clock,   &k.clock_step, &k.schedule, &k.site,  &k.date_error, &k.cache, &k.answer, &k.when,
          &k.command,  &k.restart, &k.expect,     &k.incident, &k.alert, &k.blind,      &k.state, &k.event};
}

Millis read_at(const YamlMap& map) {
  const YamlNode* n = map.need("at", "write at: 0s, or how long after the start");
  if (n == nullptr) return Millis{0};
  return read_duration(*n, map.name("at"), map.faults(), {Millis{0}, kLongestScenario}).value_or(Millis{0});
}

void read_texts(const YamlMap& map, std::string_view key, std::vector<std::string>& out) {
  for (const YamlNode& n : map.list(key))
    if (auto text = read_text(n, "an item of " + map.name(key), map.faults(), {.bytes = 200}))
      out.push_back(std::move(*text));
}

void read_optional(const YamlMap& map, std::string_view key, std::optional<Millis>& out) {
  if (const YamlNode* n = map.find(key))
    out = read_duration(*n, map.name(key), map.faults(), {Millis{1}, kLongestScenario});
}

void read_optional(const YamlMap& map, std::string_view key, std::optional<int>& out) {
  if (const YamlNode* n = map.find(key)) out = read_whole(*n, map.name(key), map.faults(), {0, 1'000'000});
}

void read_expect(const YamlNode& node, Expectations& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().expect, "expect.", faults};
  if (!map.is_map()) return;
  if (map.find("incidents") != nullptr) {
    out.incidents.emplace();
    for (const YamlNode& n : map.list("incidents")) read_expected_incident(n, *out.incidents, faults);
  }
  for (const YamlNode& n : map.list("alerts")) read_expected_alert(n, out.alerts, faults);
  read_texts(map, "no_alerts", out.no_alerts);
  read_optional(map, "pages", out.pages);
  read_optional(map, "pages_at_most", out.pages_at_most);
  read_texts(map, "released", out.released);
  if (const YamlNode* n = map.find("blind")) {
    if (n->kind == YamlNode::Kind::sequence)
      for (const YamlNode& item : n->items) read_expected_blind(item, out.blind, faults);
    else
      read_optional(map, "blind", out.blind.emplace_back().at_least);
  }
  for (const YamlNode& n : map.list("states")) read_expected_state(n, out.states, faults);
  for (const YamlNode& n : map.list("events")) read_expected_event(n, out.events, faults);
}

}  // namespace embargod

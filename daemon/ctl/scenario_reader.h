#pragma once
// The parts of reading a scenario. Inside ctl.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "config/strict_yaml.h"
#include "daemon/ctl/scenario.h"

namespace embargod {

/// Every key that a scenario may have. One place, so that a test can hold tests/scenarios/README.md to it.
struct ScenarioKeys {
  KeySet scenario{"",
                  "the scenario",
                  {"name", "covers", "start", "config", "clock", "releases", "schedules", "sites", "answers",
                   "commands", "restart", "until", "no_alarm", "expect"},
                  {{"targets", "did you mean \"answers\"?"}, {"end", "did you mean \"until\"?"}}};
  KeySet clock{"clock", "clock", {"error", "verified", "steps"}, {}};
  KeySet clock_step{"clock.steps[]", "a clock step", {"at", "forward", "back"}, {}};
  KeySet schedule{"schedules[]", "a schedule", {"at", "releases"}, {}};
  KeySet site{"sites[]", "a site", {"host", "addresses", "certificate_issuer", "cache", "date_error"}, {}};
  KeySet date_error{"sites[].date_error", "date_error", {"ahead", "behind"}, {}};
  KeySet cache{"sites[].cache", "a cache", {"ttl", "negative_ttl", "stale_if_error", "layer"}, {}};
  KeySet answer{"answers[]",
                "an answer",
                {"url", "at", "route", "when", "status", "body", "body_file", "body_times", "headers", "error", "wire",
                 "latency", "repeat", "for", "certificate_issuer", "unknown"},
                {}};
  KeySet when{"answers[].when", "when", {"method", "header", "contains"}, {}};
  KeySet command{"commands[]", "a command", {"at", "do", "id", "release", "kind", "target", "by", "reason"}, {}};
  KeySet restart{"restart[]", "a restart", {"at", "down_for", "clean"}, {}};
  KeySet expect{"expect",
                "expect",
                {"incidents", "alerts", "no_alerts", "pages", "pages_at_most", "released", "blind", "states", "events"},
                {}};
  KeySet incident{"expect.incidents[]",
                  "an expected incident",
                  {"release", "kind", "state", "confidence", "lead_days", "spans", "spans_over", "ended_by",
                   "time_up_under", "time_up_over", "start_unknown", "targets", "cached_by"},
                  {}};
  KeySet alert{"expect.alerts[]", "an expected alert", {"alertname", "release", "status", "count", "says"}, {}};
  KeySet blind{"expect.blind[]", "expected blind time", {"target", "cause", "at_least", "at_most"}, {}};
  KeySet state{"expect.states[]", "an expected state", {"target", "at", "liveness", "cause", "edition", "rule"}, {}};
  KeySet event{"expect.events[]", "an expected event", {"what", "release", "contains", "count"}, {}};
};

[[nodiscard]] const ScenarioKeys& scenario_keys();
[[nodiscard]] std::vector<const KeySet*> all_scenario_keys();

inline constexpr Millis kLongestScenario{std::int64_t{3'660} * 24 * 3'600'000};

/// "at", which must be there.
[[nodiscard]] Millis read_at(const YamlMap& map);

/// Sets `out` to the enumerator that `key` names; leaves it where the key is absent or faulty. `all` are those that
/// may be named, spelled by to_string().
template <class Out, class E, std::size_t N>
void read_enum(const YamlMap& map, std::string_view key, const std::array<E, N>& all, Out& out) {
  const YamlNode* n = map.find(key);
  if (n == nullptr) return;
  std::vector<std::string> words;
  for (const E e : all) words.emplace_back(to_string(e));
  const auto word = read_word(*n, map.name(key), map.faults(), words);
  for (const E e : all)
    if (word && *word == to_string(e)) out = e;
}

void read_texts(const YamlMap& map, std::string_view key, std::vector<std::string>& out);
void read_optional(const YamlMap& map, std::string_view key, std::optional<Millis>& out);
void read_optional(const YamlMap& map, std::string_view key, std::optional<int>& out);

inline constexpr std::array kIncidentKinds{IncidentKind::early,       IncidentKind::suspect,       IncidentKind::late,
                                           IncidentKind::incomplete,  IncidentKind::wrong_content, IncidentKind::gap,
                                           IncidentKind::unscheduled, IncidentKind::blind,         IncidentKind::drift};
static_assert(kIncidentKinds.size() == kIncidentKindCount);

void read_scenario_answer(const YamlNode& node, const std::string& folder, Scenario& out, FaultBook& faults);
void read_scenario_site(const YamlNode& node, Scenario& out, FaultBook& faults);

/// Answers of one URL, way and time must take turns, all by looks or all by time.
void check_turns(const YamlMap& scenario, Scenario& s);

void read_expect(const YamlNode& node, Expectations& out, FaultBook& faults);

}  // namespace embargod

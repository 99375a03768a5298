#include "daemon/ctl/scenario.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/strict_yaml.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr Millis kLongest{std::int64_t{3'660} * 24 * 3'600'000};
constexpr std::size_t kMaxBody = std::size_t{8} << 20U;
constexpr std::size_t kMaxInline = std::size_t{1} << 20U;

struct ScenarioKeys {
  KeySet scenario{"scenario",
                  "the scenario",
                  {"name", "covers", "start", "config", "clock", "releases", "answers", "commands", "until", "expect"},
                  {{"targets", "did you mean \"answers\"?"}, {"end", "did you mean \"until\"?"}}};
  KeySet clock{"clock", "clock", {"error", "verified"}, {}};
  KeySet answer{
      "answers[]", "an answer", {"url", "at", "status", "body", "body_file", "headers", "error", "latency"}, {}};
  KeySet command{"commands[]", "a command", {"at", "do", "id", "release", "kind", "by", "reason"}, {}};
  KeySet expect{"expect", "expect", {"incidents", "alerts", "no_alerts", "released", "blind"}, {}};
  KeySet incident{"expect.incidents[]",
                  "an expected incident",
                  {"release", "kind", "state", "lead_days", "spans", "ended_by", "time_up_under", "start_unknown"},
                  {}};
  KeySet alert{"expect.alerts[]", "an expected alert", {"alertname", "release", "status", "count"}, {}};
};

const ScenarioKeys& scenario_keys() {
  static const ScenarioKeys keys;
  return keys;
}

template <class E, std::size_t N>
std::vector<std::string> words_of(const std::array<E, N>& all) {
  std::vector<std::string> words;
  for (const E e : all) words.emplace_back(to_string(e));
  return words;
}

/// Sets `out` to the enumerator that `key` names; leaves it where the key is absent or faulty.
template <class Out, class E, std::size_t N>
void read_enum(const YamlMap& map, std::string_view key, const std::array<E, N>& all, Out& out) {
  const YamlNode* n = map.find(key);
  if (n == nullptr) return;
  const auto word = read_word(*n, map.name(key), map.faults(), words_of(all));
  for (const E e : all)
    if (word && *word == to_string(e)) out = e;
}

constexpr std::array kKinds{IncidentKind::early,       IncidentKind::suspect,       IncidentKind::late,
                            IncidentKind::incomplete,  IncidentKind::wrong_content, IncidentKind::gap,
                            IncidentKind::unscheduled, IncidentKind::blind};
constexpr std::array kStates{IncidentState::suspected, IncidentState::open, IncidentState::contained,
                             IncidentState::closed, IncidentState::dismissed};
constexpr std::array kEnds{EndedBy::absence, EndedBy::lift, EndedBy::due};
constexpr std::array kStatuses{AlertStatus::firing, AlertStatus::resolved};
constexpr std::array kErrors{Cause::dns,   Cause::connect,   Cause::tls,      Cause::timeout,
                             Cause::reset, Cause::truncated, Cause::too_large};

std::optional<Millis> read_at(const YamlMap& map) {
  const YamlNode* n = map.need("at", "write at: 0s, or how long after the start");
  return n == nullptr ? std::nullopt : read_duration(*n, map.name("at"), map.faults(), {Millis{0}, kLongest});
}

void read_headers_map(const YamlMap& map, Headers& out) {
  const YamlNode* n = map.find("headers");
  if (n == nullptr) return;
  if (n->kind != YamlNode::Kind::map) {
    map.faults().add(n->at, map.name("headers") + " must be a mapping of names to values");
    return;
  }
  for (const YamlEntry& e : n->entries)
    if (auto text =
            read_text(e.value, map.name("headers") + "." + e.key, map.faults(), {.bytes = 8'192, .may_be_empty = true}))
      out.emplace_back(e.key, std::move(*text));
}

void read_body(const YamlMap& map, const std::string& folder, std::string& out) {
  if (map.has("body") && map.has("body_file"))
    map.faults().add(map.key_at("body_file"), "a body and a body file", "keep one of the two");
  map.text("body", out, {.bytes = kMaxInline, .may_be_empty = true, .may_have_lines = true});
  if (map.find("body_file") == nullptr) return;
  std::string file;
  map.text("body_file", file, {.bytes = 4'096});
  if (file.empty()) return;
  auto bytes = read_file(file.starts_with('/') || folder.empty() ? file : folder + "/" + file, kMaxBody);
  if (!bytes)
    map.faults().add(map.find("body_file")->at,
                     "the body file " + in_quotes(file) + " cannot be read: " + bytes.error().what);
  else
    out = std::move(*bytes);
}

void read_answer(const YamlNode& node, const std::string& folder, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().answer, "answers: ", faults};
  if (!map.is_map()) return;
  ScenarioAnswer a;
  if (const YamlNode* n = map.need("url")) {
    map.text("url", a.url, {.bytes = 8'192});
    const auto url = parse_url(a.url);
    if (!a.url.empty() && !url)
      faults.add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
    else if (url)
      a.url = url->text;
  }
  a.at = read_at(map).value_or(Millis{0});
  map.whole("status", a.status, {200, 599});
  read_enum(map, "error", kErrors, a.error);
  const bool needs_answer = a.error == Cause::truncated || a.error == Cause::too_large;
  if (a.error && !needs_answer && (map.has("status") || map.has("body") || map.has("body_file")))
    faults.add(map.key_at("error"), "an error and an answer", "keep one of the two");
  read_headers_map(map, a.headers);
  read_body(map, folder, a.body);
  if (const YamlNode* n = map.find("latency"))
    a.latency = read_duration(*n, map.name("latency"), faults, {Millis{0}, Millis{3'600'000}});
  out.answers.push_back(std::move(a));
}

void read_command(const YamlNode& node, Scenario& out, FaultBook& faults) {
  using What = Command::What;
  static constexpr std::array<std::pair<const char*, What>, 5> kWords{{{"ack", What::acknowledge},
                                                                       {"dismiss", What::dismiss},
                                                                       {"close", What::close},
                                                                       {"note", What::note},
                                                                       {"lift", What::lift}}};
  const YamlMap map{node, scenario_keys().command, "commands: ", faults};
  if (!map.is_map()) return;
  ScenarioCommand c;
  c.at = read_at(map).value_or(Millis{0});
  if (const YamlNode* n = map.need("do", "write ack, dismiss, close, note or lift")) {
    std::vector<std::string> words;
    for (const auto& [word, what] : kWords) words.emplace_back(word);
    const auto word = read_word(*n, map.name("do"), faults, words);
    for (const auto& [text, what] : kWords)
      if (word && *word == text) c.command.what = what;
  }
  map.text("id", c.command.id, {.bytes = 100});
  map.text("release", c.release, {.bytes = 100});
  map.text("by", c.command.by, {.bytes = 200});
  map.text("reason", c.command.reason, {.bytes = 1'000});
  read_enum(map, "kind", kKinds, c.kind);
  if (c.command.what == What::lift) c.command.id = c.release;
  if (c.command.id.empty() && c.release.empty()) faults.add(map.at(), "a command must name an id or a release");
  out.commands.push_back(std::move(c));
}

void read_expected_incident(const YamlNode& node, std::vector<ExpectedIncident>& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().incident, "expect.incidents: ", faults};
  if (!map.is_map()) return;
  ExpectedIncident e;
  (void)map.need("kind");
  map.text("release", e.release, {.bytes = 100});
  read_enum(map, "kind", kKinds, e.kind);
  read_enum(map, "state", kStates, e.state);
  read_enum(map, "ended_by", kEnds, e.ended_by);
  if (const YamlNode* n = map.find("lead_days"))
    e.lead_days = read_whole(*n, map.name("lead_days"), faults, {-3'660, 3'660});
  if (const YamlNode* n = map.find("spans")) e.spans = read_whole(*n, map.name("spans"), faults, {0, 1'000});
  if (const YamlNode* n = map.find("time_up_under"))
    e.time_up_under = read_duration(*n, map.name("time_up_under"), faults, {Millis{1}, kLongest});
  if (const YamlNode* n = map.find("start_unknown")) e.start_unknown = read_flag(*n, map.name("start_unknown"), faults);
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
  if (const YamlNode* n = map.find("count")) e.count = read_whole(*n, map.name("count"), faults, {0, 100'000});
  out.push_back(std::move(e));
}

void read_texts(const YamlMap& map, std::string_view key, std::vector<std::string>& out) {
  for (const YamlNode& n : map.list(key))
    if (auto text = read_text(n, "an item of " + map.name(key), map.faults(), {.bytes = 200}))
      out.push_back(std::move(*text));
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
  read_texts(map, "released", out.released);
  if (const YamlNode* n = map.find("blind"))
    out.blind = read_duration(*n, map.name("blind"), faults, {Millis{1}, kLongest});
}

void read_times(const YamlMap& map, Scenario& out, FaultBook& faults) {
  if (const YamlNode* n = map.need("start", "write start: 2018-04-23T09:00:00+01:00")) {
    const auto text = read_text(*n, "start", faults, {.bytes = 100});
    const auto start = text ? parse_rfc3339(*text) : Result<Instant>{};
    if (!start)
      faults.add(n->at, "start: " + start.error().what, "write it like 2018-04-23T09:00:00+01:00");
    else
      out.start = *start;
  }
  if (const YamlNode* n = map.need("until", "write until: 4d, how long it lasts"))
    out.until = read_duration(*n, "until", faults, {Millis{1'000}, kLongest}).value_or(Millis{0});
  if (const YamlNode* n = map.find("clock")) {
    const YamlMap clock{*n, scenario_keys().clock, "clock.", faults};
    clock.duration("error", out.clock_error, {Millis{0}, Millis{3'600'000}});
    clock.flag("verified", out.clock_verified);
  }
}

}  // namespace

Checked<Scenario> read_scenario(std::string_view yaml, const std::string& name, const std::string& folder) {
  FaultBook faults{name};
  Scenario s;
  s.file = name;
  s.settings.file = name;
  s.settings.profiles = shipped_profiles();
  if (const auto node = parse_strict_yaml(yaml, kScheduleLimits, faults)) {
    const YamlMap map{*node, scenario_keys().scenario, "", faults};
    if (map.is_map()) {
      (void)map.need("name", "say in one line what happens");
      map.text("name", s.name, {.bytes = 300});
      read_texts(map, "covers", s.covers);
      read_times(map, s, faults);
      if (const YamlNode* n = map.find("config"))
        read_settings_map(*n, Completeness::part_of_one, folder, s.settings, faults);
      if (const YamlNode* n = map.need("releases", "write releases: as in releases.yml"))
        s.schedule =
            read_releases(*n, {.source = name, .zone = s.settings.timezone, .profiles = s.settings.profiles}, faults)
                .schedule;
      for (const YamlNode& n : map.list("answers")) read_answer(n, folder, s, faults);
      for (const YamlNode& n : map.list("commands")) read_command(n, s, faults);
      if (const YamlNode* n = map.find("expect")) read_expect(*n, s.expect, faults);
    }
  }
  if (!faults.empty()) return tl::unexpected<Faults>{faults.take()};
  std::stable_sort(s.answers.begin(), s.answers.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.url, a.at) < std::tie(b.url, b.at); });
  std::stable_sort(s.commands.begin(), s.commands.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return s;
}

Checked<Scenario> load_scenario(const std::string& path) {
  const auto yaml = read_file(path, kScheduleLimits.bytes);
  if (!yaml) return tl::unexpected<Faults>{Faults{yaml.error()}};
  const std::size_t slash = path.rfind('/');
  return read_scenario(*yaml, path,
                       slash == std::string::npos ? std::string{} : path.substr(0, std::max<std::size_t>(slash, 1)));
}

}  // namespace embargod

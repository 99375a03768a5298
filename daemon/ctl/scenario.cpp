#include "daemon/ctl/scenario.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "daemon/ctl/scenario_reader.h"

namespace embargod {
namespace {

struct CommandWord {
  const char* word;
  Command::What what;
};
constexpr std::array kCommandWords{
    CommandWord{"ack", Command::What::acknowledge}, CommandWord{"dismiss", Command::What::dismiss},
    CommandWord{"close", Command::What::close},     CommandWord{"note", Command::What::note},
    CommandWord{"lift", Command::What::lift},       CommandWord{"approve", Command::What::approve_baseline}};

void read_command(const YamlNode& node, Scenario& out, FaultBook& faults) {
  using What = Command::What;
  const YamlMap map{node, scenario_keys().command, "commands: ", faults};
  if (!map.is_map()) return;
  ScenarioCommand c;
  c.at = read_at(map);
  if (const YamlNode* n = map.need("do", "write ack, dismiss, close, note, lift or approve")) {
    std::vector<std::string> words;
    for (const CommandWord& w : kCommandWords) words.emplace_back(w.word);
    const auto word = read_word(*n, map.name("do"), faults, words);
    for (const CommandWord& w : kCommandWords)
      if (word && *word == w.word) c.command.what = w.what;
  }
  map.text("id", c.command.id, {.bytes = 100});
  map.text("release", c.release, {.bytes = 100});
  map.text("by", c.command.by, {.bytes = 200});
  map.text("reason", c.command.reason, {.bytes = 1'000});
  read_enum(map, "kind", kIncidentKinds, c.kind);
  if (c.command.what == What::lift) c.command.id = c.release;
  const bool approves = c.command.what == What::approve_baseline;
  if (approves != map.has("target"))
    faults.add(approves ? map.at() : map.key_at("target"),
               approves ? "approve must name a target" : "only approve names a target");
  if (approves)
    map.text("target", c.command.id, {.bytes = 200});
  else if (c.command.id.empty() && c.release.empty())
    faults.add(map.at(), "a command must name an id or a release");
  out.commands.push_back(std::move(c));
}

void read_restart(const YamlNode& node, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().restart, "restart: ", faults};
  if (!map.is_map()) return;
  ScenarioRestart r;
  r.at = read_at(map);
  if (map.need("down_for", "write down_for: 2m, how long nobody looks") != nullptr)
    map.duration("down_for", r.down_for, {Millis{0}, kLongestScenario});
  map.flag("clean", r.clean);
  out.restarts.push_back(r);
}

void read_clock_step(const YamlNode& node, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().clock_step, "clock.steps: ", faults};
  if (!map.is_map()) return;
  ClockStep s;
  s.at = read_at(map);
  if (map.has("forward") == map.has("back"))
    faults.add(map.at(), "a clock step goes forward or back", "write forward: 30m or back: 30m");
  Millis back{0};
  map.duration("forward", s.by, {Millis{1}, kLongestScenario});
  map.duration("back", back, {Millis{1}, kLongestScenario});
  s.by -= back;
  out.clock_steps.push_back(s);
}

void read_later_schedule(const YamlNode& node, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().schedule, "schedules: ", faults};
  if (!map.is_map()) return;
  ScenarioSchedule s;
  s.at = read_at(map);
  if (const YamlNode* n = map.need("releases", "write releases: as in releases.yml"))
    s.schedule = read_releases(
                     *n, {.source = out.file, .zone = out.settings.timezone, .profiles = out.settings.profiles}, faults)
                     .schedule;
  out.schedules.push_back(std::move(s));
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
    out.until = read_duration(*n, "until", faults, {Millis{1'000}, kLongestScenario}).value_or(Millis{0});
  if (const YamlNode* n = map.find("no_alarm"))
    out.no_alarm = read_duration(*n, "no_alarm", faults, {Millis{0}, out.until});
  if (const YamlNode* n = map.find("clock")) {
    const YamlMap clock{*n, scenario_keys().clock, "clock.", faults};
    clock.duration("error", out.clock_error, {Millis{0}, Millis{3'600'000}});
    clock.flag("verified", out.clock_verified);
    for (const YamlNode& step : clock.list("steps")) read_clock_step(step, out, faults);
  }
}

void read_all(const YamlMap& map, const std::string& folder, Scenario& s, FaultBook& faults) {
  (void)map.need("name", "say in one line what happens");
  map.text("name", s.name, {.bytes = 300});
  read_texts(map, "covers", s.covers);
  read_times(map, s, faults);
  if (const YamlNode* n = map.find("config"))
    read_settings_map(*n, Completeness::part_of_one, folder, s.settings, faults);
  if (const YamlNode* n = map.need("releases", "write releases: as in releases.yml"))
    s.schedule =
        read_releases(*n, {.source = s.file, .zone = s.settings.timezone, .profiles = s.settings.profiles}, faults)
            .schedule;
  for (const YamlNode& n : map.list("schedules")) read_later_schedule(n, s, faults);
  for (const YamlNode& n : map.list("sites")) read_scenario_site(n, s, faults);
  for (const YamlNode& n : map.list("answers")) read_scenario_answer(n, folder, s, faults);
  check_turns(map, s);
  for (const YamlNode& n : map.list("commands")) read_command(n, s, faults);
  for (const YamlNode& n : map.list("restart")) read_restart(n, s, faults);
  if (const YamlNode* n = map.find("expect")) read_expect(*n, s.expect, faults);
}

template <class T>
void sort_by_time(std::vector<T>& all) {
  std::stable_sort(all.begin(), all.end(), [](const T& a, const T& b) { return a.at < b.at; });
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
    if (map.is_map()) read_all(map, folder, s, faults);
  }
  if (!faults.empty()) return tl::unexpected<Faults>{faults.take()};
  std::stable_sort(s.answers.begin(), s.answers.end(),
                   [](const auto& a, const auto& b) { return std::tie(a.url, a.at) < std::tie(b.url, b.at); });
  sort_by_time(s.commands);
  sort_by_time(s.schedules);
  sort_by_time(s.restarts);
  sort_by_time(s.clock_steps);
  sort_by_time(s.expect.states);
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

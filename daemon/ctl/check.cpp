// embargoctl check: config, schedules and profiles before anybody relies on them.

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/lint.h"
#include "config/schedule_checks.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/commands.h"
#include "probes/liveness.h"

namespace embargod {
namespace {

std::string counted(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::size_t url_count(const Schedule& s) {
  std::size_t n = 0;
  for (const Release& r : s.releases) n += r.targets.size();
  return n;
}

/// What only the compilers of rules know: expressions, pointers, kinds, editions.
Faults rule_faults(const std::vector<Profile>& profiles, const Schedule& schedule) {
  Faults all;
  const auto take = [&all](const Faults& more) { all.insert(all.end(), more.begin(), more.end()); };
  std::map<std::string, std::shared_ptr<const CompiledProfile>> compiled;
  for (const Profile& p : profiles) {
    auto one = compile(p);
    if (one)
      compiled.emplace(p.name, std::move(*one));
    else
      take(one.error());
  }
  for (const Release& r : schedule.releases) {
    for (const Target& t : r.targets) {
      const auto profile = compiled.find(t.profile);
      if (profile == compiled.end()) continue;
      if (const auto recipe = make_recipe(profile->second, t, r); !recipe) take(recipe.error());
    }
  }
  return all;
}

void print_notes(const Schedule& s, std::ostream& out) {
  for (const std::string& note : s.notes) out << "note: " << note << "\n";
}

Checked<Settings> settings_for_check(const CheckScheduleOptions& options) {
  Settings settings;
  settings.profiles = shipped_profiles();
  if (const std::string& file = options.config_file; !file.empty()) {
    const auto yaml = read_file(file, std::size_t{1} << 20U);
    if (!yaml) return tl::unexpected<Faults>{Faults{yaml.error()}};
    const std::size_t slash = file.rfind('/');
    auto read = read_settings(*yaml, file, slash == std::string::npos ? std::string{} : file.substr(0, slash));
    if (!read) return read;
    settings = std::move(*read);
  }
  if (!options.zone.empty()) settings.timezone = options.zone;
  if (const auto ok = check_zone_data(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  if (const auto ok = check_zone(settings.timezone); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  return settings;
}

/// A schedule without faults, and what lint says of it.
struct LintedSchedule {
  const CheckScheduleOptions& options;
  std::string zone;
  LintFacts facts;
  Schedule schedule;
  std::vector<LintFinding> findings;

  [[nodiscard]] std::size_t warnings() const {
    const auto is_warning = [](const LintFinding& f) { return f.level == LintLevel::warning; };
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), is_warning));
  }
  /// Those that lint passes over, so that nobody takes its silence for a judgement.
  [[nodiscard]] std::size_t not_linted() const {
    if (facts.past == LintFacts::Past::check) return 0;
    const auto is_past = [this](const Release& r) { return r.due.at && *r.due.at < facts.now; };
    return static_cast<std::size_t>(std::count_if(schedule.releases.begin(), schedule.releases.end(), is_past));
  }
  /// What the reader said and lint does not.
  [[nodiscard]] std::vector<std::string> notes() const {
    std::vector<std::string> list;
    for (const std::string& note : schedule.notes)
      if (!is_said_by_lint(note)) list.push_back(note);
    return list;
  }
};

void print_linted(const LintedSchedule& s, std::ostream& out) {
  for (const std::string& note : s.notes()) out << "note: " << note << "\n";
  for (const LintFinding& f : s.findings) out << to_string(f) << "\n";
  out << s.options.file << ": " << (s.warnings() == 0 ? "fine" : counted(s.warnings(), "warning")) << ": "
      << counted(s.schedule.releases.size(), "release") << " with " << counted(url_count(s.schedule), "URL")
      << ", times without an offset read in " << s.zone << ", practices of edition " << s.facts.code_edition
      << " of the Code\n";
  if (s.not_linted() > 0)
    out << "note: " << s.options.file << ": " << counted(s.not_linted(), "release")
        << " already due and not held to the Code; --past does\n";
}

void print_linted_json(const LintedSchedule& s, std::ostream& out) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const LintFinding& f : s.findings)
    list.push_back({{"level", to_string(f.level)},
                    {"code", f.code},
                    {"release", f.release.empty() ? Json{} : Json(f.release)},
                    {"practice", f.practice},
                    {"practice_number", f.practice_number},
                    {"where", {{"file", f.where.file}, {"line", f.where.line}, {"column", f.where.column}}},
                    {"text", f.text},
                    {"to_do", f.to_do}});
  const Json whole{{"file", s.options.file},
                   {"now", rfc3339(s.facts.now)},
                   {"timezone", s.zone},
                   {"code_edition", s.facts.code_edition},
                   {"releases", s.schedule.releases.size()},
                   {"not_linted", s.not_linted()},
                   {"warnings", s.warnings()},
                   {"findings", list},
                   {"notes", s.notes()}};
  out << whole.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace

int complain(const Faults& faults, std::ostream& err) {
  for (const Fault& f : faults) err << to_string(f) << "\n";
  err << counted(faults.size(), "fault") << "\n";
  return kExitFault;
}

int check_config(const std::string& file, Streams io) {
  const auto loaded = load_config(file);
  Faults faults = loaded ? rule_faults(loaded->settings.profiles, loaded->schedule) : loaded.error();
  if (!faults.empty()) return complain(faults, io.err);
  const AlertSettings& a = loaded->settings.alerts;
  print_notes(loaded->schedule, io.out);
  io.out << file << ": fine: " << counted(loaded->schedule.releases.size(), "release") << " with "
         << counted(url_count(loaded->schedule), "URL") << " from "
         << counted(loaded->settings.schedules.size(), "schedule") << ", "
         << counted(a.alertmanagers.size(), "Alertmanager") << ", " << counted(a.webhooks.size(), "webhook") << ", "
         << counted(a.emails.size(), "e-mail receiver") << "\n";
  if (a.alertmanagers.empty() && a.webhooks.empty() && a.emails.empty())
    io.out << "note: " << file << ": no receiver is set under alerts: nobody would be told\n";
  return kExitFine;
}

int check_schedule(const CheckScheduleOptions& options, const Clock& clock, Streams io) {
  const auto settings = settings_for_check(options);
  if (!settings) return complain(settings.error(), io.err);
  auto holidays = load_bank_holidays(settings->lint);
  if (!holidays) return complain(holidays.error(), io.err);
  const auto yaml = read_file(options.file, std::size_t{4} << 20U);
  if (!yaml) return complain({yaml.error()}, io.err);
  auto schedule = read_schedule(*yaml, options.file, settings->timezone, settings->profiles);
  if (!schedule) return complain(schedule.error(), io.err);
  if (const Faults faults = rule_faults(settings->profiles, *schedule); !faults.empty())
    return complain(faults, io.err);
  LintedSchedule s{options,
                   settings->timezone,
                   lint_facts(*settings, std::move(*holidays), options.now ? *options.now : clock.now()),
                   std::move(*schedule),
                   {}};
  if (options.has_past) s.facts.past = LintFacts::Past::check;
  s.findings = lint_schedule(s.schedule, s.facts);
  if (options.as_json)
    print_linted_json(s, io.out);
  else
    print_linted(s, io.out);
  return s.warnings() > 0 ? kExitFindings : kExitFine;
}

}  // namespace embargod

// embargoctl check: config, schedules and profiles before anybody relies on them.

#include <map>
#include <memory>
#include <ostream>

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

int check_schedule(const std::string& file, const std::string& config_file, const std::string& zone, Streams io) {
  Settings settings;
  settings.profiles = shipped_profiles();
  if (!config_file.empty()) {
    const auto yaml = read_file(config_file, std::size_t{1} << 20U);
    if (!yaml) return complain({yaml.error()}, io.err);
    const std::size_t slash = config_file.rfind('/');
    auto read =
        read_settings(*yaml, config_file, slash == std::string::npos ? std::string{} : config_file.substr(0, slash));
    if (!read) return complain(read.error(), io.err);
    settings = std::move(*read);
  }
  if (!zone.empty()) settings.timezone = zone;
  if (const auto ok = check_zone_data(); !ok) return complain({ok.error()}, io.err);
  if (const auto ok = check_zone(settings.timezone); !ok) return complain({ok.error()}, io.err);
  const auto yaml = read_file(file, std::size_t{4} << 20U);
  if (!yaml) return complain({yaml.error()}, io.err);
  const auto schedule = read_schedule(*yaml, file, settings.timezone, settings.profiles);
  if (!schedule) return complain(schedule.error(), io.err);
  if (const Faults faults = rule_faults(settings.profiles, *schedule); !faults.empty()) return complain(faults, io.err);
  print_notes(*schedule, io.out);
  io.out << file << ": fine: " << counted(schedule->releases.size(), "release") << " with "
         << counted(url_count(*schedule), "URL") << ", times without an offset read in " << settings.timezone << "\n";
  return kExitFine;
}

}  // namespace embargod

// embargoctl check: config, schedules and profiles before anybody relies on them.

#include <algorithm>
#include <ostream>
#include <set>

#include "alerts/channels/make_notifiers.h"
#include "config/lint_report.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/calendar_file.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/latency_text.h"
#include "daemon/ctl/recipe_faults.h"
#include "daemon/watch/calendar_match.h"
#include "daemon/watch/discovery_watch.h"
#include "daemon/watch/plan.h"

namespace embargod {
namespace {

std::string counted(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string counted_entries(std::size_t n) { return std::to_string(n) + (n == 1 ? " entry" : " entries"); }

std::size_t url_count(const Schedule& s) {
  std::size_t n = 0;
  for (const Release& r : s.releases) n += r.targets.size();
  return n;
}

/// What only the compilers of rules know: expressions, pointers, kinds, editions.
Faults rule_faults(const Settings& settings, const Schedule& schedule) {
  Faults all;
  const CompiledProfiles compiled = compile_profiles(settings.profiles, all);
  for (const Release& r : schedule.releases) {
    const Faults more = recipe_faults(r, compiled);
    all.insert(all.end(), more.begin(), more.end());
  }
  if (const auto discovery = make_discovery_plan(settings.discovery, schedule); !discovery)
    all.insert(all.end(), discovery.error().begin(), discovery.error().end());
  return all;
}

Faults title_rule_faults(const Settings& settings) {
  Faults all;
  for (const ScheduleSource& s : settings.schedules)
    if (const auto rules = TitleRules::make(s.match); !rules)
      all.insert(all.end(), rules.error().begin(), rules.error().end());
  return all;
}

/// The calendars in files that others keep. The daemon starts without them, so what is wrong there is a warning.
std::size_t warn_of_calendars(const Settings& settings, std::ostream& out) {
  std::size_t warnings = 0;
  for (const ScheduleSource& s : settings.schedules) {
    if (s.is_operators() || s.url) continue;
    const auto calendar = read_calendar_file({.path = s.path, .name = s.name, .format = s.format}, settings);
    const Faults faults = calendar ? unwatchable(settings, calendar->releases) : calendar.error();
    for (const Fault& f : faults) out << "warning: " << to_string(f) << "\n";
    warnings += faults.size();
    if (!calendar) continue;
    for (const std::string& note : calendar->notes) out << "note: " << note << "\n";
    out << s.name << ": " << counted_entries(calendar->items.size()) << ", "
        << counted(calendar->releases.size(), "release") << " to watch\n";
  }
  return warnings;
}

/// How long it can take until each receiver knows of an early release. Warnings, which are no finding: a slow pace may
/// be meant.
std::size_t tell_latency(const Settings& settings, const Schedule& schedule, std::ostream& out) {
  std::vector<ReceiverTraits> receivers;
  for (const auto& n : make_notifiers(settings.alerts, settings.timezone)) receivers.push_back(n->traits());
  if (receivers.empty()) return 0;
  const auto phases = latency_phases(settings.polling, schedule);
  out << latency_text(phases, settings.polling, receivers);
  const auto warnings = latency_warnings(phases, settings.alerts.latency_bound);
  for (const std::string& w : warnings) out << "warning: " << settings.file << ": " << w << "\n";
  return warnings.size();
}

void print_notes(const Schedule& s, std::ostream& out) {
  for (const std::string& note : s.notes) out << "note: " << note << "\n";
}

Checked<Settings> settings_for_check(const CheckScheduleOptions& options) {
  Settings settings;
  settings.profiles = shipped_profiles();
  if (!options.config_file.empty()) {
    auto read = load_settings(options.config_file);
    if (!read) return read;
    settings = std::move(*read);
  }
  if (!options.zone.empty()) settings.timezone = options.zone;
  if (const auto ok = check_zone_data(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  if (const auto ok = check_zone(settings.timezone); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  return settings;
}

void print_linted(const LintReport& r, std::size_t urls, std::ostream& out) {
  for (const std::string& note : r.notes) out << "note: " << note << "\n";
  for (const LintFinding& f : r.findings) out << to_string(f) << "\n";
  out << r.file << ": " << (r.warnings() == 0 ? "fine" : counted(r.warnings(), "warning")) << ": "
      << counted(r.releases, "release") << " with " << counted(urls, "URL") << ", times without an offset read in "
      << r.zone << ", practices of edition " << r.code_edition << " of the Code\n";
  if (r.not_linted > 0)
    out << "note: " << r.file << ": " << counted(r.not_linted, "release")
        << " already due and not held to the Code; --past does\n";
}

/// What a file in any form says how to watch. Of entries that do not, their number is told.
Checked<Schedule> schedule_to_check(const CheckScheduleOptions& options, const Settings& settings, std::ostream& out) {
  const auto format = options.format ? options.format : format_of(options.file);
  if (!format || *format == SourceFormat::yaml) {
    const auto yaml = read_file(options.file, std::size_t{4} << 20U);
    if (!yaml) return tl::unexpected<Faults>{Faults{yaml.error()}};
    return read_schedule(*yaml, options.file, settings.timezone, settings.profiles);
  }
  auto calendar = read_calendar_file({.path = options.file, .format = format}, settings);
  if (!calendar) return tl::unexpected<Faults>{std::move(calendar.error())};
  std::set<std::string> watched;
  for (const Release& r : calendar->releases) watched.insert(r.id);
  const auto entries =
      static_cast<std::size_t>(std::count_if(calendar->items.begin(), calendar->items.end(),
                                             [&watched](const CalendarItem& i) { return !watched.contains(i.key); }));
  if (entries > 0 && !options.as_json)
    out << "note: " << options.file << ": " << counted_entries(entries)
        << " without URLs to watch: held against the releases they belong to, not against the Code\n";
  return Schedule{.releases = std::move(calendar->releases), .notes = std::move(calendar->notes)};
}

}  // namespace

int complain(const Faults& faults, std::ostream& err) {
  for (const Fault& f : faults) err << to_string(f) << "\n";
  err << counted(faults.size(), "fault") << "\n";
  return kExitFault;
}

int check_config(const std::string& file, Streams io) {
  const auto loaded = load_config(file);
  Faults faults = loaded ? rule_faults(loaded->settings, loaded->schedule) : loaded.error();
  if (loaded)
    for (Fault& f : title_rule_faults(loaded->settings)) faults.push_back(std::move(f));
  if (!faults.empty()) return complain(faults, io.err);
  const AlertSettings& a = loaded->settings.alerts;
  print_notes(loaded->schedule, io.out);
  const std::size_t warnings = warn_of_calendars(loaded->settings, io.out);
  const std::size_t slow = tell_latency(loaded->settings, loaded->schedule, io.out);
  io.out << file << ": " << (warnings + slow == 0 ? "fine" : counted(warnings + slow, "warning")) << ": "
         << counted(loaded->schedule.releases.size(), "release") << " with "
         << counted(url_count(loaded->schedule), "URL") << " from "
         << counted(loaded->settings.schedules.size(), "schedule") << ", "
         << counted(a.alertmanagers.size(), "Alertmanager") << ", " << counted(a.webhooks.size(), "webhook") << ", "
         << counted(a.emails.size(), "e-mail receiver");
  const std::size_t receivers = receiver_names(a).size();
  if (const std::size_t others = receivers - a.alertmanagers.size() - a.webhooks.size() - a.emails.size(); others > 0)
    io.out << ", " << counted(others, "other receiver");
  io.out << "\n";
  if (receivers == 0) io.out << "note: " << file << ": no receiver is set under alerts: nobody would be told\n";
  if (!a.dead_man)
    io.out << "note: " << file
           << ": no dead_man is set under alerts: if this host dies, nobody hears of it from outside\n";
  return warnings > 0 ? kExitFindings : kExitFine;
}

int check_schedule(const CheckScheduleOptions& options, const Clock& clock, Streams io) {
  const auto settings = settings_for_check(options);
  if (!settings) return complain(settings.error(), io.err);
  auto holidays = load_bank_holidays(settings->lint);
  if (!holidays) return complain(holidays.error(), io.err);
  auto schedule = schedule_to_check(options, *settings, io.out);
  if (!schedule) return complain(schedule.error(), io.err);
  if (const Faults faults = rule_faults(*settings, *schedule); !faults.empty()) return complain(faults, io.err);
  LintFacts facts = lint_facts(*settings, std::move(*holidays), options.now ? *options.now : clock.now());
  if (options.has_past) facts.past = LintFacts::Past::check;
  LintReport report = lint_report(*schedule, facts, settings->timezone);
  report.file = options.file;
  if (options.as_json)
    io.out << lint_report_json(report, 2) << "\n";
  else
    print_linted(report, url_count(*schedule), io.out);
  return report.warnings() > 0 ? kExitFindings : kExitFine;
}

}  // namespace embargod

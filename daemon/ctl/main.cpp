// embargoctl: the operator's tool. The command line is read here and in report_options.cpp, nowhere else.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "config/text_checks.h"
#include "daemon/ctl/calendar_file.h"
#include "daemon/ctl/command_line.h"
#include "daemon/sys/system_clock.h"
#include "daemon/watch/ruling.h"

namespace embargod {
namespace {

std::optional<std::string> fault_in_words(const Typed& t) {
  if (!report_format_from(t.format)) return refused_word("--format", t.format, report_format_words());
  if (!report_form_from(t.form)) return refused_word("--form", t.form, report_form_words());
  return std::nullopt;
}

/// Why a report in this format cannot be shown: it would be noise on a terminal.
std::optional<std::string> not_to_be_shown(const Typed& t, const char* option, bool is_shown) {
  if (!t.output.empty() || !is_shown || !is_office_format(*report_format_from(t.format))) return std::nullopt;
  return "a report as " + t.format + " is a file, not text; name it with " + option;
}

void add_check_report(CLI::App& check, Typed& t, Action& action) {
  CLI::App* report = check.add_subcommand("report", "A finished report, as people wrote it, before it is sent");
  report->add_option("FILE", t.file, "The report: .docx, .odt, .html, .md or text")->required();
  report->add_option("--config.file", t.config_file, "Config whose zone, Code edition and bank holidays are used");
  report->add_option("--incident-json", t.incident_files,
                     "What /api/v1/incidents/ID answered: the report is held against it; as often as needed");
  report->add_option("--incident", t.ids, "Incident id: the daemon is asked for it; as often as needed");
  report->add_flag("--json", t.as_json, "The findings as JSON");
  report->callback([&] {
    action = [&t] {
      return check_report({.file = t.file,
                           .config_file = t.config_file,
                           .incident_files = t.incident_files,
                           .incidents = t.ids,
                           .url = t.url,
                           .as_json = t.as_json},
                          terminal());
    };
  });
}

void add_check(CLI::App& app, Typed& t, Action& action) {
  CLI::App* check = app.add_subcommand("check", "Look for faults before anybody relies on it");
  check->require_subcommand(1);
  CLI::App* config = check->add_subcommand("config", "A config with its schedules, profiles and secret files");
  config->add_option("FILE", t.file, "embargod.yml")->required();
  config->callback([&] { action = [&t] { return check_config(t.file, terminal()); }; });
  add_check_report(*check, t, action);
  CLI::App* schedule = check->add_subcommand("schedule", "One schedule, and what the Code of Practice would find odd");
  schedule->add_option("FILE", t.file, "releases.yml, or a calendar in another form")->required();
  schedule->add_option("--format", t.source_format,
                       "yaml, csv, ics, json, ons, govuk or ees, where the ending does not say so");
  schedule->add_option("--config.file", t.config_file, "Config whose zone, profiles, Code edition and lint are used");
  schedule->add_option("--timezone", t.zone, "IANA zone of times without an offset");
  schedule->add_option("--now", t.now, "RFC 3339 instant that lint takes for now, for output that can be repeated");
  schedule->add_flag("--past", t.has_past, "Lint what is already due too");
  schedule->add_flag("--json", t.as_json, "The findings as JSON");
  schedule->callback([&] {
    action = [&t] {
      CheckScheduleOptions options{
          .file = t.file, .config_file = t.config_file, .zone = t.zone, .has_past = t.has_past, .as_json = t.as_json};
      if (!t.source_format.empty()) {
        options.format = source_format_from(t.source_format);
        if (!options.format)
          return usage(
              refused_word("--format", t.source_format, {"yaml", "csv", "ics", "json", "ons", "govuk", "ees"}));
      }
      if (!t.now.empty()) {
        const auto now = parse_rfc3339(t.now);
        if (!now) return usage("--now: " + now.error().what, "write it like 2030-04-01T09:00:00Z");
        options.now = *now;
      }
      const SystemClock clock{Millis{1'000}};
      return check_schedule(options, clock, terminal());
    };
  });
}

void add_local(CLI::App& app, Typed& t, Action& action) {
  CLI::App* probe = app.add_subcommand("probe", "One look at a target or URL, explained rule by rule");
  probe->add_option("--config.file", t.config_file, "embargod.yml")->required();
  probe->add_option("TARGET-OR-URL", t.what, "RELEASE/NAME of the schedule, or a URL")->required();
  probe->callback([&] {
    action = [&t] {
      const SystemClock clock{Millis{1'000}};
      return probe_command(t.config_file, t.what, clock, terminal());
    };
  });
  CLI::App* candidates =
      app.add_subcommand("candidates", "Guessed URLs of coming editions, for review; keep them to yourself");
  candidates->add_option("--config.file", t.config_file, "embargod.yml")->required();
  candidates->add_option("RELEASE", t.what, "Release id; without it: all");
  candidates->callback([&] { action = [&t] { return candidates_command(t.config_file, t.what, terminal()); }; });
  CLI::App* simulate =
      app.add_subcommand("simulate", "A scenario under virtual time: timeline, alerts, report, expectations");
  simulate->add_option("SCENARIO.yml", t.file, "The scenario")->required();
  simulate->add_option("--format", t.format, "Of the report: md, html, txt, json, docx or odt");
  simulate->add_option("--form", t.form, "Of the report: full or log-entry");
  simulate->add_option("--report", t.output, "Write the report to this file");
  simulate->add_flag("--quiet", t.is_quiet, "Print only the expectations");
  simulate->callback([&] {
    action = [&t] {
      if (const auto fault = fault_in_words(t)) return usage(*fault);
      // Elsewhere too: the story of the simulation comes before it.
      if (const auto fault = not_to_be_shown(t, "--report", !t.is_quiet)) return usage(*fault);
      return simulate_command({.file = t.file,
                               .form = *report_form_from(t.form),
                               .format = *report_format_from(t.format),
                               .report_file = t.output,
                               .is_quiet = t.is_quiet},
                              terminal());
    };
  });
}

void add_decide(CLI::App& app, Typed& t, Action& action) {
  CLI::App* cmd =
      app.add_subcommand("decide", "Record what is decided about what is public; it ends no embargo, see lift");
  cmd->add_option("ID", t.decision.id, "Incident id")->required();
  cmd->add_flag("--take-down", t.take_down, "It comes down");
  cmd->add_flag("--let-stand", t.let_stand, "It stays");
  cmd->add_option("--by", t.decision.by, "Who decides this: it goes on record")->required();
  cmd->add_option("--reason", t.decision.reason, "Why: it goes on record")->required();
  cmd->callback([&t, &action] {
    action = [&t] {
      if (t.take_down == t.let_stand) return usage("decide: give --take-down or --let-stand, one of them");
      t.decision.verb = "decide";
      t.decision.choice = to_string(t.take_down ? Choice::take_down : Choice::let_stand);
      return decide(t.url, t.decision, terminal());
    };
  });
}

void add_remote(CLI::App& app, Typed& t, Action& action) {
  app.add_subcommand("releases", "Every release with its state")->callback([&] {
    action = [&t] { return list_releases(t.url, terminal()); };
  });
  app.add_subcommand("incidents", "Every incident, newest first")->callback([&] {
    action = [&t] { return list_incidents(t.url, terminal()); };
  });
  CLI::App* incident = app.add_subcommand("incident", "One incident with its bounds");
  incident->add_option("ID", t.what, "Incident id")->required();
  incident->callback([&] { action = [&t] { return show_incident(t.url, t.what, terminal()); }; });

  struct Verb {
    const char* name;
    const char* help;
    bool needs_reason;
  };
  for (const Verb& v :
       {Verb{"ack", "Say that somebody is on it", false}, Verb{"dismiss", "It is no breach; say why", true},
        Verb{"close", "It is dealt with", false}, Verb{"note", "Add a note to the record", true},
        Verb{"lift", "End the embargo of a release now; say why", true}}) {
    const bool is_lift = std::string_view{v.name} == "lift";
    CLI::App* cmd = app.add_subcommand(v.name, v.help);
    cmd->add_option(is_lift ? "RELEASE" : "ID", t.decision.id, is_lift ? "Release id" : "Incident id")->required();
    cmd->add_option("--by", t.decision.by, "Who decides this: it goes on record")->required();
    cmd->add_option("--reason", t.decision.reason, "Why: it goes on record")->required(v.needs_reason);
    cmd->callback([&t, &action, name = std::string{v.name}] {
      t.decision.verb = name;
      action = [&t] { return decide(t.url, t.decision, terminal()); };
    });
  }

  add_decide(app, t, action);
  CLI::App* report = app.add_subcommand("report", "The draft report over one or several incidents");
  report->add_option("ID", t.ids, "Incident ids")->required();
  report->add_option("--format", t.format, "md, html, txt, json, docx or odt");
  report->add_option("--form", t.form, "full or log-entry");
  report->add_option("-o", t.output, "Write to this file");
  report->callback([&] {
    action = [&t] {
      if (const auto fault = fault_in_words(t)) return usage(*fault);
      if (const auto fault = not_to_be_shown(t, "-o", ::isatty(STDOUT_FILENO) != 0)) return usage(*fault);
      return fetch_report(t.url, {.incidents = t.ids, .format = t.format, .form = t.form, .file = t.output},
                          terminal());
    };
  });
}

void add_alerts(CLI::App& app, Typed& t, Action& action) {
  CLI::App* alerts = app.add_subcommand("alerts", "Prove that alerts arrive");
  alerts->require_subcommand(1);
  CLI::App* test =
      alerts->add_subcommand("test", "Send one alert marked [TEST] through the real channel of a receiver");
  test->add_option("RECEIVER", t.what, "Its name: webhook-1, email-1, ...")->required();
  test->add_option("--by", t.decision.by, "Who asks for it: it goes on record and into the message")->required();
  test->callback([&] { action = [&t] { return test_alert(t.url, t.what, t.decision.by, terminal()); }; });
}

void add_drill(CLI::App& app, Typed& t, Action& action) {
  CLI::App* drill = app.add_subcommand(
      "drill", "A page of embargod itself goes live; word of it, marked [DRILL], goes to the real receivers");
  drill->add_option("--by", t.drill.by, "Who asks for it: it goes on record and into the messages")->required();
  drill->add_option("--receiver", t.drill.receivers, "Only to this one; as often as needed [all that pages go to]");
  drill->add_option("--ack-within", t.drill.ack_within, "How long somebody has to acknowledge, at most 1h; 0s: nobody")
      ->capture_default_str();
  drill->callback([&] {
    action = [&t] {
      t.drill.url = t.url;
      return run_drill(t.drill, terminal());
    };
  });
  app.add_subcommand("drills", "Every drill on record, newest first")->callback([&] {
    action = [&t] { return list_drills(t.url, terminal()); };
  });
}

void add_rehearsal(CLI::App& app, Typed& t, Action& action) {
  CLI::App* rehearsal = app.add_subcommand(
      "rehearsal", "A window in which a release is expected to go live as a test: told as [REHEARSAL], never silent");
  rehearsal->require_subcommand(1);
  CLI::App* plan = rehearsal->add_subcommand("plan", "Plan one; no embargo is lifted by it");
  plan->add_option("RELEASE", t.rehearsal.release, "Release id")->required();
  plan->add_option("--from", t.rehearsal.from,
                   "When it begins: 2030-01-31 10:00 in the daemon's timezone, or with an offset [now]");
  plan->add_option("--until", t.rehearsal.until, "When it ends, at least 30 min before the release is due");
  plan->add_option("--for", t.rehearsal.lasts, "In place of --until: how long it lasts, at most 4h");
  plan->add_option("--by", t.rehearsal.by, "Who plans it: it goes on record and into the messages")->required();
  plan->add_option("--reason", t.rehearsal.reason, "Why: the same")->required();
  plan->callback([&] {
    action = [&t] {
      t.rehearsal.url = t.url;
      return plan_rehearsal(t.rehearsal, terminal());
    };
  });
  CLI::App* list = rehearsal->add_subcommand("list", "Every rehearsal on record, newest window first");
  list->add_flag("--json", t.as_json, "As JSON");
  list->callback([&] { action = [&t] { return list_rehearsals(t.url, t.as_json, terminal()); }; });
  CLI::App* cancel = rehearsal->add_subcommand("cancel", "End one before its time: what is public then is a breach");
  cancel->add_option("ID", t.decision.id, "Of the rehearsal")->required();
  cancel->add_option("--by", t.decision.by, "Who decides this: it goes on record")->required();
  cancel->add_option("--reason", t.decision.reason, "Why: it goes on record")->required();
  cancel->callback([&] { action = [&t] { return cancel_rehearsal(t.url, t.decision, terminal()); }; });
}

void add_baseline(CLI::App& app, Typed& t, Action& action) {
  CLI::App* baseline =
      app.add_subcommand("baseline", "The former edition at a URL that is live all year: see it, approve it");
  baseline->require_subcommand(1);
  CLI::App* show = baseline->add_subcommand("show", "What is there now, what was approved, and how to approve it");
  show->add_option("TARGET", t.what, "RELEASE/NAME of the schedule")->required();
  show->callback([&] { action = [&t] { return show_baseline(t.url, t.what, terminal()); }; });
  CLI::App* approve = baseline->add_subcommand(
      "approve", "Say that what is there now is the former edition: from then on any other is noticed");
  approve->add_option("TARGET", t.approval.target, "RELEASE/NAME of the schedule")->required();
  approve->add_option("--by", t.approval.by, "Who decides this: it goes on record")->required();
  approve->add_option("--fingerprint", t.approval.fingerprint, "Of the page you looked at, from `baseline show`")
      ->required();
  approve->add_option("--reason", t.approval.reason, "Why: it goes on record");
  approve->callback([&] { action = [&t] { return approve_baseline(t.url, t.approval, terminal()); }; });
}

void add_schedule_views(CLI::App& schedule, Typed& t, Action& action) {
  CLI::App* show = schedule.add_subcommand("show", "Where dates come from, what is in force, and who contradicts it");
  show->add_option("RELEASE", t.shown.release, "Release id: with its revisions and what each calendar says");
  show->add_flag("--json", t.shown.is_json, "As JSON, with every entry");
  show->callback([&] {
    action = [&t] {
      t.shown.url = t.url;
      return show_schedule(t.shown, terminal());
    };
  });
  CLI::App* diff = schedule.add_subcommand("diff", "Where two sources, two revisions or two files differ");
  diff->add_option("A", t.diff.first, "Name of a source; a revision's number; or a file")->required();
  diff->add_option("B", t.diff.second, "The other one")->required();
  diff->add_option("--release", t.diff.release, "Compare two revisions of this release, by number");
  diff->add_option("--config.file", t.diff.config_file, "Compare two files, read with this config's zone and profiles");
  diff->add_flag("--json", t.diff.is_json, "As JSON");
  diff->callback([&] {
    action = [&t] {
      if (!t.diff.release.empty() && !t.diff.config_file.empty())
        return usage("--release and --config.file exclude each other");
      t.diff.url = t.url;
      return diff_schedule(t.diff, terminal());
    };
  });
}

void add_schedule(CLI::App& app, Typed& t, Action& action) {
  CLI::App* schedule = app.add_subcommand("schedule", "The schedule as the daemon has it");
  schedule->require_subcommand(1);
  add_schedule_views(*schedule, t, action);
  CLI::App* out = schedule->add_subcommand("export", "For calendars and other programs");
  out->add_option("--format", t.exported.format, "json or ics")->capture_default_str();
  out->add_flag("--urls", t.exported.with_urls, "With the addresses that must stay dark: keep the file to yourself");
  out->add_option("-o", t.exported.file, "Write to this file");
  out->callback([&] {
    action = [&t] {
      const std::vector<std::string> offered{"json", "ics"};
      if (std::find(offered.begin(), offered.end(), t.exported.format) == offered.end())
        return usage(refused_word("--format", t.exported.format, offered));
      t.exported.url = t.url;
      return export_schedule(t.exported, terminal());
    };
  });
}

/// "name=value" at the first '='; nullopt if there is none, or nothing on a side.
std::optional<std::pair<std::string, std::string>> split_pair(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0 || at + 1 == text.size()) return std::nullopt;
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

/// What is wrong with --target, --profile or --edition.
std::optional<std::string> read_typed_targets(const Typed& t, std::vector<NewTarget>& out) {
  for (const std::string& text : t.targets) {
    const auto pair = split_pair(text);
    if (!pair) return "--target: " + in_quotes(text) + "; write ROLE=URL or ROLE:NAME=URL, as in page=https://...";
    const std::size_t colon = pair->first.find(':');
    NewTarget target;
    target.url = pair->second;
    target.role = pair->first.substr(0, colon);
    if (colon != std::string::npos) target.name = pair->first.substr(colon + 1);
    out.push_back(std::move(target));
  }
  const auto give = [&out](const char* option, const std::vector<std::string>& texts, std::string NewTarget::* member) {
    for (const std::string& text : texts) {
      const auto pair = split_pair(text);
      const auto it = !pair ? out.end() : std::find_if(out.begin(), out.end(), [&](const NewTarget& n) {
        return (n.name.empty() ? n.role : n.name) == pair->first;
      });
      if (it == out.end())
        return std::optional{std::string{option} + ": " + in_quotes(text) +
                             "; write NAME=VALUE for one of the targets"};
      (*it).*member = pair->second;
    }
    return std::optional<std::string>{};
  };
  if (auto fault = give("--profile", t.profiles, &NewTarget::profile)) return fault;
  return give("--edition", t.editions, &NewTarget::edition);
}

void add_release_verb(CLI::App& release, const char* verb, const char* help, Typed& t, Action& action) {
  CLI::App* cmd = release.add_subcommand(verb, help);
  const bool is_add = std::string_view{verb} == "add";
  cmd->add_option("RELEASE", t.change.release.id, "Release id")->required();
  cmd->add_option("--config.file", t.change.config_file, "embargod.yml, which names the schedule")->required();
  cmd->add_option("--file", t.change.file, "Which schedule of the config, if there are several");
  cmd->add_option("--by", t.change.by, "Who decides this: it is written above the release")->required();
  cmd->add_option("--reason", t.change.reason, "Why: it is written above the release")->required();
  if (std::string_view{verb} != "cancel")
    cmd->add_option(is_add ? "--due" : "--to", t.change.release.due,
                    "As announced: \"2030-04-24 09:30\", or 2030-04 while only the month is known")
        ->required();
  if (std::string_view{verb} == "move")
    cmd->add_flag("--yes", t.change.is_agreed, "Yes, the embargo may end earlier than announced");
  if (is_add) {
    cmd->add_option("--title", t.change.release.title, "As announced")->required();
    cmd->add_option("--status", t.change.release.status, "provisional or confirmed");
    cmd->add_option("--target", t.targets, "ROLE=URL or ROLE:NAME=URL, as often as needed");
    cmd->add_option("--profile", t.profiles, "NAME=PROFILE of a target, where it is not generic");
    cmd->add_option("--edition", t.editions, "NAME=EDITION of a target of role latest");
  }
  cmd->callback([&, word = std::string{verb}] {
    t.change.verb = word;
    action = [&t] {
      if (const auto fault = read_typed_targets(t, t.change.release.targets)) return usage(*fault);
      if (t.is_url_given) t.change.daemon_url = t.url;
      const SystemClock clock{Millis{1'000}};
      return change_release(t.change, clock, terminal());
    };
  });
}

void add_release(CLI::App& app, Typed& t, Action& action) {
  CLI::App* release = app.add_subcommand(
      "release", "Change the schedule file, with comments kept; with --url the daemon is asked to reload");
  release->require_subcommand(1);
  add_release_verb(*release, "add", "Announce a release", t, action);
  add_release_verb(*release, "move", "Give a release another due time", t, action);
  add_release_verb(*release, "cancel", "Say that a release does not come: it must not appear at all", t, action);
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

/// CLI11 would only say that an argument was not expected: name the command that was meant.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* level = &app;
  for (int k = 1; k < argc; ++k) {
    const std::string word = argv[k];
    if (word.starts_with("-")) continue;
    const auto names = command_names(*level);
    if (names.empty()) return std::nullopt;
    const auto it = std::find(names.begin(), names.end(), word);
    if (it == names.end()) {
      const std::string hint = did_you_mean(word, names);
      return in_quotes(word) + " is not a command" + (hint.empty() ? "; there are " + listed(names) : "; " + hint);
    }
    level = level->get_subcommand(word);
  }
  return std::nullopt;
}

int run(int argc, char** argv) {
  Typed typed;
  Action action;
  CLI::App app{"Checks, explains and asks about embargod, which watches that statistics do not become public early.",
               "embargoctl"};
  app.set_version_flag("--version", "embargoctl " EMBARGOD_VERSION);
  app.set_help_flag("--help,-h", "Print this and exit");
  const CLI::Option* url = app.add_option("--url", typed.url, "Where the daemon listens")->capture_default_str();
  app.require_subcommand(1);
  app.fallthrough();
  add_check(app, typed, action);
  add_local(app, typed, action);
  add_remote(app, typed, action);
  add_alerts(app, typed, action);
  add_drill(app, typed, action);
  add_rehearsal(app, typed, action);
  add_baseline(app, typed, action);
  add_schedule(app, typed, action);
  add_release(app, typed, action);
  add_impact_command(app, typed, action);
  add_draft(app, typed, action);
  if (const auto fault = unknown_command(app, argc, argv)) return usage(*fault, "see embargoctl --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    return kExitFine;
  } catch (const CLI::CallForVersion&) {
    std::cout << app.version() << "\n";
    return kExitFine;
  } catch (const CLI::ParseError& e) {
    return usage(e.what(), "see embargoctl --help");
  }
  typed.is_url_given = url->count() > 0;
  return action();
}

}  // namespace
}  // namespace embargod

int main(int argc, char** argv) {
  try {
    const int code = embargod::run(argc, argv);
    std::cout.flush();
    return std::cout ? code : embargod::kExitFault;
  } catch (const std::exception& e) {
    std::cerr << "embargoctl: " << e.what() << "\n";
    return embargod::kExitFault;
  }
}

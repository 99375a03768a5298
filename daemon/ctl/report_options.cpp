// embargoctl's commands around the report: who asked for it, what people write, who approves.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "config/text_checks.h"
#include "daemon/ctl/command_line.h"
#include "daemon/sys/system_clock.h"

namespace embargod {

Streams terminal() { return {std::cout, std::cerr}; }

int usage(const std::string& what, const std::string& to_do) {
  std::cerr << "embargoctl: " << what << (to_do.empty() ? "" : "; " + to_do) << "\n";
  return kExitFault;
}

/// A word that must be one of a list: formats, forms.
std::string refused_word(const char* option, const std::string& typed, const std::vector<std::string>& offered) {
  std::string s = std::string{option} + ": " + in_quotes(typed) + " is not offered; there are " + listed(offered);
  const std::string hint = did_you_mean(typed, offered);
  return hint.empty() ? s : s + "; " + hint;
}

void add_impact_command(CLI::App& app, Typed& t, Action& action) {
  CLI::App* cmd =
      app.add_subcommand("impact", "Count who asked for what was public too early, from access logs and web analytics");
  ImpactAsk& ask = t.impact;
  // One value each time it is given: else --log would take the ID that follows.
  const auto add_list = [cmd](const char* name, std::vector<std::string>& list, const char* text) {
    cmd->add_option(name, list, text)->allow_extra_args(false);
  };
  cmd->add_option("ID", ask.incident, "Incident id");
  cmd->add_option("--incident-file", ask.incident_file, "The incident as the API gave it, instead of the daemon");
  add_list("--log", ask.logs,
           "[NAME=]FILE of a log: plain, gzip or zstd, - for standard input; files of one name are one log");
  add_list("--log-format", ask.formats,
           "[NAME=]FORMAT: common, combined, vhost, json, w3c, or the server's own pattern; else told by its lines");
  add_list("--log-field", ask.fields, "[NAME=]FIELD=NAME-THERE: which field of a JSON or W3C log says what");
  add_list("--log-host", ask.hosts, "[NAME=]HOST that counts as the URL's own, such as an origin behind a CDN");
  add_list("--clock-offset", ask.offsets, "[NAME=]DURATION by which the log's clock was ahead: 2s, -300ms");
  add_list("--analytics", ask.analytics, "[NAME=]FILE.csv exported from Google Analytics 4 or the like");
  add_list("--internal", ask.internal, "CIDR of your own organisation; without one nobody is called external");
  add_list("--own", ask.own, "CIDR that the monitor asks from; without one its User-Agent alone tells");
  add_list("--crawler", ask.crawlers, "Part of a User-Agent that is a crawler, beside those known");
  cmd->add_option("--key-file", ask.key_file, "Key that addresses are hashed with; without it a new one each time");
  cmd->add_flag("--record", ask.is_recorded,
                "Put the counts (not the clients) on the incident's record, for the report");
  cmd->add_option("--by", ask.by, "Who counted: it goes on record");
  cmd->add_option("--format", ask.format, "txt or json");
  cmd->add_option("-o,--output", ask.file, "Write to this file");
  cmd->callback([&] {
    action = [&t] {
      const auto& words = impact_format_words();
      if (std::find(words.begin(), words.end(), t.impact.format) == words.end())
        return usage(refused_word("--format", t.impact.format, words));
      t.impact.url = t.url;
      const SystemClock clock{Millis{1'000}};
      return count_impact(t.impact, clock, terminal());
    };
  });
}

namespace {

void add_draft_mark(CLI::App& draft, const char* name, const char* kind, const char* text, Typed& t, Action& action) {
  CLI::App* cmd = draft.add_subcommand(name, text);
  cmd->add_option("ID", t.draft.incidents, "Incident ids of the report")->required();
  cmd->add_option("--version", t.draft.version, "The version that was read: it stands on the report")->required();
  cmd->add_option("--by", t.draft.by, "Who says so: it goes on record")->required();
  cmd->add_option("--role", t.draft.role, "As what: \"Head of Profession\"");
  cmd->add_option("--form", t.draft.form, "full or log-entry");
  cmd->callback([&t, &action, kind] {
    action = [&t, kind] {
      t.draft.url = t.url;
      return mark_draft(t.draft, kind, terminal());
    };
  });
}

}  // namespace

void add_draft(CLI::App& app, Typed& t, Action& action) {
  CLI::App* draft = app.add_subcommand("draft", "Fill in what only people know of a report, and approve it");
  draft->require_subcommand(1);
  const auto add_plain = [&](const char* name, const char* text, int (*run)(const DraftAsk&, Streams)) {
    CLI::App* cmd = draft->add_subcommand(name, text);
    cmd->add_option("ID", t.draft.incidents, "Incident ids")->required();
    cmd->callback([&t, &action, run] {
      action = [&t, run] {
        t.draft.url = t.url;
        return run(t.draft, terminal());
      };
    });
  };
  add_plain("show", "Every field, what it asks for and what stands there", &show_draft);
  add_plain("history", "Who wrote what, and what it changed", &draft_history);
  CLI::App* fill = draft->add_subcommand("fill", "Write a text into a field; the facts of the record stay as they are");
  fill->add_option("FIELD", t.draft.field, "Its name, as `draft show` lists it")->required();
  fill->add_option("ID", t.draft.incidents, "Incident ids")->required();
  fill->add_option("--text", t.draft.text, "What to write");
  fill->add_option("--text-file", t.draft.text_file, "A file that holds it; its lines are paragraphs");
  fill->add_flag("--take-back", t.draft.is_taken_back, "Take back what was written: the blank stands there again");
  fill->add_option("--by", t.draft.by, "Who writes this: it goes on record")->required();
  fill->callback([&] {
    action = [&t] {
      t.draft.url = t.url;
      return fill_draft(t.draft, terminal());
    };
  });
  add_draft_mark(*draft, "approve", "approved", "Somebody read a version and approves it", t, action);
  add_draft_mark(*draft, "final", "final", "This version is to be filed; needs every blank filled and no error", t,
                 action);
}

}  // namespace embargod

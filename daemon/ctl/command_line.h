#pragma once
// What the parts of embargoctl's command line share. Belongs to the program: nothing else reads a command line.

#include <functional>
#include <string>
#include <vector>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/draft_command.h"
#include "daemon/ctl/impact_command.h"

namespace CLI {
class App;
}

namespace embargod {

/// What was typed. CLI11 fills it.
struct Typed {
  std::string url = kDefaultUrl;
  std::string file, config_file, zone, what;
  std::string format = "txt", form = "full", output;
  std::string now, source_format;
  bool take_down = false, let_stand = false;
  bool is_quiet = false, has_past = false, as_json = false, is_url_given = false;
  Decision decision;
  Approval approval;
  std::vector<std::string> ids, incident_files;
  ScheduleExport exported;
  ReleaseChange change;
  std::vector<std::string> targets, profiles, editions;  // NAME=VALUE of `release add`
  ScheduleShow shown;
  ScheduleDiff diff;
  DrillAsk drill;
  RehearsalAsk rehearsal;
  ImpactAsk impact;
  DraftAsk draft;
};

using Action = std::function<int()>;

[[nodiscard]] Streams terminal();

/// Complains in one line; kExitFault.
int usage(const std::string& what, const std::string& to_do = {});

/// A word that must be one of a list: formats, forms.
[[nodiscard]] std::string refused_word(const char* option, const std::string& typed,
                                       const std::vector<std::string>& offered);

// report_options.cpp
void add_impact_command(CLI::App& app, Typed& t, Action& action);
void add_draft(CLI::App& app, Typed& t, Action& action);

}  // namespace embargod

#include <algorithm>
#include <ostream>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/simulate.h"

namespace embargod {

int simulate_command(const SimulateOptions& options, Streams io) {
  const auto scenario = load_scenario(options.file);
  if (!scenario) return complain(scenario.error(), io.err);
  auto run = simulate(*scenario);
  if (!run) return complain(run.error(), io.err);

  if (!options.is_quiet) io.out << simulation_text(*scenario, *run);
  if (!options.is_quiet || !options.report_file.empty()) {
    const auto report = simulation_report(*scenario, *run, options.form, options.format);
    if (!report) return complain({report.error()}, io.err);
    if (!options.report_file.empty()) {
      if (const auto ok = write_file(options.report_file, *report); !ok) return complain({ok.error()}, io.err);
      if (!options.is_quiet) io.out << "\nReport\nwritten to " << options.report_file << "\n";
    } else if (report->empty()) {
      io.out << "\nReport\nnone: there was no incident\n";
    } else {
      io.out << "\nReport\n" << *report;
    }
  }
  const auto expectations = check_expectations(*scenario, *run);
  io.out << (options.is_quiet ? "" : "\n") << expectations_text(expectations);
  const bool all_met =
      std::all_of(expectations.begin(), expectations.end(), [](const Expectation& e) { return e.is_met; });
  return all_met ? kExitFine : kExitFindings;
}

}  // namespace embargod

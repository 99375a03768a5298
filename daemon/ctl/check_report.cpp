// embargoctl check report: a report that people finished, before it is sent.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/report/lint_written.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestIncidentFile = std::size_t{4} << 20U;

Checked<WrittenFacts> facts_for_report(const CheckReportOptions& options) {
  WrittenFacts facts;
  if (const auto ok = check_zone_data(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  if (!options.config_file.empty()) {
    auto settings = load_settings(options.config_file);
    if (!settings) return tl::unexpected<Faults>{std::move(settings.error())};
    auto holidays = load_bank_holidays(settings->lint);
    if (!holidays) return tl::unexpected<Faults>{std::move(holidays.error())};
    facts.zone = settings->timezone;
    facts.code_edition = settings->code_edition;
    facts.nation = settings->lint.nation;
    facts.holidays = std::move(*holidays);
  }
  const auto take = [&facts](Result<std::string> json, const std::string& where) -> std::optional<Fault> {
    if (!json) return json.error();
    auto records = read_incident_records(*json);
    if (!records) {
      Fault f = records.error();
      f.where = where;
      return f;
    }
    facts.records.insert(facts.records.end(), records->begin(), records->end());
    return std::nullopt;
  };
  for (const std::string& file : options.incident_files)
    if (auto fault = take(read_file(file, kLargestIncidentFile), file)) return tl::unexpected<Faults>{Faults{*fault}};
  for (const std::string& id : options.incidents) {
    auto reply = body_or_problem(DaemonClient{options.url}.get("/api/v1/incidents/" + url_encoded(id)));
    if (auto fault = take(std::move(reply), id)) return tl::unexpected<Faults>{Faults{*fault}};
  }
  return facts;
}

std::string findings_json(const std::string& file, const WrittenReport& report,
                          const std::vector<WrittenFinding>& found) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const WrittenFinding& f : found)
    findings.push_back(
        {{"level", to_string(f.level)}, {"code", f.code}, {report.unit, f.line}, {"text", f.text}, {"to_do", f.to_do}});
  const nlohmann::ordered_json j{{"file", file}, {"findings", findings}};
  return j.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string words_about(const WrittenReport& report, const WrittenFacts& facts, std::size_t warnings) {
  std::string s = warnings == 0 ? "fine" : std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  s += ": places are numbers of a " + std::string{report.unit} + "; held against ";
  std::vector<std::string> against{"itself"};
  if (facts.holidays.count(facts.nation) > 0)
    against.push_back(std::string{"the bank holidays of "} + nation_name(facts.nation));
  if (!facts.code_edition.empty()) against.push_back("edition " + facts.code_edition + " of the Code");
  if (!facts.records.empty())
    against.push_back(std::to_string(facts.records.size()) + (facts.records.size() == 1 ? " incident" : " incidents") +
                      " on record");
  return s + listed(against);
}

}  // namespace

int check_report(const CheckReportOptions& options, Streams io) {
  const auto bytes = read_file(options.file, kLargestWrittenReport);
  if (!bytes) return complain({bytes.error()}, io.err);
  const auto report = read_written_report(*bytes, options.file);
  if (!report) return complain({report.error()}, io.err);
  const auto facts = facts_for_report(options);
  if (!facts) return complain(facts.error(), io.err);
  const auto found = lint_written(*report, *facts);
  const auto warnings = static_cast<std::size_t>(
      std::count_if(found.begin(), found.end(), [](const WrittenFinding& f) { return f.level == LintLevel::warning; }));
  if (options.as_json) {
    io.out << findings_json(options.file, *report, found) << "\n";
  } else {
    for (const WrittenFinding& f : found) io.out << to_string(f, options.file) << "\n";
    io.out << options.file << ": " << words_about(*report, *facts, warnings) << "\n";
    if (facts->holidays.count(facts->nation) == 0)
      io.out << "note: " << options.file
             << ": no bank holidays are known here; --config.file names a config that knows them\n";
  }
  return warnings > 0 ? kExitFindings : kExitFine;
}

}  // namespace embargod

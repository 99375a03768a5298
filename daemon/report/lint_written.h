#pragma once
// What is odd in a report that people finished by hand: slips of dates, counts and wording that a reader outside would
// find. It judges the text alone, and against the record of the incidents where that is given. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/bank_holidays.h"
#include "config/lint.h"
#include "daemon/report/written_report.h"

namespace embargod {

/// What is on record of an incident that the report is about.
struct IncidentRecord {
  std::string id;
  std::string title;
  std::optional<Instant> due;
  std::vector<SpanBounds> time_up;  // of every URL; without `longest` while it is up
};

/// Reads what GET /api/v1/incidents/ID answers, or a list of them. Error corrupt, without a place.
[[nodiscard]] Result<std::vector<IncidentRecord>> read_incident_records(std::string_view json);

struct WrittenFacts {
  std::string zone = "Europe/London";
  std::string code_edition;  // of the config; empty: any, if it is one and the same
  Nation nation = Nation::england_and_wales;
  BankHolidays holidays;
  std::vector<IncidentRecord> records;
};

struct WrittenFinding {
  LintLevel level = LintLevel::warning;
  std::string code;  // one of written_lint_codes()
  int line = 0;      // 0: of the report as a whole
  std::string text;  // what is odd, one line
  std::string to_do;
};

/// `warning: report.docx:12: [lead-days] ...; check ...`
[[nodiscard]] std::string to_string(const WrittenFinding& f, const std::string& file);

/// Every code that a finding can have, sorted.
[[nodiscard]] const std::vector<std::string>& written_lint_codes();

/// In the order of the lines.
[[nodiscard]] std::vector<WrittenFinding> lint_written(const WrittenReport& report, const WrittenFacts& facts);

}  // namespace embargod

#include "config/lint_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/schedule_checks.h"

namespace embargod {
namespace {

using LintJson = nlohmann::ordered_json;

LintJson finding_json(const LintFinding& f) {
  return {{"level", to_string(f.level)},
          {"code", f.code},
          {"release", f.release.empty() ? LintJson{} : LintJson(f.release)},
          {"practice", f.practice},
          {"practice_number", f.practice_number},
          {"where", {{"file", f.where.file}, {"line", f.where.line}, {"column", f.where.column}}},
          {"text", f.text},
          {"to_do", f.to_do}};
}

LintJson holidays_json(const HolidaysInUse& h) {
  return {{"from", to_string(h.from)},
          {"url", h.has_url},
          {"last_success", h.last_success ? LintJson(rfc3339(*h.last_success)) : LintJson{}},
          {"fault", h.fault.empty() ? LintJson{} : LintJson(h.fault)}};
}

}  // namespace

const char* to_string(HolidaysInUse::From f) {
  switch (f) {
    case HolidaysInUse::From::nowhere:
      return "nowhere";
    case HolidaysInUse::From::file:
      return "file";
    case HolidaysInUse::From::url:
      return "url";
  }
  return "?";
}

std::size_t LintReport::warnings() const {
  const auto is_warning = [](const LintFinding& f) { return f.level == LintLevel::warning; };
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), is_warning));
}

LintReport lint_report(const Schedule& schedule, const LintFacts& facts, const std::string& zone) {
  LintReport r{.file = {},
               .now = facts.now,
               .zone = zone,
               .code_edition = facts.code_edition,
               .releases = schedule.releases.size(),
               .not_linted = 0,
               .findings = lint_schedule(schedule, facts),
               .notes = {}};
  const auto is_past = [&facts](const Release& release) { return release.due.at && *release.due.at < facts.now; };
  if (facts.past == LintFacts::Past::skip)
    r.not_linted = static_cast<std::size_t>(std::count_if(schedule.releases.begin(), schedule.releases.end(), is_past));
  for (const std::string& note : schedule.notes)
    if (!is_said_by_lint(note)) r.notes.push_back(note);
  return r;
}

std::string lint_report_json(const LintReport& r, int indent) {
  LintJson findings = LintJson::array();
  for (const LintFinding& f : r.findings) findings.push_back(finding_json(f));
  LintJson whole = LintJson::object();
  if (!r.file.empty()) whole["file"] = r.file;
  whole["now"] = rfc3339(r.now);
  whole["timezone"] = r.zone;
  whole["code_edition"] = r.code_edition;
  whole["releases"] = r.releases;
  whole["not_linted"] = r.not_linted;
  whole["warnings"] = r.warnings();
  if (r.holidays) whole["bank_holidays"] = holidays_json(*r.holidays);
  whole["findings"] = std::move(findings);
  whole["notes"] = r.notes;
  return whole.dump(indent, ' ', false, LintJson::error_handler_t::replace);
}

}  // namespace embargod

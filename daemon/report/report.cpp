#include "daemon/report/report.h"

#include <algorithm>
#include <set>

#include "config/types/digest.h"
#include "config/zone_time.h"
#include "daemon/report/draft.h"
#include "daemon/report/lint.h"
#include "daemon/report/render_text.h"

namespace embargod {
namespace {

std::string id_of(const std::vector<Incident>& incidents) {
  std::vector<std::string> ids;
  ids.reserve(incidents.size());
  for (const Incident& i : incidents) ids.push_back(i.id);
  return report_id(ids);
}

int count_blanks(const Report& r) {
  int n = 0;
  const auto count = [&n](const Statement& s) {
    n += static_cast<int>(
        std::count_if(s.pieces.begin(), s.pieces.end(), [](const Piece& p) { return p.kind == Piece::Kind::blank; }));
  };
  for (const ReportSection& s : r.sections)
    for (const ReportField& f : s.fields) {
      for (const Statement& st : f.statements) count(st);
      if (!f.table) continue;
      for (const auto& row : f.table->rows)
        for (const Statement& c : row) count(c);
    }
  return n;
}

/// Of the record, not of the day on which it was printed, nor of who read it since, nor of looks that go on.
std::string version_of(const Report& r) {
  Report lasting = r;
  for (ReportSection& s : lasting.sections) std::erase_if(s.fields, [](const ReportField& f) { return f.is_growing; });
  return hex(sha256(render_report_json(lasting))).substr(0, 12);
}

}  // namespace

std::string report_id(const std::vector<std::string>& incidents) {
  const std::set<std::string> ids{incidents.begin(), incidents.end()};
  std::string joined;
  for (const std::string& id : ids) joined += id + "\n";
  std::string s = hex(sha256(joined)).substr(0, 12);
  std::transform(s.begin(), s.end(), s.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return "R-" + s;
}

const ReportMark* final_mark(const Report& r) {
  const ReportMark* found = nullptr;
  for (const ReportMark& m : r.marks)
    if (m.kind == ReportMark::Kind::final && m.version == r.version) found = &m;
  return found;
}

std::optional<ReportFormat> report_format_from(std::string_view word) {
  if (word == "md") return ReportFormat::markdown;
  if (word == "html") return ReportFormat::html;
  if (word == "txt") return ReportFormat::text;
  if (word == "json") return ReportFormat::json;
  if (word == "docx") return ReportFormat::docx;
  if (word == "odt") return ReportFormat::odt;
  return std::nullopt;
}

std::optional<ReportForm> report_form_from(std::string_view word) {
  if (word == "full") return ReportForm::full;
  if (word == "log-entry") return ReportForm::log_entry;
  return std::nullopt;
}

const char* report_media_type(ReportFormat f) {
  switch (f) {
    case ReportFormat::markdown:
      return "text/markdown; charset=utf-8";
    case ReportFormat::html:
      return "text/html; charset=utf-8";
    case ReportFormat::text:
      return "text/plain; charset=utf-8";
    case ReportFormat::json:
      return "application/json";
    case ReportFormat::docx:
      return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    case ReportFormat::odt:
      return "application/vnd.oasis.opendocument.text";
  }
  return "application/octet-stream";
}

const std::vector<std::string>& report_format_words() {
  static const std::vector<std::string> words{"md", "html", "txt", "json", "docx", "odt"};
  return words;
}

bool is_office_format(ReportFormat f) { return f == ReportFormat::docx || f == ReportFormat::odt; }

const std::vector<std::string>& report_form_words() {
  static const std::vector<std::string> words{"full", "log-entry"};
  return words;
}

const char* to_string(ReportFinding::Level l) {
  switch (l) {
    case ReportFinding::Level::error:
      return "error";
    case ReportFinding::Level::warning:
      return "warning";
    case ReportFinding::Level::note:
      return "note";
  }
  return "?";
}

ReportSettings report_settings(const Settings& s, const std::string& version, const std::string& user_agent) {
  return {.producer = s.producer,
          .code_edition = s.code_edition,
          .zone = s.timezone,
          .polling = s.polling,
          .program = "embargod " + version,
          .user_agent = user_agent};
}

Report make_report(const ReportInput& input) {
  Draft d{input};
  Report& r = d.report;
  r.id = id_of(input.incidents);
  r.form = input.form;
  r.zone = input.settings.zone;
  r.code_edition = input.settings.code_edition;
  r.program = input.settings.program;
  r.outputs = output_facts(input);
  if (input.form == ReportForm::full) {
    add_core(d);
    add_circumstances(d);
    for (std::size_t k = 0; k < input.incidents.size(); ++k) add_account(d, input.incidents[k], r.outputs[k]);
    add_timeline(d);
    add_alerts(d);
    add_coverage(d);
    if (is_all_rehearsal(d)) {
      add_rehearsal_lessons(d);
    } else {
      add_impact(d);
      add_actions(d);
    }
  } else {
    add_log_entry(d);
  }
  add_notes(d);
  r.version = version_of(r);
  r.made_at = input.now;
  r.marks = input.marks;
  r.sections.front().fields.push_back(
      {"Date of report", {stated({ours(local_date(input.now, r.zone) + " (of this draft).")})}, {}, false});
  r.blanks = count_blanks(r);
  r.findings = lint(r);
  return std::move(d.report);
}

}  // namespace embargod

#include "daemon/watch/report_entry.h"

#include <array>

#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::array kFields{
    ReportFieldAsk{"statement-link", "Link to published statement",
                   "link to the statement for users on this breach, or why there is none"},
    ReportFieldAsk{"practices", "Principles and practices that apply",
                   "choose the principles and practices that apply; strike out the others"},
    ReportFieldAsk{"cause", "Cause, and the roles of the persons involved",
                   "how it came about, which roles acted, and when; this monitor sees only what was public"},
    ReportFieldAsk{"views", "Views and downloads",
                   "views and downloads of each URL from web analytics or server logs, each count with its source, "
                   "period and method, and less this monitor's own requests"},
    ReportFieldAsk{"readers", "Internal and external readers", "how readers were told apart, or \"not established\""},
    ReportFieldAsk{"counts-meaning", "What the counts mean",
                   "your judgement of them: who the readers were likely to be"},
    ReportFieldAsk{"contact", "Contact by media, users and others",
                   "who asked or reported, when, and what was answered"},
    ReportFieldAsk{"circulation", "Circulation inside and outside the organisation",
                   "feeds, e-mail alerts, search engines, archives, social media and offices that received it"},
    ReportFieldAsk{"effect", "Effect on trust, markets or decisions",
                   "known effects, or that none is known and how this was checked"},
    ReportFieldAsk{"impact", "Impact, in the log entry", "effects inside and outside the organisation"},
    ReportFieldAsk{"actions-short", "Corrective actions, short term", "what was done, by which role, and when"},
    ReportFieldAsk{"actions-long", "Corrective actions, longer term",
                   "what will prevent this kind of breach, by which role, and by when"},
    ReportFieldAsk{"actions", "Corrective actions, in the log entry", "short and longer term, taken or planned"},
    ReportFieldAsk{"earlier-breaches", "Links to earlier breaches",
                   "earlier breaches of this output, team or system, or that there are none"},
    ReportFieldAsk{"formal-report", "Formal report, in the log entry",
                   "whether the regulator is to have a formal report, who decided it, and why"},
    ReportFieldAsk{"lessons", "Lessons of a rehearsal",
                   "what went as planned, what did not, and what will be changed by when"},
    ReportFieldAsk{"note-core", "Note to the core information", "anything to add"},
    ReportFieldAsk{"note-circumstances", "Note to the circumstances", "anything to add"},
    ReportFieldAsk{"note-account", "Note to the account of one incident", "anything to add"},
    ReportFieldAsk{"note-timeline", "Note to the timeline", "anything to add"},
    ReportFieldAsk{"note-coverage", "Note to what the monitor could see", "anything to add"},
    ReportFieldAsk{"note-impact", "Note to the impact", "anything to add"}};

}  // namespace

std::span<const ReportFieldAsk> report_fields() { return kFields; }

const ReportFieldAsk* report_field(std::string_view id) {
  for (const ReportFieldAsk& f : kFields)
    if (id == f.id) return &f;
  return nullptr;
}

Result<void> check_entry(const ReportEntry& e) {
  if (report_field(e.field) == nullptr) {
    std::vector<std::string> ids;
    ids.reserve(kFields.size());
    for (const ReportFieldAsk& f : kFields) ids.emplace_back(f.id);
    const std::string hint = did_you_mean(e.field, ids);
    return fail(Errc::invalid_input, in_quotes(e.field) + " is no field of the report", "field",
                hint.empty() ? "there are " + listed(ids) : hint);
  }
  if (e.by.empty()) return fail(Errc::invalid_input, "is missing", "by", "say who writes this");
  if (e.text.size() > kLongestEntry)
    return fail(Errc::invalid_input, "is over " + std::to_string(kLongestEntry) + " bytes", "text", "shorten it");
  std::string_view rest = e.text;
  for (int line = 1; !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    std::string_view one = rest.substr(0, end);
    if (one.ends_with('\r')) one.remove_suffix(1);
    if (const auto odd = not_one_line(one))
      return fail(Errc::invalid_input, "line " + std::to_string(line) + " has " + *odd, "text", "write it without");
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return {};
}

const char* to_string(ReportMark::Kind k) {
  switch (k) {
    case ReportMark::Kind::approved:
      return "approved";
    case ReportMark::Kind::final:
      return "final";
  }
  return "?";
}

std::optional<ReportMark::Kind> mark_kind_from(std::string_view word) {
  for (const auto k : {ReportMark::Kind::approved, ReportMark::Kind::final})
    if (word == to_string(k)) return k;
  return std::nullopt;
}

}  // namespace embargod

#include "daemon/report/lint_written.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "daemon/report/written_passages.h"

namespace embargod {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& j, const char* key) {
  return j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string{};
}

/// A number of seconds that this program may have written: others read as nothing.
std::optional<Millis> seconds_of(const Json& j, const char* key) {
  if (!j.is_object() || !j.contains(key) || !j[key].is_number()) return std::nullopt;
  const double s = j[key].get<double>();
  if (!(s >= 0 && s < 1e9)) return std::nullopt;
  return Millis{std::llround(s * 1000.0)};
}

IncidentRecord record_of(const Json& j) {
  IncidentRecord r{.id = text_of(j, "id"), .title = text_of(j, "title"), .due = std::nullopt, .time_up = {}};
  if (const auto due = parse_rfc3339(text_of(j, "due"))) r.due = *due;
  if (!j.contains("targets") || !j["targets"].is_array()) return r;
  for (const Json& t : j["targets"]) {
    if (!t.is_object() || !t.contains("spans") || !t["spans"].is_array()) continue;
    for (const Json& s : t["spans"]) {
      if (!s.is_object() || !s.contains("time_up")) continue;
      const auto shortest = seconds_of(s["time_up"], "shortest_seconds");
      if (!shortest) continue;
      SpanBounds bounds{.shortest = *shortest, .longest = {}};
      if (s.contains("went_down") && !s["went_down"].is_null())
        bounds.longest = seconds_of(s["time_up"], "longest_seconds");
      r.time_up.push_back(bounds);
    }
  }
  return r;
}

}  // namespace

Result<std::vector<IncidentRecord>> read_incident_records(std::string_view json) {
  const Json j = Json::parse(json, nullptr, false);
  if (!j.is_object())
    return fail(Errc::corrupt, "is no incident in JSON", {}, "save what /api/v1/incidents/ID answers");
  std::vector<IncidentRecord> records;
  const bool is_list = j.contains("items") && j["items"].is_array();
  if (!is_list) records.push_back(record_of(j));
  if (is_list)
    for (const Json& i : j["items"])
      if (i.is_object()) records.push_back(record_of(i));
  if (std::any_of(records.begin(), records.end(), [](const IncidentRecord& r) { return r.id.empty(); }))
    return fail(Errc::corrupt, "is JSON, but of no incident", {}, "save what /api/v1/incidents/ID answers");
  return records;
}

std::string to_string(const WrittenFinding& f, const std::string& file) {
  std::string s = std::string{to_string(f.level)} + ": " + file + ":";
  if (f.line > 0) s += std::to_string(f.line) + ":";
  s += " [" + f.code + "] " + f.text;
  return f.to_do.empty() ? s : s + "; " + f.to_do;
}

const std::vector<std::string>& written_lint_codes() {
  static const std::vector<std::string> codes{"blank",         "count-compare",  "count-source",
                                              "count-sum",     "due-holiday",    "due-record",
                                              "due-weekend",   "duration",       "duration-unproven",
                                              "edition",       "edition-date",   "internal",
                                              "lead-days",     "markup",         "month",
                                              "no-clock-time", "no-statement",   "no-such-date",
                                              "not-addressed", "outputs-shared", "personal-data",
                                              "relative-time", "report-date",    "report-on-due",
                                              "title",         "weekday",        "year"};
  return codes;
}

std::vector<WrittenFinding> lint_written(const WrittenReport& report, const WrittenFacts& facts) {
  const std::vector<ReadPassage> passages = read_passages(report);
  WrittenFindings found;
  lint_written_dates(passages, facts, found);
  lint_written_editions(passages, facts, found);
  lint_written_words(passages, found);
  lint_written_counts(passages, found);
  lint_written_record(passages, facts, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const WrittenFinding& a, const WrittenFinding& b) { return a.line < b.line; });
  return found;
}

}  // namespace embargod

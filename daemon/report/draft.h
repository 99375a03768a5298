#pragma once
// A report in the making: what the parts of the form share. Internal to daemon/report.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/report/report.h"

namespace embargod {

[[nodiscard]] inline Piece ours(std::string text) { return {Piece::Kind::ours, std::move(text)}; }
[[nodiscard]] inline Piece outside(std::string text) { return {Piece::Kind::outside, std::move(text)}; }
[[nodiscard]] inline Piece url_piece(std::string text) { return {Piece::Kind::url, std::move(text)}; }
/// A blank that is filled in the config, not in the report.
[[nodiscard]] inline Piece blank(std::string prompt) { return {Piece::Kind::blank, std::move(prompt)}; }

/// Borrows the input, which outlives it.
class Draft {
 public:
  explicit Draft(const ReportInput& input) : in{input} {}

  const ReportInput& in;
  Report report;

  /// The footnote of a source; the same one for the same source.
  int cite(const std::string& kind, const std::string& id, const std::string& text);
  int cite_incident(const Incident& i);
  int cite_release(const std::string& release);  // 0 if the schedule does not have it
  int cite_event(std::size_t index);             // of in.events
  int cite_config();
  int cite_entry(const ReportEntry& e);

  [[nodiscard]] const StoredRelease* release(const std::string& id) const;
  [[nodiscard]] const std::string& zone() const { return in.settings.zone; }

  /// Appends a section; its number follows from the ones before: "3", or "2.1" below the last main one.
  ReportSection& section(std::string heading);
  ReportSection& subsection(std::string heading);

 private:
  int main_ = 0;
  int sub_ = 0;
};

/// Without the zeros that cite_release gives for what is not on record.
[[nodiscard]] Statement stated(std::vector<Piece> pieces, std::vector<int> sources = {});
/// A table's cell in our own words.
[[nodiscard]] inline Statement cell(std::string text) { return stated({ours(std::move(text))}); }

/// What people wrote into field `id` of the form, for `of` alone or for all incidents of the report; else its blank.
[[nodiscard]] std::vector<Statement> asked(Draft& d, const char* id, const Incident* of = nullptr);
/// A field of nothing but that, with a label of its own.
[[nodiscard]] ReportField asked_field(Draft& d, std::string label, const char* id, const Incident* of = nullptr);
/// Notes of people to the parts that the program wrote.
void add_notes(Draft& d);

/// "name, e-mail, phone", or a blank with `prompt` if nothing is known.
[[nodiscard]] Statement person_statement(const Person& p, const std::string& prompt, int source);

[[nodiscard]] std::vector<OutputFacts> output_facts(const ReportInput& input);

// The parts of the form.
void add_core(Draft& d);
void add_circumstances(Draft& d);
void add_account(Draft& d, const Incident& i, const OutputFacts& facts);
void add_timeline(Draft& d);
void add_alerts(Draft& d);
void add_coverage(Draft& d);
void add_impact(Draft& d);
/// Whether what came out was what had been public too early; unset: not due yet, or none of it is a part that comes
/// out.
[[nodiscard]] std::optional<ReportField> released_field(Draft& d, const Incident& i);
/// Somebody counted requests for one of the incidents.
[[nodiscard]] bool has_impact(const Draft& d);
/// What was counted, and how. Needs has_impact().
[[nodiscard]] std::vector<ReportField> impact_fields(Draft& d, ReportForm form);
void add_actions(Draft& d);
void add_log_entry(Draft& d);
/// In place of impact and actions where nothing of it was a breach.
void add_rehearsal_lessons(Draft& d);
/// Every incident of it is a planned rehearsal that did not outlast its window.
[[nodiscard]] bool is_all_rehearsal(const Draft& d);
/// Who planned it, for when and why, and from when on it was a breach; empty: it is none.
[[nodiscard]] std::vector<Statement> rehearsal_statements(Draft& d, const Incident& i);

/// What happened to one URL, span by span. Also used by the log entry.
[[nodiscard]] std::vector<Statement> span_statements(Draft& d, const Incident& i, const TargetExposure& t,
                                                     const TargetFacts& facts);
/// What each calendar showed instead of the announced due time. Also used by the log entry.
[[nodiscard]] std::vector<Statement> drift_statements(Draft& d, const Incident& i);
[[nodiscard]] Statement due_statement(Draft& d, const Incident& i);
[[nodiscard]] Statement lead_statement(Draft& d, const Incident& i, const OutputFacts& facts);

}  // namespace embargod

#pragma once
// The draft of a breach report: every statement from the record, with its source; what only people know stays a marked
// blank. A Report is a value that the renderers print and lint recomputes. Pure but for report_from_store, which reads.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "daemon/watch/exposure.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"
#include "daemon/watch/track.h"

namespace embargod {

enum class ReportFormat : std::uint8_t { markdown, html, text, json, docx, odt };
enum class ReportForm : std::uint8_t { full, log_entry };

[[nodiscard]] std::optional<ReportFormat> report_format_from(std::string_view word);  // md, html, txt, ...
[[nodiscard]] std::optional<ReportForm> report_form_from(std::string_view word);      // full, log-entry
[[nodiscard]] const char* report_media_type(ReportFormat f);                          // "text/html; charset=utf-8"
[[nodiscard]] const std::vector<std::string>& report_format_words();
/// DOCX, ODT: bytes for a file, not text for a terminal.
[[nodiscard]] bool is_office_format(ReportFormat f);
[[nodiscard]] const std::vector<std::string>& report_form_words();

/// What of the settings a report states.
struct ReportSettings {
  Producer producer;                 // empty members become blanks
  std::string code_edition = "3.0";  // 2.0 | 2.1 | 3.0
  std::string zone = "Europe/London";
  Polling polling;
  std::string program = "embargod";  // "embargod 0.1.0"
  std::string user_agent;            // by which our own requests are found in logs; empty: not stated
};
[[nodiscard]] ReportSettings report_settings(const Settings& s, const std::string& version,
                                             const std::string& user_agent);

/// Where a statement comes from: a footnote.
struct ReportSource {
  int number = 0;    // from 1, in the order of first use
  std::string kind;  // "incident", "event", "delivery", "blind", "looks", "schedule", "config", "evidence", "log",
                     // "analytics", "entry"
  std::string id;    // incident id, "<incident id>#<n>" for its n-th event, delivery key, target or release id
  std::string text;  // one line for people
};

/// Text by origin, since each needs other care when printed.
struct Piece {
  enum class Kind : std::uint8_t {
    ours,     // our words and computed figures
    outside,  // a title, name or note: shown, never interpreted
    url,      // byte for byte
    blank,    // for a person: printed as [TO COMPLETE: text]
  };
  Kind kind = Kind::ours;
  std::string text;
  std::string field{};  // of a blank: which one, ReportFieldAsk::id; empty: set in the config
};

struct Statement {
  std::vector<Piece> pieces;
  std::vector<int> sources;  // footnote numbers
};

struct ReportTable {
  std::vector<std::string> head;
  std::vector<std::vector<Statement>> rows;
};

struct ReportField {
  std::string label;                  // may be empty
  std::vector<Statement> statements;  // one paragraph each; a list if there are several
  std::optional<ReportTable> table;
  bool is_for_people = false;  // cause, impact, actions: the program states no figures here
  bool is_growing{};           // changes with every look, also after the incident: no part of the version
};

struct ReportSection {
  std::string number;  // "2", "2.1"
  std::string heading;
  std::vector<Piece> title;  // after the heading: the output's title; may be empty
  std::vector<ReportField> fields;
};

/// One exposure as the report states it.
struct SpanFacts {
  InstantBounds went_live;
  std::optional<InstantBounds> went_down;
  std::optional<EndedBy> ended_by;
  SpanBounds time_up;
  std::optional<InstantBounds> origin_live;  // the same at the publishing system, by the Age of served copies
  std::optional<InstantBounds> origin_down;
  int looks = 0;
  Millis longest_gap{0};
};

struct TargetFacts {
  std::string target;
  std::string url;  // empty unless it was seen live
  std::vector<SpanFacts> spans;
  std::vector<SpanBounds> away;  // gap: between each span and the next, not public
  Millis blind{0};
};

/// What the report states of one incident, as values: lint recomputes each from the bounds.
struct OutputFacts {
  std::string incident;
  IncidentKind kind = IncidentKind::early;
  IncidentState state = IncidentState::suspected;
  Confidence confidence = Confidence::seen_once;
  std::string release;
  std::string site;
  std::string title;
  std::optional<Instant> due;                  // that it was judged by
  std::optional<std::string> scheduled_title;  // as the schedule has it now
  std::optional<Instant> scheduled_due;
  std::optional<int> lead_days_least;  // local calendar days from the latest possible start to the due date
  std::optional<int> lead_days_most;   // from the earliest possible start; unset if unknown
  std::optional<Lead> lead;
  std::vector<TargetFacts> targets;
  std::vector<Drift> drifts;  // drift: what calendars showed instead
  bool clock_verified = true;
  std::optional<RehearsalMark> rehearsal{};  // it was planned
};

struct ReportFinding {
  enum class Level : std::uint8_t { error, warning, note };
  Level level = Level::error;
  std::string code;   // "lead-days", "due-weekday", ...: stable
  std::string where;  // incident, target or field
  std::string what;   // one sentence
};
[[nodiscard]] const char* to_string(ReportFinding::Level l);

struct Report {
  std::string id;       // the same for the same set of incidents: "R-3F2A9C017B44"
  std::string version;  // digest of everything stated but `made_at` and what is_growing: the same for the same record
  ReportForm form = ReportForm::full;
  Instant made_at{};
  std::string zone;
  std::string code_edition;
  std::string program;
  std::vector<std::string> practices;  // the labels that are proposed or offered
  std::vector<OutputFacts> outputs;
  std::vector<ReportSection> sections;
  std::vector<ReportSource> sources;
  std::vector<ReportMark> marks{};      // of this report, whatever version
  int blanks = 0;                       // unfilled [TO COMPLETE: ...]
  std::vector<ReportFinding> findings;  // of lint()
};

/// Everything that was recorded about the incidents; what belongs to others is ignored.
struct ReportInput {
  std::vector<Incident> incidents;  // in the order of the report; at least one
  std::vector<StoredRelease> releases;
  std::vector<BlindSpan> blind;
  std::vector<ObservationSpan> looks;     // of the incidents' targets
  std::vector<ObservationSpan> released;  // of early incidents' targets, from the announced time on
  std::vector<Event> events;              // in order
  std::vector<DeliveryRow> deliveries;
  std::vector<EvidenceRow> evidence;
  std::vector<ImpactRecord> impacts;  // oldest first; of an incident the newest is stated
  std::vector<ReportEntry> entries;   // oldest first; of a field of an incident the newest is stated
  std::vector<ReportMark> marks;      // of this report, oldest first
  ReportSettings settings;
  ReportForm form = ReportForm::full;
  Instant now{};
};

/// The same for the same set of incidents: "R-3F2A9C017B44".
[[nodiscard]] std::string report_id(const std::vector<std::string>& incidents);

/// Who marked this very version as final; null: it is a draft.
[[nodiscard]] const ReportMark* final_mark(const Report& r);

/// The same input gives the same report, byte for byte. Lint has run.
[[nodiscard]] Report make_report(const ReportInput& input);

/// The stretch of time that an incident's coverage section speaks of: from 24 h before the first sight to its end, or
/// `now`.
struct ReportWindow {
  Instant from{};
  Instant to{};
};
[[nodiscard]] ReportWindow report_window(const std::vector<Incident>& incidents, Instant now);

struct ReportRequest {
  std::vector<std::string> incidents;  // ids; order kept, doubles dropped
  ReportForm form = ReportForm::full;
  ReportFormat format = ReportFormat::text;
};

/// Collects the record of the incidents. Errors: invalid_input (none asked for, over 50), not_found (names the id), the
/// store's.
[[nodiscard]] Result<ReportInput> collect_report(StoreReader& store, const ReportSettings& settings,
                                                 const ReportRequest& request, Instant now);

/// Collects, makes and renders. Errors as collect_report.
[[nodiscard]] Result<std::string> report_from_store(StoreReader& store, const ReportSettings& settings,
                                                    const ReportRequest& request, Instant now);

}  // namespace embargod

#pragma once
// What embargoctl does. Each prints to `out` and `err` and returns the exit code: 0 fine, 1 findings, 2 faults or
// usage.

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "config/edit/release_edit.h"
#include "config/sources/source.h"
#include "config/types/clock.h"
#include "config/types/result.h"
#include "daemon/report/report.h"

namespace embargod {

inline constexpr int kExitFine = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitFault = 2;

struct Streams {
  std::ostream& out;
  std::ostream& err;
};

/// Every fault on a line of its own, and how many there are.
int complain(const Faults& faults, std::ostream& err);

int check_config(const std::string& file, Streams io);

struct CheckScheduleOptions {
  std::string file;
  std::string config_file{};             // empty: defaults
  std::string zone{};                    // empty: the config's
  std::optional<SourceFormat> format{};  // unset: by the ending, else YAML
  std::optional<Instant> now{};          // what lint takes for today; unset: the clock's
  bool has_past = false;                 // lint what is already due too
  bool as_json = false;
};
/// Faults, else what lint finds: kExitFindings if there is a warning, kExitFine if there are notes only.
int check_schedule(const CheckScheduleOptions& options, const Clock& clock, Streams io);

struct CheckReportOptions {
  std::string file;
  std::string config_file{};                  // empty: no bank holidays, any edition of the Code
  std::vector<std::string> incident_files{};  // what GET /api/v1/incidents/ID answered
  std::vector<std::string> incidents{};       // ids, of which the daemon at `url` is asked
  std::string url{};
  bool as_json = false;
};
/// A finished report in any form: kExitFindings if there is a warning, kExitFine if there are notes only.
int check_report(const CheckReportOptions& options, Streams io);

/// `what`: a target id of the schedule, or a URL (judged by its own profile if the schedule has it, else by `generic`).
int probe_command(const std::string& config_file, const std::string& what, const Clock& clock, Streams io);

/// The guessed URLs of one release, or of all with `release` empty: for the operator's own terminal, they are secrets.
int candidates_command(const std::string& config_file, const std::string& release, Streams io);

struct SimulateOptions {
  std::string file;
  ReportForm form = ReportForm::full;
  ReportFormat format = ReportFormat::text;
  std::string report_file{};  // empty: to `out`
  bool is_quiet = false;      // expectations only
};
int simulate_command(const SimulateOptions& options, Streams io);

inline constexpr const char* kDefaultUrl = "http://127.0.0.1:9750";

// Against the daemon at `url`.
int list_releases(const std::string& url, Streams io);
int list_incidents(const std::string& url, Streams io);
int show_incident(const std::string& url, const std::string& id, Streams io);

struct Decision {
  std::string verb;  // ack, dismiss, close, note, decide, lift
  std::string id;    // incident, or release for lift
  std::string by;
  std::string reason;
  std::string choice{};  // of decide: take_down or let_stand
};
int decide(const std::string& url, const Decision& d, Streams io);

/// What the page of a target is taken for now, and what a person approved; the command that approves it, to copy.
int show_baseline(const std::string& url, const std::string& target, Streams io);

struct Approval {
  std::string target;
  std::string by;
  std::string fingerprint;  // as shown: the daemon refuses if the page is another by now
  std::string reason;
};
int approve_baseline(const std::string& url, const Approval& a, Streams io);

/// One marked test alert through the real channel of the daemon. kExitFindings if the receiver did not accept it.
int test_alert(const std::string& url, const std::string& receiver, const std::string& by, Streams io);

struct DrillAsk {
  std::string url;  // where the daemon listens
  std::string by;
  std::vector<std::string> receivers;  // empty: all that pages go to
  std::string ack_within = "10m";
};
/// Begins a drill and tells what comes of it until it is over. kExitFindings if it did not pass.
int run_drill(const DrillAsk& ask, Streams io);
/// Every drill on record, newest first.
int list_drills(const std::string& url, Streams io);

/// `embargoctl rehearsal plan`: times as read by the daemon, local ones in its zone. Exactly one of `until` and
/// `lasts`.
struct RehearsalAsk {
  std::string url;  // where the daemon listens
  std::string release, by, reason;
  std::string from;  // empty: now
  std::string until, lasts;
};
int plan_rehearsal(const RehearsalAsk& ask, Streams io);
/// Every rehearsal on record, newest window first.
int list_rehearsals(const std::string& url, bool as_json, Streams io);
int cancel_rehearsal(const std::string& url, const Decision& d, Streams io);

struct ReportOptions {
  std::vector<std::string> incidents;
  std::string format = "txt";
  std::string form = "full";
  std::string file{};  // empty: to `out`
};
int fetch_report(const std::string& url, const ReportOptions& options, Streams io);

/// `embargoctl schedule export`: what GET /api/v1/schedule gives.
struct ScheduleExport {
  std::string url;              // where the daemon listens
  std::string format = "json";  // json, ics
  bool with_urls = false;
  std::string file{};  // empty: to `out`
};
int export_schedule(const ScheduleExport& e, Streams io);

/// `embargoctl release add|move|cancel`: changes the schedule file itself, then asks the daemon to reload.
struct ReleaseChange {
  std::string verb;  // add, move, cancel
  std::string config_file;
  std::string file{};    // one of the config's schedules; empty: the one that has the release, or the only one
  NewRelease release{};  // move: id and due; cancel: id
  std::string by, reason;
  bool is_agreed = false;    // to end an embargo earlier than announced
  std::string daemon_url{};  // empty: no reload
};
int change_release(const ReleaseChange& change, const Clock& clock, Streams io);
/// `embargoctl schedule show`: where dates come from; with a release: what is in force, how it came to be, and what
/// each calendar says.
struct ScheduleShow {
  std::string url;        // where the daemon listens
  std::string release{};  // empty: all sources
  bool is_json = false;
};
int show_schedule(const ScheduleShow& show, Streams io);

/// `embargoctl schedule diff`: two sources of the daemon by name; with `release` two of its revisions by number; with
/// `config_file` two files. kExitFindings if they differ.
struct ScheduleDiff {
  std::string url;
  std::string first, second;
  std::string release{};
  std::string config_file{};
  bool is_json = false;
};
int diff_schedule(const ScheduleDiff& diff, Streams io);

/// Writes a new file in one step (0600: a report is for its readers); an old one is replaced only when the new one is
/// whole. Error io.
[[nodiscard]] Result<void> write_file(const std::string& path, const std::string& bytes);

}  // namespace embargod

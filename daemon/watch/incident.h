#pragma once
// An incident: one release (or site) with one kind of trouble, from first sight to closing. Values; pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/release.h"
#include "config/types/time.h"
#include "daemon/watch/calendar.h"
#include "daemon/watch/rehearsal.h"
#include "daemon/watch/ruling.h"
#include "daemon/watch/verdict.h"
#include "probes/liveness.h"
#include "probes/observation.h"

namespace embargod {

// Stored; never renumber.
enum class IncidentKind : std::uint8_t {
  early = 0,
  suspect = 1,
  late = 2,
  incomplete = 3,
  wrong_content = 4,
  gap = 5,
  unscheduled = 6,
  blind = 7,
  drift = 8
};
inline constexpr int kIncidentKindCount = 9;
enum class IncidentState : std::uint8_t { suspected = 0, open = 1, contained = 2, closed = 3, dismissed = 4 };
enum class Confidence : std::uint8_t { seen_once = 0, suspected = 1, confirmed = 2 };
enum class EndedBy : std::uint8_t { absence = 0, lift = 1, due = 2 };
enum class Basis : std::uint8_t { as_served = 0, at_origin = 1 };

[[nodiscard]] const char* to_string(IncidentKind k);
[[nodiscard]] const char* to_string(IncidentState s);
[[nodiscard]] const char* to_string(Confidence c);
[[nodiscard]] const char* to_string(EndedBy e);
[[nodiscard]] const char* to_string(Basis b);

/// What an observation comes down to once judged: all that later steps, the record and the report need.
struct Look {
  Instant sent{};
  Instant done{};
  Millis sent_ticks{0};
  Millis done_ticks{0};
  Millis error{0};  // clock error bound
  Liveness liveness = Liveness::unknown;
  Cause cause = Cause::none;
  std::string rule;
  int status = 0;
  std::uint64_t size = 0;
  std::string digest;  // "sha256:..." or empty
  std::optional<Seconds> age;
  std::string remote_ip;
  Route route = Route::plain;
  bool from_cache = false;  // a shared cache answered
  std::string layer;        // which one: "Fastly"; empty: none, or not told
  bool marked = false;      // live by a positive sign
  std::string wrong;        // live, but not what was announced: why
  std::string edition;      // as read
  std::string fingerprint;
  friend bool operator==(const Look&, const Look&) = default;
};
[[nodiscard]] Look make_look(const Observation& o, const Judgement& j);

/// The way the look went, as RouteView::path: "plain" (on a kept or a new connection), "bypass", or the address asked.
[[nodiscard]] std::string path_of(const Look& look);

/// One uninterrupted time in public of one URL, as far as polling can tell. In a gap the spans are those in which the
/// release was public: the gaps lie between them.
struct ExposureSpan {
  InstantBounds went_live;                 // as served
  std::optional<InstantBounds> went_down;  // unset while it is up
  std::optional<EndedBy> ended_by;
  std::optional<InstantBounds> origin_live;  // corrected by Age; set if any answer carried one
  std::optional<InstantBounds> origin_down;
  Instant last_live_sent{};  // of the newest live look
  Instant last_live_done{};
  Millis last_live_error{0};
  std::optional<Seconds> last_live_age;
  int looks = 0;          // live looks in it
  Millis longest_gap{0};  // between live looks
  friend bool operator==(const ExposureSpan&, const ExposureSpan&) = default;
};

/// How a URL looked by one way to it in the course of an incident: a page counts as gone only when every way agrees.
struct RouteView {
  std::string path;                       // "plain", "bypass", or the address that was asked
  Liveness liveness = Liveness::unknown;  // of the newest conclusive look
  int dark_streak = 0;
  Instant done{};  // of that look
  bool from_cache = false;
  std::string layer;
  friend bool operator==(const RouteView&, const RouteView&) = default;
};

/// One URL in an incident.
struct TargetExposure {
  std::string target;
  std::string url;
  bool seen_live = false;  // false: the URL may not be shown (late, blind)
  std::vector<ExposureSpan> spans;
  int dark_streak = 0;  // agreeing absences since the last live look
  Millis blind{0};      // not knowing, from the last conclusive look before to the first after each span
  Look first;           // the look that put it here: status, rule, size, digest
  Role role = Role::page;
  std::vector<RouteView> routes;  // in order of first use
  std::string candidate_rule;     // how the URL was guessed; empty: it was announced
  std::string cached_by;  // dark where no cache is asked, yet still live: the layer that serves it; empty: not so
  friend bool operator==(const TargetExposure&, const TargetExposure&) = default;
};

struct Acknowledgement {
  std::string by;
  Instant at{};
  std::string note;
  std::optional<Instant> expires{};  // unset: it lasts
  friend bool operator==(const Acknowledgement&, const Acknowledgement&) = default;
};

/// Who was told of one alert of an incident, and how far up the tiers it went. Of plain receivers: standing ones are
/// always told. A round lasts from where the alert begins to fire until it is over.
struct AlertThread {
  std::string alert;  // alertname
  bool firing = false;
  int round = 0;
  int tier = 0;                       // told so far, from 1, of the tiers as they were configured; 0: none
  int reminders = 0;                  // in this round
  Instant began{};                    // this round
  Instant waiting_since{};            // for somebody to act: the newest tier was told then
  Instant reminded{};                 // everybody: by the newest reminder, or by the first alert
  std::vector<std::string> told;      // in this round
  std::vector<std::string> cleared;   // in rounds before it
  std::vector<std::string> accepted;  // of this round; only so much is known of them
  friend bool operator==(const AlertThread&, const AlertThread&) = default;
};

struct Incident {
  std::string id;  // 26 characters of Crockford base 32, from (scope, due, kind, ordinal)
  IncidentKind kind = IncidentKind::early;
  IncidentState state = IncidentState::suspected;
  Confidence confidence = Confidence::seen_once;
  std::string release;         // empty for blind
  std::string site;            // Url::site() of the first target
  std::string title;           // as announced
  std::optional<Instant> due;  // that it was judged by: kept when the schedule is edited
  int ordinal = 1;             // n-th incident of (scope, due, kind)
  std::vector<TargetExposure> targets;
  std::optional<Acknowledgement> acknowledged;
  std::vector<std::string> evidence;  // digests, first seen first
  Instant detected{};                 // when the first look was complete
  std::optional<Instant> contained;
  std::optional<Instant> closed;  // closed or dismissed
  std::string closed_by;          // person; "embargod" when by itself
  std::string closed_reason;
  std::vector<std::string> affected;  // blind: release ids
  std::vector<std::string> parts;     // target ids of what must come out of the release, as announced at first sight
  std::vector<Drift> drifts;          // drift: what the calendars show instead, by source
  bool near_due = false;              // blind: EmbargoBlindNearDue is firing
  bool firing = false;                // the main alert is firing
  bool clock_verified = true;         // false if any bound rests on an unverified clock
  int steps = 0;                      // alerts told so far
  std::vector<AlertThread> threads;   // by alert; empty: told by an embargod that kept no account
  std::optional<Ruling> ruling{};     // the newest; those before it are events
  std::vector<std::string> used_links{};     // Command::link of those that acknowledged it
  std::optional<RehearsalMark> rehearsal{};  // early: first seen live as a planned rehearsal
  friend bool operator==(const Incident&, const Incident&) = default;
};

[[nodiscard]] inline bool is_active(const Incident& i) {
  return i.state == IncidentState::suspected || i.state == IncidentState::open;
}
[[nodiscard]] inline bool is_over(const Incident& i) {
  return i.state == IncidentState::closed || i.state == IncidentState::dismissed;
}

/// All of it so far is a planned test publication: told as EmbargoRehearsal, and no breach.
[[nodiscard]] inline bool in_rehearsal(const Incident& i) { return i.rehearsal && !i.rehearsal->over; }

/// The same for the same trouble on every node. `scope` = release id, or site for blind.
[[nodiscard]] std::string incident_id(const std::string& scope, std::optional<Instant> due, IncidentKind kind,
                                      int ordinal);

}  // namespace embargod

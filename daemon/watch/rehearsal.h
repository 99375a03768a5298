#pragma once
// Planned rehearsals: a window in which a named release is expected to go live as a test publication. Values and the
// rules of planning; pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/release.h"
#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

inline constexpr const char* kRehearsalAlert = "EmbargoRehearsal";
inline constexpr const char* kRehearsalMark = "[REHEARSAL] ";

inline constexpr Millis kRehearsalBeforeDue{30 * 60'000};  // at least, from a window's end to the release's due
inline constexpr Millis kLongestRehearsal{4 * 3'600'000};
inline constexpr Millis kRehearsalAhead{std::int64_t{30} * 24 * 3'600'000};
inline constexpr Millis kRehearsalPast{60'000};  // `from` may lie this far back: typing takes time

/// A person ended it before its window was over.
struct RehearsalCancel {
  std::string by;
  Instant at{};
  std::string reason;
  friend bool operator==(const RehearsalCancel&, const RehearsalCancel&) = default;
};

/// What came of it, once its window was over.
struct RehearsalOutcome {
  Instant at{};
  std::string text;  // one line: "never seen live: ...", "seen live: incident ..."
  friend bool operator==(const RehearsalOutcome&, const RehearsalOutcome&) = default;
};

/// As planned, and what was added to it since: nothing of it is ever changed or removed.
struct Rehearsal {
  std::string id;  // in the form of an incident's
  std::string release;
  Instant from{};
  Instant until{};  // exclusive
  std::string by;
  std::string reason;
  Instant planned{};
  std::optional<RehearsalCancel> cancelled;
  std::string incident;  // the newest that it covered; empty: the release was not seen live in it
  std::optional<RehearsalOutcome> outcome;
  friend bool operator==(const Rehearsal&, const Rehearsal&) = default;
};

/// The rehearsal that an early incident belongs to, as it was planned. Stored with the incident.
struct RehearsalMark {
  std::string id;
  std::string by;
  std::string reason;
  Instant from{};
  Instant until{};
  std::optional<Instant> over{};  // set: it ended while the release was live: from there on a breach like any other
  std::string why_over{};         // "its window ended"
  friend bool operator==(const RehearsalMark&, const RehearsalMark&) = default;
};
[[nodiscard]] RehearsalMark mark_of(const Rehearsal& r);

/// "planned by N.N., <window>: <reason>", and when and why it was over if the release was still public then.
[[nodiscard]] std::string rehearsal_words(const RehearsalMark& r, const std::string& zone);

/// Cancelled, or its outcome is known.
[[nodiscard]] inline bool is_over(const Rehearsal& r) { return r.cancelled.has_value() || r.outcome.has_value(); }

/// "planned", "open" (its window, and not cancelled), "over", "cancelled".
[[nodiscard]] const char* rehearsal_state(const Rehearsal& r, Instant now);

/// Whether what is seen in [sent, done] belongs to it: wholly in its window, not cancelled, and the release's due (as
/// it is announced now) far enough behind the window. A due that is not known, or no release, covers nothing.
[[nodiscard]] bool covers(const Rehearsal& r, const Release* release, Instant sent, Instant done);

/// Why it covers nothing any more, in words that follow "because": empty while it covers.
[[nodiscard]] std::string why_rehearsal_is_over(const Rehearsal& r, const Release* release, Instant now);

/// May `r` be planned? Errors not_found, invalid_input, conflict: each says what is wrong and what to do. `release`:
/// null if the schedule has none of that id. `known`: all others. `zone`: for the times in the errors.
struct RehearsalFacts {
  const Release* release = nullptr;
  bool is_lifted = false;
  Instant now{};
  const std::string& zone;
};
[[nodiscard]] Result<void> may_plan(const Rehearsal& r, const RehearsalFacts& facts,
                                    const std::vector<Rehearsal>& known);

/// In the form of an incident's: the same for the same plan.
[[nodiscard]] std::string rehearsal_id(const std::string& release, Instant from, Instant planned);

/// One line of JSON, as the store keeps it, and back (corrupt).
[[nodiscard]] std::string rehearsal_json(const Rehearsal& r);
[[nodiscard]] Result<Rehearsal> read_rehearsal(std::string_view json);

/// The same as the API shows it: with its state now.
[[nodiscard]] std::string rehearsal_json(const Rehearsal& r, Instant now);

/// "Monday 23 April 2018, 10:00 BST to 10:45 BST"; with its day where that is another one.
[[nodiscard]] std::string window_words(Instant from, Instant until, const std::string& zone);

}  // namespace embargod

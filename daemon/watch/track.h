#pragma once
// What is known of one target from look to look, and how long nothing was known.

#include <optional>
#include <string>

#include "daemon/watch/exposure.h"
#include "daemon/watch/incident.h"

namespace embargod {

/// A stretch between two conclusive looks in which nothing was known. Ends are wall time: the last conclusive answer
/// before was complete at `from`; the first after was asked for at `to`.
struct BlindSpan {
  std::string target;
  std::string release;
  std::string site;
  Instant from{};
  std::optional<Instant> to;  // unset while it lasts
  Cause cause = Cause::none;  // of the first inconclusive look in it
  friend bool operator==(const BlindSpan&, const BlindSpan&) = default;
};

/// Like looks in a row, stored as one row: 864 million observations become megabytes (performance.md).
struct ObservationSpan {
  std::string target;
  Liveness liveness = Liveness::unknown;
  Cause cause = Cause::none;
  int status = 0;
  std::string rule;
  std::string digest;    // of the first
  Instant first_sent{};  // (target, first_sent) is the key
  Instant first_done{};
  Instant last_sent{};
  Instant last_done{};
  std::int64_t count = 0;
  Millis longest_gap{0};  // between answers
  Millis worst_error{0};  // clock error bound
  std::optional<Seconds> last_age;
  friend bool operator==(const ObservationSpan&, const ObservationSpan&) = default;
};

/// True if the look belongs to the span (same meaning, same status, same rule).
[[nodiscard]] bool continues(const ObservationSpan& span, const Look& look);
[[nodiscard]] ObservationSpan begin_observation_span(const std::string& target, const Look& look);
void extend_observation_span(ObservationSpan& span, const Look& look);

struct TargetTrack {
  std::string target;
  std::string release;
  std::string site;
  std::string url;
  Liveness liveness = Liveness::unknown;  // of the newest look
  Cause cause = Cause::none;
  std::string rule;
  int status = 0;
  std::optional<Instant> last_look;        // done
  std::optional<Instant> last_conclusive;  // done
  std::optional<Liveness> conclusive;      // of the newest conclusive look
  DarkBefore dark;
  std::optional<BlindSpan> blind;         // open while nothing is known
  std::optional<InstantBounds> released;  // went live at or after due
  bool was_early = false;                 // live before due and not seen dark since: going on is no release on time
  std::string muted_by;  // "<kind>:<incident>" that a person closed while this was live: no new one of that kind until
                         // it was dark; of a gap, closed while this was gone: until it was live
  int dark_streak = 0;
  std::string edition;                      // of the newest answer that told one
  std::string fingerprint;                  // of the newest 2xx answer
  std::optional<Instant> fingerprint_seen;  // done of the first answer in a row with that fingerprint
  std::uint64_t size = 0;                   // of that answer
  std::optional<Instant> last_live;         // sent, less the clock's error, of the newest live look
  std::optional<InstantBounds> gone;        // released, and then dark: when it went; unset while it is there
  std::optional<InstantBounds> back;        // released, taken down, and there again: when it last came back
  friend bool operator==(const TargetTrack&, const TargetTrack&) = default;
};

/// What one look changed.
struct TrackStep {
  TargetTrack track;
  std::optional<BlindSpan> blind_ended;  // closed by this look
};

/// Pure. Starts, keeps or ends blind time; remembers the newest dark look; records a release on time.
[[nodiscard]] TrackStep observe(TargetTrack track, const Look& look, Verdict verdict);

}  // namespace embargod

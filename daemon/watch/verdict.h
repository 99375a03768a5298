#pragma once
// Was it allowed? Compares what was seen, and when, with what was announced. Pure.

#include <cstdint>
#include <optional>

#include "config/release.h"
#include "config/types/time.h"
#include "probes/observation.h"

namespace embargod {

// Stored; never renumber.
enum class Verdict : std::uint8_t {
  held = 0,     // dark, as it should be (also in the grace after due)
  early = 1,    // live before due
  suspect = 2,  // something unexpected answers before due
  on_time = 3,  // live at or after due
  late = 4,     // dark after due + grace
  incomplete = 5,
  wrong_content = 6,
  gap = 7,
  unscheduled = 8,   // live though cancelled, or inside a provisional month
  inconclusive = 9,  // not known, or too near to due for the clock to tell
};
[[nodiscard]] const char* to_string(Verdict v);

/// This many agreeing absences on every path that was live, and it counts as taken down (P23).
inline constexpr int kAbsencesToContain = 3;

/// A listing and an announcement tell of a release; the other roles are parts of it, which must come out and stay.
[[nodiscard]] constexpr bool is_part(Role r) { return r != Role::listing && r != Role::announcement; }

/// What was announced for a release, reduced to what a verdict needs.
struct Embargo {
  std::optional<Instant> due;  // the embargo ends here; unset: never by itself
  ReleaseStatus status = ReleaseStatus::confirmed;
  std::optional<Instant> lifted;     // a person ended it, at this instant
  Millis grace{3 * 60'000};          // after due, before `late`
  std::optional<Instant> first_out;  // some part of the release was seen live at or after due: this was the first
};

/// What was seen of one target, reduced to what a verdict needs.
struct Seen {
  Liveness liveness = Liveness::unknown;
  Role role = Role::page;
  bool wrong = false;     // live, but not what was announced
  bool released = false;  // this target was live at or after due before
  int dark_streak = 0;    // dark looks in a row, this one included
};

/// `due` is the end of the embargo: the announced instant, or for a provisional month its first instant.
[[nodiscard]] Embargo embargo_of(const Release& r, std::optional<Instant> lifted, Millis grace);

/// When the look was made: request sent, answer complete, and the bound on the clock's error, which widens both ends.
struct LookTime {
  Instant sent{};
  Instant done{};
  Millis error{0};
};

/// Before or after due only if the whole widened interval is; a look across it is inconclusive (P18). A part that is
/// not out after the grace (dark, or answering with something that is not recognised) is late while nothing of the
/// release is out, else incomplete; a released one is a gap from the third agreeing absence on.
[[nodiscard]] Verdict judge(const Seen& seen, const LookTime& when, const Embargo& embargo);

}  // namespace embargod

#pragma once
// What the pages say, in words that a tired person understands. Pure.

#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"

namespace embargod {

/// A state with its colour; the words say all that the colour says.
struct Light {
  const char* css = "quiet";  // bad, warn, good, quiet
  std::string words;
};

/// Time during which at least one URL was public before its time. `longest` unset if it was up at our first look.
[[nodiscard]] SpanBounds public_time(const Incident& i, Instant now);

/// Only listings and announcements show it: what they lead to was not seen.
[[nodiscard]] bool is_listed_only(const Incident& i);

/// "between 13 min 2 s and 14 min 58 s", "at least 4 s", "for less than 3 s".
[[nodiscard]] std::string exposure_words(const SpanBounds& b);

/// "2 days before its time" or, on the same day, "3 h 12 min before its time"; "" without a due or a sighting.
[[nodiscard]] std::string lead_words(const Incident& i, const std::string& zone);

/// "Live now, 2 days before its time", "Taken down; was up between 13 min 2 s and 14 min 58 s".
[[nodiscard]] std::string headline(const Incident& i, const std::string& zone, Instant now);

/// "bad" while something is live early, "warn" while something else is open, "good" or "quiet" after.
[[nodiscard]] const char* incident_css(const Incident& i);

/// What the incident is about: the announced title, else the release, else the site.
[[nodiscard]] std::string subject(const Incident& i);

/// Steps in order; empty when there is nothing left to do.
[[nodiscard]] std::vector<std::string> what_to_do(const Incident& i, const Producer& producer);

[[nodiscard]] std::string confidence_words(const Incident& i);
[[nodiscard]] std::string timeline_words(const std::string& what);

/// "due in 1 day 23 h 41 min", "due 3 min 5 s ago", "due in May 2018".
[[nodiscard]] std::string countdown(const Due& due, Instant now);

/// "Wednesday 25 April 2018, 09:30 BST", said so if the time was assumed, or the month as given.
[[nodiscard]] std::string due_words(const Due& due);

/// The state of a release. `tracks` are those of its targets; `early` is its open early incident, if there is one.
[[nodiscard]] Light release_light(const StoredRelease& r, const std::vector<const TargetTrack*>& tracks,
                                  const Incident* early, Instant now);

/// "2018-04-23 10:02:11.301 UTC"
[[nodiscard]] std::string utc_words(Instant t);

/// "11:02:11", with the date in front where it is not that of UTC.
[[nodiscard]] std::string local_clock(Instant t, const std::string& zone);

}  // namespace embargod

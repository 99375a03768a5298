#pragma once
// Does a public listing show what no schedule names? One incident per site, whatever the number of entries. Pure.

#include <optional>
#include <string>
#include <vector>

#include "daemon/watch/incident_step.h"

namespace embargod {

inline constexpr std::size_t kMostStrangers = 100;  // addresses in one incident: those beyond them are not named

/// An entry that looks like a release and is none's.
struct StrangerSeen {
  std::string url;
  InstantBounds appeared;
};

/// One that was told and is none any more: listed no longer, or in the schedule now.
struct StrangerOver {
  std::string url;
  InstantBounds gone;
  bool scheduled = false;
};

/// What one reading of a listing told of entries that are no release's.
struct StrangerSight {
  std::string site;
  std::string listing;
  std::vector<StrangerSeen> fresh;
  std::vector<StrangerOver> over;
  Look look;  // the answer that the reading ended with
  bool clock_verified = true;
};

/// `current` = the site's unclosed incident of this kind, if any. Unset: nothing changes. Opens (ticket) at the first
/// entry, tells once for each reading that shows more, is contained when none is listed any more or the schedule names
/// them all. All else is a person's: to acknowledge, close or dismiss it.
[[nodiscard]] std::optional<Step> watch_strangers(const std::optional<Incident>& current, const StrangerSight& sight,
                                                  int ordinal);

/// The listing that an entry of such an incident, or of an early one, was found in, by the id of its target; empty: it
/// was not found in one.
[[nodiscard]] std::string listing_of(const std::string& target);

/// The id of a release's entries in a listing. No target of the schedule can have it.
[[nodiscard]] std::string listed_target(const std::string& release, const std::string& listing);

/// Whether an incident is of entries that no schedule names, and so of a site.
[[nodiscard]] inline bool is_of_strangers(const Incident& i) {
  return i.kind == IncidentKind::unscheduled && i.release.empty();
}

}  // namespace embargod

#pragma once
// What an answer means where no rule says so: by the role of its URL.

#include <optional>
#include <string>
#include <vector>

#include "config/release.h"
#include "probes/edition.h"
#include "probes/evidence.h"
#include "probes/fingerprint.h"
#include "probes/liveness.h"

namespace embargod {

/// What the defaults need of a target and its release.
struct JudgedTarget {
  Role role = Role::page;
  std::string promised;                // kind of body that the path promises; "" if none
  std::vector<std::string> addresses;  // of the release's pages, files and APIs, as is_address_of() compares them
  std::string title;                   // of the release, in small letters, white space folded
  bool title_counts = false;
  bool change_counts = false;
  std::optional<Edition> embargoed;  // unset also where no place of an edition is known
};

[[nodiscard]] JudgedTarget facts_of(const Target& target, const Release& release);

/// Whether "host/path" is that of one of `addresses`, "www." and a slash at the end aside.
[[nodiscard]] bool is_address_of(const std::vector<std::string>& addresses, std::string_view place);

/// Of a 200 or 203 with a body that no rule has decided. `is_marked`: it says that it is the embargoed edition. Not for
/// role latest.
[[nodiscard]] Judgement judge_by_role(Evidence& e, const JudgedTarget& t, bool is_marked);

/// Role latest: by its edition, else by the approved baseline. `fingerprint` is the answer's.
[[nodiscard]] Judgement judge_latest(Evidence& e, const JudgedTarget& t, const Baseline* baseline,
                                     const std::string& fingerprint);

}  // namespace embargod

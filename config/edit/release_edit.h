#pragma once
// Changes to a releases.yml by command instead of by editor: the fewest bytes change, comments, blank lines and order
// stay, and a comment line above the release says who did it, when and why. Nothing is given back that does not read
// as the same schedule with just this change. Pure: text in, text out; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/profile.h"
#include "config/release.h"
#include "config/types/result.h"

namespace embargod {

/// Goes into the file, and with it on record.
struct EditSignature {
  Instant at{};
  std::string by;      // at most 200 bytes
  std::string reason;  // at most 500 bytes
};

struct EditedFile {
  std::string name;                      // how faults call it, Release::source
  std::string zone;                      // of times without an offset
  const std::vector<Profile>& profiles;  // that may be named
};

/// As typed; checked as releases.yml is.
struct NewTarget {
  std::string url;
  std::string role;
  std::string name;     // empty: the role
  std::string profile;  // empty: the default
  std::string edition;  // empty: none
};
struct NewRelease {
  std::string id;
  std::string title;
  std::string due;
  std::string status;  // empty: confirmed, or provisional if the due is a month
  std::vector<NewTarget> targets;
};

struct ScheduleEdit {
  std::string text;               // the whole file as it should be
  std::string summary;            // "moved x from 2018-04-25 09:30 to 2018-04-26 09:30", one line
  std::optional<Release> before;  // unset: it is new
  Release after;
  std::vector<std::string> notes;  // of the changed release, as at start
};

// Faults: of the file as it is (then it must be mended first), of what was typed, or of what would come of it. A file
// written in a way that cannot be changed safely (a list in brackets, a due over several lines) is Errc::unsupported.

/// Behind the last release. Error conflict: the id is there.
[[nodiscard]] Checked<ScheduleEdit> add_release(std::string_view yaml, const EditedFile& file, const NewRelease& added,
                                                const EditSignature& signature);

/// A day for a provisional release confirms it; a month makes a confirmed one provisional again. Errors: not_found;
/// conflict: cancelled, or due then already.
[[nodiscard]] Checked<ScheduleEdit> move_release(std::string_view yaml, const EditedFile& file, const std::string& id,
                                                 const std::string& due, const EditSignature& signature);

/// Errors: not_found; conflict: cancelled already.
[[nodiscard]] Checked<ScheduleEdit> cancel_release(std::string_view yaml, const EditedFile& file, const std::string& id,
                                                   const EditSignature& signature);

/// Why a person must say yes once more: the embargo would end earlier than announced, or without an instant ("ends the
/// embargo of x 1 day earlier: ..."); nullopt if it would not.
[[nodiscard]] std::optional<std::string> weakened_embargo(const ScheduleEdit& edit);

}  // namespace embargod

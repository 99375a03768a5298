#pragma once
// What was announced: releases with their due instants and the URLs that must stay dark until then.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/time.h"
#include "config/types/url.h"

namespace embargod {

// Stored; never renumber.
enum class Role : std::uint8_t { page = 0, latest = 1, file = 2, api = 3, listing = 4, announcement = 5 };
enum class ReleaseStatus : std::uint8_t { provisional = 0, confirmed = 1, cancelled = 2 };
enum class DuePrecision : std::uint8_t {
  instant = 0,       // date, time and zone were given
  time_assumed = 1,  // a date alone: 09:30 local assumed, and said so
  month = 2,         // provisional: `period` is what is known, there is no due instant
};

/// The announced due time with all that is needed to argue about it later.
struct Due {
  DuePrecision precision = DuePrecision::instant;
  std::optional<Instant> at;            // unset for month precision
  std::optional<Instant> period_begin;  // month precision: first local midnight of the month
  std::optional<Instant> period_end;    // month precision: first local midnight after it
  std::string zone;                     // IANA name the text was read in
  std::string as_given;                 // "2018-04-25 09:30", byte for byte
  friend bool operator==(const Due&, const Due&) = default;
};

/// Where something stands in a file. Two are equal wherever they stand, so that what holds one is compared by what it
/// says.
struct FilePlace {
  Mark mark;
  friend bool operator==(const FilePlace&, const FilePlace&) { return true; }
};

/// "2 days ahead of 23 April 2018", as an announcement or a report states it: lint holds the due date against it.
struct StatedLead {
  int days = 0;
  Instant from{};
  FilePlace at{};
  friend bool operator==(const StatedLead&, const StatedLead&) = default;
};

/// What a schedule states of a release beside its date. Nothing is judged by it: it is for lint and for the record.
struct Stated {
  std::optional<Instant> announced;  // when the exact date was announced; of a day alone, its 09:30
  std::string alternative_time;      // why it is not at 09:30 on a weekday; empty: nothing is recorded
  std::string reason;                // of the newest change, or of the cancellation; empty: none
  std::optional<StatedLead> lead;
  FilePlace at{};   // of the release
  FilePlace due{};  // of its due time
  friend bool operator==(const Stated&, const Stated&) = default;
};

/// The URL of a past edition, from which embargod derives where the coming one may be.
struct FormerUrl {
  Url url;
  Due due;              // of that edition; a month is enough
  std::string profile;  // by which what is derived from it is judged; empty: that of the release's URLs on its host
  Mark where;
  friend bool operator==(const FormerUrl&, const FormerUrl&) = default;
};

/// A URL with the coming edition's date left open: "https://stats.example.org/cpi-{month}-{yyyy}.pdf".
struct UrlTemplate {
  std::string text;
  Mark where;
  friend bool operator==(const UrlTemplate&, const UrlTemplate&) = default;
};

/// One URL of a release.
struct Target {
  std::string id;       // "<release>/<name, else role>", unique in the schedule
  std::string release;  // release id
  Url url;
  Role role = Role::page;
  std::string profile;               // name of the liveness recipe
  RuleGroups rules;                  // of its own, tried before the profile's
  std::string edition;               // the one that is embargoed, as given: "April 2026", "2025/26", "v4"; empty: none
  bool title_counts = false;         // listing: the announced title alone is early (else it needs a link)
  bool change_counts = false;        // latest without an edition marker: any change of the approved baseline is live
  std::optional<bool> cache_bypass;  // instead of the profile's
  std::optional<Millis> negative_ttl;  // instead of the profile's
  FilePlace place{};
  std::string candidate_rule;  // how this URL was guessed; empty: it was announced. A guess owes no answer
  friend bool operator==(const Target&, const Target&) = default;
};

struct Release {
  std::string id;     // [a-z0-9-]{1,100}, stable, a metric label
  std::string title;  // as announced; may be shown, never interpreted
  ReleaseStatus status = ReleaseStatus::confirmed;
  Due due;
  std::vector<Target> targets;
  std::string source;  // file name of the schedule it came from
  Stated stated{};
  std::vector<FormerUrl> former_urls;
  std::vector<UrlTemplate> url_templates;
  friend bool operator==(const Release&, const Release&) = default;
};

/// A validated schedule: ids are unique, every due instant lies before 2038. Order is the files' order.
struct Schedule {
  std::vector<Release> releases;
  std::vector<std::string> notes;  // "releases.yml:3:10: 09:30 assumed ...": to be said at start, not faults
};

[[nodiscard]] const char* to_string(Role r);
[[nodiscard]] const char* to_string(ReleaseStatus s);
[[nodiscard]] std::optional<Role> role_from(std::string_view word);

}  // namespace embargod

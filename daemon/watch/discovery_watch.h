#pragma once
// Reads the sitemaps, feeds and listings of the config again and again, and tells what appeared in them. What it means
// for a release (early, unscheduled) is decided elsewhere.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "daemon/watch/calendar.h"
#include "probes/discovery/listing.h"
#include "probes/discovery/matcher.h"
#include "probes/observation.h"
#include "probes/prober.h"

namespace embargod {

/// What the watch works by, swapped whole on reload. Immutable, but that one thread at a time reads by it.
struct DiscoveryPlan {
  std::vector<ListingReader> listings;
  FindingMatcher matcher;
};

/// Faults carry the config's marks.
[[nodiscard]] Checked<std::shared_ptr<const DiscoveryPlan>> make_discovery_plan(
    const std::vector<DiscoveryListing>& listings, const Schedule& schedule);

/// An entry that the listing shows and that is a release's, or looks like one that nobody announced.
struct NewFinding {
  std::string listing;  // its name
  std::string site;     // Url::site of the listing
  Finding finding;
  std::optional<FindingMatch> match;  // unset: no release's, but it looks like one, and was not there before
  bool counts = false;                // match: a public listing of it is public by itself: not a title alone (but for
                                      // title_counts), no address that is public anyway, none on another site
  InstantBounds appeared;             // `earliest` is unset where no earlier reading lacked it
};

/// A match that the listing no longer shows.
struct GoneFinding {
  std::string listing;
  std::string release;
  Finding finding;
  InstantBounds gone;
};

/// An unmatched entry that was told and is listed no more. By its address alone: that is how it was told.
struct GoneStranger {
  std::string listing;
  std::string url;
  InstantBounds gone;
};

/// What one answer told.
struct DiscoveryOutcome {
  std::string listing;
  std::optional<Fault> fault;  // it could not be read: everything stays as it was
  std::string note;            // worth a line in the log, such as a listing that has shrunk; empty: nothing
  std::size_t entries = 0;     // in this document
  std::size_t fresh = 0;       // of them, seen for the first time
  std::size_t untold = 0;      // release-like ones beyond the first kMostUnmatched, which are not in `found`
  std::vector<NewFinding> found;
  std::vector<NewFinding> still;  // matches that this document shows, those of `found` among them
  std::vector<GoneFinding> gone;
  std::vector<GoneStranger> strangers_gone;
  bool round_over = false;  // nothing more of this reading is asked for
  bool round_good = false;  // it is over, and all of it could be read: what is not shown is not there
};

/// The state of one listing, for people and metrics.
struct ListingStatus {
  std::string listing;
  ListingKind kind = ListingKind::sitemap;
  Millis interval{0};
  std::optional<Instant> last_success;  // of a whole round, children included
  std::string fault;                    // of the newest answer, one line; empty: it went well
  std::size_t known = 0;                // entries ever seen
  std::size_t matches = 0;              // shown now that belong to a release
  friend bool operator==(const ListingStatus&, const ListingStatus&) = default;
};

/// The first reading of a document is a baseline: only matches are told of it. The same holds for the children that a
/// sitemap index names when it is first read; all of a child that it names later is new. Matches are told once while
/// the daemon runs and the plan stays, and again after a restart or a reload that changed them. Documents that have not
/// changed are not parsed. Engine thread only.
class DiscoveryWatch {
 public:
  static constexpr std::size_t kMostUnmatched = 100;

  /// What a former run had seen; what cannot be read back is as if it had not been there. Before the first adopt().
  void restore(const std::vector<KnownListing>& known);

  /// New listings start at once; those that stay go on, but match all they show against the new plan.
  void adopt(std::shared_ptr<const DiscoveryPlan> plan, Millis now_ticks);

  /// The next round begins at `at` at the latest: something that it shows matters now. Does nothing for a listing that
  /// is unknown or under way.
  void hasten(const std::string& listing, Millis at);

  /// An unmatched entry that was told in a former run, or before a reload: whether it is still listed matters. After
  /// adopt().
  void hold_stranger(const std::string& listing, const std::string& url, Instant last_seen);

  /// Requests that are due, with tokens from `tokens` on; one at a time for each listing.
  [[nodiscard]] std::vector<ProbeRequest> take_due(Millis now_ticks, std::uint64_t& tokens);
  [[nodiscard]] std::optional<Millis> next_due() const;

  /// Unset: the observation is not of a listing.
  [[nodiscard]] std::optional<DiscoveryOutcome> finished(const Observation& o, Millis now_ticks);

  /// Matches that are shown now, all of them.
  [[nodiscard]] std::vector<NewFinding> shown() const;
  [[nodiscard]] std::vector<ListingStatus> status() const;

  /// To be stored, in the same commit as what was made of the findings: what changed since the last call, of listings
  /// whose round is over.
  [[nodiscard]] std::vector<KnownListing> take_changed();

 private:
  struct Document {
    std::vector<ChildSitemap> children;
    std::optional<Instant> read_sent;  // of the last good reading, less the clock's error
    std::string digest;                // of the last good reading; empty: it is to be parsed
    std::string lastmod;               // that the index told when it was read last
    std::size_t entries = 0;
    int rounds_unread = 0;
    bool match_all = true;         // the plan is new to it
    std::uint64_t read_round = 0;  // of the last good reading
  };
  struct Shown {
    NewFinding what;
    std::string document;
    std::uint64_t round = 0;  // in which it was seen last
    Instant seen_sent{};
  };
  struct Stranger {
    std::string url;
    std::string document;  // empty: it was told in a former run
    std::uint64_t round = 0;
    Instant seen_sent{};
  };
  struct State {
    const ListingReader* reader = nullptr;  // of plan_
    DiscoveryListing settings;              // it was made by
    KnownSet known;
    bool known_changed = false;
    std::map<std::string, Document> documents;    // by URL
    std::map<std::uint64_t, Shown> shown;         // by finding_key
    std::map<std::uint64_t, Stranger> strangers;  // unmatched ones that were told, by stranger_key
    std::unordered_set<std::uint64_t> former;     // keys of what is gone: it may come back
    std::vector<std::string> to_ask;              // children, the last one first
    std::uint64_t round = 0;
    bool round_failed = false;
    Millis round_begun{0};
    std::optional<Millis> next;  // ticks; unset while a request is under way
    std::uint64_t in_flight = 0;
    std::optional<Instant> last_success;
    std::string fault;
  };
  struct Asked {
    std::string listing, document;
  };
  /// What a reading has found, until it has ended well.
  struct Reading;

  [[nodiscard]] DiscoveryOutcome take(State& s, const std::string& document, const Observation& o);
  void read_entries(State& s, const std::string& url, const Observation& o, DiscoveryOutcome& out);
  void keep(State& s, const std::string& url, const Observation& o, Reading&& reading, DiscoveryOutcome& out);
  static void touch_all(State& s, const std::string& url, const Observation& o);
  static void plan_children(State& s, const Document& index, DiscoveryOutcome& out);
  static bool is_gone(const State& s, const std::string& document, std::uint64_t round);
  static void settle_gone(State& s, const Observation& o, DiscoveryOutcome& out);

  std::shared_ptr<const DiscoveryPlan> plan_;
  std::map<std::string, State> states_;  // by name
  std::map<std::string, KnownSet> restored_;
  std::unordered_map<std::uint64_t, Asked> tokens_;
};

}  // namespace embargod

#pragma once
// What each site answers where nothing can be, and who vouches for it: asked for beside the looks, so that a soft 404,
// a maintenance page or a hijacked address is not taken for a release.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "probes/prober.h"
#include "probes/site_picture.h"

namespace embargod {

/// Random siblings of what is watched: hourly for each folder and ending, and at once where a look is doubted. Engine
/// thread only.
class Survey {
 public:
  /// The URLs whose siblings tell something now. Pictures of groups that stay are kept; those of others go.
  void adopt(const std::vector<Url>& urls, Millis now_ticks);

  /// Requests that are due, with tokens from `tokens` on.
  [[nodiscard]] std::vector<ProbeRequest> take_due(Millis now_ticks, std::uint64_t& tokens);
  [[nodiscard]] std::optional<Millis> next_due() const;

  /// A sibling of this URL at once, before anything routine, also where one is under way: that one left before the
  /// page was seen, or waits behind the host's budget.
  [[nodiscard]] ProbeRequest ask(const Url& url, std::uint64_t& tokens);

  /// True if the observation is that of a sibling: the picture has it now.
  bool finished(const Observation& o, Millis now_ticks);

  /// Null: nothing is known there.
  [[nodiscard]] const SitePicture* picture(const Url& url) const;

 private:
  struct Group {
    Url example;
    SitePicture picture;
    std::optional<Millis> next;  // ticks; unset while one is under way
    std::uint64_t in_flight = 0;
    int samples = 0;
    int routine = 0;  // of them, those that no doubt asked for
  };
  ProbeRequest request(const std::string& name, Group& g, Urgency urgency, std::uint64_t& tokens);
  void schedule(const std::string& name, Group& g, std::optional<Millis> next);

  std::map<std::string, Group> groups_;           // by sibling_group()
  std::set<std::pair<Millis, std::string>> due_;  // those of groups_ that have a next, soonest first
  std::unordered_map<std::uint64_t, std::string> tokens_;
};

/// Which authority vouches for a site. Another one may be a new contract of its owner, or somebody else's answer: it is
/// believed after it was seen for ten minutes. Engine thread only; not kept over a restart.
class Vouchers {
 public:
  /// The issuer known before, if this answer's is another that is not yet believed; else unset.
  [[nodiscard]] std::optional<std::string> stranger(const Observation& o);

 private:
  struct Known {
    std::string issuer;
    std::string other;
    Millis other_since{0};
  };
  std::map<std::string, Known> sites_;
};

}  // namespace embargod

#pragma once
// How often a site is asked: a token bucket, a cap on requests in flight, and the site's own Retry-After. Pure; ticks
// come in.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/types/time.h"
#include "probes/prober.h"

namespace embargod {

/// Queues tickets by site and says which may start. A site's higher urgencies go first, equal ones in order of arrival.
/// One thread.
class HostBudget {
 public:
  using Ticket = std::uint64_t;

  /// Nonsense (a rate of zero, no connection) is raised to the least that still moves.
  explicit HostBudget(const HostPolicy& policy);

  void enqueue(const std::string& site, Urgency urgency, Ticket ticket);

  /// A ticket that may start now, with its token and its connection taken; finished() gives the connection back.
  [[nodiscard]] std::optional<Ticket> next(Millis now);

  /// When next() has something, if nothing else happens; unset if only a finished() can help, or nothing is queued.
  [[nodiscard]] std::optional<Millis> next_start(Millis now) const;

  /// The request that next() handed out is over.
  void finished(const std::string& site);

  /// A further request of a running one (a redirect hop): it takes a token even if that makes a debt.
  void charge(const std::string& site, Millis now);

  /// Starts nothing at this site before `until`; a shorter hold never ends a longer one. Afterwards it begins with one
  /// request, not with a burst.
  void hold(const std::string& site, Millis until);

  [[nodiscard]] std::size_t queued() const { return queued_; }

 private:
  struct Site {
    double tokens = 0;
    Millis counted{0};  // when `tokens` was right
    Millis held_until{0};
    int in_flight = 0;
    std::array<std::deque<Ticket>, 5> queue;  // by Urgency
    std::size_t waiting = 0;
    bool listed = false;  // in waiting_
  };

  Site& site_of(const std::string& name);
  void refill(Site& s, Millis now) const;
  [[nodiscard]] std::optional<Millis> ready_at(const Site& s) const;
  static Ticket pop(Site& s);

  HostPolicy policy_;
  std::map<std::string, Site> sites_;  // nodes never move; as many as the schedule has hosts
  std::vector<Site*> waiting_;         // sites with a queue
  std::size_t turn_ = 0;               // where the next scan of waiting_ begins, so that no site starves another
  std::size_t queued_ = 0;
};

}  // namespace embargod

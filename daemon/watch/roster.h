#pragma once
// Which targets are watched, and when each is looked at next. Engine thread only.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/watch/cadence.h"
#include "daemon/watch/plan.h"
#include "daemon/watch/track.h"
#include "daemon/watch/ways.h"
#include "probes/prober.h"

namespace embargod {

struct Watched {
  std::shared_ptr<const Plan> plan;  // keeps what the pointers below point to
  const Release* release = nullptr;
  const Target* target = nullptr;
  const Part* part = nullptr;
  TargetTrack track;
  std::optional<ObservationSpan> span;     // the row that grows
  std::optional<Millis> next;              // ticks of the next look; unset: in flight, or the watch is over
  Millis planned{0};                       // ticks for which the look in flight was planned
  Millis interval{0};                      // the cadence it was planned by
  std::uint64_t in_flight = 0;             // token; 0 = none
  bool fresh = false;                      // next look on a new connection
  bool looked = false;                     // in this run
  std::optional<Millis> conclusive_ticks;  // of the newest conclusive look in this run
  std::string accepted;                    // fingerprint, else digest, of the unmarked answer that was believed last
  std::string last_ip;                     // of the newest look
  OtherWays ways;
  NegativeCaching negative;
  Millis ways_asked{0};  // ticks when other ways were asked last
  int looks = 0;
  bool quiet = false;  // not asked until due, so as not to plant a 404

  /// A guess at where the release may be.
  [[nodiscard]] bool guessed() const { return target != nullptr && !target->candidate_rule.empty(); }
  /// A URL that owes an answer: its silence is blindness, its absence after due is late.
  [[nodiscard]] bool announced() const { return !other_form() && !guessed(); }
  [[nodiscard]] bool other_form() const { return part != nullptr && !part->form_of.empty(); }
};

class Roster {
 public:
  /// Takes a plan: new targets start at once, known ones keep their track. Targets that are gone are dropped, but for
  /// those in `keep`: an open incident is watched to its end by the plan it was judged by.
  void adopt(const std::shared_ptr<const Plan>& plan, const std::set<std::string>& keep, Millis now_ticks);

  /// What a former run knew of a target.
  void restore(const TargetTrack& track);
  void restore(const ObservationSpan& span);

  void schedule(Watched& w, std::optional<Millis> at);

  /// Targets due at or before `now_ticks`, most overdue first; those due within a moment share the wake-up.
  [[nodiscard]] std::vector<Watched*> take_due(Millis now_ticks);
  [[nodiscard]] std::optional<Millis> next_due() const;

  void started(Watched& w, std::uint64_t token);
  /// The target an observation belongs to; null if it is no longer watched.
  [[nodiscard]] Watched* finished(std::uint64_t token);

  [[nodiscard]] std::map<std::string, Watched>& all() { return watched_; }
  [[nodiscard]] const std::map<std::string, Watched>& all() const { return watched_; }
  [[nodiscard]] std::vector<Watched*> of_release(const std::string& release);
  [[nodiscard]] bool every_one_looked_at() const { return unlooked_ == 0; }
  void mark_looked(Watched& w);

 private:
  std::map<std::string, Watched> watched_;                      // by target id
  std::map<std::string, std::vector<std::string>> by_release_;  // target ids
  std::set<std::pair<Millis, std::string>> due_;
  std::unordered_map<std::uint64_t, std::string> tokens_;
  std::size_t unlooked_ = 0;
};

}  // namespace embargod

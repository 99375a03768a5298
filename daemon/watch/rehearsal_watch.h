#pragma once
// The rehearsals that are planned or under way, and what comes of each. Engine thread only.

#include <map>
#include <string>
#include <vector>

#include "daemon/watch/ledger.h"
#include "daemon/watch/plan.h"
#include "daemon/watch/rehearsal.h"

namespace embargod {

class RehearsalWatch {
 public:
  RehearsalWatch(Ledger& ledger, Log& log) : ledger_{ledger}, log_{log} {}

  void load(const std::vector<Rehearsal>& stored);

  /// Errors: as may_plan().
  [[nodiscard]] Result<void> plan(const Rehearsal& r, const RehearsalFacts& facts);
  /// Errors: not_found, conflict (it is over, or was cancelled), invalid_input (by or reason missing).
  [[nodiscard]] Result<void> cancel(const std::string& id, const std::string& by, const std::string& reason,
                                    Instant now);

  /// The one that what is first seen live now belongs to, or null. Valid until the next call of another member.
  [[nodiscard]] const Rehearsal* of(const Release& release, const Look& look) const;
  /// Why it covers nothing any more; empty while it does. One that is not known covers nothing.
  [[nodiscard]] std::string why_over(const std::string& id, const Release* release, Instant now) const;
  void seen_live(const std::string& id, const std::string& incident);

  /// Writes down what came of those whose window is over.
  void pass_time(Instant now);

  [[nodiscard]] bool empty() const { return unended_.empty(); }
  /// Planned and under way.
  [[nodiscard]] std::vector<Rehearsal> unended() const;

 private:
  void put(const Rehearsal& r, const char* what, const std::string& by, const std::string& text, Instant now);

  Ledger& ledger_;
  Log& log_;
  std::map<std::string, Rehearsal> unended_;  // by id: neither cancelled nor with an outcome
  std::map<std::string, Rehearsal> ended_;    // the same
};

}  // namespace embargod

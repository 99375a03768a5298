#pragma once

#include "config/types/result.h"
#include "daemon/watch/store.h"

namespace embargod {

/// Where what must not be lost lies down while the store refuses (P3): beside the database, on blocks that are its own
/// already. Engine thread only.
class EmergencyJournal {
 public:
  virtual ~EmergencyJournal() = default;

  /// Keeps all of a refused commit that people or reports rely on: incidents, alerts, events, lifts, evidence. Takes
  /// the place of what was kept before, which `c` still holds. Durable when it returns. Error: io; unavailable (too
  /// large, or there is no journal): what was kept before stays.
  [[nodiscard]] virtual Result<void> keep(const Commit& c) = 0;

  /// The store has it now.
  virtual void clear() = 0;
};

}  // namespace embargod

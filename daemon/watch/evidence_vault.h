#pragma once

#include <string>

#include "daemon/watch/incident.h"
#include "daemon/watch/store.h"
#include "daemon/watch/verdict.h"
#include "probes/observation.h"

namespace embargod {

/// What a kept response was taken for.
struct TakenFor {
  Look look;
  Verdict verdict = Verdict::inconclusive;
  bool clock_verified = false;
};

/// Keeps the response that was caught. Engine thread only. Captured bodies are themselves embargoed: 0600, never shown.
class EvidenceVault {
 public:
  virtual ~EvidenceVault() = default;

  /// Writes headers and body (as far as received) durably; returns the row that may name the file once this returned.
  [[nodiscard]] virtual Result<EvidenceRow> keep(const std::string& incident, const Observation& o,
                                                 const TakenFor& taken) = 0;

  /// Removes a file that retire() released.
  virtual void discard(const std::string& path) = 0;
};

}  // namespace embargod

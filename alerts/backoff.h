#pragma once

#include <optional>

#include "config/types/time.h"

namespace embargod {

struct BackoffRange {
  Millis first;  // ceiling after the first failure; grows by a third with each further one
  Millis cap;    // never longer, whatever a receiver asks
};

/// How long to wait after the n-th failure in a row (`failures` from 1): exponential with full jitter, so that many
/// senders do not come back in step. It grows slowly: whoever was away for a while is tried again within two thirds of
/// that while, since a breach may be over in minutes. `random` is in [0, 1). Never below a quarter of `first`: a wait
/// of nothing would be a busy loop. Pure.
[[nodiscard]] Millis backoff(int failures, double random, const BackoffRange& range);

/// The same, but at least as long as the receiver asked (Retry-After), up to the cap. Pure.
[[nodiscard]] Millis backoff(int failures, double random, const BackoffRange& range, std::optional<Millis> retry_after);

}  // namespace embargod

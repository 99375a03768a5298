#pragma once

#include "config/types/time.h"

namespace embargod {

/// alerts.digest: when so much happens at once that one message for all of it says more than one for each.
struct DigestSettings {
  int after = 5;          // messages to a receiver within `within` that leave at once; 0: no digests
  Millis within{60'000};  // looked back
  Millis wait{20'000};    // how long what comes then may be held to leave as one message
  friend bool operator==(const DigestSettings&, const DigestSettings&) = default;
};

/// Every receiver that can be reached has accepted within 30 s of the look (P10).
inline constexpr Millis kLongestDigestWait{25'000};

}  // namespace embargod

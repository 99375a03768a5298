#pragma once

#include "config/types/secret.h"
#include "config/types/time.h"

namespace embargod {

/// alerts.ack_links: messages carry a link that acknowledges.
struct AckLinkSettings {
  Secret key;                 // signs the links; at least 32 bytes
  Millis expires{7'200'000};  // after the alert was decided
};

}  // namespace embargod

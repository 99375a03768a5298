#pragma once
// Drills to try things on.

#include "daemon/watch/drills.h"

namespace embargod {

/// Passed whole: two receivers, acknowledged after half a minute.
inline DrillRecord passed_drill(Instant began, const std::string& id = "01D") {
  DrillRecord r;
  r.id = id;
  r.by = "Duty officer";
  r.began = began;
  r.detected = Millis{400};
  r.ack_within = Millis{60'000};
  r.told = {{.receiver = "am", .outcome = "accepted", .answer = "HTTP 200", .took = Millis{700}},
            {.receiver = "mail", .outcome = "accepted", .answer = "250", .took = Millis{900}}};
  r.acknowledged_by = "On call";
  r.acknowledged = Millis{30'000};
  r.cleared = r.told;
  r.ended = began + Millis{40'000};
  return r;
}

}  // namespace embargod

#pragma once

#include <string>

#include "alerts/alert.h"

namespace embargod {

inline constexpr const char* kTestAlert = "EmbargodTest";

struct TestAlertFacts {
  std::string by;  // who asked for it
  std::string receiver;
  std::string external_url;  // for the link; may be empty
};

/// An alert that nobody can take for a real one: "[TEST]", severity info, of no incident and no release, so that it
/// touches none and lapses at Alertmanager by itself, like the watchdog. Pure.
[[nodiscard]] Alert make_test_alert(const TestAlertFacts& facts, Instant now);

inline constexpr const char* kDrillAlert = "EmbargodDrill";
inline constexpr const char* kDrillMark = "[DRILL] ";

/// The alert of a page that went live in a drill, marked so that nobody takes it for a real one: its own alertname, the
/// severity that a real one has, "[DRILL]" before what people read first, and what to do in a drill. Its incident id
/// and key stay. `by`: who asked for it. Pure.
[[nodiscard]] Alert make_drill_alert(Alert flown, const std::string& by);

}  // namespace embargod

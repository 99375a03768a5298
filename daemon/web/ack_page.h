#pragma once
// The page behind the link in a message: what it is about, and one button. Pure.

#include <cstdint>
#include <string>

#include "daemon/watch/incident.h"
#include "daemon/web/pages.h"
#include "daemon/web/post_rules.h"

namespace embargod {

enum class AckState : std::uint8_t { asks, incomplete, done, used, expired, over, failed, unknown };

struct AckView {
  AckState state = AckState::unknown;
  const Incident* incident = nullptr;  // null: unknown
  std::string receiver;                // to whom the link was sent
  std::string fault{};                 // one line, of `failed` and `incomplete`; of `done`: what was not done
  const DrillRecord* drill = nullptr;  // set: it is of a drill, and there is no incident
  AckForm form{};                      // of `incomplete`: what was filled in
};

/// Names no URL of what is public: the link may have been passed on.
[[nodiscard]] std::string ack_page(const PageFrame& frame, const AckView& view);

[[nodiscard]] int ack_status(AckState state);  // HTTP

}  // namespace embargod

#pragma once
// What one receiver is sent next, and when to look again. Values in, values out: the rules of design.md 5.5 without
// thread or store.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "alerts/alert.h"
#include "alerts/outbox_worker.h"
#include "config/types/time.h"

namespace embargod {

/// One step that this receiver has not accepted yet.
struct Waiting {
  Alert alert;
  std::optional<std::int64_t> row;  // unset: only in memory, since the store refuses (P3)
  int attempts = 0;
  Instant next_try{};
};

/// The newest step of a standing alert that this receiver has accepted.
struct HeldAlert {
  Alert alert;
  std::optional<std::int64_t> row;
  Instant accepted_at{};
  Instant firing_since{};  // first acceptance of a firing step since the last resolve; means nothing once resolved
  Instant next_resend{};
};

struct LaneView {
  Instant now{};
  bool standing = false;                   // how the receiver wants alerts (ReceiverTraits::standing)
  std::vector<Waiting> waiting;            // in order of decision: rows by id, then what is in memory
  std::vector<HeldAlert> held;             // at most one for each standing_id; empty for plain receivers
  std::optional<DigestSettings> digest{};  // of plain receivers: many at once go as one
  int told_lately = 0;                     // messages accepted within digest->within
};

struct PlannedSend {
  std::size_t waiting = 0;  // index into LaneView::waiting
  bool as_firing = false;   // a resolve whose firing never got here: first send it as firing, then hold it as usual
  friend bool operator==(const PlannedSend&, const PlannedSend&) = default;
};

struct LanePlan {
  std::vector<std::size_t> supersede;             // of waiting: never sent, a newer step says all
  std::vector<PlannedSend> send;                  // at most one of each standing_id; most urgent first
  std::vector<std::size_t> resend;                // of held
  std::vector<std::vector<std::size_t>> digests;  // of waiting: each one message, all firing or all resolved
  Instant look_again{};                           // nothing becomes due before, unless new rows come
};

/// Pure. Plain receivers get each step but `updated` once and in order, a reminder only
/// where nothing else waits. Standing ones get the newest step only; a
/// resolve is held until min_firing after the first acceptance, and repeated for resolve_repeat. One failing incident
/// never holds up another. With a digest rule, what exceeds its number is held for at most its wait, and then sent as
/// one message: what is most urgent is never among it while there is room.
[[nodiscard]] LanePlan plan_lane(const LaneView& view, const OutboxTiming& timing);

}  // namespace embargod

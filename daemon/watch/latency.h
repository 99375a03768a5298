#pragma once
// How long it can take from going live early until a receiver is told. Pure; any thread.

#include <array>
#include <cstdint>

#include "config/release.h"
#include "config/settings.h"
#include "config/types/time.h"

namespace embargod {

/// The first alert is never held back longer for a sibling's answer (ADR 0009).
inline constexpr Millis kSiblingHold{5'000};

/// The worst case of each step in one phase before due. It counts on a site that answers and a receiver that accepts at
/// the first try; what embargod cannot know (a cache of the site, Alertmanager's group_wait) is not in it.
struct LatencyPhase {
  enum class Name : std::uint8_t { far, near, window };
  Name name = Name::far;
  Millis wait{0};       // until the next look: the interval, or longer where the host's budget wins over it
  bool budget = false;  // ... which it does
  Millis answer{0};     // the look itself: polling.timeout
  Millis hold{0};       // a first sight that rests on its status alone waits for a sibling
  Millis record{0};     // judged, and committed with its alert
  Millis outbox{0};     // until the receiver's thread looks, should nothing wake it
  Millis delivery{0};   // until the receiver has accepted

  [[nodiscard]] Millis total() const { return wait + answer + hold + record + outbox + delivery; }
  friend bool operator==(const LatencyPhase&, const LatencyPhase&) = default;
};

/// Far, near, window, in this order. Far from due all URLs of a site share its budget; near it and in the window those
/// of one due instant do, since more urgent looks go first. Other forms of a URL and guesses are not counted: they have
/// longer intervals of their own.
[[nodiscard]] std::array<LatencyPhase, 3> latency_phases(const Polling& polling, const Schedule& schedule);

}  // namespace embargod

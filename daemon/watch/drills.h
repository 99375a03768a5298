#pragma once
// Drills: a page of our own goes live early, and word of it goes to real receivers, marked [DRILL]. What came of each
// is a record, and the door to them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// What one receiver made of one message of a drill.
struct DrillReceipt {
  std::string receiver;
  std::string outcome;         // accepted, retried (not in time), rejected, no answer
  std::string answer;          // one line
  std::optional<Millis> took;  // until accepted: of the alarm from going live, of the all-clear from the withdrawal
  friend bool operator==(const DrillReceipt&, const DrillReceipt&) = default;
};

struct DrillRecord {
  std::string id;  // in the form of an incident's, and as such in all its messages
  std::string by;
  Instant began{};
  Millis ack_within{0};                // 0: nobody is waited for
  std::optional<Millis> detected;      // from going live until the incident was committed
  std::vector<DrillReceipt> told;      // the alarm, in the order of the config
  std::string acknowledged_by;         // empty: by nobody
  std::optional<Millis> acknowledged;  // from the first acceptance
  std::vector<DrillReceipt> cleared;   // the all-clear, to those that accepted the alarm
  std::optional<Instant> ended;        // unset: under way
  std::string fault;                   // why it broke off; empty: it did not
  friend bool operator==(const DrillRecord&, const DrillRecord&) = default;
};

/// All that it asked for came: everybody accepted both messages, and if that was waited for, somebody acknowledged.
[[nodiscard]] bool has_passed(const DrillRecord& r);

/// In one line for people: "passed: found after 0.412 s; webhook-1 after 0.533 s; acknowledged by ... after 34.100 s".
[[nodiscard]] std::string drill_summary(const DrillRecord& r);

/// One line of JSON, as the store keeps it and the API shows it, and back (corrupt).
[[nodiscard]] std::string drill_json(const DrillRecord& r);
[[nodiscard]] Result<DrillRecord> read_drill(std::string_view json);

struct DrillOrder {
  std::string by;                      // not empty
  std::vector<std::string> receivers;  // empty: all that pages go to
  Millis ack_within{0};                // at most kLongestDrill
};
inline constexpr Millis kLongestDrill{60 * 60'000};

/// Any thread.
class Drills {
 public:
  virtual ~Drills() = default;
  /// Begins one and returns its id at once. Errors: busy (one is under way), not_found (names the known receivers),
  /// unavailable (stopping).
  [[nodiscard]] virtual Result<std::string> begin(const DrillOrder& order) = 0;
  /// Errors: not_found (no drill of this id), conflict (it is over, or was acknowledged).
  [[nodiscard]] virtual Result<void> acknowledge(const std::string& id, const std::string& by) = 0;
  /// The one under way first, then the stored ones, newest first. Errors: the store's.
  [[nodiscard]] virtual Result<std::vector<DrillRecord>> newest(int limit) = 0;
};

}  // namespace embargod

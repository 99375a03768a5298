#pragma once
// The door to the evidence log: an append-only row of leaves, one for each thing that was recorded or done. What the
// store commits has its leaf in the same transaction; nobody changes or removes one, but the contents of a retired
// incident's leaves go, and their hashes stay.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/digest.h"
#include "config/types/time.h"

namespace embargod {

inline constexpr std::size_t kSaltSize = 32;

struct LogLeaf {
  std::int64_t index = 0;  // 0, 1, 2, ... without a gap
  Instant at{};
  std::string kind;      // "incident", "event", "span", "blind", "evidence", "delivery", "schedule", "due", "lift",
                         // "baseline", "drill", "rehearsal", "config", "access", "retired",
                         // "impact", "written" (a field of a report), "mark" (of a version of one)
  std::string incident;  // may be empty
  std::string target;    // of a span; else empty
  std::string salt;      // kSaltSize bytes; empty once retired
  std::string record;    // JSON, members sorted, no white space; empty once retired
  Digest hash{};
  friend bool operator==(const LogLeaf&, const LogLeaf&) = default;
};

/// SHA-256(0x00 || salt || record): RFC 9162 2.1.1, of a salted entry. The salt keeps a short record from being guessed
/// by its hash. Pure.
[[nodiscard]] Digest leaf_hash(std::string_view salt, std::string_view record);

/// A signed head as it was published.
struct KeptCheckpoint {
  std::int64_t size = 0;
  Instant at{};
  std::string note;
  friend bool operator==(const KeptCheckpoint&, const KeptCheckpoint&) = default;
};

/// Any thread, one call at a time. Errors as Store's.
class EvidenceLog {
 public:
  virtual ~EvidenceLog() = default;
  [[nodiscard]] virtual Result<std::int64_t> size() = 0;

  /// From index `from` on, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<LogLeaf>> leaves(std::int64_t from, int limit) = 0;

  /// All that an incident's export holds, in order: its own leaves, the spans of `targets`, and the schedule revisions
  /// and lifts of its release.
  [[nodiscard]] virtual Result<std::vector<LogLeaf>> leaves_of(const std::string& incident, const std::string& release,
                                                               const std::vector<std::string>& targets) = 0;

  /// Adds a leaf of its own. `record` is a JSON object; kind, at and incident are added to it.
  [[nodiscard]] virtual Result<void> append(const std::string& kind, Instant at, const std::string& incident,
                                            const std::string& record) = 0;

  /// The incident as it stands now, and of its targets the spans that still grow, as leaves. Error not_found.
  [[nodiscard]] virtual Result<void> append_state(const std::string& incident, Instant at) = 0;

  [[nodiscard]] virtual Result<void> keep_checkpoint(const KeptCheckpoint& c) = 0;
  [[nodiscard]] virtual Result<std::vector<KeptCheckpoint>> checkpoints() = 0;  // by time
};

}  // namespace embargod

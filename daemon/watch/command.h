#pragma once

#include <string>

#include "config/types/result.h"

namespace embargod {

/// What a person decides about an incident or a release. `by` is never empty.
struct Command {
  enum class What : std::uint8_t { acknowledge, dismiss, close, note, lift, approve_baseline };
  What what = What::note;
  std::string id;  // incident id; release id for lift; target id for approve_baseline
  std::string by;
  std::string reason;         // required for dismiss, note and lift
  std::string fingerprint{};  // approve_baseline: what the person was shown; conflict if the page is another by now
};

/// The mailbox to the engine. Any thread; returns when the engine has committed it (or refused), at most 5 s later
/// (unavailable). Errors: not_found, conflict (already over), invalid_input, unavailable.
class Commands {
 public:
  virtual ~Commands() = default;
  [[nodiscard]] virtual Result<void> run(const Command& c) = 0;
};

}  // namespace embargod

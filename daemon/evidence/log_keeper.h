#pragma once
// Signs the heads of the evidence log, and notices when the log is not the one whose head was signed last.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/types/clock.h"
#include "daemon/evidence/checkpoint.h"
#include "daemon/evidence/merkle_log.h"
#include "daemon/watch/evidence_log.h"
#include "daemon/watch/log.h"

namespace embargod {

struct LogState {
  std::uint64_t size = 0;            // leaves that are taken in
  std::optional<Checkpoint> newest;  // head that was signed
  bool sound = true;                 // false: no more heads are signed
  std::string why;                   // not
};

/// Any thread; keep() is one's.
class LogKeeper {
 public:
  struct Doors {
    EvidenceLog& log;
    const Clock& clock;
    Log& say;
  };
  /// `folder`: the state folder. It holds the key, and in the file `checkpoint` the newest signed head: a database that
  /// is rolled back to a snapshot does not take that back. Each leaf is checked against its hash. A log that does not
  /// go on from the newest head is not sound: that is told loudly, and nothing is signed until somebody looks into it
  /// and moves the file away. Errors: io and the store's; corrupt (the key).
  [[nodiscard]] static Result<std::unique_ptr<LogKeeper>> open(const std::string& folder, Doors doors);

  /// Takes in what was added. Signs a head if that tells of an incident, or ten minutes after the former one. About
  /// each second.
  void keep();

  /// A head over all that is there now, signed even if the newest is younger than ten minutes. Error conflict: the log
  /// is not sound.
  [[nodiscard]] Result<Checkpoint> sign_now();

  [[nodiscard]] LogState state() const;
  [[nodiscard]] const SigningKey& key() const { return key_; }
  [[nodiscard]] MerkleTree tree() const;

 private:
  LogKeeper(std::string folder, Doors doors, SigningKey key)
      : folder_{std::move(folder)}, doors_{doors}, key_{std::move(key)} {}
  [[nodiscard]] Result<void> start();
  [[nodiscard]] Result<bool> take_in();
  [[nodiscard]] Result<void> sign();
  void unsound(const std::string& why);

  const std::string folder_;
  const Doors doors_;
  const SigningKey key_;
  mutable std::mutex mutex_;  // all below
  MerkleTree tree_;
  std::optional<Checkpoint> newest_;
  bool owed_ = false;  // a head: something of an incident was taken in since the newest
  bool sound_ = true;
  std::string why_;
  std::string told_;  // fault of the newest try
  Millis signed_ticks_{0};
};

/// The newest signed head that lies in a state folder. Unset: none. Error corrupt: not one of this key's.
[[nodiscard]] Result<std::optional<Checkpoint>> newest_checkpoint(const std::string& folder, const VerifierKey& key);

}  // namespace embargod

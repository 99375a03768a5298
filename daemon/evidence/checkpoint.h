#pragma once
// Signed heads of the evidence log: C2SP tlog-checkpoint in a C2SP signed note, Ed25519.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "config/types/digest.h"
#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// Who may sign. As text ("verifier key" of C2SP): "<name>+<id, 8 hex digits>+<base64 of 0x01 and the key>".
struct VerifierKey {
  std::string name;  // "embargod-log-<16 hex digits of the key's SHA-256>"
  std::string key;   // 32 bytes
  friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};
[[nodiscard]] std::string to_text(const VerifierKey& k);
/// Error corrupt. Takes exactly what to_text() writes.
[[nodiscard]] Result<VerifierKey> verifier_from(std::string_view text);

class SigningKey {
 public:
  /// Reads `folder`/evidence.key (PEM, 0600), or makes it with `folder`/evidence.pub beside it if there is none.
  /// Errors: io, corrupt (not an Ed25519 key, or open to others).
  [[nodiscard]] static Result<SigningKey> open_or_make(const std::string& folder);
  /// Of nobody's, for tests.
  [[nodiscard]] static SigningKey fresh();

  /// `text` (each line ended) with its signature: a signed note.
  [[nodiscard]] std::string signed_note(const std::string& text) const;
  [[nodiscard]] const VerifierKey& verifier() const { return verifier_; }

 private:
  struct Secret;
  explicit SigningKey(std::shared_ptr<const Secret> secret);
  std::shared_ptr<const Secret> secret_;
  VerifierKey verifier_;
};

/// The text of a note with one signature, this key's. Error corrupt: anything else, and any byte more.
[[nodiscard]] Result<std::string> verified_text(std::string_view note, const VerifierKey& key);

struct Checkpoint {
  std::uint64_t size = 0;
  Digest root{};
  Instant at{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

/// Origin (the key's name), size, root, and as an extension line the time.
[[nodiscard]] std::string checkpoint_note(const Checkpoint& c, const SigningKey& key);
/// Error corrupt.
[[nodiscard]] Result<Checkpoint> read_checkpoint(std::string_view note, const VerifierKey& key);

}  // namespace embargod

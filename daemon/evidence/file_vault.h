#pragma once

#include <cstddef>
#include <string>

#include "daemon/watch/evidence_vault.h"

namespace embargod {

/// Keeps each caught response as "evidence/<incident>/<n>-<digest12>.http" below the state folder: one note line, then
/// the status line, the headers as sent, a blank line and the body as decoded. Folders 0700, files 0600, no symbolic
/// links followed. Engine thread only.
class FileVault final : public EvidenceVault {
 public:
  /// `max_body`: bytes of a body that are kept.
  explicit FileVault(std::string state_folder, std::size_t max_body = std::size_t{8} << 20U)
      : folder_{std::move(state_folder)}, max_body_{max_body} {}

  /// Durable when it returns: written under a temporary name, synced, renamed, and the folder synced (P2).
  /// Errors: invalid_input (an incident id that is none of ours), io.
  [[nodiscard]] Result<EvidenceRow> keep(const std::string& incident, const Observation& o) override;

  /// Ignores anything but a path that keep() could have returned.
  void discard(const std::string& path) override;

 private:
  std::string folder_;
  std::size_t max_body_;
};

}  // namespace embargod

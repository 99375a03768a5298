#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "daemon/evidence/capture.h"
#include "daemon/evidence/files.h"
#include "daemon/watch/evidence_vault.h"
#include "daemon/watch/log.h"

namespace embargod {

/// Keeps each caught response in its incident's WARC file, "evidence/<incident>.warc.gz" below the state folder, to
/// which records are only added. A row names file and place: "evidence/<incident>.warc.gz#<offset of the answer>".
/// Folders 0700, files 0600, no symbolic links followed. Engine thread only.
///
/// A record that a crash left half written is cut off before the next is added. A file that is damaged further ahead is
/// left as it is, and the incident goes on in "<incident>-2.warc.gz". Both are in the log.
class WarcVault final : public EvidenceVault {
 public:
  struct Setup {
    std::string state_folder;
    std::function<CapturedBy()> by;                    // asked for each capture: a reload may change it
    std::size_t max_body = std::size_t{8} << 20U;      // bytes of a body that are kept
    std::uint64_t max_file = std::uint64_t{1} << 30U;  // a file that has this size is added to no more
  };
  WarcVault(Setup setup, Log& log) : setup_{std::move(setup)}, log_{log} {}

  /// Durable when it returns (P2). A failed write leaves the file as it was.
  /// Errors: invalid_input (an incident id or a digest that is none of ours), io.
  [[nodiscard]] Result<EvidenceRow> keep(const std::string& incident, const Observation& o,
                                         const TakenFor& taken) override;

  /// Ignores anything but a path that keep() could have returned, now or up to version 0.1 ("<incident>/<n>-<digest12>
  /// .http"). The file goes as a whole: rows of one incident are retired together.
  void discard(const std::string& path) override;

 private:
  /// What is known of an incident's newest file.
  struct Tail {
    int number = 1;
    std::uint64_t size = 0;                          // whole records; 0: not begun
    std::map<std::string, EarlierPayload> payloads;  // by digest
  };

  [[nodiscard]] Result<Tail> tail_of(const Fd& folder, const std::string& incident);
  [[nodiscard]] Result<bool> read_tail(const Fd& folder, const std::string& name, Tail& tail);
  [[nodiscard]] Result<void> cut(const Fd& file, const std::string& name, std::uint64_t size, std::uint64_t was);

  Setup setup_;
  Log& log_;
  std::map<std::string, Tail> tails_;  // by incident
};

}  // namespace embargod

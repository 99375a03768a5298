#pragma once
// The emergency journal as a file of two slots that are written in turn, so that a torn write leaves the other whole.
// Its blocks are written when the daemon starts: a disk that is full later still takes it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/store/sqlite_store.h"
#include "daemon/watch/emergency_journal.h"
#include "daemon/watch/log.h"

namespace embargod {

inline constexpr std::size_t kJournalSlot = std::size_t{2} << 20U;  // bytes: some 150 incidents with their alerts

/// Engine thread, but for the making. Owns its file descriptor (O_DSYNC: a write that returned is on disk).
class FileJournal final : public EmergencyJournal {
 public:
  /// Opens or makes `folder`/emergency.journal (0600). The folder must be this process's own. Error: io (no room, read
  /// only).
  [[nodiscard]] static Result<std::unique_ptr<FileJournal>> open(const std::string& folder,
                                                                 std::size_t slot = kJournalSlot);
  ~FileJournal() override;
  FileJournal(const FileJournal&) = delete;
  FileJournal& operator=(const FileJournal&) = delete;

  [[nodiscard]] Result<void> keep(const Commit& c) override;
  void clear() override;

  /// keep() of a text that journal_text() made.
  [[nodiscard]] Result<void> keep_text(const std::string& text) { return write_next(text); }

  /// Gives the file another name, for people to look at; this object must be thrown away then. Returns the name.
  [[nodiscard]] Result<std::string> set_aside();

  /// What a former run could not bring into the store; unset if nothing. Error: corrupt (whole, yet not to be read: by
  /// a newer embargod), io.
  [[nodiscard]] Result<std::optional<Commit>> left();

 private:
  FileJournal(int fd, std::string path, std::size_t slot) : fd_{fd}, path_{std::move(path)}, slot_{slot} {}
  [[nodiscard]] std::optional<std::string> read_slot(std::size_t index, std::uint64_t& number) const;
  [[nodiscard]] Result<void> write_next(const std::string& payload);

  int fd_;
  std::string path_;
  std::size_t slot_;
  std::uint64_t number_ = 0;  // of the newest whole slot
  std::string newest_;        // its payload, until left() was asked
};

/// Brings what the journal holds into the store, once: what the store has already (its commit went through, the process
/// ended before the journal was cleared) is not told again and makes nothing older. Returns how many alerts were
/// brought in. The journal is cleared only when the store has them. Errors: left()'s and the store's.
[[nodiscard]] Result<std::size_t> replay(FileJournal& journal, Store& store, StoreReader& reader);

/// The journal of a daemon that starts: brings in what is left, sets aside what cannot be read, and says each in the
/// log. Null where the disk takes none: the watch goes on without. Error: the store refuses what is left.
[[nodiscard]] Result<std::unique_ptr<FileJournal>> start_journal(const std::string& folder, SqliteState& state,
                                                                 Log& log);

}  // namespace embargod

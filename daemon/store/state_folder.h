#pragma once
// The folder that one daemon owns. Internal to daemon/store.

#include <string>

#include "config/types/result.h"

namespace embargod {

/// Holds the lock of a state folder while it lives.
class StateFolder {
 public:
  /// Makes the folder, closes it to others, and locks it. Errors: io, busy (another daemon works there).
  [[nodiscard]] static Result<StateFolder> take(const std::string& folder);

  StateFolder(StateFolder&& other) noexcept;
  StateFolder& operator=(StateFolder&& other) noexcept;
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
  ~StateFolder();

  /// Makes an empty file (0600) if there is none, and closes one that is open to others. Error: io.
  /// Not while the process has the file open as a database: closing it here would drop SQLite's POSIX locks.
  [[nodiscard]] Result<std::string> private_file(const std::string& name) const;

 private:
  StateFolder(std::string folder, int lock) : folder_{std::move(folder)}, lock_{lock} {}

  std::string folder_;
  int lock_ = -1;
};

}  // namespace embargod

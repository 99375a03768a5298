#pragma once
// A file that is read, changed and put back whole, by one program at a time.

#include <string>

#include "config/types/result.h"

namespace embargod {

/// Holds the lock on the file while it lives. Not thread-safe.
class FileEdit {
 public:
  /// Reads at most `limit` bytes. Follows links, so that the file behind one is changed and the link stays. Errors: io,
  /// invalid_input (too large), busy (another embargoctl is at it).
  [[nodiscard]] static Result<FileEdit> open(const std::string& path, std::size_t limit);

  FileEdit(FileEdit&& other) noexcept;
  FileEdit& operator=(FileEdit&&) = delete;
  FileEdit(const FileEdit&) = delete;
  FileEdit& operator=(const FileEdit&) = delete;
  ~FileEdit();

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

  /// Puts `bytes` in its place in one step, with the same owner and mode: a reader sees the old file or the new one,
  /// and a daemon that may read the one may read the other. Errors: busy (an editor changed it meanwhile), io; then the
  /// old file is as it was.
  [[nodiscard]] Result<void> replace(const std::string& bytes) const;

 private:
  FileEdit(std::string path, int fd, std::string bytes) : path_{std::move(path)}, fd_{fd}, bytes_{std::move(bytes)} {}
  std::string path_;  // without links
  int fd_;
  std::string bytes_;
};

/// False: errno says why not all of it was written.
[[nodiscard]] bool write_all_bytes(int fd, const std::string& bytes);

}  // namespace embargod

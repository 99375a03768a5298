#pragma once
// Lines of a file of any size: plain, gzip (RFC 1952) or Zstandard (RFC 8878), told by its first bytes. Streamed:
// memory does not grow with the file.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// A longer line is no request of any server: servers refuse such URLs.
inline constexpr std::size_t kLongestLogLine = std::size_t{64} << 10U;

struct LogFileEnd {
  std::uint64_t bytes = 0;       // unpacked
  std::string digest;            // "sha256:..." of the file's own bytes, as far as it was read
  std::uint64_t long_lines = 0;  // left out
  std::string fault;             // "the file is cut off after 4096 bytes": what came before was read; empty: whole
};

class ByteSource;
class FileBytes;

/// One file, read once from the front. Not for use by two threads at once.
class LogFile {
 public:
  /// `path` "-": standard input. Error: io, with the path, if it can't be opened or its first bytes can't be read.
  [[nodiscard]] static Result<LogFile> open(const std::string& path);
  ~LogFile();
  LogFile(LogFile&&) noexcept;
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  LogFile& operator=(LogFile&&) = delete;

  /// Its first lines, at most `max_bytes` of them, whole lines only; read() gives them again.
  [[nodiscard]] std::string head(std::size_t max_bytes);

  /// Calls `take` for every line, without its line break; the view holds during the call.
  [[nodiscard]] LogFileEnd read(const std::function<void(std::string_view line)>& take);

 private:
  LogFile(std::unique_ptr<ByteSource> bytes, FileBytes* file);

  std::unique_ptr<ByteSource> bytes_;  // unpacked
  FileBytes* file_;                    // at the bottom of bytes_
  std::string peeked_;
};

}  // namespace embargod

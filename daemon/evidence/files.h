#pragma once
// Files and folders that others must not read, made durable. Internal to daemon/evidence.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "config/types/result.h"

namespace embargod {

inline constexpr const char* kEvidenceRoot = "evidence";

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_{fd} {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// What errno says, as a fault.
[[nodiscard]] tl::unexpected<Fault> io_error(const std::string& where, const char* doing);

/// Opens folder `name` in `parent` (0700), made and made durable if it is not there. Follows no symbolic link.
[[nodiscard]] Result<Fd> folder_in(const Fd& parent, const std::string& name, const std::string& shown);

/// All bytes, or false with errno.
[[nodiscard]] bool write_all(int fd, std::string_view bytes);

/// The file's bytes as long as this lives; empty for an empty file.
class MappedFile {
 public:
  /// Error io.
  [[nodiscard]] static Result<MappedFile> of(const Fd& file, const std::string& shown);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept
      : at_{std::exchange(other.at_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  MappedFile& operator=(MappedFile&&) = delete;
  [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(at_), size_}; }

 private:
  MappedFile(void* at, std::size_t size) : at_{at}, size_{size} {}
  void* at_;
  std::size_t size_;
};

/// An id as incidents have it: it may name a file.
[[nodiscard]] bool is_incident_id(std::string_view id);

}  // namespace embargod

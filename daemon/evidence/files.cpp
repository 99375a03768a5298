#include "daemon/evidence/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace embargod {

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

tl::unexpected<Fault> io_error(const std::string& where, const char* doing) {
  const int error = errno;
  return fail(Errc::io, std::string{doing} + ": " + std::strerror(error), where,
              error == ENOSPC ? "make room on the disk" : "check that the folder is there and writable for embargod");
}

Result<Fd> folder_in(const Fd& parent, const std::string& name, const std::string& shown) {
  if (::mkdirat(parent.get(), name.c_str(), 0700) == 0) {
    if (::fsync(parent.get()) != 0) return io_error(shown, "cannot sync the folder");
  } else if (errno != EEXIST) {
    return io_error(shown, "cannot make the folder");
  }
  Fd folder{::openat(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!folder.ok()) return io_error(shown, "cannot open the folder");
  return folder;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Result<MappedFile> MappedFile::of(const Fd& file, const std::string& shown) {
  struct stat s{};
  if (::fstat(file.get(), &s) != 0) return io_error(shown, "cannot read");
  if (s.st_size == 0) return MappedFile{nullptr, 0};
  const auto size = static_cast<std::size_t>(s.st_size);
  void* at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (at == MAP_FAILED) return io_error(shown, "cannot read");
  return MappedFile{at, size};
}

MappedFile::~MappedFile() {
  if (at_ != nullptr) ::munmap(at_, size_);
}

bool is_incident_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace embargod

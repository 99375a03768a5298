#include "daemon/ctl/file_edit.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "config/settings_reader.h"

namespace embargod {
namespace {

tl::unexpected<Fault> refuse_file(const std::string& path, const std::string& what, std::string to_do = {}) {
  return fail(Errc::io, what + ": " + std::strerror(errno), path, std::move(to_do));
}

/// Is `fd` still the file at `path`? Another program may have put a new one there between open and lock.
bool is_file_at(int fd, const std::string& path) {
  struct stat held{};
  struct stat there{};
  return ::fstat(fd, &held) == 0 && ::stat(path.c_str(), &there) == 0 && held.st_dev == there.st_dev &&
         held.st_ino == there.st_ino;
}

/// Owner and mode of the old file; the mode last, since a change of owner takes bits away.
bool copy_access(int from, int to) {
  struct stat old{};
  struct stat made{};
  if (::fstat(from, &old) != 0 || ::fstat(to, &made) != 0) return false;
  if ((old.st_uid != made.st_uid || old.st_gid != made.st_gid) && ::fchown(to, old.st_uid, old.st_gid) != 0)
    return false;
  return ::fchmod(to, old.st_mode & 07777U) == 0;
}

/// The rename is on disk only when its folder is.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

}  // namespace

bool write_all_bytes(int fd, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t n = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

Result<FileEdit> FileEdit::open(const std::string& path, std::size_t limit) {
  char* const resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return refuse_file(path, "cannot be read");
  std::string real = resolved;
  std::free(resolved);
  const int fd = ::open(real.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return refuse_file(path, "cannot be read");
  FileEdit edit{std::move(real), fd, {}};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 || !is_file_at(fd, edit.path_))
    return fail(Errc::busy, "is being changed by another embargoctl", path, "try again");
  auto bytes = read_file(edit.path_, limit);
  if (!bytes) return tl::unexpected{bytes.error()};
  edit.bytes_ = std::move(*bytes);
  return edit;
}

FileEdit::FileEdit(FileEdit&& other) noexcept
    : path_{std::move(other.path_)}, fd_{std::exchange(other.fd_, -1)}, bytes_{std::move(other.bytes_)} {}

FileEdit::~FileEdit() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> FileEdit::replace(const std::string& bytes) const {
  const auto now = read_file(path_, bytes_.size());
  if (!is_file_at(fd_, path_) || !now || *now != bytes_)
    return fail(Errc::busy, "was changed by somebody else meanwhile, and is left as it is", path_, "try again");
  std::string temporary = path_ + ".XXXXXX";
  const int fd = ::mkstemp(temporary.data());
  if (fd < 0)
    return refuse_file(path_, "cannot be replaced", "the folder must be writable for whoever changes the schedule");
  const char* failed = nullptr;
  if (!write_all_bytes(fd, bytes)) failed = "cannot be written";
  if (failed == nullptr && !copy_access(fd_, fd)) failed = "would get another owner or mode";
  if (failed == nullptr && ::fsync(fd) != 0) failed = "cannot be written";
  const int error = errno;
  if (::close(fd) != 0 && failed == nullptr) failed = "cannot be written";
  if (failed == nullptr && ::rename(temporary.c_str(), path_.c_str()) == 0) {
    sync_folder_of(path_);
    return {};
  }
  if (failed != nullptr) errno = error;
  const auto refused = refuse_file(path_, failed == nullptr ? "cannot be replaced" : failed, "run it as its owner");
  (void)::unlink(temporary.c_str());
  return refused;
}

}  // namespace embargod

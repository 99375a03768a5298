#include "daemon/store/state_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace embargod {
namespace {

constexpr mode_t kOthers = 077;
constexpr const char* kLockName = "embargod.lock";

tl::unexpected<Fault> io_fault(const std::string& where, const char* doing, int error) {
  return fail(Errc::io, std::string{doing} + ": " + std::strerror(error), where,
              error == ENOSPC ? "make room on the disk" : "check that it exists and is writable for embargod");
}

/// Ours already, or nothing but the empty folder: then its mode is ours to set.
bool may_be_ours(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> dir{::opendir(folder.c_str()), ::closedir};
  if (!dir) return false;
  bool empty = true;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string name = entry->d_name;
    if (name == kLockName) return true;
    if (name != "." && name != "..") empty = false;
  }
  return empty;
}

/// What is caught here is itself embargoed: nobody else may look into the folder.
Result<void> close_to_others(const std::string& folder) {
  struct stat s{};
  if (::stat(folder.c_str(), &s) != 0) return io_fault(folder, "cannot use the state folder", errno);
  if (!S_ISDIR(s.st_mode)) return io_fault(folder, "cannot use the state folder", ENOTDIR);
  if ((s.st_mode & kOthers) == 0) return {};
  if (!may_be_ours(folder)) {
    return fail(Errc::io, "the state folder is open to other users and holds files of somebody else", folder,
                "give embargod a folder of its own, or run: chmod 700 " + folder);
  }
  if (::chmod(folder.c_str(), 0700) != 0) return io_fault(folder, "cannot close the state folder to others", errno);
  return {};
}

std::string lock_holder(int fd) {
  std::array<char, 24> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size() - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < n; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') break;
    pid += c;
  }
  return pid.empty() ? "" : " (process " + pid + ")";
}

}  // namespace

Result<StateFolder> StateFolder::take(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return io_fault(folder, "cannot make the state folder", errno);
  if (auto closed = close_to_others(folder); !closed) return tl::unexpected<Fault>{std::move(closed.error())};
  const std::string name = folder + "/" + kLockName;
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return io_fault(name, "cannot open the lock", errno);
  StateFolder taken{folder, fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return io_fault(name, "cannot lock", errno);
    return fail(Errc::busy, "another embargod" + lock_holder(fd) + " works on this state folder", folder,
                "stop it, or give this one a folder of its own with --storage.path");
  }
  // For people who look; the lock itself is the kernel's. A full disk must not stop a start.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) == 0) [[maybe_unused]]
    const ssize_t n = ::pwrite(fd, pid.data(), pid.size(), 0);
  return taken;
}

StateFolder::StateFolder(StateFolder&& other) noexcept
    : folder_{std::move(other.folder_)}, lock_{std::exchange(other.lock_, -1)} {}

StateFolder& StateFolder::operator=(StateFolder&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(lock_, other.lock_);
  return *this;
}

StateFolder::~StateFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<std::string> StateFolder::private_file(const std::string& name) const {
  std::string path = folder_ + "/" + name;
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return io_fault(path, "cannot open", errno);
  struct stat s{};
  const bool closed = ::fstat(fd, &s) == 0 && ((s.st_mode & kOthers) == 0 || ::fchmod(fd, 0600) == 0);
  const int error = errno;
  ::close(fd);
  if (!closed) return io_fault(path, "cannot close to others", error);
  return path;
}

}  // namespace embargod

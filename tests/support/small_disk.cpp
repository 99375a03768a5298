#include "tests/support/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace embargod {
namespace {

void write_proc(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t n = ::write(fd, text.data(), text.size());
  ::close(fd);
}

[[noreturn]] void refuse_mount(const char* what) {
  throw std::runtime_error{std::string{what} + ": " + std::strerror(errno) +
                           ". This test needs the right to mount: run it as root or allow user namespaces"};
}

/// Mounts of this process alone; they end with it, whatever happens.
void own_mount_namespace() {
  static bool done = false;
  if (done) return;
  const std::string uid = std::to_string(::getuid());
  const std::string gid = std::to_string(::getgid());
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) refuse_mount("cannot make a mount namespace");
    write_proc("/proc/self/setgroups", "deny");
    write_proc("/proc/self/uid_map", "0 " + uid + " 1");
    write_proc("/proc/self/gid_map", "0 " + gid + " 1");
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) refuse_mount("cannot make mounts private");
  done = true;
}

}  // namespace

SmallDisk::SmallDisk(std::string folder, std::size_t bytes) : folder_{std::move(folder)} {
  own_mount_namespace();
  const std::string options = "mode=0700,size=" + std::to_string(bytes);
  if (::mount("tmpfs", folder_.c_str(), "tmpfs", 0, options.c_str()) != 0) refuse_mount("cannot mount a tmpfs");
}

SmallDisk::~SmallDisk() { ::umount2(folder_.c_str(), MNT_DETACH); }

void SmallDisk::remount_read_only() const {
  if (::mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) != 0)
    refuse_mount("cannot remount read-only");
}

}  // namespace embargod

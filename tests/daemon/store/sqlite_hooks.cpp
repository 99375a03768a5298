#include "tests/daemon/store/sqlite_hooks.h"

#include <sqlite3.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <memory>

namespace embargod {
namespace {

int countdown = 0;  // 0: not armed
int armed_error = 0;
bool struck = false;

bool strike() {
  if (countdown == 0 || --countdown > 0) return false;
  struck = true;
  errno = armed_error;
  return true;
}

ssize_t failing_write(int fd, const void* p, size_t n) { return strike() ? -1 : ::write(fd, p, n); }
ssize_t failing_pwrite(int fd, const void* p, size_t n, off_t at) { return strike() ? -1 : ::pwrite(fd, p, n, at); }
int failing_ftruncate(int fd, off_t size) { return strike() ? -1 : ::ftruncate(fd, size); }

void set_call(const char* name, sqlite3_syscall_ptr call) {
  sqlite3_vfs* unix_vfs = sqlite3_vfs_find("unix");
  unix_vfs->xSetSystemCall(unix_vfs, name, call);
}

template <class F>
sqlite3_syscall_ptr as_call(F* f) {
  return reinterpret_cast<sqlite3_syscall_ptr>(f);
}

// The VFS in between is a copy of the real one with another xOpen, which hands out the real methods with another xSync.
int syncs_to_fail = 0;
int sync_count = 0;
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs between_vfs;
std::map<const sqlite3_io_methods*, std::unique_ptr<sqlite3_io_methods>> patched;
std::map<const sqlite3_io_methods*, int (*)(sqlite3_file*, int)> real_syncs;

int failing_sync(sqlite3_file* file, int flags) {
  ++sync_count;
  if (syncs_to_fail > 0) {
    --syncs_to_fail;
    return SQLITE_IOERR_FSYNC;
  }
  return real_syncs.at(file->pMethods)(file, flags);
}

int open_between(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int rc = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
  if (rc != SQLITE_OK || file->pMethods == nullptr) return rc;
  auto& copy = patched[file->pMethods];
  if (!copy) {
    copy = std::make_unique<sqlite3_io_methods>(*file->pMethods);
    copy->xSync = failing_sync;
    real_syncs[copy.get()] = file->pMethods->xSync;
  }
  file->pMethods = copy.get();
  return rc;
}

}  // namespace

FailingWrites::FailingWrites() {
  set_call("write", as_call(&failing_write));
  set_call("pwrite", as_call(&failing_pwrite));
  set_call("pwrite64", as_call(&failing_pwrite));
  set_call("ftruncate", as_call(&failing_ftruncate));
}

FailingWrites::~FailingWrites() {
  countdown = 0;
  for (const char* name : {"write", "pwrite", "pwrite64", "ftruncate"}) set_call(name, nullptr);
}

void FailingWrites::arm(int nth, int error) {
  struck = false;
  armed_error = error;
  countdown = nth;
}

bool FailingWrites::disarm() {
  countdown = 0;
  return struck;
}

FailingSync::FailingSync() {
  real_vfs = sqlite3_vfs_find("unix");
  between_vfs = *real_vfs;
  between_vfs.zName = "embargod-failing-sync";
  between_vfs.pNext = nullptr;
  between_vfs.xOpen = open_between;
  sqlite3_vfs_register(&between_vfs, 1);
}

FailingSync::~FailingSync() {
  syncs_to_fail = 0;
  sqlite3_vfs_unregister(&between_vfs);
}

void FailingSync::fail_next(int syncs) { syncs_to_fail = syncs; }

int FailingSync::syncs() const { return sync_count; }

}  // namespace embargod

#pragma once
// Faults below SQLite: system calls of its own table, and fsync through a VFS in between.

#include <atomic>
#include <cstddef>

namespace embargod {

/// While it lives, the n-th write (pwrite, write, ftruncate, fallocate of SQLite's unix VFS) from arm() on fails.
/// Not beside another one.
class FailingWrites {
 public:
  FailingWrites();
  ~FailingWrites();
  FailingWrites(const FailingWrites&) = delete;
  FailingWrites& operator=(const FailingWrites&) = delete;

  void arm(int nth, int error);
  /// True if the armed fault struck.
  bool disarm();
};

/// While it lives, new connections sync through it. Must live longer than they.
class FailingSync {
 public:
  FailingSync();
  ~FailingSync();
  FailingSync(const FailingSync&) = delete;
  FailingSync& operator=(const FailingSync&) = delete;

  void fail_next(int syncs);
  [[nodiscard]] int syncs() const;
};

}  // namespace embargod

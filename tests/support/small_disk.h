#pragma once

#include <string>

namespace embargod {

/// A tmpfs of `bytes` mounted on `folder`, seen by this process only. Needs the right to mount (root, or user
/// namespaces); throws where that is missing: a test that cannot run must not look like one that passed.
class SmallDisk {
 public:
  SmallDisk(std::string folder, std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void remount_read_only() const;

 private:
  std::string folder_;
};

}  // namespace embargod

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/file_edit.h"

namespace embargod {
namespace {

Result<void> write_and_sync(int fd, const std::string& bytes) {
  if (!write_all_bytes(fd, bytes)) return fail(Errc::io, std::strerror(errno));
  if (::fsync(fd) != 0 && errno != EINVAL && errno != EROFS) return fail(Errc::io, std::strerror(errno));
  return {};
}

}  // namespace

Result<void> write_file(const std::string& path, const std::string& bytes) {
  std::string temporary = path + ".XXXXXX";  // mkstemp makes it 0600
  const int fd = ::mkstemp(temporary.data());
  if (fd < 0)
    return fail(Errc::io, std::string{"cannot be written: "} + std::strerror(errno), path,
                "choose a folder that you may write to");
  auto done = write_and_sync(fd, bytes);
  if (::close(fd) != 0 && done) done = fail(Errc::io, std::strerror(errno));
  if (done && ::rename(temporary.c_str(), path.c_str()) != 0) done = fail(Errc::io, std::strerror(errno));
  if (done) return {};
  (void)::unlink(temporary.c_str());
  return fail(Errc::io, "cannot be written: " + done.error().what, path, "choose a folder that you may write to");
}

}  // namespace embargod

#include "daemon/evidence/file_vault.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "config/types/digest.h"

namespace embargod {
namespace {

constexpr const char* kRoot = "evidence";
constexpr const char* kPart = ".part";  // one writer, so one name: what a crash left is overwritten

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_{fd} {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  Fd& operator=(Fd&&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

tl::unexpected<Fault> io_error(const std::string& where, const char* doing) {
  const int error = errno;
  return fail(Errc::io, std::string{doing} + ": " + std::strerror(error), where,
              error == ENOSPC ? "make room on the disk" : "check that the folder is there and writable for embargod");
}

bool is_incident_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), allowed);
}

bool is_hex(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// "<n>-<digest12>.http" -> n; 0 if it is no such name.
int number_of(std::string_view name) {
  const std::size_t dash = name.find('-');
  if (dash == 0 || dash == std::string_view::npos || dash > 9) return 0;
  if (name.size() != dash + 1 + 12 + 5 || name.substr(dash + 13) != ".http" || !is_hex(name.substr(dash + 1, 12)))
    return 0;
  int n = 0;
  for (const char c : name.substr(0, dash)) {
    if (c < '0' || c > '9') return 0;
    n = n * 10 + (c - '0');
  }
  return n;
}

/// Opens folder `name` in `parent`, made (and made durable) if it is not there.
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

Result<int> next_number(const Fd& folder, const std::string& shown) {
  const int copy = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return io_error(shown, "cannot read the folder");
  const std::unique_ptr<DIR, int (*)(DIR*)> dir{::fdopendir(copy), ::closedir};
  if (!dir) {
    ::close(copy);
    return io_error(shown, "cannot read the folder");
  }
  int highest = 0;
  while (const dirent* entry = ::readdir(dir.get())) highest = std::max(highest, number_of(entry->d_name));
  return highest + 1;
}

/// Outside text on one line of ours: anything but printable ASCII as %XX.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
      out += c;
    } else {
      constexpr char kDigits[] = "0123456789ABCDEF";
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 0x0FU];
    }
  }
  return out;
}

/// A header as sent, but for line breaks, which would forge further headers.
std::string header_text(std::string_view text) {
  std::string out{text};
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return out;
}

std::string head_of(const Observation& o, bool cut) {
  std::string head = "embargod url=" + one_line(o.url) + " final_url=" + one_line(o.final_url) +
                     " sent=" + rfc3339(o.sent) + " done=" + rfc3339(o.done) + " remote_ip=" + one_line(o.remote_ip) +
                     " size=" + std::to_string(o.size) + " truncated=" + (cut ? "yes" : "no") + "\r\n";
  head += "HTTP/" + one_line(o.http_version.empty() ? "1.1" : o.http_version) + " " + std::to_string(o.status) + "\r\n";
  for (const auto& [name, value] : o.headers) head += header_text(name) + ": " + header_text(value) + "\r\n";
  return head + "\r\n";
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

/// The whole file under its name and on disk, or nothing under that name.
Result<void> write_durably(const Fd& folder, const std::string& name, std::string_view head, std::string_view body) {
  const Fd file{::openat(folder.get(), kPart, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file.ok()) return io_error(name, "cannot create the evidence file");
  if (!write_all(file.get(), head) || !write_all(file.get(), body) || ::fsync(file.get()) != 0) {
    auto fault = io_error(name, "cannot write the evidence file");
    ::unlinkat(folder.get(), kPart, 0);
    return fault;
  }
  if (::renameat(folder.get(), kPart, folder.get(), name.c_str()) != 0)
    return io_error(name, "cannot name the evidence file");
  if (::fsync(folder.get()) != 0) return io_error(name, "cannot sync the folder of the evidence file");
  return {};
}

}  // namespace

Result<EvidenceRow> FileVault::keep(const std::string& incident, const Observation& o) {
  if (!is_incident_id(incident)) return fail(Errc::invalid_input, "not an incident id", "evidence");
  constexpr std::string_view kPrefix = "sha256:";
  EvidenceRow row;
  row.digest = o.digest.empty() ? std::string{kPrefix} + hex(sha256(o.body)) : o.digest;
  const std::string digits = row.digest.substr(std::min(kPrefix.size(), row.digest.size()));
  if (!row.digest.starts_with(kPrefix) || digits.size() != 64 || !is_hex(digits))
    return fail(Errc::invalid_input, "not a SHA-256 digest", "evidence");

  const std::string shown = folder_ + "/" + kRoot + "/" + incident;
  const Fd state{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!state.ok()) return io_error(folder_, "cannot open the state folder");
  const auto root = folder_in(state, kRoot, folder_ + "/" + kRoot);
  if (!root) return tl::unexpected<Fault>{root.error()};
  const auto folder = folder_in(*root, incident, shown);
  if (!folder) return tl::unexpected<Fault>{folder.error()};
  const auto number = next_number(*folder, shown);
  if (!number) return tl::unexpected<Fault>{number.error()};

  const std::string name = std::to_string(*number) + "-" + digits.substr(0, 12) + ".http";
  const bool cut = o.body.size() > max_body_ || o.failure == Cause::too_large || o.failure == Cause::truncated ||
                   o.size > o.body.size();
  const auto body = std::string_view{o.body}.substr(0, max_body_);
  if (auto written = write_durably(*folder, name, head_of(o, cut), body); !written)
    return tl::unexpected<Fault>{std::move(written.error())};
  row.incident = incident;
  row.target = o.target;
  row.url = o.url;
  row.path = std::string{kRoot} + "/" + incident + "/" + name;
  row.size = o.size;
  row.status = o.status;
  row.sent = o.sent;
  row.done = o.done;
  return row;
}

void FileVault::discard(const std::string& path) {
  const std::string root_prefix = std::string{kRoot} + "/";
  if (!path.starts_with(root_prefix)) return;
  const std::size_t slash = path.find('/', root_prefix.size());
  if (slash == std::string::npos) return;
  const std::string incident = path.substr(root_prefix.size(), slash - root_prefix.size());
  const std::string name = path.substr(slash + 1);
  if (!is_incident_id(incident) || number_of(name) == 0) return;
  const Fd state{::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  const Fd root{state.ok() ? ::openat(state.get(), kRoot, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1};
  if (!root.ok()) return;
  {
    const Fd folder{::openat(root.get(), incident.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!folder.ok()) return;
    ::unlinkat(folder.get(), name.c_str(), 0);
  }
  ::unlinkat(root.get(), incident.c_str(), AT_REMOVEDIR);  // only if it is empty now
}

}  // namespace embargod

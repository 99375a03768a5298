#include "daemon/store/file_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "config/types/digest.h"
#include "daemon/store/journal_text.h"

namespace embargod {
namespace {

// A slot: magic, number, length, SHA-256 of number, length and payload; then the payload. Numbers as the host writes
// them: the file never leaves it.
constexpr std::string_view kMagic{"EMBJRNL1"};
constexpr std::size_t kHead = 8 + 8 + 8 + 32;

std::string bytes_of(std::uint64_t n) {
  std::string s(sizeof n, '\0');
  std::memcpy(s.data(), &n, sizeof n);
  return s;
}

std::uint64_t number_of(std::string_view bytes) {
  std::uint64_t n = 0;
  std::memcpy(&n, bytes.data(), sizeof n);
  return n;
}

std::string seal_of(std::uint64_t number, const std::string& payload) {
  const Digest d = sha256(bytes_of(number) + bytes_of(payload.size()) + payload);
  return {d.begin(), d.end()};
}

bool write_all(int fd, std::string_view bytes, std::size_t at) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::size_t>(n);
  }
  return true;
}

std::optional<std::string> read_all(int fd, std::size_t size, std::size_t at) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const ssize_t n = ::pread(fd, bytes.data() + have, size - have, static_cast<off_t>(at + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    have += static_cast<std::size_t>(n);
  }
  return bytes;
}

/// Zeros where the file ends too early. Written, not reserved: a reserved block may need room when it is used.
bool fill(int fd, std::size_t size) {
  const off_t end = ::lseek(fd, 0, SEEK_END);
  if (end < 0) return false;
  const std::string zeros(std::size_t{64} << 10U, '\0');
  for (auto at = static_cast<std::size_t>(end); at < size; at += zeros.size())
    if (!write_all(fd, std::string_view{zeros}.substr(0, std::min(zeros.size(), size - at)), at)) return false;
  return true;
}

tl::unexpected<Fault> journal_fault(const std::string& path, const char* doing) {
  const int error = errno;
  return fail(Errc::io, std::string{doing} + ": " + std::strerror(error), path,
              error == ENOSPC ? "make room on the disk" : "check that it is writable for embargod");
}

}  // namespace

Result<std::unique_ptr<FileJournal>> FileJournal::open(const std::string& folder, std::size_t slot) {
  const std::string path = folder + "/emergency.journal";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_DSYNC, 0600);
  if (fd < 0) return journal_fault(path, "cannot open the emergency journal");
  std::unique_ptr<FileJournal> journal{new FileJournal{fd, path, slot}};
  if (!fill(fd, 2 * slot)) return journal_fault(path, "cannot make the emergency journal");
  for (const std::size_t index : {std::size_t{0}, std::size_t{1}}) {
    std::uint64_t number = 0;
    auto payload = journal->read_slot(index, number);
    if (!payload || number < journal->number_) continue;
    journal->number_ = number;
    journal->newest_ = std::move(*payload);
  }
  return journal;
}

FileJournal::~FileJournal() { ::close(fd_); }

std::optional<std::string> FileJournal::read_slot(std::size_t index, std::uint64_t& number) const {
  const auto head = read_all(fd_, kHead, index * slot_);
  if (!head || !head->starts_with(kMagic)) return std::nullopt;
  number = number_of(std::string_view{*head}.substr(8));
  const std::uint64_t size = number_of(std::string_view{*head}.substr(16));
  if (size > slot_ - kHead) return std::nullopt;
  auto payload = read_all(fd_, size, index * slot_ + kHead);
  if (!payload || head->substr(24) != seal_of(number, *payload)) return std::nullopt;
  return payload;
}

Result<void> FileJournal::write_next(const std::string& payload) {
  if (payload.size() > slot_ - kHead)
    return fail(Errc::unavailable, "the emergency journal is too small for what the store refuses", path_,
                "mend the store: what is told meanwhile is kept in memory only");
  const std::uint64_t number = number_ + 1;
  const std::string head{kMagic};
  const std::string slot = head + bytes_of(number) + bytes_of(payload.size()) + seal_of(number, payload) + payload;
  if (!write_all(fd_, slot, (number % 2) * slot_)) return journal_fault(path_, "cannot write the emergency journal");
  number_ = number;
  return {};
}

Result<void> FileJournal::keep(const Commit& c) { return write_next(journal_text(c)); }

void FileJournal::clear() {
  newest_.clear();
  // A disk that refuses even this leaves the old slot: replay() finds that the store has all of it.
  [[maybe_unused]] const auto cleared = write_next({});
}

Result<std::optional<Commit>> FileJournal::left() {
  if (newest_.empty()) return std::nullopt;
  auto commit = commit_of(newest_);
  if (!commit)
    return fail(Errc::corrupt, "the emergency journal cannot be read: " + commit.error().what, path_,
                "keep the file aside for the record and start again");
  return std::optional<Commit>{std::move(*commit)};
}

Result<std::string> FileJournal::set_aside() {
  std::string name = path_ + ".unreadable-" + std::to_string(number_);
  if (std::rename(path_.c_str(), name.c_str()) != 0) return journal_fault(path_, "cannot set aside");
  return name;
}

Result<std::size_t> replay(FileJournal& journal, Store& store, StoreReader& reader) {
  auto left = journal.left();
  if (!left) return tl::unexpected<Fault>{left.error()};
  if (!*left) return std::size_t{0};
  Commit c = std::move(**left);
  // One commit brings all of it or nothing: one alert that is there tells of the rest.
  for (const Outgoing& o : c.alerts) {
    const auto rows = reader.deliveries(o.alert.incident);
    if (!rows) return tl::unexpected<Fault>{rows.error()};
    const bool is_there =
        std::any_of(rows->begin(), rows->end(), [&](const DeliveryRow& r) { return r.key == o.alert.key; });
    if (!is_there) continue;
    journal.clear();
    return std::size_t{0};
  }
  for (const Incident& i : c.incidents) {
    const auto stored = reader.incident(i.id);
    if (!stored) return tl::unexpected<Fault>{stored.error()};
    if (*stored && (*stored)->steps > i.steps) {
      journal.clear();
      return std::size_t{0};
    }
  }
  if (auto done = store.commit(c); !done) return tl::unexpected<Fault>{done.error()};
  journal.clear();
  return c.alerts.size();
}

Result<std::unique_ptr<FileJournal>> start_journal(const std::string& folder, SqliteState& state, Log& log) {
  auto journal = FileJournal::open(folder);
  if (!journal) {
    log.warn("no emergency journal: a crash while the store refuses would lose what it refused",
             {{"fault", to_string(journal.error())}});
    return std::unique_ptr<FileJournal>{};
  }
  const auto brought = replay(**journal, state.store(), state.reader());
  if (brought) {
    if (*brought > 0)
      log.warn("alerts that the store had refused were brought in from the emergency journal",
               {{"alerts", std::to_string(*brought)}});
    return std::move(*journal);
  }
  if (brought.error().code != Errc::corrupt && brought.error().code != Errc::unsupported)
    return tl::unexpected<Fault>{brought.error()};
  const auto aside = (*journal)->set_aside();
  log.error("the emergency journal cannot be read; it was set aside, and alerts of the former run may be missing",
            {{"fault", to_string(brought.error())}, {"file", aside ? *aside : to_string(aside.error())}});
  if (!aside) return std::unique_ptr<FileJournal>{};
  return FileJournal::open(folder);
}

}  // namespace embargod

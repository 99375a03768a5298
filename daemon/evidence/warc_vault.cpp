#include "daemon/evidence/warc_vault.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

#include "config/types/digest.h"
#include "daemon/evidence/warc_reader.h"

namespace embargod {
namespace {

constexpr std::size_t kMostTails = 64;  // of incidents that are read anew when they are met again
constexpr int kMostFiles = 999;         // of an incident
constexpr std::string_view kEnding = ".warc.gz";

bool is_hex(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string file_name(const std::string& incident, int number) {
  return incident + (number > 1 ? "-" + std::to_string(number) : "") + std::string{kEnding};
}

/// "<incident>.warc.gz" or "<incident>-<n>.warc.gz".
bool is_warc_name(std::string_view name) {
  if (!name.ends_with(kEnding)) return false;
  name.remove_suffix(kEnding.size());
  const auto dash = name.find('-');
  if (dash == std::string_view::npos) return is_incident_id(name);
  const std::string_view n = name.substr(dash + 1);
  return is_incident_id(name.substr(0, dash)) && !n.empty() && n.size() <= 3 && n != "1" && n.front() != '0' &&
         std::all_of(n.begin(), n.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "<n>-<digest12>.http", as version 0.1 kept responses.
bool is_http_name(std::string_view name) {
  const std::size_t dash = name.find('-');
  if (dash == 0 || dash == std::string_view::npos || dash > 9) return false;
  if (name.size() != dash + 1 + 12 + 5 || name.substr(dash + 13) != ".http") return false;
  const std::string_view n = name.substr(0, dash);
  return is_hex(name.substr(dash + 1, 12)) &&
         std::all_of(n.begin(), n.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether a whole record begins anywhere behind `from`: then the bytes at `from` are damage, not a write cut short.
bool has_record_after(std::string_view file, std::size_t from) {
  constexpr std::string_view kMember{"\x1f\x8b\x08\0\0\0\0\0", 8};
  for (std::size_t at = file.find(kMember, from + 1); at != std::string_view::npos; at = file.find(kMember, at + 1)) {
    WarcReader reader{file.substr(at)};
    if (reader.next()) return true;
  }
  return false;
}

Fd open_folder(const std::string& state_folder) {
  const Fd state{::open(state_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return Fd{state.ok() ? ::openat(state.get(), kEvidenceRoot, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1};
}

Result<Fd> make_folder(const std::string& state_folder) {
  const Fd state{::open(state_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!state.ok()) return io_error(state_folder, "cannot open the state folder");
  return folder_in(state, kEvidenceRoot, state_folder + "/" + kEvidenceRoot);
}

Result<std::string> digest_of(const Observation& o) {
  constexpr std::string_view kPrefix = "sha256:";
  std::string digest = o.digest.empty() ? std::string{kPrefix} + hex(sha256(o.body)) : o.digest;
  const std::string digits = digest.substr(std::min(kPrefix.size(), digest.size()));
  if (!digest.starts_with(kPrefix) || digits.size() != 64 || !is_hex(digits))
    return fail(Errc::invalid_input, "not a SHA-256 digest", "evidence");
  return digest;
}

/// Adds `bytes` at the end of `file`, which has `size`, and makes them durable; else the file is as before.
Result<void> append(const Fd& folder, const Fd& file, const std::string& name, std::string_view bytes,
                    std::uint64_t size) {
  if (::lseek(file.get(), 0, SEEK_END) < 0 || !write_all(file.get(), bytes) || ::fsync(file.get()) != 0) {
    auto fault = io_error(name, "cannot write the evidence file");
    // Should this fail too, the half record is cut off when the file is next added to.
    if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0 || ::fsync(file.get()) != 0)
      fault.value().what += ", nor cut it";
    return fault;
  }
  if (size == 0 && ::fsync(folder.get()) != 0) return io_error(name, "cannot sync the folder of the evidence file");
  return {};
}

}  // namespace

Result<void> WarcVault::cut(const Fd& file, const std::string& name, std::uint64_t size, std::uint64_t was) {
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0 || ::fsync(file.get()) != 0)
    return io_error(name, "cannot cut off a half written record");
  log_.warn("a record that a crash left half written was cut off",
            {{"file", name}, {"bytes", std::to_string(was - size)}, {"left", std::to_string(size)}});
  return {};
}

/// Whether the file can be added to. `tail` is what is known of it then.
Result<bool> WarcVault::read_tail(const Fd& folder, const std::string& name, Tail& tail) {
  const Fd file{::openat(folder.get(), name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC)};
  if (!file.ok() && errno == ENOENT) return true;
  if (!file.ok()) return io_error(name, "cannot open the evidence file");
  const auto mapped = MappedFile::of(file, name);
  if (!mapped) return tl::unexpected<Fault>{mapped.error()};
  WarcReader reader{mapped->bytes()};
  for (;;) {
    const auto read = reader.next();
    if (read && !*read) break;
    if (!read) {
      if (has_record_after(mapped->bytes(), reader.offset())) {
        log_.error("an evidence file is damaged; the incident goes on in another",
                   {{"file", name}, {"offset", std::to_string(reader.offset())}, {"fault", read.error().what}});
        return false;
      }
      if (auto done = cut(file, name, reader.offset(), mapped->bytes().size()); !done)
        return tl::unexpected<Fault>{done.error()};
      break;
    }
    const WarcRecord& r = (*read)->record;
    const std::string* digest = r.field("WARC-Payload-Digest");
    const std::string* url = r.field("WARC-Target-URI");
    if (r.type == "response" && digest != nullptr && url != nullptr && r.field("WARC-Truncated") == nullptr)
      tail.payloads.try_emplace(*digest, EarlierPayload{*r.field("WARC-Record-ID"), *url, *r.field("WARC-Date")});
  }
  tail.size = reader.offset();
  return tail.size < setup_.max_file;
}

Result<WarcVault::Tail> WarcVault::tail_of(const Fd& folder, const std::string& incident) {
  const auto known = tails_.find(incident);
  if (known != tails_.end()) {
    Tail& tail = known->second;
    struct stat s{};
    const std::string name = file_name(incident, tail.number);
    const bool as_left = ::fstatat(folder.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(s.st_mode) &&
                         static_cast<std::uint64_t>(s.st_size) == tail.size;
    if (as_left && tail.size < setup_.max_file) return tail;
    tails_.erase(known);
  }
  for (int number = 1; number <= kMostFiles; ++number) {
    Tail tail{.number = number, .size = 0, .payloads = {}};
    const auto usable = read_tail(folder, file_name(incident, number), tail);
    if (!usable) return tl::unexpected<Fault>{usable.error()};
    if (*usable) return tail;
  }
  return fail(Errc::io, "no more room in the evidence files of this incident", incident, "move them elsewhere");
}

Result<EvidenceRow> WarcVault::keep(const std::string& incident, const Observation& o, const TakenFor& taken) {
  if (!is_incident_id(incident)) return fail(Errc::invalid_input, "not an incident id", "evidence");
  auto digest = digest_of(o);
  if (!digest) return tl::unexpected<Fault>{std::move(digest.error())};
  const auto folder = make_folder(setup_.state_folder);
  if (!folder) return tl::unexpected<Fault>{folder.error()};
  auto tail = tail_of(*folder, incident);
  if (!tail) return tl::unexpected<Fault>{std::move(tail.error())};

  const CapturedBy by = setup_.by();
  std::string bytes;
  if (tail->size == 0) bytes = warc_member(warcinfo_record(by, o.done));
  const auto earlier = tail->payloads.find(whole_payload(o, setup_.max_body));
  const Capture kept =
      capture(by, o, taken, setup_.max_body, earlier == tail->payloads.end() ? nullptr : &earlier->second);
  const std::uint64_t offset = tail->size + bytes.size();
  for (const WarcRecord& r : kept.records) bytes += warc_member(r);

  const std::string name = file_name(incident, tail->number);
  const Fd file{::openat(folder->get(), name.c_str(), O_CREAT | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file.ok()) return io_error(name, "cannot create the evidence file");
  tails_.erase(incident);  // after a failure it is read anew
  if (auto added = append(*folder, file, name, bytes, tail->size); !added) {
    if (tail->size == 0) ::unlinkat(folder->get(), name.c_str(), 0);
    return tl::unexpected<Fault>{std::move(added.error())};
  }
  tail->size += bytes.size();
  if (const WarcRecord& answer = kept.records.front(); !kept.payload_digest.empty())
    tail->payloads.try_emplace(
        kept.payload_digest,
        EarlierPayload{*answer.field("WARC-Record-ID"), *answer.field("WARC-Target-URI"), *answer.field("WARC-Date")});
  if (tails_.size() >= kMostTails) tails_.clear();
  tails_.emplace(incident, std::move(*tail));
  return EvidenceRow{.incident = incident,
                     .target = o.target,
                     .url = o.url,
                     .digest = std::move(*digest),
                     .path = std::string{kEvidenceRoot} + "/" + name + "#" + std::to_string(offset),
                     .size = o.size,
                     .status = o.status,
                     .sent = o.sent,
                     .done = o.done};
}

void WarcVault::discard(const std::string& path) {
  const std::string root_prefix = std::string{kEvidenceRoot} + "/";
  if (!path.starts_with(root_prefix)) return;
  const Fd root = open_folder(setup_.state_folder);
  if (!root.ok()) return;
  const std::string rest = path.substr(root_prefix.size());
  const std::string name = rest.substr(0, rest.find('#'));
  if (rest.find('#') != std::string::npos && is_warc_name(name)) {
    tails_.erase(name.substr(0, name.find_first_of("-.")));
    ::unlinkat(root.get(), name.c_str(), 0);
    return;
  }
  const std::size_t slash = rest.find('/');
  if (slash == std::string::npos || !is_incident_id(rest.substr(0, slash)) || !is_http_name(rest.substr(slash + 1)))
    return;
  const std::string incident = rest.substr(0, slash);
  {
    const Fd folder{::openat(root.get(), incident.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!folder.ok()) return;
    ::unlinkat(folder.get(), rest.substr(slash + 1).c_str(), 0);
  }
  ::unlinkat(root.get(), incident.c_str(), AT_REMOVEDIR);  // only if it is empty now
}

}  // namespace embargod

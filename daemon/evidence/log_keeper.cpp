#include "daemon/evidence/log_keeper.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "daemon/evidence/files.h"

namespace embargod {
namespace {

constexpr const char* kFile = "checkpoint";
constexpr Millis kEvery{600'000};
constexpr int kAtOnce = 10'000;  // leaves

bool is_of_an_incident(const LogLeaf& leaf) {
  return !leaf.incident.empty() || leaf.kind == "lift" || leaf.kind == "retired";
}

Result<void> write_checkpoint(const std::string& folder, const std::string& note) {
  const std::string shown = folder + "/" + kFile;
  const Fd state{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!state.ok()) return io_error(folder, "cannot open the state folder");
  const std::string part = std::string{kFile} + ".part";
  const Fd file{::openat(state.get(), part.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!file.ok() || !write_all(file.get(), note) || ::fsync(file.get()) != 0 ||
      ::renameat(state.get(), part.c_str(), state.get(), kFile) != 0 || ::fsync(state.get()) != 0)
    return io_error(shown, "cannot write the signed head");
  return {};
}

}  // namespace

Result<std::optional<Checkpoint>> newest_checkpoint(const std::string& folder, const VerifierKey& key) {
  const std::string shown = folder + "/" + kFile;
  const Fd file{::open(shown.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  if (!file.ok() && errno == ENOENT) return std::nullopt;
  if (!file.ok()) return io_error(shown, "cannot read the signed head");
  const auto text = MappedFile::of(file, shown);
  if (!text) return tl::unexpected<Fault>{text.error()};
  auto read = read_checkpoint(text->bytes(), key);
  if (!read) {
    read.error().where = shown;
    return tl::unexpected<Fault>{std::move(read.error())};
  }
  return *read;
}

Result<std::unique_ptr<LogKeeper>> LogKeeper::open(const std::string& folder, Doors doors) {
  auto key = SigningKey::open_or_make(folder);
  if (!key) return tl::unexpected<Fault>{std::move(key.error())};
  std::unique_ptr<LogKeeper> keeper{new LogKeeper{folder, doors, std::move(*key)}};
  if (auto started = keeper->start(); !started) return tl::unexpected<Fault>{std::move(started.error())};
  return keeper;
}

Result<void> LogKeeper::start() {
  const std::lock_guard lock{mutex_};
  const auto all = take_in();
  if (!all) return tl::unexpected<Fault>{all.error()};
  auto newest = newest_checkpoint(folder_, key_.verifier());
  if (!newest && newest.error().code != Errc::corrupt) return tl::unexpected<Fault>{std::move(newest.error())};
  if (!newest) {
    unsound("the newest head is not signed by the key of this log");
    return {};
  }
  if (!*newest) {
    const auto kept = doors_.log.checkpoints();
    if (!kept) return tl::unexpected<Fault>{kept.error()};
    if (!kept->empty()) unsound("the file of the newest head is gone");
    return {};
  }
  newest_ = **newest;
  signed_ticks_ = doors_.clock.ticks();
  if (newest_->size > tree_.size())
    unsound("the log has " + std::to_string(tree_.size()) + " leaves, the newest signed head had " +
            std::to_string(newest_->size));
  else if (tree_.root(newest_->size) != newest_->root)
    unsound("the log is not the one whose head was signed at " + rfc3339(newest_->at));
  owed_ = sound_ && newest_->size < tree_.size();
  return {};
}

void LogKeeper::unsound(const std::string& why) {
  sound_ = false;
  why_ = why;
  doors_.say.error("the evidence log was rolled back or changed; no head is signed until somebody has looked into it",
                   {{"fault", why}});
}

/// Whether something of an incident was among it.
Result<bool> LogKeeper::take_in() {
  const auto size = doors_.log.size();
  if (!size) return tl::unexpected<Fault>{size.error()};
  if (sound_ && static_cast<std::uint64_t>(*size) < tree_.size()) unsound("leaves are gone while it ran");
  bool of_incident = false;
  while (sound_ && tree_.size() < static_cast<std::uint64_t>(*size)) {
    const auto leaves = doors_.log.leaves(static_cast<std::int64_t>(tree_.size()), kAtOnce);
    if (!leaves) return tl::unexpected<Fault>{leaves.error()};
    if (leaves->empty()) unsound("leaf " + std::to_string(tree_.size()) + " is gone");
    for (const LogLeaf& leaf : *leaves) {
      if (static_cast<std::uint64_t>(leaf.index) != tree_.size()) {
        unsound("leaf " + std::to_string(tree_.size()) + " is gone");
        break;
      }
      if (!leaf.salt.empty() && leaf_hash(leaf.salt, leaf.record) != leaf.hash) {
        unsound("leaf " + std::to_string(leaf.index) + " is not as it was written");
        break;
      }
      tree_.append(leaf.hash);
      of_incident = of_incident || is_of_an_incident(leaf);
    }
  }
  return of_incident;
}

Result<void> LogKeeper::sign() {
  const Checkpoint c{.size = tree_.size(), .root = tree_.root(tree_.size()), .at = doors_.clock.now()};
  const std::string note = checkpoint_note(c, key_);
  if (auto written = write_checkpoint(folder_, note); !written) return written;
  newest_ = c;
  owed_ = false;
  signed_ticks_ = doors_.clock.ticks();
  return doors_.log.keep_checkpoint({.size = static_cast<std::int64_t>(c.size), .at = c.at, .note = note});
}

void LogKeeper::keep() {
  const std::lock_guard lock{mutex_};
  if (!sound_) return;
  const auto taken = take_in();
  owed_ = owed_ || taken.value_or(false);
  Result<void> done;
  if (!taken)
    done = tl::unexpected<Fault>{taken.error()};
  else if (sound_ && (owed_ || !newest_ || doors_.clock.ticks() - signed_ticks_ >= kEvery))
    done = sign();
  const std::string fault = done ? "" : to_string(done.error());
  if (!fault.empty() && fault != told_)
    doors_.say.error("no head of the evidence log could be signed", {{"fault", fault}});
  told_ = fault;
}

Result<Checkpoint> LogKeeper::sign_now() {
  const std::lock_guard lock{mutex_};
  if (sound_) {
    const auto taken = take_in();
    if (!taken) return tl::unexpected<Fault>{taken.error()};
  }
  if (!sound_) return fail(Errc::conflict, "the evidence log was rolled back or changed: " + why_, "evidence log");
  if (auto done = sign(); !done) return tl::unexpected<Fault>{std::move(done.error())};
  return *newest_;
}

LogState LogKeeper::state() const {
  const std::lock_guard lock{mutex_};
  return {.size = tree_.size(), .newest = newest_, .sound = sound_, .why = why_};
}

MerkleTree LogKeeper::tree() const {
  const std::lock_guard lock{mutex_};
  return tree_;
}

}  // namespace embargod

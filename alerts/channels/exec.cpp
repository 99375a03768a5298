#include "alerts/channels/exec.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "alerts/channels/webhook.h"
#include "alerts/plain_text.h"

namespace embargod {
namespace {

constexpr int kDataError = 65;  // EX_DATAERR of sysexits.h
constexpr std::size_t kMostOutput = 4'096;
constexpr std::size_t kOutputExcerpt = 200;
constexpr int kLookMs = 20;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_{fd} {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(int error) { return std::generic_category().message(error); }

/// A file in memory at its beginning: unlike a pipe, it needs nobody to write while the program runs, and nobody is hit
/// by SIGPIPE if the program reads nothing. -1 on failure, errno set.
int memory_file(const std::string& content) {
  const int fd = ::memfd_create("embargod-alert", MFD_CLOEXEC);
  if (fd < 0) return fd;
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t n = ::write(fd, content.data() + written, content.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      ::close(fd);
      return -1;
    }
    written += static_cast<std::size_t>(n);
  }
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (std::string& w : words) out.push_back(w.data());
  out.push_back(nullptr);
  return out;
}

struct SpawnActions {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  SpawnActions(int input, int output) {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    ::posix_spawn_file_actions_addchdir_np(&files, "/");
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnActions() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
};

/// Reads what is there; what goes beyond the limit is read and dropped, so that the program is not held up.
void drain(int fd, std::string& output) {
  std::array<char, 4'096> buffer{};
  // A program that prints without end must not keep us here: the caller looks at the time between two calls.
  for (int i = 0; i < 16; ++i) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n <= 0) return;
    output.append(buffer.data(), std::min(static_cast<std::size_t>(n), kMostOutput - output.size()));
  }
}

bool has_ended(pid_t leader) {
  siginfo_t info{};
  // Not reaped yet, so that its process group's number cannot be another's when the group is killed.
  const int rc = ::waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOHANG | WNOWAIT);
  return rc != 0 || info.si_pid == leader;
}

/// Kills the group and reaps its leader; the wait status, if there is one.
std::optional<int> end_group(pid_t leader) {
  ::kill(-leader, SIGKILL);
  int status = 0;
  pid_t reaped = -1;
  do {
    reaped = ::waitpid(leader, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  return reaped == leader ? std::optional{status} : std::nullopt;
}

/// A descriptor that becomes readable once the time is over; -1 on failure, errno set.
int timer(Millis after) {
  const int fd = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  if (fd < 0) return fd;
  const auto seconds = std::chrono::duration_cast<Seconds>(after);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = static_cast<long>((after - seconds).count()) * 1'000'000;
  ::timerfd_settime(fd, 0, &when, nullptr);
  return fd;
}

Receipt judge_exit(int status, const std::string& output) {
  Receipt r;
  const std::string said = clean_line(output, kOutputExcerpt);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    r.outcome = Outcome::accepted;
    r.detail = "exit 0";
    return r;
  }
  if (WIFEXITED(status)) {
    r.outcome = WEXITSTATUS(status) == kDataError ? Outcome::rejected : Outcome::retry;
    r.detail = "exit " + std::to_string(WEXITSTATUS(status));
  } else {
    r.detail = "ended by signal " + std::to_string(WTERMSIG(status));
  }
  if (!said.empty()) r.detail += ": " + said;
  return r;
}

Receipt not_started(const std::string& why) {
  return {.outcome = Outcome::retry, .detail = "the program cannot be started: " + why, .retry_after = {}};
}

}  // namespace

ExecNotifier::ExecNotifier(std::string name, ExecSettings settings)
    : traits_{.name = std::move(name), .severities = settings.severities}, settings_{std::move(settings)} {}

Receipt ExecNotifier::deliver(const std::vector<Alert>& alerts, Instant) {
  Receipt receipt{.outcome = Outcome::accepted, .detail = {}, .retry_after = {}};
  for (const Alert& alert : alerts) {
    receipt = run(webhook_body(alert));
    if (receipt.outcome != Outcome::accepted) break;
  }
  return receipt;
}

Receipt ExecNotifier::run(const std::string& input) const {
  std::vector<std::string> words = settings_.command;
  if (words.empty()) return not_started("none is named");
  if (cancelled_) return {.outcome = Outcome::retry, .detail = "stopped", .retry_after = {}};
  std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
                                       "EMBARGOD_RECEIVER=" + traits_.name};
  const Descriptor stdin_file{memory_file(input)};
  const Descriptor limit{timer(settings_.timeout)};
  std::array<int, 2> ends{-1, -1};
  if (stdin_file.get() < 0 || limit.get() < 0 || ::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return not_started(reason(errno));
  const Descriptor reading{ends[0]};
  Descriptor writing{ends[1]};
  ::fcntl(writing.get(), F_SETFL, 0);  // the program's end waits where it is full, as programs expect
  pid_t leader = 0;
  {
    const SpawnActions actions{stdin_file.get(), writing.get()};
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(environment);
    const int error = ::posix_spawn(&leader, argv[0], &actions.files, &actions.attributes, argv.data(), envp.data());
    if (error != 0) return not_started(clean_line(words[0], 200) + ": " + reason(error));
  }
  writing.close();
  std::string output;
  bool late = false;
  bool printing = true;
  while (!has_ended(leader) && !cancelled_ && !late) {
    pollfd wait_for[]{{limit.get(), POLLIN, 0}, {reading.get(), POLLIN, 0}};
    // Where the program has closed its output there is nothing more to read, and poll() would not wait for it.
    const nfds_t open = printing ? 2 : 1;
    ::poll(wait_for, open, kLookMs);
    late = wait_for[0].revents != 0;
    printing = printing && (wait_for[1].revents & POLLHUP) == 0;
    drain(reading.get(), output);
  }
  const bool ended = has_ended(leader);
  const std::optional<int> status = end_group(leader);
  drain(reading.get(), output);
  if (ended && status) return judge_exit(*status, output);
  Receipt r{.outcome = Outcome::retry, .detail = "stopped", .retry_after = {}};
  if (ended) r.detail = "how the program ended is not known";
  if (late && !ended) r.detail = "not done within " + format_duration(settings_.timeout) + ", killed";
  return r;
}

}  // namespace embargod

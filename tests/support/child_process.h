#pragma once
// Real programs for integration tests.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace embargod {

/// A program under test's care: killed with its owner, and by the kernel if the test itself dies.
class ChildProcess {
 public:
  /// argv[0] is looked up in PATH; both outputs go to `log_file`. Throws std::runtime_error if it cannot be forked.
  ChildProcess(const std::vector<std::string>& argv, const std::string& log_file);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] bool running();
  void stop();  // SIGTERM, after 5 s SIGKILL
  void kill();  // SIGKILL

 private:
  bool reap(int flags);
  pid_t pid_ = -1;
};

/// The output of a program and its exit status; argv as above.
struct Ran {
  int exit_status = -1;
  std::string output;
};
[[nodiscard]] Ran run_program(const std::vector<std::string>& argv);

/// Asks every 10 ms until `happened` or the deadline; the last answer.
[[nodiscard]] bool eventually(const std::function<bool()>& happened,
                              std::chrono::milliseconds deadline = std::chrono::milliseconds{10'000});

/// A loopback port that was free a moment ago: whoever starts on it must be ready to try another.
[[nodiscard]] std::uint16_t maybe_free_port();

[[nodiscard]] std::string slurp(const std::string& path);

}  // namespace embargod
